//! Cases to begin from: one applicant, whose money is exactly the guiding amount in March 2026.
//!
//! The guiding amounts are invented for the tests: they are the municipality's to set.

use std::sync::LazyLock;

use enkeltydelser::Enkeltydelser;
use ydun_benefit::prelude::*;
use ydun_benefit::testing::{Manifest, Scene, code, kroner, on, text};

pub(crate) static MANIFEST: LazyLock<Manifest> =
    LazyLock::new(|| Manifest::parse(include_str!("../../manifest.json")));

/// The day everything is applied for.
pub(crate) const APPLIED: &str = "2026-03-10..";
pub(crate) const MARCH: &str = "2026-03-01..2026-03-31";

pub(crate) fn flag(met: bool) -> Scalar {
    Scalar::Flag(met)
}

pub(crate) fn integer(number: i64) -> Scalar {
    Scalar::Integer(number)
}

/// A single applicant of 40 years who has applied for nothing yet.
///
/// 12,000 of income less 8,000 of fixed expenses leaves 4,000, and that is the guiding amount; the
/// savings are less than 15,500. So nothing is left to pay with.
pub(crate) fn person() -> Scene {
    Scene::of::<Enkeltydelser>(&MANIFEST, MARCH)
        .setting("municipality", text("0561"))
        .setting("guide-single", kroner("4000.00"))
        .setting("guide-couple", kroner("7000.00"))
        .setting("guide-child-single", kroner("1100.00"))
        .setting("guide-child-couple", kroner("1200.00"))
        .fact("birth", "1985-05-01..", &[("day", on("1985-05-01"))])
        .fact("residence", "2015-01-01..", &[("municipality", text("0561"))])
        .fact("stay", "1985-05-01..", &[("basis", code("danish"))])
        .fact(
            "application",
            APPLIED,
            &[
                ("reason", text("Jeg har tandpine og kan ikke betale.")),
                ("event", code("illness")),
                ("event-day", on("2026-02-20")),
                ("student-loan", code("not-studying")),
                ("cash-benefit-level", flag(false)),
                ("sanctioned", flag(false)),
            ],
        )
        .fact("household", "2010-01-01..", &[("family", code("single")), ("children", integer(0))])
        .fact(
            "budget",
            MARCH,
            &[
                ("net-income", kroner("12000.00")),
                ("rent", kroner("7000.00")),
                ("heat-and-power", kroner("1000.00")),
                ("assets", kroner("5000.00")),
            ],
        )
}

/// Adds an expense with two documents.
pub(crate) fn expense(scene: Scene, number: i64, purpose: &str, amount: &str) -> Scene {
    expense_on(scene, APPLIED, number, purpose, amount)
}

/// The same, applied for from another day.
pub(crate) fn expense_on(
    scene: Scene,
    applied: &str,
    number: i64,
    purpose: &str,
    amount: &str,
) -> Scene {
    scene.fact(
        "expense",
        applied,
        &[
            ("number", integer(number)),
            ("purpose", code(purpose)),
            ("amount", kroner(amount)),
            ("other-law", code("no")),
            ("nature", code("single")),
            ("documents", integer(2)),
        ],
    )
}

/// Gives one expense an attribute.
pub(crate) fn with(scene: Scene, number: i64, name: &str, value: Scalar) -> Scene {
    let added = Attribute::new(name, value);
    scene.each("expense", |fact| {
        if fact.attribute("number") == Some(&Scalar::Integer(number)) {
            fact.attributes.retain(|attribute| attribute.name != added.name);
            fact.attributes.push(added.clone());
        }
    })
}

/// A person's answer to a condition of one expense.
pub(crate) fn judged(scene: Scene, number: i64, condition: &str, met: bool) -> Scene {
    scene.fact(
        "assessment",
        "2026-03-15..",
        &[
            ("condition", code(condition)),
            ("part", integer(number)),
            ("met", flag(met)),
            ("reason", text("Efter oplysningerne i sagen.")),
        ],
    )
}

/// Her answer to a condition of every expense, or of the applicant.
pub(crate) fn judged_of_all(scene: Scene, condition: &str, met: bool) -> Scene {
    scene.assessed("applicant", condition, met, "2026-03-15..")
}

/// The dentist's bill of 4,200 kr., not judged yet.
pub(crate) fn dentist() -> Scene {
    expense(person(), 1, "dental", "4200.00")
}

/// The same, which a person has found necessary and beyond the applicant's means.
pub(crate) fn judged_dentist() -> Scene {
    judged(judged(dentist(), 1, "necessary", true), 1, "means", true)
}

/// Adds a payee; no amount takes what is left.
pub(crate) fn payee(
    scene: Scene,
    number: i64,
    order: i64,
    party: &str,
    amount: Option<&str>,
) -> Scene {
    let mut attributes = vec![
        ("expense", integer(number)),
        ("payee", Scalar::Who(Party::new(party))),
        ("order", integer(order)),
        ("reference", text(&format!("Faktura {number}{order}"))),
    ];
    attributes.extend(amount.map(|amount| ("amount", kroner(amount))));
    scene.fact("payee", APPLIED, &attributes)
}

/// Approves another amount than the proposal.
pub(crate) fn approved(scene: Scene, number: i64, amount: &str) -> Scene {
    scene.fact(
        "approval",
        "2026-03-15..",
        &[
            ("expense", integer(number)),
            ("amount", kroner(amount)),
            ("reason", text("Særlige forhold i familien.")),
        ],
    )
}

/// Terms of repayment, decided on a day.
pub(crate) fn repayable(scene: Scene, number: i64, decided: &str) -> Scene {
    scene.fact(
        "repayment",
        "2026-03-15..",
        &[
            ("expense", integer(number)),
            ("ground", code("careless-economy")),
            ("reason", text("Ansøgeren har brugt af opsparingen.")),
            ("decided", on(decided)),
        ],
    )
}

/// What the landlord has done about the arrears, and what the help is tied to.
pub(crate) fn arrears(
    scene: Scene,
    number: i64,
    notice: &str,
    tie: &str,
    agreed: Option<bool>,
) -> Scene {
    let mut attributes =
        vec![("expense", integer(number)), ("notice", code(notice)), ("tie", code(tie))];
    attributes.extend(agreed.map(|agreed| ("tie-agreed", flag(agreed))));
    scene.fact("rent-arrears", APPLIED, &attributes)
}

/// Moves the application, its expenses and the budget to another day.
pub(crate) fn applied_on(scene: Scene, day: &str) -> Scene {
    let day: Day = day.parse().unwrap();
    let month = day.month().period().to_string();
    let from = format!("{day}..");
    scene
        .valid("application", &from)
        .valid("expense", &from)
        .valid("budget", &month)
        .span(&month)
        .seen_on(&day.plus_days(40).to_string())
}
