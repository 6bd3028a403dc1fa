//! Several expenses in one case, each judged on its own.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{Scene, code, kroner};

use crate::scene::{
    MARCH, approved, dentist, expense, expense_on, integer, judged, judged_dentist, judged_of_all,
    with,
};

/// Medicine for 700 kr. and a dentist for 4,200 kr., both judged.
fn two() -> Scene {
    let scene = expense(dentist(), 2, "medicine", "700.00");
    judged_of_all(judged_of_all(scene, "necessary", true), "means", true)
}

fn keys(outcome: &Outcome) -> Vec<(&str, String)> {
    outcome.lines.iter().map(|line| (line.key.as_str(), line.amount.plain())).collect()
}

#[test]
fn each_expense_has_its_own_line() {
    let outcome = two().gives(Verdict::Granted, "4900.00");
    assert_eq!(keys(&outcome), [("hjaelp:1", "4200.00".into()), ("hjaelp:2", "700.00".into())]);
}

#[test]
fn an_expense_is_refused_without_the_others() {
    let debt = with(two(), 2, "nature", code("public-debt"));
    let outcome = debt.gives(Verdict::PartlyGranted, "4200.00");
    assert_eq!(keys(&outcome), [("hjaelp:1", "4200.00".into())]);
    with(debt, 1, "other-law", code("yes")).gives(Verdict::Refused, "0.00"); // now both
}

#[test]
fn an_open_expense_holds_the_decision_back() {
    let scene = expense(judged_dentist(), 2, "medicine", "700.00");
    scene.gives(Verdict::NeedsHuman, "0.00");
    let undocumented = with(two(), 2, "documents", integer(0));
    undocumented.gives(Verdict::Incomplete, "0.00");
    // Refused for another reason, its documents are not asked for.
    let debt = with(undocumented, 2, "nature", code("public-debt"));
    let outcome = debt.gives(Verdict::PartlyGranted, "4200.00");
    assert!(outcome.needs.is_empty());
}

#[test]
fn an_assessment_may_be_about_one_expense_or_all() {
    let one = judged(two(), 2, "necessary", false);
    one.gives(Verdict::PartlyGranted, "4200.00");
    one.state("necessary:1", State::Met);
    one.state("necessary:2", State::NotMet);
}

#[test]
fn the_household_pays_its_share_once() {
    let rich = two().set("budget", "net-income", kroner("13000.00")); // 1,000 of its own
    let outcome = rich.gives(Verdict::PartlyGranted, "3900.00");
    assert_eq!(keys(&outcome), [("hjaelp:1", "3200.00".into()), ("hjaelp:2", "700.00".into())]);
    // A refused expense takes nothing of it: all of it is the medicine's.
    let unnecessary = judged(rich, 1, "necessary", false);
    let outcome = approved(unnecessary, 2, "50.00").gives(Verdict::PartlyGranted, "50.00");
    assert_eq!(keys(&outcome), [("hjaelp:2", "50.00".into())]);
    assert_eq!(proposal_of(&outcome, 2), kroner("0.00")); // 1,000 is more than 700
}

fn proposal_of(outcome: &Outcome, number: u32) -> Scalar {
    let id = format!("forslag:{number}");
    outcome.steps.iter().find(|step| step.id == id).unwrap().value.clone()
}

#[test]
fn what_the_first_expense_leaves_of_the_share_goes_to_the_next() {
    // 5,000 of its own: 4,200 to the dentist, 700 of the remaining 800 to the medicine.
    let rich = two().set("budget", "net-income", kroner("17000.00"));
    assert_eq!(proposals(&rich), ["0.00", "0.00"]);
    let less = two().set("budget", "net-income", kroner("16500.00"));
    assert_eq!(proposals(&less), ["0.00", "400.00"]); // 4,500: 300 left
    // A person who lets the dentist's whole bill be paid leaves the share to the medicine.
    assert_eq!(proposals(&approved(less, 1, "4200.00")), ["0.00", "0.00"]);
}

#[test]
fn approving_more_than_the_offer_gives_the_household_no_more_to_pay() {
    let scene = with(two(), 1, "cheapest-offer", kroner("4000.00"));
    let scene = with(scene, 2, "amount", kroner("1150.00"));
    let rich = scene.set("budget", "net-income", kroner("13000.00")); // 1,000 of its own
    assert_eq!(proposals(&approved(rich, 1, "4200.00")), ["3000.00", "150.00"]);
}

fn proposals(scene: &Scene) -> Vec<String> {
    let outcome = scene.outcome();
    let proposals = outcome.steps.iter().filter(|step| step.id.starts_with("forslag:"));
    proposals
        .map(|step| match &step.value {
            Scalar::Amount(amount) => amount.plain(),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn a_later_application_does_not_change_an_earlier() {
    let rich = judged_dentist().set("budget", "net-income", kroner("13000.00"));
    assert_eq!(proposals(&rich), ["3200.00"]);
    // Applied for ten days later, with a lower number.
    let scene = expense_on(
        rich.each("expense", |fact| {
            fact.attributes.retain(|attribute| attribute.name != "number");
            fact.attributes.push(Attribute::new("number", integer(7)));
        }),
        "2026-03-20..",
        1,
        "medicine",
        "700.00",
    );
    let outcome = scene.outcome();
    assert_eq!(proposal_of(&outcome, 7), kroner("3200.00"));
    assert_eq!(proposal_of(&outcome, 1), kroner("700.00"));
}

/// An application in March and one in April, each tested on its own month's money.
fn two_months() -> Scene {
    let april = expense_on(judged_dentist(), "2026-04-02..", 2, "medicine", "700.00");
    let april = judged(judged(april, 2, "necessary", true), 2, "means", true);
    april
        .fact(
            "application",
            "2026-04-02..",
            &[
                ("reason", ydun_benefit::testing::text("Medicin")),
                ("event", code("none")),
                ("student-loan", code("not-studying")),
                ("cash-benefit-level", Scalar::Flag(false)),
                ("sanctioned", Scalar::Flag(false)),
            ],
        )
        .fact(
            "budget",
            "2026-04-01..2026-04-30",
            &[("net-income", kroner("4300.00")), ("assets", kroner("0.00"))],
        )
}

#[test]
fn each_month_has_its_own_decision() {
    two_months().span(MARCH).gives(Verdict::Granted, "4200.00");
    two_months().span("2026-04-01..2026-04-30").gives(Verdict::PartlyGranted, "400.00"); // 300 of its own
    let both = two_months().span("2026-03-01..2026-04-30").gives(Verdict::PartlyGranted, "4600.00");
    let days: Vec<String> = both.lines.iter().map(|line| line.period.to_string()).collect();
    assert_eq!(days, ["2026-03-10..2026-03-10", "2026-04-02..2026-04-02"]);
}
