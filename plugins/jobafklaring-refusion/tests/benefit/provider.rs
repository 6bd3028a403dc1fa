//! Which rate applies on which day, and when the status must be told anew.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{code, on};

use crate::scene::{Refund, Scene, asked, bare, ordinary};

#[track_caller]
fn asks_from(scene: &Scene, kind: &str, first: &str) {
    let outcome = scene.outcome();
    scene.gives(Verdict::Incomplete, "0.00");
    let need = outcome.needs.iter().find(|need| need.kind == kind);
    let need = need.unwrap_or_else(|| panic!("no need for {kind}: {:?}", outcome.needs));
    assert_eq!(need.valid.first().to_string(), first);
    assert!(need.reason.contains(&need.valid.first().in_words()), "{}", need.reason);
}

fn changes_on(day: &str) -> Scene {
    let last = ydun_benefit::testing::day(day).previous();
    ordinary().valid("provider-status", &format!("2020-03-02..{last}")).fact(
        "provider-status",
        &format!("{day}.."),
        &[("status", code("not-provider"))],
    )
}

#[test]
fn a_status_that_changes_shares_the_month() {
    // (15,355 x 10 + 11,554 x 12) / 22 = 13,281.7273
    changes_on("2020-10-15").pays("refusion", "13281.73");
    // One weekday, Thursday 1 October, at the higher rate: (15,355 + 11,554 x 21) / 22
    changes_on("2020-10-02").pays("refusion", "11726.77");
    changes_on("2020-10-01").pays("refusion", "11554.00");
    changes_on("2020-10-31").pays("refusion", "15355.00"); // a Saturday
    changes_on("2020-11-01").pays("refusion", "15355.00");
}

#[test]
fn there_is_one_line_a_month_that_tells_both_rates() {
    let outcome = changes_on("2020-10-15").outcome();
    assert_eq!(outcome.lines.len(), 2); // refund and supplement
    let told: Vec<String> = outcome.lines[0]
        .details
        .iter()
        .map(|told| format!("{} {}", told.name, told.value))
        .collect();
    assert_eq!(told[3..], ["sats, forsørger 15.355,00 kr.", "sats, ikke-forsørger 11.554,00 kr."]);
}

#[test]
fn a_status_of_a_weekend_only_is_not_told() {
    let line = &changes_on("2020-10-31").outcome().lines[0]; // a Saturday
    assert!(line.details.iter().any(|told| told.name == "sats, forsørger"));
    assert!(line.details.iter().all(|told| told.name != "sats, ikke-forsørger"), "{line:?}");
}

#[test]
fn a_day_without_a_status_is_asked_for() {
    asks_from(&ordinary().without("provider-status"), "provider-status", "2020-10-01");
    let ends = ordinary().valid("provider-status", "2020-03-02..2020-10-20");
    asks_from(&ends, "provider-status", "2020-10-21");
    let later = ordinary().valid("provider-status", "2020-10-02..");
    asks_from(&later, "provider-status", "2020-10-01");
    ordinary()
        .valid("provider-status", "2020-10-01..2020-10-31")
        .state("provider-status", State::Met);
}

#[test]
fn a_child_that_turns_eighteen_puts_the_status_in_doubt_and_changes_nothing_by_itself() {
    let child = |born| ordinary().child("child", "2005-01-01..", born);
    child("2002-11-01").pays("refusion", "15355.00"); // 18 on 1 November
    asks_from(&child("2002-10-31"), "provider-status", "2020-10-31");
    asks_from(&child("2002-10-15"), "provider-status", "2020-10-15");
    child("2002-03-02").pays("refusion", "15355.00"); // 18 when the status was told
    let told_anew = child("2002-10-15").valid("provider-status", "2020-03-02..2020-10-14").fact(
        "provider-status",
        "2020-10-15..",
        &[("status", code("not-provider"))],
    );
    told_anew.pays("refusion", "13281.73");
}

#[test]
fn another_child_at_home_leaves_the_status_as_it_is() {
    let two = ordinary().child("older", "2002-10-15..", "2002-10-15").child(
        "younger",
        "2010-01-01..",
        "2010-01-01",
    );
    two.pays("refusion", "15355.00");
}

#[test]
fn a_child_that_dies_or_is_born_puts_the_status_in_doubt() {
    let died = ordinary().child("child", "2010-01-01..2020-10-20", "2010-01-01");
    asks_from(&died, "provider-status", "2020-10-21");
    let born = ordinary().set("provider-status", "status", code("not-provider")).child(
        "child",
        "2020-10-20..",
        "2020-10-20",
    );
    asks_from(&born, "provider-status", "2020-10-20");
}

#[test]
fn the_rate_of_the_young_ends_on_the_twenty_fifth_birthday() {
    let young = |born: &str| {
        ordinary().set("provider-status", "status", code("young-at-home")).fact(
            "birth",
            &format!("{born}.."),
            &[("day", on(born))],
        )
    };
    young("1995-11-01").pays("refusion", "3594.00");
    asks_from(&young("1995-10-31"), "provider-status", "2020-10-31");
    asks_from(&young("1990-01-01"), "provider-status", "2020-10-01");
    let unknown = ordinary().set("provider-status", "status", code("young-at-home"));
    asks_from(&unknown, "birth", "2020-10-01");
}

#[test]
fn two_statuses_on_one_day_contradict_each_other() {
    let twice = ordinary().fact("provider-status", "2020-10-15..", &[("status", code("provider"))]);
    twice.fails("facts contradict each other: provider-status 'provider-status-1' and 'provider-status-2': they share a day");
}

#[test]
fn a_status_is_needed_only_for_days_that_are_asked_for() {
    let scene = asked(bare("2020-10-01..2020-11-30"))
        .valid("jobafklaring", "2020-03-02..2020-10-31")
        .valid("provider-status", "2020-03-02..2020-10-31");
    scene.pays("refusion", "15355.00");
}
