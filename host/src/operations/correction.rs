//! A case put right: every month it has been run for is calculated anew, and what differs from what
//! is decided is one correction.
//!
//! [`recalculate`] finds the differences and keeps nothing, so a preview costs nothing and says what
//! a correction would do. A correction is proposed by one person and approved by another over one
//! digest of all its months. Its consequences are [`legs`], told from what has happened: none of
//! them is a state of its own that could be wrong.

mod because;
pub(super) mod legs;
mod recalculate;
pub(super) mod service;
mod store;

use std::collections::BTreeMap;

use serde::Serialize;
use ydun_domain::ids::{CaseId, CorrectionId, DecisionId, PartyId};
use ydun_domain::{Day, Dkk, Period};
use ydun_runtime::Digest;

pub use self::because::Because;
pub use self::legs::{Leg, LegKind, LegState};
pub use self::service::{CorrectError, Preview, approve, legs_of, of_case, preview, propose};
use crate::decisions::{DecidedLine, Mark};
use crate::payments::service::Foreseen;

/// A month in which something else is due than what is decided.
#[derive(Clone, Debug, Serialize)]
pub struct MonthChange {
    pub period: Period,
    /// What is known now and was not when the month was decided.
    pub because: Vec<Because>,
    pub lines: Vec<LineChange>,
    pub before: Dkk,
    pub after: Dkk,
    /// What the change does to payments.
    pub payments: Foreseen,
}

/// One line of a month, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineChange {
    pub key: String,
    pub payee: PartyId,
    pub before: Dkk,
    pub after: Dkk,
}

/// A decided month that can not be decided anew before somebody answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenMonth {
    pub period: Period,
    /// What is asked, in Danish.
    pub question: String,
}

/// A correction as it is kept: decisions of several months that stand and fall together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Correction {
    pub id: CorrectionId,
    pub case: CaseId,
    /// The caseworker's own words.
    pub reason: String,
    /// What the second person signs: it covers the decisions of every month.
    pub digest: Digest,
    pub decisions: Vec<DecisionId>,
    pub proposed: Mark,
    /// The earliest day it touches.
    pub since: Day,
    pub status: Status,
}

/// Where a correction stands, which is where its decisions stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Proposed,
    Approved,
    /// A decision of it was rejected, or a newer calculation took its place.
    Dropped,
}

/// The lines that differ, in the order of their keys and payees.
fn line_changes(before: &[DecidedLine], after: &[DecidedLine]) -> Vec<LineChange> {
    let mut sums: BTreeMap<(&str, PartyId), (Dkk, Dkk)> = BTreeMap::new();
    for line in before {
        sums.entry((&line.key, line.payee)).or_default().0 += line.amount;
    }
    for line in after {
        sums.entry((&line.key, line.payee)).or_default().1 += line.amount;
    }
    sums.retain(|_, (before, after)| before != after);
    let change = |((key, payee), (before, after)): ((&str, PartyId), (Dkk, Dkk))| LineChange {
        key: key.to_owned(),
        payee,
        before,
        after,
    };
    sums.into_iter().map(change).collect()
}
