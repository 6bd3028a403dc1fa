//! Which hours count.

use ydun_benefit::prelude::*;

use ydun_benefit::testing::{code, number};

use crate::scene::{Apprenticeship, Scene, bare, ordinary};

/// October 2020 has weeks of 2, 5, 5, 5 and 5 weekdays; the answer is for the whole month.
#[track_caller]
fn check(scene: &Scene, expected: &str) {
    scene.gives(Verdict::Granted, expected);
}

#[test]
fn ordinary_hours_are_paid_at_the_rate() {
    check(&ordinary(), "7326.00"); // 14.8 + 4 x 37 = 162.8 hours
    check(&bare("2020-10-01..2020-10-31").months(&["2020-10"], "30"), "5940.00"); // 132 hours
    check(&ordinary().week("2020-10-05", "worked", "36.99"), "7325.55");
}

#[test]
fn the_cap_is_the_agreed_working_time_of_the_week() {
    check(&ordinary().week("2020-10-05", "worked", "37.01"), "7326.00");
    check(&ordinary().week("2020-10-05", "worked", "60"), "7326.00");
    check(&ordinary().week("2020-10-01", "worked", "14.81"), "7326.00"); // two weekdays of the week
    let slack = ordinary().week("2020-10-05", "worked", "30").week("2020-10-12", "worked", "44");
    check(&slack, "7011.00"); // the slack week does not help the busy one
    check(&slack.setting("cap-window", code("month")), "7326.00"); // unless the month is the window
}

#[test]
fn overtime_never_counts() {
    let overtime =
        ordinary().week("2020-10-05", "worked", "37").week("2020-10-05", "overtime", "5");
    check(&overtime, "7101.00"); // 32 hours that week
    let impossible = ordinary().week("2020-10-05", "overtime", "38");
    assert!(matches!(impossible.calculate(), Err(Failure::Contradiction(_))));
}

#[test]
fn absence_counts_only_as_the_municipality_has_chosen() {
    let absent = ordinary()
        .week("2020-10-05", "worked", "7")
        .week("2020-10-05", "sick", "10")
        .week("2020-10-05", "holiday", "8")
        .week("2020-10-05", "other-absence", "4");
    check(&absent, "5976.00"); // 30 hours less
    check(&absent.clone().setting("count-sick-hours", Scalar::Flag(true)), "6426.00");
    check(&absent.clone().setting("count-holiday-hours", Scalar::Flag(true)), "6336.00");
    check(&absent.clone().setting("count-other-absence-hours", Scalar::Flag(true)), "6156.00");
    let details = absent.outcome().lines[0].details.clone();
    assert_eq!(details[3], Attribute::new("fraværstimer", number("22")));
}

#[test]
fn a_school_stay_gives_nothing_and_takes_its_part_of_the_cap() {
    let week = ordinary().fact("school-stay", "2020-10-05..2020-10-11", &[]);
    check(&week, "5661.00"); // hours reported in the stay are not paid either
    let two_days = ordinary()
        .fact("school-stay", "2020-10-05..2020-10-06", &[])
        .week("2020-10-05", "worked", "22.2")
        .week("2020-10-05", "school", "14.8");
    check(&two_days, "6660.00");
    assert_eq!(
        two_days.outcome().lines[0].details[2],
        Attribute::new("skoletimer uden tilskud", number("14.8"))
    );
    check(&two_days.week("2020-10-05", "worked", "30"), "6660.00"); // three days have 22.2 hours
}

#[test]
fn a_month_without_hours_has_no_line() {
    let empty = bare("2020-10-01..2020-10-31").request("2020-10".parse().unwrap(), Decimal::ZERO);
    empty.gives(Verdict::Granted, "0.00");
}

#[test]
fn hours_that_are_promised_but_not_told_are_asked_for() {
    let promised = bare("2020-10-01..2020-10-31").request("2020-10".parse().unwrap(), Decimal::TEN);
    assert_eq!(promised.outcome().needs[0].kind, "weekly-hours");
}

#[test]
fn hours_are_told_week_by_week() {
    let across = ordinary().without("weekly-hours").fact(
        "weekly-hours",
        "2020-10-05..2020-10-12",
        &[("worked", number("1"))],
    );
    across.fails("facts contradict each other: weekly-hours 'weekly-hours-1': hours are told week by week, and a week is cut where the month ends");
    let twice =
        ordinary().fact("weekly-hours", "2020-10-10..2020-10-10", &[("worked", number("1"))]);
    twice.fails("facts contradict each other: weekly-hours 'weekly-hours-2' and 'weekly-hours-6': they share a day");
}

#[test]
fn no_hours_are_negative() {
    for name in ["worked", "overtime", "school", "sick", "holiday", "other-absence"] {
        let negative = ordinary().week("2020-10-05", name, "-0.01");
        assert!(matches!(negative.calculate(), Err(Failure::Contradiction(_))), "{name}");
    }
}

#[test]
fn a_week_told_in_two_rows_has_one_cap() {
    let split = bare("2020-10-01..2020-10-31")
        .request("2020-10".parse().unwrap(), "40".parse().unwrap())
        .fact("weekly-hours", "2020-10-05..2020-10-06", &[("worked", number("18"))])
        .fact("weekly-hours", "2020-10-07..2020-10-09", &[("worked", number("22"))]);
    check(&split, "1665.00"); // 37 of 40 hours
}
