//! The cross-field rules of the monthly request.

use ydun_benefit::prelude::*;

use ydun_benefit::testing::number;

use crate::scene::{Apprenticeship, Scene, bare, ordinary};

#[track_caller]
fn finds(scene: &Scene, expected: &[&str]) {
    let findings = scene.findings();
    assert_eq!(
        findings.iter().map(|finding| finding.code.as_str()).collect::<Vec<_>>(),
        expected,
        "{findings:?}"
    );
}

fn extra_week(valid: &str, worked: &str) -> Scene {
    ordinary().fact("weekly-hours", valid, &[("worked", number(worked))])
}

#[test]
fn an_ordinary_month_has_no_findings() {
    finds(&ordinary(), &[]);
}

#[test]
fn rows_that_cannot_be_right_are_found() {
    finds(&extra_week("2020-10-10..2020-10-11", "0"), &["weeks-overlap"]);
    finds(&ordinary().week("2020-10-05", "sick", "-1"), &["negative-hours"]);
    finds(&ordinary().week("2020-10-05", "sick", "131"), &[]); // 168 hours
    finds(&ordinary().week("2020-10-05", "sick", "131.01"), &["impossible-hours"]);
    finds(&ordinary().week("2020-10-05", "overtime", "38"), &["overtime-above-worked"]);
}

#[test]
fn weeks_belong_to_the_month_asked_for() {
    let november = ordinary().without("weekly-hours").fact(
        "weekly-hours",
        "2020-10-26..2020-11-01",
        &[("worked", number("162.8"))],
    );
    finds(&november, &["across-week-or-month", "week-outside-month"]);
}

#[test]
fn a_total_that_differs_is_found() {
    finds(&ordinary().week("2020-10-05", "worked", "36"), &["total-differs"]);
}

#[test]
fn hours_in_the_firm_while_at_school_are_found() {
    let stay = |valid: &str| ordinary().fact("school-stay", valid, &[]);
    finds(&stay("2020-10-05..2020-10-09"), &["hours-during-school"]);
    finds(&stay("2020-10-05..2020-10-08"), &[]); // Friday is with the employer
}

#[test]
fn a_weekend_is_no_week_at_school() {
    let weekend = bare("2020-10-01..2020-10-31")
        .request("2020-10".parse().unwrap(), "4".parse().unwrap())
        .fact("weekly-hours", "2020-10-10..2020-10-11", &[("worked", number("4"))])
        .fact("school-stay", "2020-10-05..2020-10-11", &[]);
    finds(&weekend, &[]);
}

#[test]
fn a_month_is_asked_for_when_it_is_over() {
    finds(&ordinary().seen_on("2020-10-31"), &["month-not-over"]);
    finds(&ordinary().seen_on("2020-11-01"), &[]);
}

#[test]
fn findings_follow_the_calculation_and_stop_nothing() {
    let outcome = ordinary().week("2020-10-05", "worked", "36").outcome();
    assert_eq!(outcome.findings.len(), 1);
    assert_eq!(outcome.findings[0].severity, Severity::Warning);
    assert_eq!(outcome.verdict, Verdict::Granted);
}
