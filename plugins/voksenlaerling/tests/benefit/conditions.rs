//! Each condition of the law: met, not met, open, and exactly at its limit.

use ydun_benefit::prelude::*;

use ydun_benefit::testing::{code, day, kroner, number, on, who};

use crate::scene::{Apprenticeship, EMPLOYER, Scene, granted_on, ordinary};

const MET: State = State::Met;
const NOT_MET: State = State::NotMet;
const HUMAN: State = State::NeedsHuman;

#[track_caller]
fn age(born: &str, expected: State) {
    ordinary().set("birth", "day", on(born)).state("age", expected);
}

#[test]
fn an_apprentice_is_25_on_the_day_the_agreement_starts() {
    age("1995-08-10", MET); // 25 years on the day itself
    age("1995-08-11", NOT_MET); // 24 years and 364 days
    ordinary().set("birth", "day", on("1995-08-11")).gives(Verdict::Refused, "0.00");
}

#[test]
fn before_2020_the_municipality_chooses_the_day_for_the_age() {
    let scene = granted_on("2019-06-01", "2019-06-01", "2019-10-01..2019-10-31")
        .set("training-agreement", "made", on("2019-05-01"))
        .set("training-agreement", "education-start", on("2018-06-01"))
        .set("birth", "day", on("1994-06-01"));
    scene.state("age", MET);
    scene.clone().setting("age-date-before-2020", code("agreement-made")).state("age", NOT_MET);
    scene.setting("age-date-before-2020", code("education-start")).state("age", NOT_MET);
    let from_2020 = ordinary().set("birth", "day", on("1995-08-10"));
    from_2020.setting("age-date-before-2020", code("agreement-made")).state("age", MET);
}

#[test]
fn the_agreement_is_of_the_right_kind() {
    let act = |word| ordinary().set("training-agreement", "act", code(word));
    act("maritime").state("agreement", MET);
    act("other").state("agreement", NOT_MET);
    let unapproved = ordinary().set("training-agreement", "school-approved", Scalar::Flag(false));
    unapproved.state("agreement", HUMAN);
    let sosu = ordinary().set("training-agreement", "collective-adult-pay", Scalar::Flag(true));
    sosu.state("no-collective-adult-pay", NOT_MET);
}

#[test]
fn the_groups_of_section_6_are_told_apart() {
    let group = |word| ordinary().set("background", "target-group", code(word));
    for word in [
        "section-6-1-to-8",
        "section-6-9-with-benefit",
        "section-6-10-or-11",
        "introduction",
        "self-supporting",
    ] {
        group(word).state("target-group", MET);
    }
    group("section-6-9-without-benefit").state("target-group", NOT_MET);
    group("none").state("target-group", NOT_MET);
}

/// A skilled apprentice whose education is in use, unemployed since a day.
fn skilled_since(start: &str, since: &str) -> Scene {
    ordinary()
        .valid("training-agreement", &format!("{start}..2023-08-09"))
        .set("training-agreement", "education-start", on(start))
        .set("background", "schooling", code("skilled"))
        .set("background", "education-last-used", on("2019-12-31"))
        .set("background", "unemployed-since", on(since))
}

#[test]
fn a_skilled_apprentice_was_unemployed_for_more_than_three_months_in_the_trial() {
    skilled_since("2020-08-10", "2020-05-09").state("unemployment-length", MET);
    skilled_since("2020-08-10", "2020-05-10").state("unemployment-length", HUMAN); // three months to the day
    skilled_since("2020-08-10", "2020-05-11").state("unemployment-length", NOT_MET);
}

#[test]
fn outside_the_trial_six_months_are_asked_for() {
    skilled_since("2020-07-31", "2020-02-01").state("unemployment-length", NOT_MET);
    skilled_since("2020-07-31", "2020-01-30").state("unemployment-length", MET);
    skilled_since("2020-08-01", "2020-02-02").state("unemployment-length", MET); // the trial's first day
    let later =
        skilled_since("2020-12-31", "2020-09-01").setting("trial-a-first-day", on("2021-01-01"));
    later.state("unemployment-length", NOT_MET);
}

#[test]
fn an_unemployment_fund_tells_the_months_in_total() {
    let months = |told| {
        skilled_since("2020-08-10", "2020-08-01").set(
            "background",
            "unemployed-months",
            number(told),
        )
    };
    months("3.1").state("unemployment-length", MET);
    months("3").state("unemployment-length", HUMAN);
    months("2.9").state("unemployment-length", NOT_MET);
    skilled_since("2020-08-10", "2020-08-01")
        .unset("background", "unemployed-since")
        .gives(Verdict::Incomplete, "0.00");
}

#[test]
fn an_education_unused_for_five_years_is_outdated() {
    let last_used = |told| {
        skilled_since("2020-08-10", "2020-08-01").set("background", "education-last-used", on(told))
    };
    last_used("2015-08-09").gives(Verdict::Granted, "7326.00");
    last_used("2015-08-10").state("education-outdated", HUMAN); // five years to the day
    last_used("2015-08-11").state("unemployment-length", NOT_MET);
    last_used("2015-08-10").judged("education-outdated", true).gives(Verdict::Granted, "7326.00");
    last_used("2015-08-10").judged("education-outdated", false).gives(Verdict::Refused, "0.00");
}

#[test]
fn a_person_or_the_municipality_decides_exactly_at_a_limit() {
    let exact = skilled_since("2020-08-10", "2020-05-10");
    exact.gives(Verdict::NeedsHuman, "0.00");
    exact.clone().judged("unemployment-length", true).gives(Verdict::Granted, "7326.00");
    exact.clone().judged("unemployment-length", false).gives(Verdict::Refused, "0.00");
    exact.clone().setting("exactly-at-limit", code("passed")).gives(Verdict::Granted, "7326.00");
    exact.setting("exactly-at-limit", code("not-passed")).gives(Verdict::Refused, "0.00");
}

#[test]
fn what_a_person_must_judge_is_a_task_with_a_name() {
    let outcome = skilled_since("2020-08-10", "2020-05-10").outcome();
    let [Effect::Task(task)] = &outcome.effects[..] else { panic!("{:?}", outcome.effects) };
    assert_eq!(
        task.title,
        "Voksenlærling, vurder for oktober 2020: Lærlingen har været ledig længe nok"
    );
    assert_eq!(task.key, "vurder:unemployment-length");
    let told: Vec<String> =
        task.attributes.iter().map(|told| format!("{}: {}", told.name, told.value)).collect();
    assert_eq!(
        told,
        [
            "betingelse: Lærlingen har været ledig længe nok",
            "lov: LAB § 155, stk. 1",
            "periode: oktober 2020",
            "grænse i måneder: 3"
        ]
    );
}

/// An apprentice from employment.
fn employed() -> Scene {
    ordinary().unset("background", "target-group").set(
        "background",
        "comes-from",
        code("employment"),
    )
}

#[test]
fn from_employment_only_the_unskilled_and_in_trial_b_the_outdated() {
    employed().gives(Verdict::Granted, "4884.00"); // 162.8 hours at 30 kr.
    let skilled = employed().set("background", "schooling", code("skilled"));
    skilled
        .clone()
        .set("background", "education-last-used", on("2010-01-01"))
        .gives(Verdict::Granted, "4884.00");
    skilled
        .clone()
        .set("background", "education-last-used", on("2019-01-01"))
        .gives(Verdict::Refused, "0.00");
    skilled.valid("training-agreement", "2020-07-31..2023-07-30").state("schooling", NOT_MET); // before the trial
}

#[test]
fn from_employment_the_education_is_on_the_positive_list_except_in_trial_b() {
    let before = employed().valid("training-agreement", "2020-07-31..2023-07-30");
    before.state("positive-list", MET);
    before
        .clone()
        .set("training-agreement", "on-positive-list", Scalar::Flag(false))
        .state("positive-list", NOT_MET);
    before.unset("training-agreement", "on-positive-list").state("positive-list", HUMAN);
    let in_trial = employed().set("training-agreement", "on-positive-list", Scalar::Flag(false));
    in_trial.gives(Verdict::Granted, "4884.00");
}

/// Ordinary employment in the same firm until a day.
fn employed_here_until(last: &str) -> Scene {
    ordinary().fact(
        "earlier-employment",
        &format!("2019-01-01..{last}"),
        &[("employer", who(EMPLOYER)), ("on-support", Scalar::Flag(false))],
    )
}

#[test]
fn from_unemployment_the_same_firm_has_not_employed_her_for_six_months() {
    employed_here_until("2020-02-09").state("not-employed-here", MET);
    employed_here_until("2020-02-10").state("not-employed-here", HUMAN); // six months to the day
    employed_here_until("2020-02-11").state("not-employed-here", NOT_MET);
    let recent = employed_here_until("2020-08-09");
    recent
        .clone()
        .set("earlier-employment", "on-support", Scalar::Flag(true))
        .state("not-employed-here", MET);
    let elsewhere =
        recent.set("earlier-employment", "employer", Scalar::Who(Party::new("en anden")));
    elsewhere.state("not-employed-here", MET);
    // The agreement itself is no earlier employment.
    let itself = ordinary().fact(
        "earlier-employment",
        "2020-08-10..",
        &[("employer", who(EMPLOYER)), ("on-support", Scalar::Flag(false))],
    );
    itself.state("not-employed-here", MET);
    let declared = ordinary().set("application", "earlier-employment", Scalar::Flag(true));
    declared.gives(Verdict::Incomplete, "0.00");
}

#[test]
fn the_employer_pays_the_lowest_wage_of_an_unskilled_worker() {
    let paid = |amount| ordinary().set("wage", "hourly-paid", kroner(amount));
    paid("130.00").state("wage", MET);
    paid("129.99").state("wage", NOT_MET);
    let later = ordinary().valid("wage", "2020-08-10..2020-10-14").fact(
        "wage",
        "2020-10-15..",
        &[("hourly-paid", kroner("129.99")), ("lowest-unskilled", kroner("130.00"))],
    );
    later.state("wage", HUMAN); // the employer is heard first
    let unknown = ordinary().valid("wage", "2020-08-10..2020-10-14").outcome();
    assert_eq!(unknown.verdict, Verdict::Incomplete);
    assert_eq!(unknown.needs[0].valid.to_string(), "2020-10-15..2020-10-31");
    let unknown = ordinary().valid("wage", "2020-10-15..").outcome();
    assert_eq!(unknown.needs[0].valid.to_string(), "2020-10-01..2020-10-14");
}

/// A wage an øre too low in each of two periods, from a day on.
fn twice_too_low(first: &str, then: &str) -> Scene {
    let low = [("hourly-paid", kroner("129.99")), ("lowest-unskilled", kroner("130.00"))];
    ordinary()
        .span("2020-08-01..2020-10-31")
        .valid("wage", &format!("2020-08-01..{}", day(first).previous()))
        .fact("wage", &format!("{first}..{}", day(then).previous()), &low)
        .fact("wage", &format!("{then}.."), &low)
}

#[test]
fn two_low_wages_are_no_better_than_one() {
    twice_too_low("2020-08-10", "2020-08-15").state("wage", NOT_MET);
    twice_too_low("2020-10-05", "2020-10-15").state("wage", HUMAN);
}

#[test]
fn a_week_has_more_than_none_and_at_most_168_hours() {
    let agreed = |hours| ordinary().set("training-agreement", "weekly-hours", number(hours));
    let why = "facts contradict each other: training-agreement 'training-agreement-1', attribute 'weekly-hours': a week has more than 0 and at most 168 hours";
    agreed("0").fails(why);
    agreed("168.01").fails(why);
    agreed("168").gives(Verdict::Granted, "7326.00"); // 162.8 hours are all below the cap
}

/// The firm's account before this aid of 250,000 kr. at 7.4450: 33,579.5836... EUR.
fn received(euro: &str) -> Scene {
    ordinary().set("de-minimis", "received-eur", number(euro))
}

#[test]
fn small_aid_stays_within_its_limit() {
    received("166420.41").state("de-minimis", MET);
    received("166420.42").state("de-minimis", NOT_MET);
    let exact = received("100000").set("de-minimis", "this-aid", kroner("744500.00"));
    exact.state("de-minimis", HUMAN);
    let farm = ordinary().set("de-minimis", "sector", code("agriculture"));
    farm.state("de-minimis", HUMAN);
    farm.setting("de-minimis-limit-other-sectors", number("100000")).state("de-minimis", MET);
    ordinary().set("de-minimis", "years", Scalar::Integer(2)).state("de-minimis", HUMAN);
}

#[test]
fn the_limit_of_2024_is_not_taken_from_memory() {
    let in_2024 = |euro| {
        received(euro)
            .set("application", "received", on("2024-01-01"))
            .valid("training-agreement", "2024-01-01..2027-12-31")
    };
    in_2024("100000").state("de-minimis", MET);
    in_2024("200000").state("de-minimis", HUMAN);
    in_2024("200000").setting("de-minimis-limit-2024", number("300000")).state("de-minimis", MET);
}

#[test]
fn from_2020_the_municipality_of_residence_decides() {
    let moved = |from: &str| {
        ordinary().valid("residence", &format!("2015-01-01..{}", day(from).previous())).fact(
            "residence",
            &format!("{from}.."),
            &[("municipality", Scalar::Text("0563".into()))],
        )
    };
    moved("2020-09-01").state("deciding-municipality", HUMAN); // had moved when the grant was decided
    moved("2020-10-31").state("deciding-municipality", HUMAN); // moves while it runs: not found in the law
    moved("2020-11-01").state("deciding-municipality", MET);
    ordinary()
        .setting("municipality", Scalar::Text(String::new()))
        .state("deciding-municipality", HUMAN);
}

#[test]
fn until_2019_the_municipality_of_the_training_place_decides() {
    let scene = granted_on("2019-12-31", "2019-12-01", "2019-12-01..2019-12-31")
        .set("background", "unemployed-since", on("2019-01-01"))
        .set("residence", "municipality", Scalar::Text("0563".into()));
    scene.state("deciding-municipality", MET);
    scene.without("training-place").gives(Verdict::Incomplete, "0.00");
}

#[test]
fn what_is_missing_is_asked_for() {
    for kind in [
        "training-agreement",
        "birth",
        "application",
        "background",
        "wage",
        "de-minimis",
        "residence",
    ] {
        let outcome = ordinary().without(kind).outcome();
        assert_eq!(outcome.verdict, Verdict::Incomplete, "{kind}");
        assert_eq!(outcome.needs.iter().map(|need| need.kind.as_str()).collect::<Vec<_>>(), [kind]);
    }
}

#[test]
fn a_refusal_needs_no_more_facts() {
    ordinary()
        .without("wage")
        .set("birth", "day", on("2000-01-01"))
        .gives(Verdict::Refused, "0.00");
}

#[test]
fn a_fact_that_cannot_be_read_is_named() {
    ordinary().unset("training-agreement", "weekly-hours").fails(
        "facts contradict each other: training-agreement 'training-agreement-1', attribute 'weekly-hours': it is missing",
    );
    ordinary().set("background", "schooling", code("half")).fails(
        "facts contradict each other: background 'background-1', attribute 'schooling': 'half' is none of skilled, unskilled",
    );
}

/// Found by fuzz: a rate with a slipped decimal point overflowed.
#[test]
fn a_euro_costs_something_and_at_most_100_kr() {
    let rate = |told| ordinary().set("de-minimis", "euro-rate", number(told));
    let why = "facts contradict each other: de-minimis 'de-minimis-1', attribute 'euro-rate': a euro costs more than 0 and at most 100 kr.";
    rate("0").fails(why);
    rate("100.01").fails(why);
    rate("100").state("de-minimis", MET);
}
