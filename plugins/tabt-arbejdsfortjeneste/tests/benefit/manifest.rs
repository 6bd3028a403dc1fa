//! The manifest agrees with the code.

use std::collections::BTreeSet;

use serde_json::Value;
use ydun_benefit::prelude::*;

use crate::scene::{code, full_time};

fn manifest() -> Value {
    serde_json::from_str(include_str!("../../manifest.json")).unwrap()
}

fn words<'a>(rows: &'a Value, field: &str) -> BTreeSet<&'a str> {
    rows.as_array().unwrap().iter().map(|row| row[field].as_str().unwrap()).collect()
}

fn named<'a>(rows: &'a Value, field: &str, name: &str) -> &'a Value {
    let found = rows.as_array().unwrap().iter().find(|row| row[field] == name);
    found.unwrap_or_else(|| panic!("the manifest has no {field} '{name}'"))
}

/// Every outcome of the cases that is not a failure.
fn outcomes() -> impl Iterator<Item = Outcome> {
    crate::cases::all().into_iter().filter_map(|case| case.scene.calculate().ok())
}

#[test]
fn it_hangs_together() {
    let manifest: ydun_manifest::Manifest = serde_json::from_value(manifest()).unwrap();
    manifest.check().unwrap();
}

#[test]
fn every_fact_of_the_cases_is_declared() {
    let manifest = manifest();
    for fact in crate::cases::all().iter().flat_map(|case| case.scene.dossier().facts) {
        let declared = named(&manifest["facts"], "kind", &fact.kind);
        for attribute in &fact.attributes {
            let found = named(&declared["attributes"], "name", &attribute.name);
            assert_eq!(found["type"], attribute.value.kind(), "{} {}", fact.kind, attribute.name);
        }
        for kind in declared["attributes"].as_array().unwrap() {
            let is_given = fact.attribute(kind["name"].as_str().unwrap()).is_some();
            assert!(is_given || kind["optional"] == true, "{} lacks {}", fact.kind, kind["name"]);
        }
    }
}

#[test]
fn every_fact_that_is_declared_is_in_a_case() {
    let manifest = manifest();
    let declared = words(&manifest["facts"], "kind");
    let cases = crate::cases::all();
    let facts = cases.iter().flat_map(|case| case.scene.dossier().facts);
    let used: BTreeSet<String> = facts.map(|fact| fact.kind).collect();
    assert_eq!(used.iter().map(String::as_str).collect::<BTreeSet<_>>(), declared);
}

#[test]
fn every_code_of_the_manifest_is_understood() {
    let manifest = manifest();
    let scene = full_time("20000.00", "2023-01-01", "2024-03-01..2024-03-31")
        .fact(
            "saving",
            "2023-01-01..",
            &[("kind", code("other")), ("monthly", crate::scene::kroner("1.00"))],
        )
        .fact(
            "day-care",
            "2024-03-01..",
            &[("kind", code("other")), ("weekly-hours", crate::scene::number("1"))],
        )
        .fact(
            "ended",
            "2024-03-01..",
            &[("last-day", crate::scene::on("2024-03-29")), ("reason", code("other"))],
        );
    for (kind, name) in [
        ("relation", "kind"),
        ("illness", "kind"),
        ("income-basis", "kind"),
        ("pension-scheme", "kind"),
        ("saving", "kind"),
        ("day-care", "kind"),
        ("ended", "reason"),
    ] {
        let fact = named(&manifest["facts"], "kind", kind);
        for word in words(&named(&fact["attributes"], "name", name)["codes"], "code") {
            scene.clone().set(kind, name, code(word)).outcome();
        }
    }
}

#[test]
fn every_condition_left_to_a_person_can_be_assessed() {
    let manifest = manifest();
    let assessment = named(&manifest["facts"], "kind", "assessment");
    let known = words(&assessment["attributes"][0]["codes"], "code");
    let open: BTreeSet<String> = outcomes()
        .flat_map(|outcome| outcome.conditions)
        .filter(|condition| condition.state == State::NeedsHuman)
        .map(|condition| condition.id.split('@').next().unwrap().to_owned())
        .collect();
    assert_eq!(open.iter().map(String::as_str).collect::<BTreeSet<_>>(), known);
}

#[test]
fn the_cases_show_every_posting_and_every_letter_that_is_written_by_itself() {
    let manifest = manifest();
    let paid: BTreeSet<String> =
        outcomes().flat_map(|outcome| outcome.lines).map(|line| line.posting).collect();
    let postings = words(&manifest["postings"], "code");
    assert_eq!(paid.iter().map(String::as_str).collect::<BTreeSet<_>>(), postings);
    let effects = outcomes().flat_map(|outcome| outcome.effects);
    let written: BTreeSet<String> = effects
        .filter_map(
            |effect| if let Effect::Letter(letter) = effect { Some(letter.template) } else { None },
        )
        .collect();
    // The host acknowledges what comes in, and a person hears the parent.
    let mut templates = words(&manifest["letters"], "key");
    assert!(templates.remove("kvittering") && templates.remove("partshoering"));
    assert_eq!(written.iter().map(String::as_str).collect::<BTreeSet<_>>(), templates);
}

#[test]
fn the_cases_show_every_condition_met_not_met_and_open() {
    let mut seen = BTreeSet::new();
    for condition in outcomes().flat_map(|outcome| outcome.conditions) {
        let id = condition.id.split('@').next().unwrap().to_owned();
        let open = !condition.missing.is_empty() || condition.state == State::NeedsHuman;
        seen.insert((id, if open { "open".to_owned() } else { format!("{:?}", condition.state) }));
    }
    let all = |state: &str, ids: &[&str]| {
        for id in ids {
            assert!(
                seen.contains(&((*id).to_owned(), state.to_owned())),
                "no case with {id} {state}"
            );
        }
    };
    let can_fail = [
        "age",
        "impairment",
        "in-home",
        "care-at-home",
        "relation",
        "most-suitable",
        "income-basis",
        "loss",
        "days",
        "supplement-due",
    ];
    all("NotMet", &can_fail);
    all("Met", &can_fail);
    all("Met", &["application", "deciding-municipality", "atp", "not-both"]);
    let can_be_open = [
        "application",
        "deciding-municipality",
        "age",
        "impairment",
        "care-at-home",
        "relation",
        "most-suitable",
        "not-both",
        "income-basis",
        "loss",
        "atp",
        "days",
    ];
    all("open", &can_be_open);
}
