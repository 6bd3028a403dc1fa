//! Ledelsestilsyn: when one approver is not enough, and which decisions the management looks at afterwards.
//!
//! Both are the municipality's choice, from a day on, and nothing where it has chosen nothing. Nobody can choose
//! what is drawn: the lot follows from the digest of the signed list.

pub mod service;
mod store;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use ydun_domain::Dkk;
use ydun_domain::ids::{CaseId, DecisionId};
use ydun_runtime::Digest;

use crate::words::words;

words! {
    /// Why a decision takes a third person.
    Over("limit") {
        /// It gives more than the limit.
        Amount = "amount",
        /// It differs more than the limit from what was decided before.
        Deviation = "deviation",
    }

    /// Why a decision is in the sample.
    Because("reason of a sample") {
        /// It is among the most unusual of its list.
        Odd = "odd",
        /// The lot fell on it.
        Drawn = "drawn",
    }

    /// What the management found.
    Finding("finding") {
        Right = "right",
        Wrong = "wrong",
    }
}

/// A municipality's choice. Without one there are no limits and no sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// A decision of more takes another person.
    pub amount: Option<Dkk>,
    /// So does one that differs by more from what was decided before.
    pub deviation: Option<Dkk>,
    /// How many of a list are drawn by lot.
    pub drawn: u32,
    /// How many of the most unusual of a list are looked at.
    pub odd: u32,
}

impl Limits {
    /// Why a decision takes a third person, where it does.
    pub fn over(&self, weight: Weight) -> Option<Over> {
        let is_more = |amount: Dkk, limit: Option<Dkk>| limit.is_some_and(|limit| amount > limit);
        if is_more(weight.total.abs(), self.amount) {
            return Some(Over::Amount);
        }
        let deviates = weight.decided.map(|decided| (weight.total - decided).abs());
        deviates.filter(|by| is_more(*by, self.deviation)).map(|_| Over::Deviation)
    }
}

/// What a decision gives, and what was decided for its days before, if anything was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
    pub total: Dkk,
    pub decided: Option<Dkk>,
}

impl Weight {
    /// How unusual it is: how far from what was decided before, or from the middle of its list.
    pub fn oddity(self, middle: Dkk) -> Dkk {
        (self.total - self.decided.unwrap_or(middle)).abs()
    }
}

/// The middle amount of a list.
pub fn middle(weights: &[Weight]) -> Dkk {
    let mut totals: Vec<Dkk> = weights.iter().map(|weight| weight.total).collect();
    totals.sort_unstable();
    totals.get(totals.len() / 2).copied().unwrap_or(Dkk::ZERO)
}

/// A decision on a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub case: CaseId,
    pub id: DecisionId,
    pub weight: Weight,
}

/// A decision the management looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampled {
    pub candidate: Candidate,
    pub because: Because,
}

/// The sample of a list: the most unusual, and as many drawn by lot among the others. The same list gives the
/// same sample.
pub fn sample(list: Digest, limits: &Limits, candidates: &[Candidate]) -> Vec<Sampled> {
    let weights: Vec<Weight> = candidates.iter().map(|candidate| candidate.weight).collect();
    let middle = middle(&weights);
    let mut rest = candidates.to_vec();
    rest.sort_by_key(|candidate| {
        (std::cmp::Reverse(candidate.weight.oddity(middle)), lot(list, candidate.id))
    });
    let mut drawn = rest.split_off(rest.len().min(limits.odd as usize));
    drawn.sort_by_key(|candidate| lot(list, candidate.id));
    drawn.truncate(limits.drawn as usize);
    let sampled = |because| move |candidate| Sampled { candidate, because };
    let odd = rest.into_iter().map(sampled(Because::Odd));
    odd.chain(drawn.into_iter().map(sampled(Because::Drawn))).collect()
}

fn lot(list: Digest, decision: DecisionId) -> [u8; 32] {
    Sha256::new().chain_update(list.0).chain_update(decision.0.as_bytes()).finalize().into()
}

/// What the management found in a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Review {
    #[sqlx(rename = "decision_id")]
    pub decision: DecisionId,
    #[sqlx(try_from = "String")]
    pub finding: Finding,
    /// In Danish.
    pub note: String,
    pub found_at: DateTime<Utc>,
    pub found_by: String,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn weight(total: i64, decided: Option<i64>) -> Weight {
        Weight { total: Dkk::from_kroner(total), decided: decided.map(Dkk::from_kroner) }
    }

    #[test]
    fn a_limit_is_passed_by_more_and_not_by_as_much() {
        let limits = Limits {
            amount: Some(Dkk::from_kroner(10_000)),
            deviation: Some(Dkk::from_kroner(500)),
            ..Limits::default()
        };
        let check = |total, decided, expected| {
            assert_eq!(limits.over(weight(total, decided)), expected, "{total} {decided:?}");
        };
        check(10_000, None, None);
        check(10_001, None, Some(Over::Amount));
        check(-10_001, None, Some(Over::Amount));
        check(9_000, Some(8_500), None);
        check(9_000, Some(8_499), Some(Over::Deviation));
        check(8_000, Some(8_501), Some(Over::Deviation));
        check(9_000, Some(0), Some(Over::Deviation));
        assert_eq!(Limits::default().over(weight(1_000_000, Some(0))), None);
    }

    fn candidates(totals: &[i64]) -> Vec<Candidate> {
        let candidate = |(number, total): (u128, &i64)| Candidate {
            case: CaseId(Uuid::from_u128(number)),
            id: DecisionId(Uuid::from_u128(number)),
            weight: weight(*total, None),
        };
        (1..).zip(totals).map(candidate).collect()
    }

    #[test]
    fn the_sample_is_the_most_unusual_and_some_drawn_by_the_list_itself() {
        let list: Vec<Candidate> = candidates(&[100, 110, 105, 9_000, 95, 100, 100, -400]);
        let limits = Limits { drawn: 2, odd: 2, ..Limits::default() };
        let of = |digest: &[u8]| {
            let sampled = sample(Digest::of(digest), &limits, &list);
            sampled
                .iter()
                .map(|one| (one.because, one.candidate.id.0.as_u128()))
                .collect::<Vec<_>>()
        };
        let first = of(b"one list");
        assert_eq!(first[..2], [(Because::Odd, 4), (Because::Odd, 8)]);
        assert_eq!(first.len(), 4);
        assert_eq!(first, of(b"one list"));
        let others: std::collections::BTreeSet<_> = (0..20u8).map(|number| of(&[number])).collect();
        assert!(others.len() > 5, "another list draws others");
        assert_eq!(sample(Digest::of(b"x"), &limits, &list[..1]).len(), 1);
        assert_eq!(sample(Digest::of(b"x"), &Limits::default(), &list), []);
    }
}
