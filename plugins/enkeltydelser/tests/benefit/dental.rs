//! § 82 a: a share of the bill above the own payment. Terms and shares here are invented.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{Scene, code, kroner, number, on};

use crate::scene::{approved, expense, flag, judged, person, with};

/// A dentist's bill of one on the level of cash benefit, with terms for all ages.
fn bill(amount: &str) -> Scene {
    without_terms(amount)
        .setting("dental-own-payment-young", kroner("600.00"))
        .setting("dental-share-young", number("100"))
        .setting("dental-own-payment", kroner("800.00"))
        .setting("dental-share", number("65"))
}

fn without_terms(amount: &str) -> Scene {
    expense(person(), 1, "dental", amount).set("application", "cash-benefit-level", flag(true))
}

#[test]
fn the_grant_is_a_share_of_what_is_above_the_own_payment() {
    for (amount, expected) in [
        ("3000.00", "1430.00"), // (3000 - 800) x 0.65
        ("800.02", "0.01"),     // 0.02 x 0.65 = 0.013
        ("801.00", "0.65"),
        ("1333.33", "346.66"), // 533.33 x 0.65 = 346.6645
        ("1333.35", "346.68"), // 533.35 x 0.65 = 346.6775
    ] {
        bill(amount).gives(Verdict::PartlyGranted, expected);
    }
}

#[test]
fn half_an_oere_goes_up() {
    bill("800.10").gives(Verdict::PartlyGranted, "0.07"); // 0.10 x 0.65 = 0.065
    bill("800.30").gives(Verdict::PartlyGranted, "0.20"); // 0.30 x 0.65 = 0.195
}

#[test]
fn a_bill_within_the_own_payment_gets_nothing() {
    bill("800.00").gives(Verdict::Refused, "0.00");
    bill("800.00").state("amount:1", State::NotMet);
}

#[test]
fn own_payment_is_made_once() {
    let made = |amount| with(bill("3000.00"), 1, "own-payment-made", kroner(amount));
    made("300.00").gives(Verdict::PartlyGranted, "1625.00"); // (3000 - 500) x 0.65
    made("800.00").gives(Verdict::PartlyGranted, "1950.00"); // 3000 x 0.65
    made("900.00").gives(Verdict::PartlyGranted, "1950.00"); // more than was asked for
}

#[test]
fn the_age_on_the_day_of_the_application_chooses_the_terms() {
    let born = |day| bill("3000.00").set("birth", "day", on(day));
    born("2001-03-11").gives(Verdict::PartlyGranted, "2400.00"); // 24 for one day more: 3000 - 600
    born("2001-03-10").gives(Verdict::PartlyGranted, "1430.00"); // 25 today
    born("2008-03-10").gives(Verdict::PartlyGranted, "2400.00"); // 18 today
    born("2008-03-11").state("dental-age:1", State::NeedsHuman); // 17
    judged(born("2008-03-11"), 1, "dental-age", true).gives(Verdict::PartlyGranted, "2400.00");
    judged(born("2008-03-11"), 1, "dental-age", false).gives(Verdict::Refused, "0.00");
    let outcome = bill("3000.00").without("birth").outcome();
    assert_eq!((outcome.verdict, outcome.needs[0].kind.as_str()), (Verdict::Incomplete, "birth"));
}

#[test]
fn it_is_for_dental_care_on_the_level_of_cash_benefit() {
    let glasses = with(expense(person(), 1, "glasses", "900.00"), 1, "section", code("82a"));
    glasses.state("dental-care:1", State::NotMet);
    glasses.state("cash-level:1", State::NotMet);
    let other_income = with(bill("3000.00"), 1, "section", code("82a")).set(
        "application",
        "cash-benefit-level",
        flag(false),
    );
    other_income.gives(Verdict::Refused, "0.00");
    // Without a chosen section, a dentist's bill of others is tried under § 82.
    let dentist = bill("3000.00").set("application", "cash-benefit-level", flag(false));
    dentist.state("necessary:1", State::NeedsHuman);
}

#[test]
fn the_household_is_not_tested() {
    let rich = bill("3000.00").set("budget", "assets", kroner("500000.00"));
    rich.gives(Verdict::PartlyGranted, "1430.00");
    bill("3000.00").without("budget").without("household").gives(Verdict::PartlyGranted, "1430.00");
}

#[test]
fn without_terms_a_person_finds_the_amount() {
    let open = || without_terms("3000.00");
    open().state("dental-terms:1", State::NeedsHuman);
    open().gives(Verdict::NeedsHuman, "0.00");
    let judged_terms = || judged(open(), 1, "dental-terms", true);
    let outcome = judged_terms().gives(Verdict::Incomplete, "0.00");
    assert_eq!(outcome.needs[0].kind, "approval");
    approved(judged_terms(), 1, "1500.00").gives(Verdict::PartlyGranted, "1500.00");
    judged(open(), 1, "dental-terms", false).gives(Verdict::Refused, "0.00");
}

#[test]
fn a_share_is_at_most_everything() {
    bill("3000.00").setting("dental-share", number("101")).fails(
        "facts contradict each other: settings, attribute 'dental-share': it is a percentage from 0 to 100",
    );
    bill("3000.00").setting("dental-share", number("-1")).fails(
        "facts contradict each other: settings, attribute 'dental-share': it is a percentage from 0 to 100",
    );
    bill("3000.00").setting("dental-share", number("100")).gives(Verdict::PartlyGranted, "2200.00");
}
