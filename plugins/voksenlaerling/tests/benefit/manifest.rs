//! The manifest agrees with the code.

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
    tried().words_are_understood(&[("agreement-ended", "reason")]);
}

#[test]
fn every_condition_left_to_a_person_can_be_assessed_and_no_other() {
    tried().open_conditions_can_be_assessed();
}

#[test]
fn the_cases_meet_every_condition_both_ways() {
    tried().conditions_are_met_and_not_met(&["application", "education-outdated"]);
}

#[test]
fn the_cases_lack_all_that_a_condition_can_lack() {
    tried().conditions_lack_something(&[
        "age",
        "agreement",
        "application",
        "background",
        "de-minimis",
        "deciding-municipality",
        "education-outdated",
        "not-employed-here",
        "other-support",
        "rule-version",
        "unemployment-length",
        "wage",
    ]);
}

#[test]
fn every_posting_need_queue_and_letter_is_declared_and_tried() {
    tried().effects_are_as_declared(&["afslag", "bevilget", "delvist-bevilget", "mangler"]);
}
