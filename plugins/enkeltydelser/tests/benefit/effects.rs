//! What people are asked, and what the applicant is told.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{Scene, code, kroner, on, text};

use crate::scene::{
    dentist, expense, flag, integer, judged, judged_dentist, judged_of_all, payee, repayable, with,
};

fn tasks(scene: &Scene) -> Vec<Task> {
    let effects = scene.outcome().effects.into_iter();
    let task = |effect| if let Effect::Task(task) = effect { Some(task) } else { None };
    effects.filter_map(task).collect()
}

#[track_caller]
fn asks(scene: &Scene, expected: &[&str]) {
    let tasks = tasks(scene);
    let titles: Vec<&str> = tasks.iter().map(|task| task.title.as_str()).collect();
    assert_eq!(titles, expected);
}

/// The letter's template and fields, as one text.
fn letter(scene: &Scene) -> String {
    let effects = scene.outcome().effects.into_iter();
    let told = |letter: Letter| {
        let fields = letter.fields.iter().map(|field| format!("\n{}: {}", field.name, field.value));
        format!("{}{}", letter.template, fields.collect::<String>())
    };
    let letters: Vec<String> = effects
        .filter_map(
            |effect| if let Effect::Letter(letter) = effect { Some(told(letter)) } else { None },
        )
        .collect();
    letters.join("\n\n")
}

#[test]
fn a_task_says_what_how_much_and_when() {
    asks(
        &dentist(),
        &[
            "Enkeltydelse, marts 2026: tandlæge 4.200 kr., 2 bilag, vurder nødvendighed og betalingsevne",
        ],
    );
    let bought = with(dentist(), 1, "committed", on("2026-03-01"));
    let bought = with(with(bought, 1, "documents", integer(1)), 1, "amount", kroner("4200.50"));
    asks(
        &bought,
        &[
            "Enkeltydelse, marts 2026: tandlæge 4.200,50 kr., 1 bilag, vurder undtagelse fra kravet \
           om at søge først, nødvendighed og betalingsevne",
        ],
    );
}

#[test]
fn a_task_has_all_that_is_needed_to_judge() {
    let task = tasks(&dentist().set("budget", "net-income", kroner("13000.00"))).remove(0);
    let lines: Vec<String> = task
        .attributes
        .iter()
        .map(|attribute| format!("{}: {}", attribute.name, attribute.value))
        .collect();
    assert_eq!(
        lines,
        [
            "udgift: tandlæge",
            "lov: LAS § 82",
            "søgt: 4.200,00 kr.",
            "søgt den: 2026-03-10",
            "bilag: 2",
            "nødvendighed: Behandlingen er nødvendig og helbredsmæssigt velbegrundet",
            "betalingsevne: Ansøgeren og ægtefællen kan ikke selv betale, heller ikke ved opsparing, lån eller afdrag",
            "rådighedsbeløb: 5.000,00 kr.",
            "vejledende rådighedsbeløb: 4.000,00 kr.",
            "husstanden kan selv betale: 1.000,00 kr.",
            "forslag til hjælp: 3.200,00 kr.",
        ]
    );
    assert_eq!((task.key.as_str(), task.queue.as_str()), ("vurder:udgift:1", "vurdering"));
}

#[test]
fn each_open_expense_has_a_task_and_a_refused_one_none() {
    let two = expense(dentist(), 2, "clothing", "900.00");
    let three = with(expense(two, 3, "moving", "5000.00"), 3, "nature", code("running"));
    asks(
        &judged(three, 1, "necessary", true),
        &[
            "Enkeltydelse, marts 2026: tandlæge 4.200 kr., 2 bilag, vurder betalingsevne",
            "Enkeltydelse, marts 2026: tøj 900 kr., 2 bilag, vurder ændring i forholdene, om udgiften \
             kunne forudses og betalingsevne",
        ],
    );
}

#[test]
fn what_is_open_about_the_applicant_is_asked_once() {
    let elsewhere = |scene: Scene| scene.set("residence", "municipality", text("0101"));
    asks(
        &elsewhere(judged_dentist()),
        &["Enkeltydelse, marts 2026: tandlæge 4.200 kr., vurder: Ansøgeren bor i kommunen"],
    );
    let two = expense(judged_dentist(), 2, "medicine", "700.00");
    let two = judged_of_all(judged_of_all(two, "necessary", true), "means", true);
    asks(
        &elsewhere(two),
        &["Enkeltydelse, marts 2026: 2 udgifter, 4.900 kr., vurder: Ansøgeren bor i kommunen"],
    );
}

#[test]
fn nobody_is_asked_to_judge_before_the_facts_are_there() {
    asks(&dentist().without("budget"), &[]);
    asks(&judged_dentist(), &[]);
}

#[test]
fn a_cheaper_expense_is_looked_at_and_nothing_is_taken_back() {
    let receipt = |amount| {
        judged_dentist().fact(
            "receipt",
            "2026-03-25..",
            &[("expense", integer(1)), ("amount", kroner(amount))],
        )
    };
    asks(
        &receipt("3400.00"),
        &[
            "Enkeltydelse, marts 2026: tandlæge 4.200 kr., 2 bilag, kostede 800 kr. mindre end bevilget",
        ],
    );
    receipt("3400.00").gives(Verdict::Granted, "4200.00");
    assert_eq!(tasks(&receipt("3400.00"))[0].queue, "dokumentation");
    asks(&receipt("4200.00"), &[]);
    asks(
        &receipt("4199.99").setting("municipality", text("0101")),
        &["Enkeltydelse, marts 2026: tandlæge 4.200 kr., vurder: Ansøgeren bor i kommunen"],
    ); // nothing is granted yet
}

#[test]
fn a_grant_is_told_with_its_payees_and_terms() {
    insta::assert_snapshot!(letter(&payee(judged_dentist(), 1, 1, "dentist", Some("4000.00"))), @r"
    bevilling
    beloeb: 4.200,00 kr.
    udgifter: tandlæge: 4.200 kr., heraf 4.000 kr. direkte til andre.
    vilkaar: Du skal ikke betale hjælpen tilbage.
    ");
    let terms = judged(repayable(judged_dentist(), 1, "2026-03-15"), 1, "repayment", true);
    insta::assert_snapshot!(letter(&terms), @r"
    bevilling
    beloeb: 4.200,00 kr.
    udgifter: tandlæge: 4.200 kr.
    vilkaar: Du skal betale denne hjælp tilbage (LAS § 93): 4.200 kr. til tandlæge.
    ");
}

#[test]
fn a_partial_grant_says_what_is_refused_and_why() {
    let rich = judged_dentist().set("budget", "net-income", kroner("13000.00"));
    insta::assert_snapshot!(letter(&rich), @r"
    delvis-bevilling
    beloeb: 3.200,00 kr.
    udgifter: tandlæge: 3.200 kr. af 4.200 kr.
    vilkaar: Du skal ikke betale hjælpen tilbage.
    afslag: Du får mindre, end du har søgt om.
    ");
    let debt =
        with(expense(judged_dentist(), 2, "rent", "900.00"), 2, "nature", code("public-debt"));
    insta::assert_snapshot!(letter(&debt), @r"
    delvis-bevilling
    beloeb: 4.200,00 kr.
    udgifter: tandlæge: 4.200 kr.
    vilkaar: Du skal ikke betale hjælpen tilbage.
    afslag: Du får ikke hjælp til husleje 900 kr., fordi dette ikke er opfyldt: »Udgiften er en enkeltudgift og hverken løbende eller gæld til det offentlige« (LAS kap. 10).
    ");
}

#[test]
fn a_refusal_says_why() {
    let unlawful = judged_dentist().set("stay", "basis", code("none"));
    insta::assert_snapshot!(letter(&unlawful), @r"
    afslag
    afslag: Dette er ikke opfyldt: »Ansøgeren har lovligt ophold i Danmark« (LAS kap. 10).
    ");
    let two = expense(judged(dentist(), 1, "necessary", false), 2, "furniture", "900.00");
    let two = two.set("application", "event", code("none"));
    insta::assert_snapshot!(letter(&with(two, 2, "foreseeable", flag(false))), @r"
    afslag
    afslag: Du får ikke hjælp til tandlæge 4.200 kr., fordi dette ikke er opfyldt: »Behandlingen er nødvendig og helbredsmæssigt velbegrundet« (LAS § 82). Du får ikke hjælp til indbo 900 kr., fordi dette ikke er opfyldt: »Der er sket ændringer i ansøgerens forhold (social begivenhed)« (LAS § 81).
    ");
}

#[test]
fn what_is_missing_is_asked_for_in_one_letter() {
    let missing = with(dentist().without("budget"), 1, "documents", integer(0));
    insta::assert_snapshot!(letter(&missing), @r"
    oplysninger
    mangler: Regning, tilbud eller overslag mangler: tandlæge 4.200 kr. Indtægter, faste udgifter og opsparing i marts 2026 mangler.
    ");
}

#[test]
fn an_undecided_case_has_no_letter() {
    assert_eq!(letter(&dentist()), "");
}
