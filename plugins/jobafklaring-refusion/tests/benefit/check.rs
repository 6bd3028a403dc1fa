//! The cross-field rules of the request.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{code, number, on, text};

use crate::scene::{Refund, Scene, asked, bare, ordinary};

#[track_caller]
fn finds(scene: &Scene, expected: &[&str]) {
    let findings = scene.findings();
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, expected, "{findings:?}");
}

#[test]
fn an_ordinary_request_has_no_findings() {
    finds(&ordinary(), &[]);
    finds(&asked(bare("2020-12-01..2021-01-31")), &[]);
}

#[test]
fn days_that_come_too_late_are_told_unless_an_exception_is_asked_for() {
    let received = |day| ordinary().set("refund-request", "received", on(day));
    finds(&received("2021-01-01"), &[]);
    finds(&received("2021-01-02"), &["days-too-old"]);
    let finding = &received("2021-01-02").findings()[0];
    assert_eq!(finding.path.as_deref(), Some("refund-request-1"));
    assert_eq!(finding.attributes[0].value, on("2020-10-02"));

    let excused =
        received("2021-01-02").set("refund-request", "asks-exception", Scalar::Flag(true));
    finds(&excused, &["exception-without-ground"]);
    let grounded = excused.set("refund-request", "exception-ground", code("wrong-guidance"));
    finds(&grounded, &["exception-without-ground"]);
    finds(&grounded.set("refund-request", "exception-reason", text("Se brev.")), &[]);
}

#[test]
fn hours_that_cannot_be_right_are_found() {
    let hours = |paid, normal| ordinary().hours("2020-10", paid, normal);
    finds(&hours("160", "160"), &[]);
    finds(&hours("160.5", "160"), &["hours-above-normal"]);
    finds(&hours("700", "744"), &[]); // 31 days of 24 hours
    finds(&hours("700", "744.5"), &["impossible-hours"]);
    let across = ordinary().valid("month-hours", "2020-10-01..2020-11-01");
    finds(&across, &["across-months"]);
}

#[test]
fn request_and_hours_are_about_the_same_months() {
    let no_hours = ordinary().without("month-hours");
    finds(&no_hours, &["month-without-hours"]);
    assert_eq!(no_hours.findings()[0].attributes[0].value, text("oktober 2020"));
    finds(&ordinary().without("refund-request"), &["month-not-asked-for"]);
    // A request that goes on after the months looked at is no fault.
    let longer = ordinary().valid("refund-request", "2020-10-01..2020-11-30");
    finds(&longer, &[]);
}

#[test]
fn a_wage_that_is_not_paid_yet_is_found() {
    let paid = |day| ordinary().set("month-hours", "wage-paid", on(day));
    finds(&paid("2020-11-03"), &[]);
    finds(&paid("2020-11-04"), &["wage-not-yet-paid"]);
    let unasked = |day| paid(day).without("refund-request");
    finds(&unasked("2020-11-05"), &["month-not-asked-for"]);
    finds(&unasked("2020-11-06"), &["month-not-asked-for", "wage-not-yet-paid"]);
}

#[test]
fn amounts_that_are_declared_are_missed() {
    let declared = ordinary().set("refund-request", "sickness-refund", Scalar::Flag(true));
    finds(&declared, &["refund-without-amounts"]);
    finds(&declared.sickness_refund("section-55", "2020-10-05..2020-10-05", "100.00"), &[]);
}

#[test]
fn a_row_that_cannot_be_read_is_passed_over() {
    finds(&ordinary().unset("month-hours", "wage-paid"), &["month-without-hours"]);
    finds(&ordinary().unset("refund-request", "received"), &["month-not-asked-for"]);
}

#[test]
fn findings_follow_the_calculation_and_stop_nothing() {
    let scene = ordinary().set("refund-request", "received", on("2021-01-15"));
    let outcome = scene.outcome();
    assert_eq!(outcome.verdict, Verdict::PartlyGranted);
    assert_eq!(outcome.findings.len(), 1);
    assert_eq!(outcome.findings[0].severity, Severity::Warning);
    let errors = ordinary().set("month-hours", "normal-hours", number("745")).findings();
    assert_eq!(errors[0].severity, Severity::Error);
}
