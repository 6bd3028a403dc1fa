//! The versions of the rules, and what decides between them.

use ydun_benefit::prelude::*;

use ydun_benefit::testing::{code, on};

use crate::scene::{Apprenticeship, Scene, granted_on, ordinary};

/// A full month of 37 hours a week for an unskilled apprentice unemployed since a day.
fn unskilled(decided: &str, start: &str, since: &str, month: &str) -> Scene {
    let days: Month = month.parse().unwrap();
    granted_on(decided, start, &days.period().to_string()).months(&[month], "37").set(
        "background",
        "unemployed-since",
        on(since),
    )
}

#[track_caller]
fn rate(scene: &Scene, expected: i64) {
    let outcome = scene.outcome();
    assert_eq!(outcome.verdict, Verdict::Granted, "{:?}", outcome.conditions);
    let sats = outcome.steps.iter().find(|step| step.id.starts_with("sats:")).unwrap();
    assert_eq!(sats.value, Scalar::Amount(Dkk::from_kroner(expected)));
}

#[test]
fn the_day_of_the_grant_gives_40_kr_before_2020_and_45_after() {
    rate(&unskilled("2015-01-01", "2015-01-01", "2014-01-01", "2015-03"), 40);
    rate(&unskilled("2018-04-01", "2018-04-01", "2018-01-01", "2018-06"), 40);
    rate(&unskilled("2020-01-01", "2020-01-01", "2019-12-01", "2020-03"), 45);
}

#[test]
fn two_months_of_unemployment_are_the_line_between_40_and_30_kr() {
    rate(&unskilled("2019-06-01", "2019-06-01", "2019-03-31", "2019-07"), 40);
    rate(&unskilled("2019-06-01", "2019-06-01", "2019-04-02", "2019-07"), 30);
    let exact = unskilled("2019-06-01", "2019-06-01", "2019-04-01", "2019-07");
    exact.state("unemployment-length", State::NeedsHuman);
    rate(&exact.clone().judged("unemployment-length", true), 40);
    rate(&exact.judged("unemployment-length", false), 30);
}

#[test]
fn grants_of_2015_ask_twelve_months_of_the_skilled_and_the_list_of_the_briefly_unemployed() {
    let skilled = |since| {
        unskilled("2016-06-01", "2016-06-01", since, "2016-07")
            .set("background", "schooling", code("skilled"))
            .set("background", "education-last-used", on("2015-01-01"))
    };
    rate(&skilled("2015-05-31"), 40);
    skilled("2015-06-02").gives(Verdict::Refused, "0.00");
    let brief = unskilled("2016-06-01", "2016-06-01", "2016-05-01", "2016-07");
    rate(&brief, 30);
    brief
        .set("training-agreement", "on-positive-list", Scalar::Flag(false))
        .gives(Verdict::Refused, "0.00");
}

#[test]
fn an_outdated_education_of_2018_asks_for_no_months() {
    let outdated = unskilled("2018-06-01", "2018-06-01", "2018-05-31", "2018-07")
        .set("background", "schooling", code("skilled"))
        .set("background", "education-last-used", on("2010-01-01"));
    rate(&outdated, 40);
}

#[test]
fn versions_whose_contents_are_not_found_go_to_a_person() {
    let old = unskilled("2014-12-31", "2014-06-01", "2013-01-01", "2015-03");
    old.state("rule-version", State::NeedsHuman);
    rate(&old.judged("rule-version", true), 30);
    let vl2017 = unskilled("2017-03-01", "2017-03-01", "2016-01-01", "2017-05");
    vl2017.state("rule-version", State::NeedsHuman);
    rate(&vl2017.judged("rule-version", true), 40);
    let straddling = unskilled("2020-01-15", "2019-12-20", "2019-01-01", "2020-03");
    straddling.state("rule-version", State::NeedsHuman);
}

#[test]
fn without_the_day_of_the_grant_an_old_agreement_is_not_guessed_at() {
    let scene = unskilled("2019-06-01", "2019-06-01", "2019-01-01", "2019-07").without("grant");
    rate(&scene.clone().seen_on("2019-12-31"), 40);
    let outcome = scene.seen_on("2020-01-01").outcome();
    assert_eq!(outcome.needs[0].kind, "grant");
    ordinary().without("grant").gives(Verdict::Granted, "7326.00");
}

#[test]
fn on_new_years_day_2020_those_from_unemployment_are_lifted_to_45_kr() {
    rate(&unskilled("2019-06-01", "2019-06-01", "2019-01-01", "2019-12"), 40);
    let lifted = unskilled("2019-06-01", "2019-06-01", "2019-01-01", "2020-01");
    rate(&lifted, 45);
    let sats = lifted.outcome().steps.into_iter().find(|step| step.id == "sats:2020-01").unwrap();
    assert!(sats.inputs.iter().any(|input| input.value.to_string() == "LAB § 209, stk. 9"));
}

#[test]
fn others_keep_their_rate_after_2020() {
    let employed = unskilled("2019-06-01", "2019-06-01", "2019-01-01", "2020-01").set(
        "background",
        "comes-from",
        code("employment"),
    );
    rate(&employed, 30);
    let brief = unskilled("2019-06-01", "2019-06-01", "2019-05-01", "2020-01");
    rate(&brief, 30);
    rate(&brief.setting("lift-briefly-unemployed", Scalar::Flag(true)), 45);
}

#[test]
fn a_day_without_a_rate_is_an_error_and_never_zero() {
    let scene =
        unskilled("2012-06-01", "2012-06-01", "2011-01-01", "2012-07").judged("rule-version", true);
    scene.fails("no value of the rate 'basic-rate on 2012-07-01' is in force");
}
