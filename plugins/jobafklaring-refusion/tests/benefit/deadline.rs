//! Three months back from the request, and the exceptions.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{code, on, text};

use crate::scene::{EMPLOYEE, Scene, asked, bare, ordinary, since};

fn received(day: &str) -> Scene {
    ordinary().set("refund-request", "received", on(day)).seen_on("2021-06-01")
}

/// The employer says that there is a ground for the late request.
fn excused(scene: Scene) -> Scene {
    scene
        .set("refund-request", "asks-exception", Scalar::Flag(true))
        .set("refund-request", "exception-ground", code("wrong-guidance"))
        .set("refund-request", "exception-reason", text("Kommunen oplyste en forkert frist."))
}

#[track_caller]
fn refunds(scene: &Scene, verdict: Verdict, amount: &str) {
    assert_eq!(scene.outcome().verdict, verdict);
    scene.pays("refusion", amount);
}

#[test]
fn the_day_of_the_request_three_months_later_is_the_first_in_time() {
    refunds(&received("2021-01-01"), Verdict::Granted, "15355.00");
    refunds(&received("2021-01-02"), Verdict::PartlyGranted, "14657.05"); // 21 of 22 weekdays
    refunds(&received("2021-01-15"), Verdict::PartlyGranted, "8375.45"); // 12 of 22: 8,375.4545
    refunds(&received("2021-01-30"), Verdict::PartlyGranted, "697.95"); // Friday 30 October alone
    received("2021-01-31").gives(Verdict::Refused, "0.00"); // a Saturday is left
    received("2021-02-01").gives(Verdict::Refused, "0.00");
    received("2021-02-01").state("days", State::NotMet);
    received("2021-01-30").state("days", State::Met);
}

#[test]
fn a_month_that_lacks_the_day_gives_its_last_day() {
    let february = |received| {
        asked(since("2020-01-01", "2020-02-01..2020-02-29"))
            .set("refund-request", "received", on(received))
            .seen_on("2020-07-01")
    };
    // 29 February 2020 is a Saturday: nothing is left, whether 28, 29, 30 or 31 May is the day.
    february("2020-05-31").gives(Verdict::Refused, "0.00");
    refunds(&february("2020-05-28"), Verdict::PartlyGranted, "767.75"); // Friday 28 February, 1 of 20
}

#[test]
fn a_request_for_several_months_loses_only_its_late_days() {
    let scene = asked(bare("2020-09-01..2020-12-31"))
        .set("refund-request", "received", on("2021-01-15"))
        .seen_on("2021-01-20");
    // September is too late; 12 of 22 weekdays of October; November and December.
    refunds(&scene, Verdict::PartlyGranted, "39085.45"); // 8,375.45 + 2 x 15,355
    let lines: Vec<String> = scene.outcome().lines.into_iter().map(|line| line.key).collect();
    assert!(!lines.contains(&"refusion:2020-09".to_owned()), "{lines:?}");
    assert_eq!(scene.outcome().lines[0].period.to_string(), "2020-10-15..2020-10-31");
}

#[test]
fn an_exception_that_is_asked_for_is_for_a_person() {
    let asks = excused(received("2021-01-15"));
    asks.gives(Verdict::NeedsHuman, "0.00");
    asks.state("deadline", State::NeedsHuman);
    let days = "2020-10-01..2020-10-14";
    refunds(&asks.clone().assessed(EMPLOYEE, "deadline", true, days), Verdict::Granted, "15355.00");
    let refused = asks.assessed(EMPLOYEE, "deadline", false, days);
    refunds(&refused, Verdict::PartlyGranted, "8375.45");
    refused.state("deadline", State::Met); // it is settled, and refuses nobody
    excused(received("2021-02-01"))
        .assessed(EMPLOYEE, "deadline", false, "2020-10-01..2020-10-31")
        .gives(Verdict::Refused, "0.00");
}

#[test]
fn an_exception_in_time_needs_nobody() {
    refunds(&excused(received("2021-01-01")), Verdict::Granted, "15355.00");
}

#[test]
fn a_person_may_find_a_ground_that_nobody_asked_for() {
    let unasked = received("2021-01-15");
    refunds(
        &unasked.assessed(EMPLOYEE, "deadline", true, "2020-10-01..2020-10-31"),
        Verdict::Granted,
        "15355.00",
    );
}

#[test]
fn an_exception_for_one_month_is_none_for_another() {
    let scene = excused(asked(bare("2020-09-01..2020-10-31")).set(
        "refund-request",
        "received",
        on("2021-02-01"),
    ))
    .seen_on("2021-02-05");
    let september = scene.assessed(EMPLOYEE, "deadline", true, "2020-09-01..2020-09-30");
    september.gives(Verdict::NeedsHuman, "0.00");
    let outcome = september.outcome();
    let Effect::Task(task) = &outcome.effects[0] else { panic!("{:?}", outcome.effects) };
    assert_eq!(
        task.title,
        "Refusion under jobafklaring, vurder for oktober 2020: Fristen på tre måneder er overholdt eller afklaret"
    );
    let both = september.assessed(EMPLOYEE, "deadline", false, "2020-10-01..2020-10-31");
    refunds(&both, Verdict::PartlyGranted, "15355.00"); // September only
}

#[test]
fn the_wage_is_paid_before_it_is_refunded() {
    let paid = |day| ordinary().set("month-hours", "wage-paid", on(day)); // asked for on 3 November
    refunds(&paid("2020-11-03"), Verdict::Granted, "15355.00");
    paid("2020-11-04").gives(Verdict::NeedsHuman, "0.00");
    paid("2020-11-04").state("wage-paid", State::NeedsHuman);
    let judged =
        |met| paid("2020-11-04").assessed(EMPLOYEE, "wage-paid", met, "2020-10-01..2020-10-31");
    refunds(&judged(true), Verdict::Granted, "15355.00");
    judged(false).gives(Verdict::Refused, "0.00");
}

#[test]
fn a_month_whose_wage_came_too_late_leaves_the_others() {
    let scene = asked(bare("2020-10-01..2020-11-30")).each("month-hours", |hours| {
        if hours.valid.contains(Day::new(2020, 11, 30)) {
            hours.attributes.retain(|told| told.name != "wage-paid");
            hours.attributes.push(Attribute::new("wage-paid", on("2020-12-10")));
        }
    });
    scene.gives(Verdict::NeedsHuman, "0.00");
    let judged = scene.assessed(EMPLOYEE, "wage-paid", false, "2020-11-01..2020-11-30");
    refunds(&judged, Verdict::PartlyGranted, "15355.00");
}
