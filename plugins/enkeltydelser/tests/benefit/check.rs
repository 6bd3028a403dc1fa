//! The cross-field rules of the forms.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{Scene, code, kroner, on};

use crate::scene::{
    MARCH, approved, arrears, dentist, expense, expense_on, integer, judged_dentist, payee, person,
    with,
};

#[track_caller]
fn finds(scene: &Scene, expected: &[&str]) {
    let findings = scene.findings();
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, expected, "{findings:?}");
    assert!(findings.iter().all(|finding| finding.path.is_some()));
}

#[test]
fn an_ordinary_application_has_no_findings() {
    finds(&dentist(), &[]);
}

#[test]
fn a_number_names_one_expense() {
    finds(&expense(dentist(), 1, "medicine", "10.00"), &["number-twice"]);
    finds(&expense_on(dentist(), "2026-05-01..", 1, "medicine", "10.00"), &["number-twice"]);
    finds(&expense(dentist(), 2, "medicine", "10.00"), &[]);
    finds(&approved(dentist(), 2, "10.00"), &["unknown-expense"]);
    finds(&payee(dentist(), 2, 1, "dentist", None), &["unknown-expense"]);
}

#[test]
fn an_expense_is_applied_for_first_and_documented() {
    finds(&with(dentist(), 1, "committed", on("2026-03-09")), &["committed-before-application"]);
    finds(&with(dentist(), 1, "committed", on("2026-03-10")), &[]);
    finds(&with(dentist(), 1, "documents", integer(0)), &["no-documents"]);
}

#[test]
fn something_is_left_to_apply_for() {
    finds(&with(dentist(), 1, "covered", kroner("4200.00")), &["covered-by-others"]);
    finds(&with(dentist(), 1, "covered", kroner("4199.99")), &[]);
}

#[test]
fn bills_are_not_more_than_the_expense() {
    let bills = |second| {
        payee(payee(dentist(), 1, 1, "dentist", Some("4000.00")), 1, 2, "laboratory", Some(second))
    };
    finds(&bills("200.00"), &[]);
    finds(&bills("200.01"), &["bills-above-expense"]);
}

#[test]
fn arrears_are_described() {
    let rent = || expense(person(), 1, "rent", "8000.00");
    finds(&rent(), &["rent-without-arrears"]);
    finds(&arrears(rent(), 1, "reminder", "none", None), &[]);
    finds(
        &arrears(rent(), 2, "reminder", "none", None),
        &["rent-without-arrears", "unknown-expense"],
    );
}

#[test]
fn the_spouses_money_is_told_when_there_is_a_spouse() {
    let means = |scene: Scene| {
        scene.fact(
            "spouse-means",
            MARCH,
            &[("net-income", kroner("0.00")), ("assets", kroner("0.00"))],
        )
    };
    let married = || dentist().set("household", "family", code("married"));
    finds(&married(), &["spouse-means-missing"]);
    finds(&means(married()), &[]);
    finds(&means(dentist()), &["spouse-of-unmarried"]);
}

#[test]
fn the_event_came_before_the_application() {
    let event = |day| dentist().set("application", "event-day", on(day));
    finds(&event("2026-03-10"), &[]);
    finds(&event("2026-03-11"), &["event-after-application"]);
}

#[test]
fn only_what_is_applied_for_in_the_span_is_looked_at() {
    let undocumented = with(dentist(), 1, "documents", integer(0));
    finds(&undocumented.span("2026-04-01..2026-04-30"), &[]);
}

#[test]
fn findings_follow_the_calculation_and_stop_nothing() {
    let scene = judged_dentist().set("application", "event-day", on("2026-03-11"));
    let outcome = scene.gives(Verdict::Granted, "4200.00");
    assert_eq!(outcome.findings[0].code, "event-after-application");
    assert_eq!(outcome.findings[0].severity, Severity::Warning);
}
