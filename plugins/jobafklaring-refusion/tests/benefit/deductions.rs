//! What the employer can get under sygedagpengeloven §§ 55 and 56 is taken off day by day.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{code, kroner};

use crate::scene::{Refund, Scene, asked, bare, ordinary};

/// October 2020 gives 15,355 kr. for 22 weekdays: 697.9545 kr. for each.
fn less(scheme: &str, days: &str, a_day: &str) -> Scene {
    ordinary().sickness_refund(scheme, days, a_day)
}

#[test]
fn an_amount_is_taken_off_on_each_weekday_refunded() {
    less("section-55", "2020-10-01..2020-10-09", "100.00").pays("refusion", "14655.00"); // 7 days
    less("section-56", "2020-10-01..2020-10-09", "100.00").pays("refusion", "14655.00");
    less("section-55", "2020-10-10..2020-10-11", "100.00").pays("refusion", "15355.00"); // a weekend
    less("section-55", "2020-09-01..2020-09-30", "100.00").pays("refusion", "15355.00");
    less("section-55", "2020-10-01..2020-10-31", "0.00").pays("refusion", "15355.00");
}

#[test]
fn the_municipality_may_count_every_day() {
    let all = |scene: Scene| scene.setting("deducted-days", code("all"));
    let nine = less("section-55", "2020-10-01..2020-10-09", "100.00");
    all(nine).pays("refusion", "14455.00"); // 9 days
    // 15,355 / 31 = 495.3226 a day: two days are taken wholly, 29 of 31 are left.
    let two = less("section-55", "2020-10-10..2020-10-11", "5000.00");
    all(two).pays("refusion", "14364.35");
}

#[test]
fn an_amount_above_the_refund_of_a_day_takes_that_day_only() {
    // Two of 22 days are gone: 15,355 x 20 / 22 = 13,959.0909
    less("section-55", "2020-10-01..2020-10-02", "5000.00").pays("refusion", "13959.09");
    less("section-55", "2020-10-01..2020-10-02", "697.95").pays("refusion", "13959.10"); // 15,355 - 1,395.90
    less("section-55", "2020-10-01..2020-10-02", "697.96").pays("refusion", "13959.09");
    less("section-55", "2020-10-01..2020-10-31", "697.96").gives(Verdict::Granted, "0.00");
    less("section-55", "2020-10-01..2020-10-31", "697.95").pays("refusion", "0.10"); // 15,355 - 15,354.90
}

#[test]
fn both_schemes_on_one_day_are_added_first() {
    let both = less("section-55", "2020-10-01..2020-10-01", "400.00").sickness_refund(
        "section-56",
        "2020-10-01..2020-10-02",
        "400.00",
    );
    // 800 takes 1 October wholly, 400 a part of 2 October: 15,355 x 21 / 22 - 400 = 14,257.0455
    both.pays("refusion", "14257.05");
}

#[test]
fn only_days_that_are_refunded_are_deducted() {
    let scene = less("section-55", "2020-10-01..2020-10-31", "100.00")
        .valid("jobafklaring", "2020-10-12..");
    scene.pays("refusion", "8969.32"); // 15,355 x 15 / 22 - 15 x 100
}

#[test]
fn hours_make_the_days_refund_smaller() {
    // Half of the hours: 7,677.50, which is 348.9773 a day; two of 22 days are gone: 6,979.5455
    let half = less("section-55", "2020-10-01..2020-10-02", "400.00").hours("2020-10", "80", "160");
    half.pays("refusion", "6979.55");
}

#[test]
fn the_ceiling_comes_before_the_deduction() {
    // 11,000 kr. in wages, less 7 x 100
    less("section-55", "2020-10-01..2020-10-09", "100.00")
        .set("month-hours", "wage", kroner("11000.00"))
        .pays("refusion", "10300.00");
}

#[test]
fn amounts_that_are_declared_are_asked_for() {
    let declared = ordinary().set("refund-request", "sickness-refund", Scalar::Flag(true));
    declared.gives(Verdict::Incomplete, "0.00");
    assert_eq!(declared.outcome().needs[0].kind, "sickness-refund");
    let told = declared.sickness_refund("section-55", "2020-10-01..2020-10-09", "100.00");
    told.pays("refusion", "14655.00");
}

#[test]
fn a_month_without_its_amounts_does_not_hold_up_the_others() {
    let scene = asked(bare("2020-10-01..2020-11-30"))
        .set("refund-request", "sickness-refund", Scalar::Flag(true))
        .sickness_refund("section-55", "2020-10-01..2020-10-09", "100.00");
    assert_eq!(scene.outcome().verdict, Verdict::PartlyGranted);
    scene.pays("refusion", "14655.00");
}

#[test]
fn an_amount_below_zero_is_refused() {
    less("section-55", "2020-10-01..2020-10-09", "-0.01").fails(
        "facts contradict each other: sickness-refund 'sickness-refund-1', attribute 'a-day': what is deducted is not below zero",
    );
}
