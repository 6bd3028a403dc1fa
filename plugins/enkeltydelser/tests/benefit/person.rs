//! Whether the applicant can be helped at all.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{code, on, text};

use crate::scene::{dentist, expense_on, judged_dentist, judged_of_all, person};

#[test]
fn an_expense_comes_with_an_application() {
    judged_dentist().state("application", State::Met);
    judged_dentist().without("application").gives(Verdict::Incomplete, "0.00");
    // Received the day after, it is another application.
    let outcome = judged_dentist().valid("application", "2026-03-11..").outcome();
    assert_eq!(outcome.needs[0].kind, "application");
}

#[test]
fn help_is_not_paid_to_the_dead_by_itself() {
    let died =
        judged_dentist().fact("death", "2026-03-20..2026-03-20", &[("day", on("2026-03-20"))]);
    judged_dentist().state("alive", State::Met);
    died.state("alive", State::NeedsHuman);
    died.gives(Verdict::NeedsHuman, "0.00");
    judged_of_all(died.clone(), "alive", true).gives(Verdict::Granted, "4200.00");
    judged_of_all(died, "alive", false).gives(Verdict::Refused, "0.00");
}

#[test]
fn the_stay_must_be_lawful() {
    let stay = |basis| judged_dentist().set("stay", "basis", code(basis));
    for (basis, expected) in [
        ("danish", State::Met),
        ("nordic", State::Met),
        ("permit", State::Met),
        ("eu", State::NeedsHuman),
        ("unclear", State::NeedsHuman),
        ("none", State::NotMet),
    ] {
        stay(basis).state("lawful-stay", expected);
    }
    stay("none").gives(Verdict::Refused, "0.00");
    judged_dentist().without("stay").gives(Verdict::Incomplete, "0.00");
}

#[test]
fn the_permit_counts_on_the_day_of_the_application() {
    let permit = |days| judged_dentist().set("stay", "basis", code("permit")).valid("stay", days);
    permit("2026-03-10..2026-03-10").state("lawful-stay", State::Met);
    let before = permit("2026-03-01..2026-03-09").outcome();
    assert_eq!((before.verdict, before.needs[0].kind.as_str()), (Verdict::Incomplete, "stay"));
    permit("2026-03-11..").gives(Verdict::Incomplete, "0.00");
}

#[test]
fn the_worst_day_of_several_counts() {
    let two = expense_on(dentist(), "2026-03-20..", 2, "medicine", "100.00");
    let stays =
        two.without("stay").fact("stay", "2026-01-01..2026-03-15", &[("basis", code("none"))]);
    let stays = stays.fact("stay", "2026-03-16..", &[("basis", code("danish"))]);
    stays.state("lawful-stay", State::NotMet);
}

#[test]
fn another_municipality_is_for_a_person() {
    judged_dentist().state("municipality", State::Met);
    let other = judged_dentist().set("residence", "municipality", text("0101"));
    other.state("municipality", State::NeedsHuman);
    // She moved the day after she applied.
    let moved = judged_dentist().valid("residence", "2015-01-01..2026-03-10");
    moved.state("municipality", State::Met);
    judged_dentist().setting("municipality", text("")).state("municipality", State::NeedsHuman);
    judged_dentist().without("residence").gives(Verdict::Incomplete, "0.00");
}

#[test]
fn a_month_without_an_application_has_nothing_to_decide() {
    let outcome = judged_dentist().span("2026-04-01..2026-04-30").gives(Verdict::Granted, "0.00");
    assert_eq!(outcome.conditions.len(), 1);
    assert_eq!(outcome.conditions[0].state, State::NotAssessed);
    assert!(outcome.effects.is_empty() && outcome.needs.is_empty());
}

#[test]
fn a_case_without_an_expense_asks_for_one() {
    let outcome = person().gives(Verdict::Incomplete, "0.00");
    assert_eq!(outcome.needs[0].kind, "expense");
    person()
        .without("birth")
        .without("residence")
        .without("stay")
        .without("application")
        .without("household")
        .without("budget")
        .fails("not handled: the dossier has no fact to begin with");
}
