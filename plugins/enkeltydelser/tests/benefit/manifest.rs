//! The manifest agrees with the code.

use std::collections::BTreeSet;

use ydun_benefit::prelude::*;
use ydun_benefit::testing::Tried;

use crate::cases;
use crate::scene::MANIFEST;

fn tried() -> Tried {
    Tried::of(&MANIFEST, cases::all().into_iter().map(|case| case.scene))
}

#[test]
fn it_hangs_together() {
    MANIFEST.hangs_together();
}

#[test]
fn every_fact_is_as_declared_and_in_a_case() {
    tried().facts_are_as_declared();
}

#[test]
fn every_word_of_the_manifest_is_understood() {
    tried().words_are_understood(&[]);
}

#[test]
fn every_condition_left_to_a_person_can_be_assessed_and_no_other() {
    tried().open_conditions_can_be_assessed();
}

#[test]
fn the_cases_meet_every_condition_both_ways() {
    tried().conditions_are_met_and_not_met(&[
        "application",
        "budget",
        "documented",
        "guide",
        "household",
        "repayment",
        "spouse-means",
    ]);
}

#[test]
fn the_cases_lack_all_that_a_condition_can_lack() {
    tried().conditions_lack_something(&[
        "amount",
        "application",
        "budget",
        "dental-age",
        "documented",
        "eviction",
        "guide",
        "household",
        "lawful-stay",
        "municipality",
        "spouse-means",
    ]);
}

#[test]
fn every_posting_need_queue_and_letter_is_declared_and_tried() {
    tried().effects_are_as_declared(&["afslag", "bevilling", "delvis-bevilling", "oplysninger"]);
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
fn the_cases_have_every_step() {
    let outcomes: Vec<Outcome> =
        cases::all().into_iter().filter_map(|case| case.scene.calculate().ok()).collect();
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
