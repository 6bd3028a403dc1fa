//! The manifest agrees with the code.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{Tried, on};

use crate::cases;
use crate::scene::{MANIFEST, ordinary};

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
    tried().words_are_understood(&[
        ("refund-request", "exception-ground"),
        ("sickness-refund", "scheme"),
    ]);
}

#[test]
fn every_condition_left_to_a_person_can_be_assessed_and_no_other() {
    tried().open_conditions_can_be_assessed();
}

#[test]
fn the_cases_meet_every_condition_both_ways() {
    tried().conditions_are_met_and_not_met(&["deadline", "provider-status", "wage-paid"]);
}

#[test]
fn the_cases_lack_all_that_a_condition_can_lack() {
    tried().conditions_lack_something(&[
        "employment",
        "jobafklaring",
        "provider-status",
        "residence",
    ]);
}

#[test]
fn every_posting_need_queue_and_letter_is_declared_and_tried() {
    tried().effects_are_as_declared(&[
        "afslag",
        "bevilget",
        "delvist-bevilget",
        "mangler",
        "orientering",
    ]);
}

#[test]
fn tasks_say_month_and_label_and_no_code_word() {
    let scene = ordinary().set("month-hours", "wage-paid", on("2020-11-04"));
    let outcome = scene.outcome();
    let Some(Effect::Task(task)) = outcome.effects.first() else { panic!("{outcome:?}") };
    assert_eq!(task.key, "vurder:wage-paid");
    assert_eq!(
        task.title,
        "Refusion under jobafklaring, vurder for oktober 2020: Lønnen var betalt, da refusionen blev anmodet"
    );
    assert!(task.attributes.iter().all(|told| !told.value.to_string().contains("wage-paid")));
}
