//! Two parents in one case: each on their own, and together.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::Scene;

use crate::scene::{CHILD, MARCH, code, judged_suitable, kroner, number, on, ordinary, who};

const FATHER: &str = "far";

/// The ordinary case, and the father with 50,000 kr. for 37 hours, of which ten are granted.
fn both() -> Scene {
    let about = |scene: Scene, kind: &str, attributes: &[(&str, Scalar)]| {
        scene.fact_about(FATHER, kind, "2024-02-01..", attributes)
    };
    let scene = about(
        ordinary(),
        "application",
        &[("child", who(CHILD)), ("received", on("2024-01-15")), ("weekly-hours", number("10"))],
    );
    let scene = about(
        scene,
        "relation",
        &[("kind", code("father")), ("maintains-in-home", Scalar::Flag(false))],
    );
    let scene = about(scene, "hours-granted", &[("weekly-hours", number("10"))]);
    let scene = about(
        scene,
        "income-basis",
        &[
            ("kind", code("latest-wage")),
            ("wage", kroner("50000.00")),
            ("weekly-hours", number("37")),
            ("hours-were-cut", Scalar::Flag(false)),
        ],
    );
    let scene = about(scene, "employer-statement", &[("weekly-hours-now", number("27"))]);
    let scene = about(scene, "pension-scheme", &[("kind", code("none"))]);
    let scene = about(scene, "atp", &[("receiver", who("atp"))]);
    judged_suitable(scene, FATHER)
        .assessed(FATHER, "not-both", true, MARCH)
        .assessed("parent", "not-both", true, MARCH)
}

fn paid_to(outcome: &Outcome, party: &str) -> String {
    let lines = outcome.lines.iter().filter(|line| line.payee.0 == party);
    lines.map(|line| line.amount).sum::<Dkk>().plain()
}

#[test]
fn each_parent_has_a_cap_of_her_own() {
    let outcome = both().outcome();
    assert_eq!(outcome.verdict, Verdict::Granted);
    assert_eq!(paid_to(&outcome, "parent"), "14850.00"); // 15,450 less the saving of 600
    assert_eq!(paid_to(&outcome, FATHER), "9476.22"); // 35,247 × 10 / 37 = 9,526.216…, less 50
}

#[test]
fn a_parent_is_paid_the_same_with_and_without_the_other() {
    let alone = ordinary().outcome();
    let together = both().outcome();
    let own = |outcome: &Outcome| -> Vec<(String, Dkk)> {
        let lines = outcome.lines.iter().filter(|line| !line.key.contains(FATHER));
        lines.map(|line| (line.key.clone(), line.amount)).collect()
    };
    assert_eq!(own(&alone), own(&together));
}

#[test]
fn ids_name_the_parent_only_when_there_are_two() {
    let alone = ordinary().outcome();
    assert!(alone.steps.iter().all(|step| !step.id.contains('@')));
    let together = both().outcome();
    assert!(
        together.steps.iter().all(|step| step.id.ends_with("@parent") || step.id.ends_with("@far"))
    );
    assert!(together.conditions.iter().any(|condition| condition.id == "age@far"));
    for line in &together.lines {
        assert!(!line.steps.is_empty());
        assert!(line.steps.iter().all(|id| together.steps.iter().any(|step| step.id == *id)));
    }
    for effect in &together.effects {
        let Effect::Letter(letter) = effect else { continue };
        assert!(letter.steps.iter().all(|id| together.steps.iter().any(|step| step.id == *id)));
    }
}

#[test]
fn what_both_lack_about_the_child_is_asked_for_once() {
    let lacking = |kind| -> Vec<(String, String)> {
        let needs = both().without(kind).outcome().needs;
        needs.into_iter().map(|need| (need.kind, need.about.0)).collect()
    };
    let need = |kind: &str, about: &str| (kind.to_owned(), about.to_owned());
    assert_eq!(lacking("birth"), [need("birth", CHILD)]);
    assert_eq!(lacking("atp"), [need("atp", FATHER), need("atp", "parent")]);
}

#[test]
fn one_parents_no_is_not_the_others() {
    let refused = both().assessed(FATHER, "most-suitable", false, MARCH).outcome();
    assert_eq!(refused.verdict, Verdict::PartlyGranted);
    assert_eq!(
        (paid_to(&refused, "parent").as_str(), paid_to(&refused, FATHER).as_str()),
        ("14850.00", "0.00")
    );
    let both_refused = both().assessed(FATHER, "most-suitable", false, MARCH).assessed(
        "parent",
        "most-suitable",
        false,
        MARCH,
    );
    both_refused.gives(Verdict::Refused, "0.00");
}

#[test]
fn what_is_open_for_both_comes_before_what_is_refused() {
    let no_mother = both().assessed("parent", "most-suitable", false, MARCH);
    no_mother
        .clone()
        .each("employer-statement", |fact| {
            if fact.about.0 == FATHER {
                fact.valid = "2025-01-01..".parse().unwrap();
            }
        })
        .gives(Verdict::Incomplete, "0.00");
    no_mother
        .each("income-basis", |fact| {
            if fact.about.0 == FATHER {
                fact.attributes.retain(|attribute| attribute.name != "hours-were-cut");
                fact.attributes.push(Attribute::new("hours-were-cut", Scalar::Flag(true)));
            }
        })
        .gives(Verdict::NeedsHuman, "0.00");
}

/// The same case, where nobody has judged the shared hours.
fn unjudged() -> Scene {
    let mut facts = vec![];
    let scene = both().each("assessment", |fact| facts.push(fact.clone()));
    let is_about_both =
        |fact: &Fact| fact.attributes.iter().any(|attribute| attribute.value == code("not-both"));
    let kept: Vec<Fact> = facts.into_iter().filter(|fact| !is_about_both(fact)).collect();
    kept.into_iter().fold(scene.without("assessment"), |scene, fact| {
        let attributes: Vec<(&str, Scalar)> = fact
            .attributes
            .iter()
            .map(|attribute| (attribute.name.as_str(), attribute.value.clone()))
            .collect();
        scene.fact_about(&fact.about.0, "assessment", &fact.valid.to_string(), &attributes)
    })
}

fn stay(scene: Scene, valid: &str, both_needed: bool) -> Scene {
    scene.fact(
        "hospital-stay",
        valid,
        &[("presence-necessary", Scalar::Flag(true)), ("both-needed", Scalar::Flag(both_needed))],
    )
}

#[test]
fn both_at_once_is_for_the_hospital_or_for_a_person() {
    unjudged().state("not-both@far", State::NeedsHuman);
    unjudged().state("not-both@parent", State::NeedsHuman);
    stay(unjudged(), MARCH, true).state("not-both@far", State::Met);
    stay(unjudged(), MARCH, false).state("not-both@far", State::NeedsHuman);
    // The 29th is Good Friday, but a weekday; the days after it are a weekend.
    stay(unjudged(), "2024-03-01..2024-03-28", true).state("not-both@far", State::NeedsHuman);
    stay(unjudged(), "2024-03-01..2024-03-29", true).state("not-both@far", State::Met);
}

#[test]
fn parents_who_take_turns_share_no_days() {
    let turns = unjudged().each("hours-granted", |fact| {
        let days = if fact.about.0 == FATHER { "2024-03-16.." } else { "2024-02-01..2024-03-15" };
        fact.valid = days.parse().unwrap();
    });
    let outcome = turns.outcome();
    assert!(outcome.conditions.iter().all(|condition| !condition.id.starts_with("not-both")));
    assert_eq!(outcome.verdict, Verdict::Granted);
}
