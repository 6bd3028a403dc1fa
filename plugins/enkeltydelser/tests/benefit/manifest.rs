//! The manifest agrees with the code.

use std::collections::BTreeSet;

use serde_json::Value;
use ydun_benefit::prelude::*;
use ydun_benefit::testing::code;

use crate::cases;
use crate::scene::{arrears, expense, judged_dentist, person, repayable};

fn manifest() -> Value {
    serde_json::from_str(include_str!("../../manifest.json")).unwrap()
}

fn rows<'a>(rows: &'a Value, field: &str) -> BTreeSet<&'a str> {
    rows.as_array().unwrap().iter().map(|row| row[field].as_str().unwrap()).collect()
}

fn declared<'a>(manifest: &'a Value, kind: &str) -> &'a Value {
    let mut facts = manifest["facts"].as_array().unwrap().iter();
    facts.find(|fact| fact["kind"] == kind).unwrap_or_else(|| panic!("{kind} is not declared"))
}

#[test]
fn the_manifest_hangs_together() {
    let manifest: ydun_manifest::Manifest = serde_json::from_value(manifest()).unwrap();
    assert_eq!(manifest.check(), Ok(()));
}

#[test]
fn every_fact_of_the_cases_is_declared() {
    let manifest = manifest();
    for fact in cases::all().iter().flat_map(|case| case.scene.dossier().facts) {
        let attributes = declared(&manifest, &fact.kind)["attributes"].as_array().unwrap();
        for attribute in &fact.attributes {
            let found = attributes.iter().find(|kind| kind["name"] == attribute.name.as_str());
            let found =
                found.unwrap_or_else(|| panic!("{} has no '{}'", fact.kind, attribute.name));
            assert_eq!(found["type"], attribute.value.kind(), "{} {}", fact.kind, attribute.name);
        }
        for kind in attributes {
            let is_given = fact.attribute(kind["name"].as_str().unwrap()).is_some();
            assert!(is_given || kind["optional"] == true, "{} lacks {}", fact.kind, kind["name"]);
        }
    }
}

#[test]
fn every_code_of_the_manifest_is_understood() {
    let rent = arrears(expense(person(), 1, "rent", "1000.00"), 1, "none", "none", None);
    let terms = repayable(judged_dentist(), 1, "2026-03-15");
    let manifest = manifest();
    for (scene, kind, name) in [
        (&terms, "application", "event"),
        (&terms, "application", "student-loan"),
        (&terms, "expense", "purpose"),
        (&terms, "expense", "section"),
        (&terms, "expense", "other-law"),
        (&terms, "expense", "nature"),
        (&terms, "stay", "basis"),
        (&terms, "household", "family"),
        (&terms, "repayment", "ground"),
        (&rent, "rent-arrears", "notice"),
        (&rent, "rent-arrears", "tie"),
    ] {
        let attributes = declared(&manifest, kind)["attributes"].as_array().unwrap();
        let attribute = attributes.iter().find(|attribute| attribute["name"] == name).unwrap();
        for word in rows(&attribute["codes"], "code") {
            scene.clone().set(kind, name, code(word)).outcome();
        }
    }
    for word in ["cash-benefit", "own"] {
        judged_dentist().setting("accepted-assets", code(word)).outcome();
    }
}

/// The conditions of the cases, without the numbers of expenses and months.
fn conditions(state: State) -> BTreeSet<String> {
    let outcomes = cases::all().into_iter().filter_map(|case| case.scene.calculate().ok());
    let found = outcomes.flat_map(|outcome| outcome.conditions);
    let found = found.filter(|condition| condition.state == state);
    found.map(|condition| condition.id.split(':').next().unwrap().to_owned()).collect()
}

#[test]
fn every_condition_left_to_a_person_can_be_assessed_and_no_other() {
    let manifest = manifest();
    let attributes = &declared(&manifest, "assessment")["attributes"];
    let known = rows(&attributes[0]["codes"], "code");
    assert_eq!(
        conditions(State::NeedsHuman).iter().map(String::as_str).collect::<BTreeSet<_>>(),
        known
    );
}

#[test]
fn the_cases_meet_every_condition_both_ways() {
    let (met, not_met) = (conditions(State::Met), conditions(State::NotMet));
    // These are asked for until they are there, and refuse nobody.
    let only_met: BTreeSet<String> = met.difference(&not_met).cloned().collect();
    let known =
        ["application", "budget", "documented", "guide", "household", "repayment", "spouse-means"];
    assert_eq!(only_met.iter().map(String::as_str).collect::<Vec<_>>(), known);
    assert_eq!(not_met.difference(&met).count(), 0);
}

#[test]
fn the_cases_lack_every_kind_of_fact_that_can_be_asked_for() {
    let outcomes = cases::all().into_iter().filter_map(|case| case.scene.calculate().ok());
    let lacking: BTreeSet<String> =
        outcomes.flat_map(|outcome| outcome.needs).map(|need| need.kind).collect();
    let known = [
        "application",
        "approval",
        "birth",
        "budget",
        "expense",
        "guide-amount",
        "household",
        "rent-arrears",
        "residence",
        "spouse-means",
        "stay",
    ];
    assert_eq!(lacking.iter().map(String::as_str).collect::<Vec<_>>(), known);
}

#[test]
fn the_cases_have_every_posting_and_every_step() {
    let outcomes: Vec<Outcome> =
        cases::all().into_iter().filter_map(|case| case.scene.calculate().ok()).collect();
    let postings: BTreeSet<&str> = outcomes
        .iter()
        .flat_map(|outcome| &outcome.lines)
        .map(|line| line.posting.as_str())
        .collect();
    assert_eq!(postings, rows(&manifest()["postings"], "code"));
    let steps: BTreeSet<&str> = outcomes
        .iter()
        .flat_map(|outcome| &outcome.steps)
        .map(|step| step.id.split(':').next().unwrap())
        .collect();
    let known = [
        "andel",
        "bevilget",
        "egenandel",
        "egenbetaling",
        "formue",
        "forslag",
        "indtaegter",
        "kan-betale",
        "raadighed",
        "resten",
        "udgift",
        "udgifter",
        "vejledende",
    ];
    assert_eq!(steps.into_iter().collect::<Vec<_>>(), known);
}

/// As the host does: every field of the template once, of its type, and nothing else.
#[test]
fn every_letter_fills_its_template() {
    let manifest = manifest();
    let outcomes = cases::all().into_iter().filter_map(|case| case.scene.calculate().ok());
    let mut used = BTreeSet::new();
    for effect in outcomes.flat_map(|outcome| outcome.effects) {
        let Effect::Letter(letter) = effect else { continue };
        let mut templates = manifest["letters"].as_array().unwrap().iter();
        let template = templates.find(|template| template["key"] == letter.template.as_str());
        let fields = template.unwrap()["fields"].as_array().unwrap();
        assert_eq!(fields.len(), letter.fields.len(), "{}", letter.template);
        for field in fields {
            let name = field["name"].as_str().unwrap();
            let value = letter.fields.iter().find(|value| value.name == name).unwrap();
            assert_eq!(field["type"], value.value.kind(), "{} {name}", letter.template);
        }
        used.insert(letter.template);
    }
    let known = ["afslag", "bevilling", "delvis-bevilling", "oplysninger"];
    assert_eq!(used.iter().map(String::as_str).collect::<Vec<_>>(), known);
}
