//! Which days are covered: limits of time, late applications, other support, and the end.

use ydun_benefit::prelude::*;

use ydun_benefit::testing::{code, kroner, on};

use crate::scene::{Apprenticeship, Scene, bare, ordinary};

/// Kroner for each weekday of 7.4 hours.
const A_DAY_AT_45: i64 = 333;
const A_DAY_AT_30: i64 = 222;

#[track_caller]
fn pays(scene: &Scene, verdict: Verdict, weekdays: i64, a_day: i64) {
    scene.gives(verdict, &Dkk::from_kroner(weekdays * a_day).plain());
}

fn employed(span: &str, months: &[&str]) -> Scene {
    bare(span).months(months, "37").unset("background", "target-group").set(
        "background",
        "comes-from",
        code("employment"),
    )
}

#[test]
fn thirty_kr_end_the_day_before_the_second_anniversary() {
    // Tuesday 9 August 2022 is the last day: 1-5, 8 and 9 August.
    pays(&employed("2022-08-01..2022-08-31", &["2022-08"]), Verdict::PartlyGranted, 7, A_DAY_AT_30);
    pays(&employed("2022-07-01..2022-07-31", &["2022-07"]), Verdict::Granted, 21, A_DAY_AT_30);
    employed("2022-09-01..2022-09-30", &["2022-09"]).gives(Verdict::Refused, "0.00");
}

#[test]
fn forty_five_kr_run_the_whole_course() {
    let last_month = bare("2023-08-01..2023-08-31").months(&["2023-08"], "37");
    pays(&last_month, Verdict::Granted, 7, A_DAY_AT_45); // the agreement ends on Wednesday 9 August 2023
}

fn applied(received: &str) -> Scene {
    bare("2020-08-01..2020-10-31").months(&["2020-08", "2020-09", "2020-10"], "37").set(
        "application",
        "received",
        on(received),
    )
}

#[test]
fn an_application_after_a_month_gives_money_only_from_the_day_it_came() {
    pays(&applied("2020-09-10"), Verdict::Granted, 16 + 22 + 22, A_DAY_AT_45); // the last timely day
    pays(&applied("2020-09-11"), Verdict::PartlyGranted, 14 + 22, A_DAY_AT_45); // 11-30 September and October
    pays(&applied("2020-10-31"), Verdict::PartlyGranted, 0, A_DAY_AT_45); // a Saturday
}

#[test]
fn a_month_that_lacks_the_day_has_its_last_day_as_deadline() {
    let from_31_january = |received| {
        bare("2021-02-01..2021-02-28")
            .valid("training-agreement", "2021-01-31..2023-12-31")
            .set("application", "received", on(received))
            .months(&["2021-02"], "37")
    };
    pays(&from_31_january("2021-02-28"), Verdict::Granted, 20, A_DAY_AT_45);
    from_31_january("2021-03-01").gives(Verdict::Refused, "0.00"); // February is before the application
}

#[test]
fn a_late_application_is_tested_as_of_the_day_it_should_have_come() {
    let raised_too_late = applied("2020-10-01").valid("wage", "2020-09-20..").fact(
        "wage",
        "2020-08-10..2020-09-19",
        &[("hourly-paid", kroner("100.00")), ("lowest-unskilled", kroner("130.00"))],
    );
    raised_too_late.state("wage", State::NotMet);
}

#[test]
fn other_support_blocks_its_own_days() {
    let supported =
        |kind, valid: &str| ordinary().fact("other-support", valid, &[("kind", code(kind))]);
    pays(
        &supported("wage-subsidy", "2020-10-12..2020-10-18"),
        Verdict::PartlyGranted,
        17,
        A_DAY_AT_45,
    );
    pays(
        &supported("wage-subsidy", "2020-09-01..2020-10-01"),
        Verdict::PartlyGranted,
        21,
        A_DAY_AT_45,
    );
    pays(&supported("wage-subsidy", "2020-10-30.."), Verdict::PartlyGranted, 21, A_DAY_AT_45);
    pays(&supported("wage-subsidy", "2020-11-01.."), Verdict::Granted, 22, A_DAY_AT_45);
    pays(&supported("aub-bonus", "2020-08-10.."), Verdict::Granted, 22, A_DAY_AT_45);
    supported("other", "2020-08-10..").gives(Verdict::Refused, "0.00");
    let declared = ordinary().set("application", "other-support", Scalar::Flag(true));
    declared.gives(Verdict::Incomplete, "0.00");
}

#[test]
fn an_agreement_that_ends_early_pays_to_its_last_day() {
    let ended = |last| {
        ordinary().fact(
            "agreement-ended",
            "2020-10-14..",
            &[("last-day", on(last)), ("reason", code("annulled"))],
        )
    };
    // Monday to Wednesday have three fifths of the cap; the week's hours were all worked before the end.
    pays(&ended("2020-10-14"), Verdict::Granted, 10, A_DAY_AT_45);
    pays(&ended("2020-10-31"), Verdict::Granted, 22, A_DAY_AT_45);
    ended("2020-09-30").gives(Verdict::Refused, "0.00");
}

#[test]
fn back_payment_is_a_line_for_each_month() {
    let scene = bare("2020-10-01..2020-12-31").months(&["2020-10", "2020-11", "2020-12"], "37");
    let lines = scene.outcome().lines;
    let keys: Vec<(&str, String)> =
        lines.iter().map(|line| (line.key.as_str(), line.amount.plain())).collect();
    assert_eq!(
        keys,
        [
            ("tilskud:2020-10", "7326.00".into()),
            ("tilskud:2020-11", "6993.00".into()),
            ("tilskud:2020-12", "7659.00".into()),
        ]
    );
}

#[test]
fn a_month_not_asked_for_does_not_hold_up_the_others() {
    let scene = bare("2020-10-01..2020-12-31").months(&["2020-10", "2020-12"], "37");
    pays(&scene, Verdict::PartlyGranted, 22 + 23, A_DAY_AT_45);
    let need = &scene.outcome().needs[0];
    assert_eq!(
        (need.kind.as_str(), need.valid.to_string().as_str()),
        ("monthly-request", "2020-11-01..2020-11-30")
    );
    bare("2020-10-01..2020-10-31").gives(Verdict::Incomplete, "0.00");
}
