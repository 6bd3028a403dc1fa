//! The manifest agrees with the code.

use std::collections::BTreeSet;

use serde_json::Value;
use ydun_benefit::prelude::*;

use ydun_benefit::testing::{code, on};

use crate::scene::ordinary;

fn manifest() -> Value {
    serde_json::from_str(include_str!("../../manifest.json")).unwrap()
}

fn words<'a>(rows: &'a Value, field: &str) -> BTreeSet<&'a str> {
    rows.as_array().unwrap().iter().map(|row| row[field].as_str().unwrap()).collect()
}

#[test]
fn it_hangs_together() {
    let manifest: ydun_manifest::Manifest = serde_json::from_value(manifest()).unwrap();
    manifest.check().unwrap();
}

#[test]
fn every_fact_of_the_tests_is_declared() {
    let manifest = manifest();
    let cases = crate::cases::all();
    for fact in cases.iter().flat_map(|case| case.scene.dossier().facts) {
        let declared = manifest["facts"]
            .as_array()
            .unwrap()
            .iter()
            .find(|kind| kind["kind"] == fact.kind.as_str());
        let declared = declared.unwrap_or_else(|| panic!("{} is not in the manifest", fact.kind));
        for attribute in &fact.attributes {
            let found = declared["attributes"]
                .as_array()
                .unwrap()
                .iter()
                .find(|kind| kind["name"] == attribute.name.as_str());
            let found =
                found.unwrap_or_else(|| panic!("{} has no '{}'", fact.kind, attribute.name));
            assert_eq!(found["type"], attribute.value.kind(), "{} {}", fact.kind, attribute.name);
        }
        for kind in declared["attributes"].as_array().unwrap() {
            let is_given = fact.attribute(kind["name"].as_str().unwrap()).is_some();
            assert!(is_given || kind["optional"] == true, "{} lacks {}", fact.kind, kind["name"]);
        }
    }
}

#[test]
fn every_code_of_the_manifest_is_understood() {
    for (kind, name) in [
        ("training-agreement", "act"),
        ("background", "comes-from"),
        ("background", "target-group"),
        ("background", "schooling"),
        ("de-minimis", "sector"),
    ] {
        let manifest = manifest();
        let fact =
            manifest["facts"].as_array().unwrap().iter().find(|fact| fact["kind"] == kind).unwrap();
        let attribute =
            fact["attributes"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
        for word in words(&attribute["codes"], "code") {
            ordinary().set(kind, name, code(word)).outcome();
        }
    }
    for setting in manifest()["settings"].as_array().unwrap() {
        for word in setting["codes"].as_array().into_iter().flatten() {
            let chosen = code(word["code"].as_str().unwrap());
            ordinary().setting(setting["key"].as_str().unwrap(), chosen).outcome();
        }
    }
}

#[test]
fn every_condition_left_to_a_person_can_be_assessed() {
    let manifest = manifest();
    let assessment = manifest["facts"]
        .as_array()
        .unwrap()
        .iter()
        .find(|fact| fact["kind"] == "assessment")
        .unwrap();
    let known = words(&assessment["attributes"][0]["codes"], "code");
    let outcomes = crate::cases::all().into_iter().filter_map(|case| case.scene.calculate().ok());
    let open: BTreeSet<String> = outcomes
        .flat_map(|outcome| outcome.conditions)
        .filter(|condition| condition.state == State::NeedsHuman)
        .map(|condition| condition.id)
        .collect();
    assert!(!open.is_empty());
    assert!(open.iter().all(|id| known.contains(id.as_str())), "{open:?} not all in {known:?}");
}

#[test]
fn every_letter_fills_the_fields_of_its_template() {
    let manifest = manifest();
    let new = [
        ordinary().without("grant"),
        ordinary().without("grant").set("birth", "day", on("2000-01-01")),
        ordinary().without("wage"),
    ];
    let scenes = crate::cases::all().into_iter().map(|case| case.scene).chain(new);
    let mut told = BTreeSet::new();
    for effect in
        scenes.filter_map(|scene| scene.calculate().ok()).flat_map(|outcome| outcome.effects)
    {
        let Effect::Letter(letter) = effect else { continue };
        let template = manifest["letters"]
            .as_array()
            .unwrap()
            .iter()
            .find(|template| template["key"] == letter.template.as_str())
            .unwrap();
        let field = |field: &Value| (field["name"].clone(), field["type"].clone());
        let declared: Vec<_> = template["fields"].as_array().unwrap().iter().map(field).collect();
        let filled: Vec<_> = letter
            .fields
            .iter()
            .map(|field| (field.name.as_str().into(), field.value.kind().into()))
            .collect();
        assert_eq!(filled, declared, "{}", letter.template);
        told.insert(letter.template);
    }
    assert_eq!(
        told.iter().map(String::as_str).collect::<Vec<_>>(),
        ["afslag", "bevilget", "delvist-bevilget", "mangler"]
    );
}
