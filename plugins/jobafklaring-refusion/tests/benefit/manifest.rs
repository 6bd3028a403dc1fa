//! The manifest agrees with the code.

use std::collections::BTreeSet;

use serde_json::Value;
use ydun_benefit::prelude::*;
use ydun_benefit::testing::code;

use crate::scene::{Refund, Scene, ordinary};

fn manifest() -> Value {
    serde_json::from_str(include_str!("../../manifest.json")).unwrap()
}

fn rows<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().unwrap()
}

fn words<'a>(rows: &'a [Value], field: &str) -> BTreeSet<&'a str> {
    rows.iter().map(|row| row[field].as_str().unwrap()).collect()
}

/// The row of a list that has this word in a field.
fn find<'a>(rows: &'a [Value], field: &str, word: &str) -> &'a Value {
    rows.iter().find(|row| row[field] == word).unwrap_or_else(|| panic!("no {field} '{word}'"))
}

fn outcomes() -> Vec<Outcome> {
    crate::cases::all().into_iter().filter_map(|case| case.scene.calculate().ok()).collect()
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
        let declared = rows(find(rows(&manifest, "facts"), "kind", &fact.kind), "attributes");
        for attribute in &fact.attributes {
            let kind = find(declared, "name", &attribute.name);
            assert_eq!(kind["type"], attribute.value.kind(), "{} {}", fact.kind, attribute.name);
        }
        for kind in declared {
            let is_given = fact.attribute(kind["name"].as_str().unwrap()).is_some();
            assert!(is_given || kind["optional"] == true, "{} lacks {}", fact.kind, kind["name"]);
        }
    }
}

#[test]
fn every_code_of_the_manifest_is_understood() {
    let everything = || {
        ordinary()
            .fact("birth", "2000-01-01..", &[("day", ydun_benefit::testing::on("2000-01-01"))])
            .sickness_refund("section-55", "2020-10-01..2020-10-09", "100.00")
    };
    let manifest = manifest();
    for (kind, name) in [
        ("jobafklaring", "comes-from"),
        ("provider-status", "status"),
        ("sickness-refund", "scheme"),
    ] {
        let attributes = rows(find(rows(&manifest, "facts"), "kind", kind), "attributes");
        for word in words(rows(find(attributes, "name", name), "codes"), "code") {
            everything().set(kind, name, code(word)).outcome();
        }
    }
    for setting in rows(&manifest, "settings") {
        for word in setting["codes"].as_array().into_iter().flatten() {
            let chosen = code(word["code"].as_str().unwrap());
            everything().setting(setting["key"].as_str().unwrap(), chosen).outcome();
        }
    }
}

#[test]
fn every_condition_left_to_a_person_can_be_assessed_and_no_other() {
    let manifest = manifest();
    let assessment = find(rows(&manifest, "facts"), "kind", "assessment");
    let condition = find(rows(assessment, "attributes"), "name", "condition");
    let known = words(rows(condition, "codes"), "code");
    let outcomes = outcomes();
    let open: BTreeSet<&str> = outcomes
        .iter()
        .flat_map(|outcome| &outcome.conditions)
        .filter(|condition| condition.state == State::NeedsHuman)
        .map(|condition| condition.id.as_str())
        .collect();
    assert_eq!(open, known);
}

#[test]
fn every_posting_need_queue_and_letter_is_declared() {
    let manifest = manifest();
    let postings = words(rows(&manifest, "postings"), "code");
    let kinds = words(rows(&manifest, "facts"), "kind");
    let queues = words(rows(&manifest, "queues"), "key");
    let mut used = BTreeSet::new();
    for outcome in outcomes() {
        assert!(outcome.needs.iter().all(|need| kinds.contains(need.kind.as_str())));
        used.extend(outcome.lines.iter().map(|line| line.posting.clone()));
        for effect in outcome.effects {
            match effect {
                Effect::Task(task) => assert!(queues.contains(task.queue.as_str()), "{task:?}"),
                Effect::Letter(letter) => fills(&manifest, &letter),
                Effect::Claim(claim) => panic!("this benefit claims nothing: {claim:?}"),
            }
        }
    }
    assert_eq!(used.iter().map(String::as_str).collect::<BTreeSet<_>>(), postings);
}

/// Every field of the template has a value of its type, and there is nothing else.
fn fills(manifest: &Value, letter: &Letter) {
    let template = find(rows(manifest, "letters"), "key", &letter.template);
    let declared: Vec<(&str, &str)> = rows(template, "fields")
        .iter()
        .map(|field| (field["name"].as_str().unwrap(), field["type"].as_str().unwrap()))
        .collect();
    let filled: Vec<(&str, &str)> =
        letter.fields.iter().map(|field| (field.name.as_str(), field.value.kind())).collect();
    assert_eq!(filled, declared, "{}", letter.template);
}

#[test]
fn tasks_say_month_and_label_and_no_code_word() {
    let scene: Scene =
        ordinary().set("month-hours", "wage-paid", ydun_benefit::testing::on("2020-11-04"));
    let outcome = scene.outcome();
    let Some(Effect::Task(task)) = outcome.effects.first() else { panic!("{outcome:?}") };
    assert_eq!(task.key, "vurder:wage-paid");
    assert_eq!(
        task.title,
        "Refusion under jobafklaring, vurder for oktober 2020: Lønnen var betalt, da refusionen blev anmodet"
    );
    assert!(task.attributes.iter().all(|told| !told.value.to_string().contains("wage-paid")));
}
