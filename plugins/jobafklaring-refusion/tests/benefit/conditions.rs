//! Each condition met, not met, and not known.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{code, on, text, who};

use crate::scene::{EMPLOYEE, EMPLOYER, Refund, Scene, asked, bare, ordinary};

#[track_caller]
fn lacks(scene: &Scene, condition: &str, kind: &str) {
    scene.gives(Verdict::Incomplete, "0.00");
    scene.state(condition, State::NotAssessed);
    assert!(scene.outcome().needs.iter().any(|need| need.kind == kind));
}

#[track_caller]
fn refuses(scene: &Scene, condition: &str) {
    scene.gives(Verdict::Refused, "0.00");
    scene.state(condition, State::NotMet);
}

#[test]
fn the_ordinary_case_meets_every_condition() {
    let outcome = ordinary().gives(Verdict::Granted, "15401.07");
    let states: Vec<(&str, State)> = outcome
        .conditions
        .iter()
        .map(|condition| (condition.id.as_str(), condition.state))
        .collect();
    let met = |id| (id, State::Met);
    assert_eq!(
        states,
        [
            "residence",
            "jobafklaring",
            "comes-from",
            "employment",
            "deadline",
            "wage-paid",
            "provider-status",
            "days"
        ]
        .map(met)
    );
}

#[test]
fn there_is_a_course_in_the_month() {
    let course = |days| ordinary().valid("jobafklaring", days);
    course("2020-10-30..").state("jobafklaring", State::Met);
    refuses(&course("2020-11-01.."), "jobafklaring");
    refuses(&course("2020-03-02..2020-09-30"), "jobafklaring");
    course("2020-03-02..2020-10-01").state("jobafklaring", State::Met);
    lacks(&ordinary().without("jobafklaring"), "jobafklaring", "jobafklaring");
}

#[test]
fn the_course_follows_sickness_benefit_or_its_time_limit() {
    let from = |word| ordinary().set("jobafklaring", "comes-from", code(word));
    from("sickness-benefit").gives(Verdict::Granted, "15401.07");
    from("time-limit").gives(Verdict::Granted, "15401.07");
    refuses(&from("other"), "comes-from");
    // An earlier course of another kind says nothing about this one.
    let earlier =
        ordinary().fact("jobafklaring", "2019-01-01..2019-06-30", &[("comes-from", code("other"))]);
    earlier.gives(Verdict::Granted, "15401.07");
}

#[test]
fn the_employee_is_paid_wages_during_the_course() {
    let employed = |days| ordinary().valid("employment", days);
    employed("2010-08-01..2020-10-01").state("employment", State::Met);
    refuses(&employed("2010-08-01..2020-09-30"), "employment");
    refuses(&employed("2020-11-01.."), "employment");
    lacks(&ordinary().without("employment"), "employment", "employment");
    // The course ended before the employment of the month began.
    let apart = employed("2020-10-20..").valid("jobafklaring", "2020-03-02..2020-10-19");
    refuses(&apart, "employment");
}

#[test]
fn a_case_has_one_employer() {
    let other = ordinary().valid("employment", "2010-08-01..2020-10-15").fact(
        "employment",
        "2020-10-16..",
        &[("employer", who("somebody else"))],
    );
    other.fails(
        "facts contradict each other: employment 'employment-2': a case is about one employer",
    );
    let again = ordinary().valid("employment", "2010-08-01..2020-10-15").fact(
        "employment",
        "2020-10-16..",
        &[("employer", who(EMPLOYER))],
    );
    again.gives(Verdict::Granted, "15401.07");
}

#[test]
fn another_municipality_is_for_a_person() {
    let lives = |code: &str| ordinary().set("residence", "municipality", text(code));
    lives("0563").gives(Verdict::NeedsHuman, "0.00");
    lives("0563").state("residence", State::NeedsHuman);
    ordinary().setting("municipality", text("")).state("residence", State::NeedsHuman);
    lacks(&ordinary().without("residence"), "residence", "residence");
    lacks(&ordinary().valid("residence", "2020-11-01.."), "residence", "residence");

    let judged = |met| lives("0563").assessed(EMPLOYEE, "residence", met, "2020-10-01..");
    judged(true).gives(Verdict::Granted, "15401.07");
    refuses(&judged(false), "residence");
}

#[test]
fn a_move_in_the_month_is_judged_for_its_own_days() {
    let moved = ordinary().valid("residence", "2010-01-01..2020-10-20").fact(
        "residence",
        "2020-10-21..",
        &[("municipality", text("0563"))],
    );
    moved.state("residence", State::NeedsHuman);
    let judged = |days| moved.clone().assessed(EMPLOYEE, "residence", true, days);
    judged("2020-10-01..2020-10-20").state("residence", State::NeedsHuman);
    judged("2020-10-21..").state("residence", State::Met);
}

#[test]
fn a_month_is_asked_for_before_it_is_refunded() {
    let unasked = bare("2020-10-01..2020-10-31");
    let outcome = unasked.gives(Verdict::Incomplete, "0.00");
    let need = &outcome.needs[0];
    assert_eq!(
        (need.kind.as_str(), need.about.0.as_str(), need.reason.as_str()),
        (
            "refund-request",
            EMPLOYER,
            "Arbejdsgiverens anmodning (DP 202H) for oktober 2020 mangler."
        )
    );
    assert!(outcome.conditions.iter().all(|condition| condition.missing.is_empty()));
    assert!(outcome.effects.is_empty(), "nobody is written to: {:?}", outcome.effects);
}

#[test]
fn hours_are_told_for_every_month_that_is_asked_for() {
    let without_hours = ordinary().without("month-hours");
    let outcome = without_hours.gives(Verdict::Incomplete, "0.00");
    assert_eq!(outcome.needs[0].reason, "Timer og løn for oktober 2020 mangler.");
    // The other months are paid meanwhile.
    let two = asked(bare("2020-10-01..2020-11-30"))
        .each("month-hours", |hours| hours.valid = "2020-10-01..2020-10-31".parse().unwrap());
    two.fails("facts contradict each other: month-hours 'month-hours-1' and 'month-hours-2': there should be one");
    let one = bare("2020-10-01..2020-11-30")
        .month("2020-10")
        .request("2020-10-01..2020-11-30", "2020-12-03");
    assert_eq!(one.outcome().verdict, Verdict::PartlyGranted);
    one.pays("refusion", "15355.00");
}

#[test]
fn a_part_of_a_month_is_asked_for_again_as_a_whole() {
    let part = |days| bare("2020-10-01..2020-10-31").month("2020-10").request(days, "2020-11-03");
    let outcome = part("2020-10-01..2020-10-20").gives(Verdict::Incomplete, "0.00");
    assert!(outcome.needs[0].reason.starts_with("Anmodningen dækker kun en del af oktober 2020."));
    part("2020-10-02..2020-10-31").gives(Verdict::Incomplete, "0.00");
    // A course that ends in the month is covered by its own days.
    let ended = part("2020-10-01..2020-10-20").valid("jobafklaring", "2020-03-02..2020-10-20");
    ended.gives(Verdict::Granted, "9800.67"); // 14 of 22 weekdays: 9,771.36 and 0.3 %: 29.31
}

#[test]
fn a_request_beyond_the_course_is_granted_in_part() {
    let ended = ordinary().valid("jobafklaring", "2020-03-02..2020-10-20");
    ended.gives(Verdict::PartlyGranted, "9800.67");
    let after = asked(bare("2020-10-01..2020-12-31"))
        .valid("jobafklaring", "2020-03-02..2020-10-31")
        .set("refund-request", "received", on("2020-12-31"));
    assert_eq!(after.outcome().verdict, Verdict::PartlyGranted);
    after.pays("refusion", "15355.00");
    assert!(after.outcome().needs.is_empty(), "nothing is asked for after the course");
    let unasked = after.clone().valid("refund-request", "2020-10-01..2020-10-31");
    unasked.gives(Verdict::Granted, "15401.07");
}

#[test]
fn two_requests_for_one_day_contradict_each_other() {
    ordinary().request("2020-10-31..2020-11-30", "2020-12-03").fails(
        "facts contradict each other: refund-request 'refund-request-1' and 'refund-request-2': they share a day",
    );
    // A request of another employer is none of this case's.
    let other =
        ordinary().fact_about("somebody else", "refund-request", "2020-10-01..2020-10-31", &[]);
    other.gives(Verdict::Granted, "15401.07");
}

#[test]
fn a_case_begins_with_a_fact_about_the_employee() {
    let empty = ["jobafklaring", "employment", "residence", "provider-status", "month-hours"]
        .into_iter()
        .fold(ordinary(), Scene::without);
    empty.fails("not handled: the dossier has no fact about the employee to begin with");
}
