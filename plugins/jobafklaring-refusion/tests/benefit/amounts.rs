//! What a month gives: the monthly rate, by hours and by the days of the course.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{code, kroner, on};

use crate::scene::{Refund, Scene, asked, bare, ordinary, since};

#[track_caller]
fn refunds(scene: &Scene, amount: &str) {
    scene.pays("refusion", amount);
}

#[test]
fn a_whole_month_gives_the_whole_rate_whatever_its_length() {
    let month = |span| asked(since("2018-01-01", span));
    refunds(&month("2020-02-01..2020-02-29"), "15355.00"); // 29 days
    refunds(&month("2020-04-01..2020-04-30"), "15355.00"); // 30 days
    refunds(&month("2020-10-01..2020-10-31"), "15355.00"); // 31 days
    refunds(&month("2021-02-01..2021-02-28"), "15547.00"); // 28 days, 20 weekdays
    refunds(&month("2021-03-01..2021-03-31"), "15547.00"); // 31 days, 23 weekdays
    refunds(&month("2020-11-01..2020-12-31"), "30710.00"); // 2 x 15,355
}

#[test]
fn each_year_and_status_has_its_rate() {
    let month = |status, span| {
        asked(since("2014-06-01", span)).set("provider-status", "status", code(status)).fact(
            "birth",
            "2005-05-01..",
            &[("day", on("2005-05-01"))],
        )
    };
    let check = |span, provider, not_provider, young| {
        refunds(&month("provider", span), provider);
        refunds(&month("not-provider", span), not_provider);
        refunds(&month("young-at-home", span), young);
    };
    check("2015-01-01..2015-01-31", "14416.00", "10849.00", "3374.00"); // from 5 January
    check("2016-12-01..2016-12-31", "14575.00", "10968.00", "3411.00");
    check("2017-01-01..2017-01-31", "14808.00", "11143.00", "3466.00"); // from 2 January
    check("2020-12-01..2020-12-31", "15355.00", "11554.00", "3594.00");
    check("2022-01-01..2022-01-31", "15570.00", "11716.00", "3644.00");
    check("2023-01-01..2023-01-31", "15874.00", "11944.00", "3715.00");
    check("2024-12-01..2024-12-31", "16382.00", "12326.00", "3834.00");
    refunds(&month("provider", "2021-01-01..2021-01-31"), "15547.00");
    refunds(&month("not-provider", "2021-01-01..2021-01-31"), "11698.00");
}

#[test]
fn a_rate_that_was_not_found_is_missing_and_can_be_announced() {
    let missing = |span, expected| asked(since("2014-06-01", span)).fails(expected);
    missing("2018-03-01..2018-03-31", "no value of the rate 'provider on 2018-03-31' is in force");
    missing("2019-12-01..2019-12-31", "no value of the rate 'provider on 2019-12-31' is in force");
    missing("2025-01-01..2025-01-31", "no value of the rate 'provider on 2025-01-31' is in force");
    let young = asked(since("2014-06-01", "2021-01-01..2021-01-31"))
        .set("provider-status", "status", code("young-at-home"))
        .fact("birth", "2005-05-01..", &[("day", on("2005-05-01"))]);
    young.fails("no value of the rate 'young-at-home on 2021-01-31' is in force");

    let announced = asked(since("2014-06-01", "2025-01-01..2025-01-31"));
    refunds(&announced.rate("provider", "2025-01-01..", kroner("16800.00")), "16800.00");
}

#[test]
fn hours_share_the_rate() {
    let paid = |paid, normal| ordinary().hours("2020-10", paid, normal);
    refunds(&paid("80", "160"), "7677.50"); // half of 15,355
    refunds(&paid("120.25", "160.33"), "11516.49"); // 15,355 x 120.25 / 160.33 = 11,516.4894
    refunds(&paid("1", "3"), "5118.33"); // a third has no end as a decimal
    refunds(&paid("10", "10"), "15355.00"); // part time, wholly absent
    paid("0", "160").gives(Verdict::Granted, "0.00");
}

#[test]
fn a_half_oere_is_rounded_up_once_at_the_end() {
    // 15,355 x 3 / 160 = 287.90625, and the supplement of 287.91 is 0.86373.
    ordinary().hours("2020-10", "3", "160").gives(Verdict::Granted, "288.77");
    // 15,355 x 1 / 1,000 = 15.355: up to 15.36.
    refunds(&ordinary().hours("2020-10", "0.7", "700"), "15.36");
}

#[test]
fn a_month_is_cut_where_the_course_begins_or_ends() {
    let course = |days| ordinary().valid("jobafklaring", days);
    refunds(&course("2020-10-01.."), "15355.00");
    refunds(&course("2020-10-02.."), "14657.05"); // 21 of 22 weekdays: 14,657.0455
    refunds(&course("2020-10-12.."), "10469.32"); // 15 of 22: 10,469.3182
    refunds(&course("2020-03-02..2020-10-09"), "4885.68"); // 7 of 22: 4,885.6818
    refunds(&course("2020-03-02..2020-10-11"), "4885.68"); // the weekend gives nothing
    refunds(&course("2020-03-02..2020-10-31"), "15355.00");
    course("2020-10-31..").gives(Verdict::Refused, "0.00"); // a Saturday only
}

#[test]
fn the_parts_of_a_month_add_up_to_it() {
    let part = |days| ordinary().valid("jobafklaring", days);
    // 7 and 15 of 22 weekdays: 4,885.68 + 10,469.32 = 15,355.00
    refunds(&part("2020-03-02..2020-10-11"), "4885.68");
    refunds(&part("2020-10-12.."), "10469.32");
    let both = part("2020-03-02..2020-10-11").fact(
        "jobafklaring",
        "2020-10-12..",
        &[("comes-from", code("time-limit"))],
    );
    refunds(&both, "15355.00");
}

#[test]
fn a_month_is_cut_where_the_employment_ends() {
    // 1-15 October 2020 are 11 of 22 weekdays.
    refunds(&ordinary().valid("employment", "2010-08-01..2020-10-15"), "7677.50");
    refunds(&ordinary().valid("employment", "2010-08-01..2020-10-31"), "15355.00");
}

#[test]
fn hours_and_days_both_count() {
    let scene = ordinary().valid("jobafklaring", "2020-10-12..").hours("2020-10", "54", "108");
    refunds(&scene, "5234.66"); // 15,355 x 15 / 22 x 54 / 108 = 5,234.6591
}

#[test]
fn a_request_across_new_year_has_the_rates_of_each_year() {
    let scene = asked(bare("2020-12-01..2021-01-31"));
    let lines: Vec<(String, String)> =
        scene.outcome().lines.iter().map(|line| (line.key.clone(), line.amount.plain())).collect();
    let expected = [
        ("refusion:2020-12", "15355.00"),
        ("tillaeg:2020-12", "46.07"), // 0.3 % of 15,355: 46.065
        ("refusion:2021-01", "15547.00"),
        ("tillaeg:2021-01", "93.28"), // 0.6 % of 15,547: 93.282
    ];
    assert_eq!(lines, expected.map(|(key, amount)| (key.to_owned(), amount.to_owned())));
}

#[test]
fn the_refund_is_never_above_the_wage_unless_the_municipality_says_so() {
    let wage = |wage| ordinary().set("month-hours", "wage", kroner(wage));
    refunds(&wage("15355.01"), "15355.00");
    refunds(&wage("15355.00"), "15355.00");
    refunds(&wage("15354.99"), "15354.99");
    refunds(&wage("9000.00"), "9000.00");
    refunds(&wage("9000.00").setting("never-above-wage", Scalar::Flag(false)), "15355.00");
    wage("0.00").gives(Verdict::Granted, "0.00");
}

#[test]
fn of_days_that_are_cut_off_the_wage_has_their_part() {
    // Asked for on 15 January: 15-31 October are 12 of 22 weekdays; 12 / 22 of 9,900 kr. are 5,400.
    let late = ordinary().set("month-hours", "wage", kroner("9900.00")).set(
        "refund-request",
        "received",
        on("2021-01-15"),
    );
    refunds(&late, "5400.00");
    // The course began on 12 October, and the wage is for its days: nothing is cut off.
    let begun = ordinary()
        .set("month-hours", "wage", kroner("9900.00"))
        .valid("jobafklaring", "2020-10-12..");
    refunds(&begun, "9900.00");
}

#[test]
fn hours_that_cannot_be_true_are_named() {
    let hours = |paid, normal| ordinary().hours("2020-10", paid, normal);
    let paid = "facts contradict each other: month-hours 'month-hours-1', attribute 'paid-hours': it must be from 0 to the normal hours";
    hours("160.01", "160").fails(paid);
    hours("-0.01", "160").fails(paid);
    let normal = "facts contradict each other: month-hours 'month-hours-1', attribute 'normal-hours': a month of employment has working time";
    hours("0", "0").fails(normal);
    hours("0", "-1").fails(normal);
    ordinary().set("month-hours", "wage", kroner("-0.01")).fails(
        "facts contradict each other: month-hours 'month-hours-1', attribute 'wage': a wage is not below zero",
    );
    ordinary().valid("month-hours", "2020-10-01..2020-11-01").fails(
        "facts contradict each other: month-hours 'month-hours-1': hours are told for one calendar month at a time",
    );
}

#[test]
fn a_part_of_a_month_is_no_question_to_put() {
    for span in ["2020-10-02..2020-10-31", "2020-10-01..2020-10-30"] {
        let expected =
            format!("not handled: refund is settled in whole calendar months, and {span} cuts one");
        ordinary().span(span).fails(&expected);
    }
}
