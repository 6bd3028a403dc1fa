//! Who gets the money, and in which order.

use ydun_benefit::testing::{Scene, kroner, who};

use crate::scene::{expense, judged_dentist, judged_of_all, payee, with};

/// `dentist 4200.00 Faktura 11`, one for each line.
#[track_caller]
fn pays(scene: &Scene, expected: &[&str]) {
    let outcome = scene.outcome();
    let lines: Vec<String> = outcome
        .lines
        .iter()
        .map(|line| {
            let reference = line.reference.as_deref().unwrap_or("-");
            format!("{} {} {reference}", line.payee, line.amount.plain())
        })
        .collect();
    assert_eq!(lines, expected);
}

#[test]
fn the_applicant_is_paid_when_nobody_else_is() {
    pays(&judged_dentist(), &["applicant 4200.00 -"]);
}

#[test]
fn a_bill_is_paid_directly_with_its_reference() {
    let whole = payee(judged_dentist(), 1, 1, "dentist", None);
    pays(&whole, &["dentist 4200.00 Faktura 11"]);
    let bill = payee(judged_dentist(), 1, 1, "dentist", Some("4000.00"));
    pays(&bill, &["dentist 4000.00 Faktura 11", "applicant 200.00 -"]);
}

#[test]
fn several_payees_are_paid_in_order_as_far_as_it_reaches() {
    let two = |scene| {
        let second = payee(scene, 1, 2, "laboratory", Some("1500.00"));
        payee(second, 1, 1, "dentist", Some("3000.00"))
    };
    pays(&two(judged_dentist()), &["dentist 3000.00 Faktura 11", "laboratory 1200.00 Faktura 12"]);
    // 2,999.99 of its own: 1,200.01 is granted, and only the first gets anything.
    let rich = judged_dentist().set("budget", "net-income", kroner("14999.99"));
    pays(&two(rich), &["dentist 1200.01 Faktura 11"]);
}

#[test]
fn one_may_take_all_that_is_left() {
    let rest = payee(judged_dentist(), 1, 1, "dentist", Some("4000.00"));
    let rest = payee(rest, 1, 2, "laboratory", None);
    pays(&rest, &["dentist 4000.00 Faktura 11", "laboratory 200.00 Faktura 12"]);
}

#[test]
fn each_expense_has_its_own_payees() {
    let two = expense(judged_dentist(), 2, "medicine", "700.00");
    let two = judged_of_all(judged_of_all(two, "necessary", true), "means", true);
    let paid = payee(payee(two, 1, 1, "dentist", None), 2, 1, "pharmacy", Some("700.00"));
    pays(&paid, &["dentist 4200.00 Faktura 11", "pharmacy 700.00 Faktura 21"]);
    // Two bills of one shop on one day are two lines.
    let twice =
        payee(payee(judged_dentist(), 1, 1, "dentist", Some("1000.00")), 1, 2, "dentist", None);
    pays(&twice, &["dentist 1000.00 Faktura 11", "dentist 3200.00 Faktura 12"]);
}

#[test]
fn the_line_says_whom_it_is_about() {
    let about = |scene: &Scene| {
        let outcome = scene.outcome();
        outcome.lines.iter().map(|line| line.about.clone().map(|party| party.0)).collect::<Vec<_>>()
    };
    assert_eq!(about(&judged_dentist()), [None]);
    let bill = payee(judged_dentist(), 1, 1, "dentist", Some("4000.00"));
    assert_eq!(about(&bill), [Some("applicant".into()), None]);
    let child = with(bill, 1, "concerns", who("child"));
    assert_eq!(about(&child), [Some("child".into()), Some("child".into())]);
}

#[test]
fn two_cannot_be_paid_first() {
    let two = payee(payee(judged_dentist(), 1, 1, "dentist", None), 1, 1, "laboratory", None);
    two.fails(
        "facts contradict each other: two payees of expense 1 are both number 1; say who is paid first",
    );
}

#[test]
fn a_line_is_for_the_day_of_the_application_and_tells_the_expense() {
    let outcome = payee(judged_dentist(), 1, 1, "dentist", Some("4000.00")).outcome();
    let (first, rest) = (&outcome.lines[0], &outcome.lines[1]);
    assert_eq!((first.key.as_str(), rest.key.as_str()), ("hjaelp:1:1", "hjaelp:1"));
    assert_eq!(first.period.to_string(), "2026-03-10..2026-03-10");
    let details: Vec<String> =
        first.details.iter().map(|told| format!("{} {}", told.name, told.value)).collect();
    assert_eq!(details, ["udgift tandlæge", "søgt 4.200,00 kr.", "bevilget i alt 4.200,00 kr."]);
    assert_eq!(first.steps[..2], ["andel:1:1", "forslag:1"]);
    assert_eq!(rest.steps[..2], ["resten:1", "forslag:1"]);
}
