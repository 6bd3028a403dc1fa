//! The cases the module carries along: `cases/*.json`, which the host runs before it trusts it.
//!
//! Each has its verdict and amount beside it here, worked out by hand; the rest of the answer is
//! kept as it was last read and approved. After a wanted change, write them anew with
//! `UPDATE_CASES=1 cargo test -p enkeltydelser cases` and read the difference.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Serialize;
use ydun_benefit::prelude::*;
use ydun_benefit::testing::{Scene, code, kroner, number, on, text, total, who};

use crate::scene::{
    MARCH, approved, arrears, dentist, expense, flag, integer, judged, judged_dentist,
    judged_of_all, payee, person, repayable, with,
};

pub(crate) struct Case {
    name: &'static str,
    pub(crate) scene: Scene,
    verdict: Verdict,
    /// Plain kroner.
    amount: &'static str,
}

fn case(name: &'static str, scene: Scene, verdict: Verdict, amount: &'static str) -> Case {
    Case { name, scene, verdict, amount }
}

pub(crate) fn all() -> Vec<Case> {
    [granted(), partly_granted(), open(), refused(), incomplete()].into_iter().flatten().collect()
}

/// One expense of 1,000 kr. under each section.
fn one_of_each() -> Scene {
    let purposes = ["furniture", "rent", "treatment", "dental", "contact", "moving"];
    let scene = (1..)
        .zip(purposes)
        .fold(person(), |scene, (number, purpose)| expense(scene, number, purpose, "1000.00"));
    let scene = with(with(scene, 1, "foreseeable", flag(true)), 4, "section", code("82a"));
    arrears(scene, 2, "reminder", "administration", Some(false)).set(
        "application",
        "cash-benefit-level",
        flag(true),
    )
}

/// The same, with everything open that a person can be asked.
fn all_open() -> Scene {
    let scene = with(one_of_each(), 3, "other-law", code("unclear"));
    let scene = with(scene, 3, "committed", on("2026-03-09"));
    let scene = repayable(scene, 5, "2026-03-15");
    scene
        .set("application", "student-loan", code("not-taken"))
        .set("application", "sanctioned", flag(true))
        .set("birth", "day", on("2008-03-11")) // 17 years old
        .set("stay", "basis", code("eu"))
        .set("residence", "municipality", text("0101"))
        .fact("death", "2026-03-20..2026-03-20", &[("day", on("2026-03-20"))])
}

/// What a person can be asked about an expense, and what has a yes that ends the matter.
const QUESTIONS: [&str; 16] = [
    "subsidiarity",
    "before-commitment",
    "student-loan",
    "sanction",
    "event",
    "unforeseen",
    "necessary",
    "contact",
    "improves",
    "eviction",
    "temporary",
    "tie",
    "dental-age",
    "dental-terms",
    "means",
    "repayment",
];

fn settled(scene: Scene) -> Scene {
    QUESTIONS
        .iter()
        .chain(&["alive", "lawful-stay", "municipality"])
        .fold(scene, |scene, condition| judged_of_all(scene, condition, true))
}

fn couple() -> Scene {
    dentist().set("household", "family", code("married")).set("household", "spouse", who("spouse"))
}

fn granted() -> Vec<Case> {
    use Verdict::Granted;
    let all_repayable = (1..=6)
        .fold(settled(one_of_each()), |scene, number| repayable(scene, number, "2026-03-15"));
    vec![
        case(
            "dentist-is-paid-directly",
            payee(judged_dentist(), 1, 1, "dentist", None),
            Granted,
            "4200.00",
        ),
        // Six of 1,000 kr.
        case(
            "everything-judged-as-met",
            approved(settled(all_open()), 4, "1000.00"),
            Granted,
            "6000.00",
        ),
        case(
            "everything-to-be-paid-back",
            approved(all_repayable, 4, "1000.00"),
            Granted,
            "6000.00",
        ),
        case(
            "one-of-each-section",
            approved(settled(one_of_each()), 4, "1000.00"),
            Granted,
            "6000.00",
        ),
        // 8,000 kr. to the landlord, 500 kr. to the bailiff's court, the rest to the applicant.
        case(
            "arrears-paid-to-the-landlord",
            payee(
                payee(
                    settled(arrears(
                        expense(person(), 1, "rent", "8600.00"),
                        1,
                        "bailiffs-court",
                        "administration",
                        Some(true),
                    )),
                    1,
                    2,
                    "court",
                    Some("500.00"),
                ),
                1,
                1,
                "landlord",
                Some("8000.00"),
            ),
            Granted,
            "8600.00",
        ),
        // 8,000 of his and 7,000 of hers leave 7,000, which is the couple's amount.
        case(
            "couple-with-a-spouse-of-means",
            settled(couple().set("budget", "net-income", kroner("8000.00")).fact(
                "spouse-means",
                MARCH,
                &[("net-income", kroner("7000.00")), ("assets", kroner("26000.00"))],
            )),
            Granted,
            "4200.00",
        ),
        // The proposal is nothing; a person has approved everything.
        case(
            "approved-although-nothing-is-proposed",
            approved(
                judged_dentist().set("budget", "net-income", kroner("30000.00")),
                1,
                "4200.00",
            ),
            Granted,
            "4200.00",
        ),
        // The terms came a day after the grant: ordinary help.
        case(
            "terms-after-the-grant-do-not-count",
            settled(repayable(dentist(), 1, "2026-03-15")).fact(
                "grant",
                "2026-03-14..",
                &[("expense", integer(1)), ("decided", on("2026-03-14"))],
            ),
            Granted,
            "4200.00",
        ),
        case(
            "cheaper-than-granted",
            judged_dentist().fact(
                "receipt",
                "2026-03-25..",
                &[("expense", integer(1)), ("amount", kroner("3400.00"))],
            ),
            Granted,
            "4200.00",
        ),
        case(
            "month-without-an-application",
            judged_dentist().span("2026-04-01..2026-04-30"),
            Granted,
            "0.00",
        ),
    ]
}

fn partly_granted() -> Vec<Case> {
    use Verdict::PartlyGranted;
    let two = expense(dentist(), 2, "medicine", "700.00");
    let offer = with(
        with(dentist(), 1, "cheapest-offer", kroner("4000.00")),
        1,
        "covered",
        kroner("600.00"),
    );
    vec![
        // 13,000 - 8,000 = 5,000, 1,000 above the guiding amount: 3,200 and 700.
        case(
            "own-share-of-two-expenses",
            settled(two.clone()).set("budget", "net-income", kroner("13000.00")),
            PartlyGranted,
            "3900.00",
        ),
        // The cheapest offer of 4,000 less 600 from the insurance.
        case("cheapest-offer-and-insurance", settled(offer), PartlyGranted, "3400.00"),
        case(
            "one-of-two-refused",
            with(settled(two), 2, "nature", code("public-debt")),
            PartlyGranted,
            "4200.00",
        ),
        // (3,000 - 800) x 65 %, and 200 - 100 at 100 % would be for the young.
        case(
            "dental-grant",
            expense(person(), 1, "dental", "3000.00")
                .set("application", "cash-benefit-level", flag(true))
                .setting("dental-own-payment", kroner("800.00"))
                .setting("dental-share", number("65")),
            PartlyGranted,
            "1430.00",
        ),
    ]
}

fn open() -> Vec<Case> {
    use Verdict::NeedsHuman;
    vec![
        case("dentist-waits-for-a-person", dentist(), NeedsHuman, "0.00"),
        case("everything-waits-for-a-person", all_open(), NeedsHuman, "0.00"),
    ]
}

fn refused() -> Vec<Case> {
    use Verdict::Refused;
    let no = |question: &str| {
        // Each question is a no for the expenses it is about.
        judged_of_all(all_open(), question, false)
    };
    let all_no =
        QUESTIONS.iter().fold(all_open(), |scene, question| judged_of_all(scene, question, false));
    let whole_no = ["alive", "lawful-stay", "municipality"]
        .iter()
        .fold(no("means"), |scene, condition| judged_of_all(scene, condition, false));
    let by_rule = [
        ("furniture", "nature", "running"),
        ("clothing", "nature", "public-debt"),
        ("medicine", "other-law", "yes"),
        ("glasses", "section", "82a"),
    ];
    let by_rule = (1..).zip(by_rule).fold(person(), |scene, (number, (purpose, name, word))| {
        with(expense(scene, number, purpose, "500.00"), number, name, code(word))
    });
    let by_rule = expense(by_rule, 5, "other", "500.00").set("application", "event", code("none"));
    let by_rule = arrears(expense(by_rule, 6, "rent", "500.00"), 6, "none", "none", None);
    let by_rule = with(expense(by_rule, 7, "treatment", "500.00"), 7, "covered", kroner("500.00"));
    vec![
        case("everything-judged-as-not-met", all_no, Refused, "0.00"),
        case("the-applicant-judged-as-not-met", whole_no, Refused, "0.00"),
        case("refused-by-rule", by_rule, Refused, "0.00"),
        case("unlawful-stay", judged_dentist().set("stay", "basis", code("none")), Refused, "0.00"),
        // The bill is no more than the own payment.
        case(
            "dental-bill-within-the-own-payment",
            expense(person(), 1, "dental", "800.00")
                .set("application", "cash-benefit-level", flag(true))
                .setting("dental-own-payment", kroner("800.00"))
                .setting("dental-share", number("65")),
            Refused,
            "0.00",
        ),
    ]
}

fn incomplete() -> Vec<Case> {
    use Verdict::Incomplete;
    let dental = with(
        expense(with(dentist(), 1, "section", code("82a")), 2, "rent", "500.00"),
        2,
        "documents",
        integer(0),
    );
    vec![
        case("nothing-applied-for", person(), Incomplete, "0.00"),
        case(
            "nothing-known-of-the-applicant",
            dental
                .without("application")
                .without("stay")
                .without("residence")
                .without("birth")
                .without("household")
                .without("budget"),
            Incomplete,
            "0.00",
        ),
        case("spouse-unknown", couple(), Incomplete, "0.00"),
        case(
            "no-guiding-amount",
            dentist().setting("guide-single", kroner("0.00")),
            Incomplete,
            "0.00",
        ),
        case(
            "judged-as-met-without-an-amount",
            judged(
                judged(dentist(), 1, "necessary", true).set(
                    "budget",
                    "net-income",
                    kroner("30000.00"),
                ),
                1,
                "means",
                true,
            ),
            Incomplete,
            "0.00",
        ),
    ]
}

/// A case as the file has it.
#[derive(Serialize)]
struct Kept {
    name: &'static str,
    dossier: Dossier,
    expected: Expected,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Expected {
    Outcome(Outcome),
    Failure(Failure),
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

fn file(name: &str) -> PathBuf {
    folder().join(format!("{name}.json"))
}

#[test]
fn every_case_has_the_answer_worked_out_by_hand() {
    for case in all() {
        let outcome = case.scene.outcome();
        assert_eq!(
            (outcome.verdict, total(&outcome).plain().as_str()),
            (case.verdict, case.amount),
            "{}",
            case.name
        );
    }
}

#[test]
fn every_case_is_kept_with_its_whole_answer() {
    for Case { name, scene, .. } in all() {
        let expected = scene.calculate().map_or_else(Expected::Failure, Expected::Outcome);
        let mut text =
            serde_json::to_string_pretty(&Kept { name, dossier: scene.dossier(), expected })
                .unwrap();
        text.push('\n');
        if std::env::var_os("UPDATE_CASES").is_some() {
            std::fs::write(file(name), &text).unwrap();
        }
        let kept = std::fs::read_to_string(file(name)).unwrap_or_default();
        assert!(
            kept == text,
            "cases/{name}.json is not what the module answers: UPDATE_CASES=1 writes it anew"
        );
    }
}

#[test]
fn no_file_is_left_from_a_case_that_is_gone() {
    let known: BTreeSet<PathBuf> = all().iter().map(|case| file(case.name)).collect();
    let files: BTreeSet<PathBuf> =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files, known);
}
