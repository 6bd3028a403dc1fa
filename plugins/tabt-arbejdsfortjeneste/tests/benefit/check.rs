//! The rules across the answers of the forms.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::Scene;

use crate::scene::{MARCH, code, kroner, number, ordinary, text};

#[track_caller]
fn finds(scene: &Scene, expected: &[(&str, &str)]) {
    let findings = scene.findings();
    let found: Vec<(&str, &str)> = findings
        .iter()
        .map(|finding| (finding.path.as_deref().unwrap(), finding.code.as_str()))
        .collect();
    assert_eq!(found, expected, "{findings:?}");
}

#[test]
fn the_ordinary_forms_have_no_findings() {
    finds(&ordinary(), &[]);
}

#[test]
fn more_hours_than_were_worked_are_found() {
    let granted = |hours: &str| ordinary().set("hours-granted", "weekly-hours", number(hours));
    finds(&granted("37"), &[]);
    let path = "hours-granted-1.weekly-hours";
    finds(&granted("37.1"), &[(path, "more-hours-than-worked")]);
    finds(
        &granted("30").set("hours-granted", "sibling-hours", number("7.5")),
        &[(path, "more-hours-than-worked")],
    );
    let asked = ordinary().set("application", "weekly-hours", number("40"));
    finds(&asked, &[("application-1.weekly-hours", "asks-for-more-than-worked")]);
    // A grant of days with another income is not held against this one.
    finds(&granted("37.1").valid("hours-granted", "2023-01-01..2023-12-31"), &[]);
}

#[test]
fn hours_that_are_not_lost_are_found() {
    let now = |hours: &str| ordinary().set("employer-statement", "weekly-hours-now", number(hours));
    finds(&now("36.9"), &[]);
    finds(&now("37"), &[("employer-statement-1.weekly-hours-now", "no-hours-lost")]);
}

#[test]
fn an_income_that_cannot_be_right_is_found() {
    let own = |amount: &str| ordinary().set("income-basis", "own-pension", kroner(amount));
    finds(&own("31500.00"), &[]); // the wage and its supplements
    finds(&own("31500.01"), &[("income-basis-1.own-pension", "own-pension-above-wage")]);
    let benefit = ordinary().set("income-basis", "kind", code("public-benefit"));
    finds(&benefit, &[("income-basis-1.kind", "public-benefit-is-no-basis")]);
}

#[test]
fn an_illness_of_less_than_a_year_is_found() {
    let months = |months| {
        ordinary().set("illness", "kind", code("long-term")).set(
            "illness",
            "expected-months",
            Scalar::Integer(months),
        )
    };
    finds(&months(11), &[("illness-1.expected-months", "shorter-than-a-year")]);
    finds(&months(12), &[]);
}

#[test]
fn a_unions_fee_is_no_saving() {
    let scene = ordinary().set("saving", "kind", code("membership"));
    finds(&scene, &[("saving-1.kind", "membership-is-no-saving")]);
}

#[test]
fn a_pension_without_amount_or_firm_is_found() {
    let scheme = || ordinary();
    let amount = scheme().unset("pension-scheme", "employer-contribution");
    finds(&amount, &[("pension-scheme-1.employer-contribution", "pension-is-unclear")]);
    let firm = scheme().unset("pension-scheme", "firm");
    finds(&firm, &[("pension-scheme-1.firm", "pension-is-unclear")]);
    finds(&firm.set("pension-scheme", "kind", code("private")), &[]);
}

#[test]
fn single_hours_are_told_day_by_day_and_were_unpaid() {
    let hours = |valid: &str, unpaid| {
        ordinary().fact(
            "single-hours",
            valid,
            &[
                ("hours", number("7")),
                ("unpaid", Scalar::Flag(unpaid)),
                ("reason", code("meeting")),
            ],
        )
    };
    finds(&hours("2024-03-12..2024-03-12", true), &[]);
    finds(
        &hours("2024-03-12..2024-03-13", true),
        &[("single-hours-1.hours", "several-days-in-one-row")],
    );
    finds(&hours("2024-03-12..2024-03-12", false), &[("single-hours-1.unpaid", "hours-were-paid")]);
    finds(&hours("2024-04-12..2024-04-12", false), &[]); // another month
}

#[test]
fn money_paid_elsewhere_is_told_and_stops_nothing() {
    let scene = ordinary().fact(
        "paid-elsewhere",
        MARCH,
        &[("amount", kroner("9000.00")), ("system", text("Prisme")), ("voucher", text("20417"))],
    );
    finds(&scene, &[("paid-elsewhere-1.amount", "paid-elsewhere")]);
    let outcome = scene.gives(Verdict::Granted, "16500.00");
    assert_eq!(outcome.findings[0].severity, Severity::Info);
    let told: Vec<String> =
        outcome.findings[0].attributes.iter().map(|told| told.value.to_string()).collect();
    assert_eq!(told, ["9.000,00 kr.", "2024-03-01..2024-03-31", "Prisme", "20417"]);
}
