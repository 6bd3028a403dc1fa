//! What is asked of every expense.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{code, kroner, on};

use crate::scene::{
    approved, expense, expense_on, flag, integer, judged, judged_dentist, person, with,
};

#[test]
fn help_is_for_single_expenses() {
    let nature = |word| with(judged_dentist(), 1, "nature", code(word));
    nature("single").gives(Verdict::Granted, "4200.00");
    nature("running").gives(Verdict::Refused, "0.00");
    nature("public-debt").gives(Verdict::Refused, "0.00");
    nature("public-debt").state("nature:1", State::NotMet);
}

#[test]
fn other_law_comes_first() {
    let other = |word| with(judged_dentist(), 1, "other-law", code(word));
    other("no").state("subsidiarity:1", State::Met);
    other("yes").state("subsidiarity:1", State::NotMet);
    other("unclear").state("subsidiarity:1", State::NeedsHuman);
    judged(other("unclear"), 1, "subsidiarity", true).gives(Verdict::Granted, "4200.00");
}

#[test]
fn what_others_pay_is_not_granted() {
    let covered = |amount| with(judged_dentist(), 1, "covered", kroner(amount));
    covered("1200.00").gives(Verdict::PartlyGranted, "3000.00");
    covered("4199.99").gives(Verdict::PartlyGranted, "0.01");
    covered("4200.00").gives(Verdict::Refused, "0.00"); // nothing is left
    covered("4200.00").state("subsidiarity:1", State::NotMet);
}

#[test]
fn the_cheapest_suitable_offer_is_the_price() {
    let offer = |amount| with(judged_dentist(), 1, "cheapest-offer", kroner(amount));
    offer("4200.00").gives(Verdict::Granted, "4200.00");
    offer("3900.50").gives(Verdict::PartlyGranted, "3900.50");
    offer("5000.00").gives(Verdict::Granted, "4200.00"); // no more than was applied for
    let covered = with(offer("3900.50"), 1, "covered", kroner("900.50"));
    covered.gives(Verdict::PartlyGranted, "3000.00");
}

#[test]
fn one_applies_before_one_commits() {
    let committed = |day| with(judged_dentist(), 1, "committed", on(day));
    committed("2026-03-09").state("before-commitment:1", State::NeedsHuman);
    committed("2026-03-10").state("before-commitment:1", State::Met); // on the day itself
    committed("2026-03-11").state("before-commitment:1", State::Met);
    judged_dentist().state("before-commitment:1", State::Met); // not bought yet
    let exception = judged(committed("2026-03-09"), 1, "before-commitment", true);
    exception.gives(Verdict::Granted, "4200.00");
    let none = judged(committed("2026-03-09"), 1, "before-commitment", false);
    none.gives(Verdict::Refused, "0.00");
}

#[test]
fn a_document_is_asked_for() {
    let outcome = with(judged_dentist(), 1, "documents", integer(0)).outcome();
    assert_eq!(outcome.verdict, Verdict::Incomplete);
    assert_eq!(
        outcome.needs[0].reason,
        "Regning, tilbud eller overslag mangler: tandlæge 4.200 kr."
    );
    with(judged_dentist(), 1, "documents", integer(1)).gives(Verdict::Granted, "4200.00");
}

#[test]
fn a_student_uses_the_loan_first() {
    let student = |word| judged_dentist().set("application", "student-loan", code(word));
    for word in ["not-studying", "taken", "not-entitled"] {
        student(word).state("student-loan:1", State::Met);
    }
    student("not-taken").state("student-loan:1", State::NeedsHuman);
    judged(student("not-taken"), 1, "student-loan", false).gives(Verdict::Refused, "0.00");
}

#[test]
fn help_does_not_pay_a_sanction_back() {
    let sanctioned = judged_dentist().set("application", "sanctioned", flag(true));
    judged_dentist().state("sanction:1", State::Met);
    sanctioned.state("sanction:1", State::NeedsHuman);
    judged(sanctioned.clone(), 1, "sanction", true).gives(Verdict::Granted, "4200.00");
    judged(sanctioned, 1, "sanction", false).gives(Verdict::Refused, "0.00");
}

#[test]
fn what_cannot_be_true_is_a_contradiction() {
    expense(judged_dentist(), 1, "medicine", "10.00")
        .fails("facts contradict each other: two expenses have the number 1; give each its own");
    // Also in another month, because an assessment would be about both.
    expense_on(judged_dentist(), "2026-05-02..", 1, "medicine", "10.00")
        .fails("facts contradict each other: two expenses have the number 1; give each its own");
    expense(person(), 0, "medicine", "10.00").fails(
        "facts contradict each other: expense 'expense-1', attribute 'number': expenses are numbered from 1",
    );
    expense(person(), 1, "medicine", "0.00").fails(
        "facts contradict each other: expense 'expense-1', attribute 'amount': it must be above zero",
    );
    approved(judged_dentist(), 1, "4200.01").fails(
        "facts contradict each other: approval 'approval-1', attribute 'amount': it is more than was applied for",
    );
    judged_dentist()
        .fact_about("another", "expense", "2026-03-10..", &[("number", integer(2))])
        .fails("facts contradict each other: expense 'expense-2': all expenses of a case have the same applicant");
}

/// Found by fuzz: what others pay, told as less than nothing, made the help larger than the price.
#[test]
fn nothing_about_an_expense_is_below_zero() {
    for name in ["covered", "cheapest-offer", "own-payment-made"] {
        with(judged_dentist(), 1, name, kroner("-0.01")).fails(&format!(
            "facts contradict each other: expense 'expense-1', attribute '{name}': it cannot be below zero"
        ));
        assert!(with(judged_dentist(), 1, name, kroner("0.00")).calculate().is_ok(), "{name}");
    }
}
