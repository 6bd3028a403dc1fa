//! The benefit from outside: a dossier in, an outcome out.

use std::sync::LazyLock;

use julehjaelp::Julehjaelp;
use ydun_benefit::prelude::*;
use ydun_benefit::testing::{Manifest, Scene, kept_as_tables, kroner, on, text};

static MANIFEST: LazyLock<Manifest> =
    LazyLock::new(|| Manifest::parse(include_str!("../manifest.json")));

/// One who lives here and applies on 1 December for so many children.
fn applicant(children: i64) -> Scene {
    Scene::of::<Julehjaelp>(&MANIFEST, "2026-12-01..2026-12-31")
        .fact(
            "application",
            "2026-12-01..",
            &[("received", on("2026-12-01")), ("children", Scalar::Integer(children))],
        )
        .fact("residence", "2015-01-01..", &[("municipality", text("0561"))])
}

/// The same, with a line paid for days of an earlier decision.
fn paid_before(days: &str) -> Scene {
    let mut lines = applicant(2).outcome().lines;
    lines[0].period = days.parse().expect("days");
    applicant(2).prior(lines)
}

fn moved_in_on(day: &str) -> Scene {
    applicant(2).valid("residence", &format!("{day}..")).fact(
        "residence",
        "2010-01-01..2014-12-31",
        &[("municipality", text("0101"))],
    )
}

fn two_homes() -> Scene {
    applicant(2).fact("residence", "2020-01-01..", &[("municipality", text("0101"))])
}

#[test]
fn each_child_gives_the_amount_of_the_municipality() {
    applicant(1).gives(Verdict::Granted, "500.00");
    applicant(3).gives(Verdict::Granted, "1500.00");
    let dearer = applicant(3).setting("amount-per-child", kroner("633.33"));
    dearer.gives(Verdict::Granted, "1899.99");
}

#[test]
fn without_children_it_is_refused_and_the_form_says_so_before() {
    applicant(0).gives(Verdict::Refused, "0.00");
    assert_eq!(applicant(0).findings()[0].code, "no-children");
    assert!(applicant(1).findings().is_empty());
}

#[test]
fn only_those_who_live_here_on_the_day_they_apply() {
    moved_in_on("2026-12-01").gives(Verdict::Granted, "1000.00");
    moved_in_on("2026-12-02").gives(Verdict::Incomplete, "0.00");
    applicant(2).set("residence", "municipality", text("0101")).gives(Verdict::Refused, "0.00");
}

#[test]
fn two_homes_cannot_both_be_true() {
    let why = "residence 'residence-1' and 'residence-2': there should be one";
    two_homes().fails(&format!("facts contradict each other: {why}"));
}

#[test]
fn help_is_given_once_a_year() {
    paid_before("2026-11-01..2026-11-30").gives(Verdict::Refused, "0.00");
    paid_before("2026-12-01..2026-12-31").gives(Verdict::Granted, "1000.00");
    paid_before("2025-12-01..2025-12-31").gives(Verdict::Granted, "1000.00");
}

#[test]
fn an_application_counts_in_its_own_month_only() {
    applicant(2).span("2027-01-01..2027-01-31").gives(Verdict::Granted, "0.00");
}

#[test]
fn the_manifest_hangs_together() {
    let manifest: ydun_manifest::Manifest =
        serde_json::from_str(include_str!("../manifest.json")).expect("a manifest");
    assert_eq!(manifest.check(), Ok(()));
}

/// The tables also bind the same benefit in the other languages.
#[test]
fn cases_are_kept() {
    let scenes = [
        ("another-amount", applicant(3).setting("amount-per-child", kroner("633.33"))),
        ("home-unknown", applicant(2).without("residence")),
        ("lives-elsewhere", applicant(2).set("residence", "municipality", text("0101"))),
        ("no-children", applicant(0)),
        ("no-application", applicant(2).span("2027-01-01..2027-01-31")),
        ("paid-in-november", paid_before("2026-11-01..2026-11-30")),
        ("paid-last-year", paid_before("2025-12-01..2025-12-31")),
        ("two-children", applicant(2)),
        ("two-homes", two_homes()),
    ];
    kept_as_tables(env!("CARGO_MANIFEST_DIR"), scenes);
}
