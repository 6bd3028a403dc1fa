//! § 93: help that must be paid back.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{Scene, on};

use crate::scene::{
    dentist, expense, integer, judged, judged_dentist, judged_of_all, payee, repayable,
};

fn with_terms() -> Scene {
    repayable(judged_dentist(), 1, "2026-03-15")
}

fn claims(outcome: &Outcome) -> Vec<&Claim> {
    let claims = outcome.effects.iter().filter_map(|effect| match effect {
        Effect::Claim(claim) => Some(claim),
        Effect::Letter(_) | Effect::Task(_) => None,
    });
    claims.collect()
}

#[test]
fn help_is_not_paid_back_without_terms() {
    let outcome = judged_dentist().gives(Verdict::Granted, "4200.00");
    assert!(claims(&outcome).is_empty());
    assert_eq!(outcome.lines[0].posting, "sygebehandling");
    assert!(outcome.conditions.iter().all(|condition| condition.id != "repayment:1"));
}

#[test]
fn terms_are_for_a_person_to_confirm() {
    with_terms().state("repayment:1", State::NeedsHuman);
    with_terms().gives(Verdict::NeedsHuman, "0.00");
    assert!(claims(&with_terms().outcome()).is_empty());
}

#[test]
fn confirmed_terms_give_a_posting_of_their_own_and_a_claim() {
    let outcome = judged(with_terms(), 1, "repayment", true).gives(Verdict::Granted, "4200.00");
    assert_eq!(outcome.lines[0].posting, "sygebehandling-93");
    let claim = claims(&outcome)[0];
    assert_eq!((claim.ground.as_str(), claim.debtor.0.as_str()), ("las-93", "applicant"));
    assert_eq!(claim.amount, Dkk::from_kroner(4200));
    assert_eq!((claim.period, &claim.steps), (outcome.lines[0].period, &outcome.lines[0].steps));
}

#[test]
fn terms_that_are_not_confirmed_leave_ordinary_help() {
    let outcome = judged(with_terms(), 1, "repayment", false).gives(Verdict::Granted, "4200.00");
    assert_eq!(outcome.lines[0].posting, "sygebehandling");
    assert!(claims(&outcome).is_empty());
}

#[test]
fn terms_cannot_follow_the_grant() {
    let granted = |decided| {
        judged(with_terms(), 1, "repayment", true).fact(
            "grant",
            "2026-03-12..",
            &[("expense", integer(1)), ("decided", on(decided))],
        )
    };
    assert_eq!(claims(&granted("2026-03-15").outcome()).len(), 1); // the same day
    assert_eq!(claims(&granted("2026-03-16").outcome()).len(), 1);
    let late = granted("2026-03-14").gives(Verdict::Granted, "4200.00");
    assert!(claims(&late).is_empty());
    assert_eq!(late.lines[0].posting, "sygebehandling");
}

#[test]
fn each_payment_has_its_claim_and_only_those_with_terms() {
    let two = expense(judged(with_terms(), 1, "repayment", true), 2, "medicine", "700.00");
    let two = judged_of_all(judged_of_all(two, "necessary", true), "means", true);
    let outcome = payee(two, 1, 1, "dentist", Some("4000.00")).gives(Verdict::Granted, "4900.00");
    let amounts: Vec<(&str, String)> = claims(&outcome)
        .into_iter()
        .map(|claim| (claim.key.as_str(), claim.amount.plain()))
        .collect();
    assert_eq!(
        amounts,
        [
            ("tilbagebetaling:hjaelp:1:1", "4000.00".into()),
            ("tilbagebetaling:hjaelp:1", "200.00".into())
        ]
    );
    let postings: Vec<&str> = outcome.lines.iter().map(|line| line.posting.as_str()).collect();
    assert_eq!(postings, ["sygebehandling-93", "sygebehandling-93", "sygebehandling"]);
}

#[test]
fn there_is_no_claim_before_there_is_a_grant() {
    let open = judged(repayable(dentist(), 1, "2026-03-15"), 1, "repayment", true);
    assert!(claims(&open.gives(Verdict::NeedsHuman, "0.00")).is_empty());
}
