//! Each section's own test.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{Scene, code, told};

use crate::scene::{arrears, expense, flag, judged, judged_of_all, person, with};

/// An expense that costs 1,000 kr. and is beyond the applicant's means.
fn of(purpose: &str) -> Scene {
    judged(expense(person(), 1, purpose, "1000.00"), 1, "means", true)
}

fn posting(scene: &Scene) -> String {
    let outcome = scene.outcome();
    assert_eq!(outcome.lines.len(), 1, "{}", told(&outcome));
    outcome.lines[0].posting.clone()
}

#[test]
fn the_purpose_chooses_the_section_until_a_person_does() {
    let all = ["event", "unforeseen", "necessary", "contact", "improves", "temporary"];
    let settled = |scene| all.iter().fold(scene, |scene, id| judged_of_all(scene, id, true));
    for (purpose, expected) in [
        ("dental", "sygebehandling"),
        ("medicine", "sygebehandling"),
        ("treatment", "sygebehandling"),
        ("glasses", "sygebehandling"),
        ("furniture", "enkeltudgift"),
        ("clothing", "enkeltudgift"),
        ("other", "enkeltudgift"),
        ("contact", "samvaer"),
        ("moving", "flytning"),
    ] {
        assert_eq!(posting(&settled(of(purpose))), expected, "{purpose}");
    }
    let rent = arrears(of("rent"), 1, "bailiffs-court", "none", None);
    assert_eq!(posting(&settled(rent)), "huslejehjaelp");
    let chosen = with(of("glasses"), 1, "section", code("81"));
    assert_eq!(posting(&settled(chosen)), "enkeltudgift");
}

#[test]
fn section_81_asks_for_an_event() {
    let event = |word| of("furniture").set("application", "event", code(word));
    event("none").state("event:1", State::NotMet);
    event("none").gives(Verdict::Refused, "0.00");
    for word in ["illness", "job-loss", "separation", "birth", "death", "other"] {
        event(word).state("event:1", State::NeedsHuman);
    }
    judged(of("furniture"), 1, "event", false).gives(Verdict::Refused, "0.00");
}

#[test]
fn section_81_is_for_the_unforeseen_and_by_exception_the_decisive() {
    let foreseen = |is| with(judged(of("furniture"), 1, "event", true), 1, "foreseeable", flag(is));
    foreseen(false).state("unforeseen:1", State::Met);
    foreseen(false).gives(Verdict::Granted, "1000.00");
    foreseen(true).state("unforeseen:1", State::NeedsHuman);
    judged(foreseen(true), 1, "unforeseen", true).gives(Verdict::Granted, "1000.00");
    judged(foreseen(true), 1, "unforeseen", false).gives(Verdict::Refused, "0.00");
    of("furniture").state("unforeseen:1", State::NeedsHuman); // nobody has said
}

#[test]
fn only_section_81_asks_for_an_event() {
    let none = |purpose| of(purpose).set("application", "event", code("none"));
    judged(none("medicine"), 1, "necessary", true).gives(Verdict::Granted, "1000.00");
    judged(none("contact"), 1, "contact", true).gives(Verdict::Granted, "1000.00");
    judged(none("moving"), 1, "improves", true).gives(Verdict::Granted, "1000.00");
}

#[test]
fn each_section_has_its_own_question() {
    for (purpose, question) in
        [("treatment", "necessary"), ("contact", "contact"), ("moving", "improves")]
    {
        of(purpose).state(&format!("{question}:1"), State::NeedsHuman);
        judged(of(purpose), 1, question, true).gives(Verdict::Granted, "1000.00");
        judged(of(purpose), 1, question, false).gives(Verdict::Refused, "0.00");
    }
}

#[test]
fn rent_help_is_for_those_who_face_eviction() {
    let notice = |word| judged(arrears(of("rent"), 1, word, "none", None), 1, "temporary", true);
    notice("bailiffs-court").gives(Verdict::Granted, "1000.00");
    notice("terminated").state("eviction:1", State::Met);
    notice("reminder").state("eviction:1", State::NeedsHuman);
    notice("none").gives(Verdict::Refused, "0.00");
    let outcome = of("rent").outcome();
    assert_eq!(
        (outcome.verdict, outcome.needs[0].kind.as_str()),
        (Verdict::Incomplete, "rent-arrears")
    );
}

#[test]
fn rent_help_is_temporary() {
    let rent = || arrears(of("rent"), 1, "terminated", "none", None);
    rent().state("temporary:1", State::NeedsHuman);
    judged(rent(), 1, "temporary", false).gives(Verdict::Refused, "0.00");
}

#[test]
fn rent_help_may_be_tied_and_then_the_tie_is_agreed_first() {
    let tied = |tie, agreed| {
        judged(arrears(of("rent"), 1, "terminated", tie, agreed), 1, "temporary", true)
    };
    tied("none", None).state("tie:1", State::NotAssessed);
    for tie in ["administration", "moving-plan", "debt-advice"] {
        tied(tie, Some(true)).state("tie:1", State::Met);
        tied(tie, Some(false)).state("tie:1", State::NeedsHuman);
        tied(tie, None).state("tie:1", State::NeedsHuman);
    }
    judged(tied("administration", None), 1, "tie", true).gives(Verdict::Granted, "1000.00");
    judged(tied("administration", None), 1, "tie", false).gives(Verdict::Refused, "0.00");
}
