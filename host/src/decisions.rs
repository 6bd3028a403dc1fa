//! Decisions: proposed by one person, approved by another over the same numbers.
//!
//! A decision says what a calculation gives for some days of a case. [`Basis::digest`] covers all it
//! rests on; that is what the second person signs. A case has at most one open proposal, and one
//! approved decision, for days that begin on one day: approving a newer one supersedes the older.

pub mod explain;
pub mod gate;
pub mod line;
pub mod oversight;
pub mod proposal;
pub mod service;
mod store;
pub mod verify;

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_domain::benefit::Verdict;
use ydun_domain::ids::{CaseId, DecisionId, MonthRunId, RunId};
use ydun_domain::{Dkk, Period, Tenant};
use ydun_runtime::{Digest, canonical};

pub use self::line::DecidedLine;
use crate::words::words;

words! {
    /// How a decision answers. What is incomplete or needs a human is no decision yet.
    Ruling("ruling") {
        Granted = "granted",
        PartlyGranted = "partly-granted",
        Refused = "refused",
    }

    /// Where a decision that was not rejected stands.
    Standing("standing of a decision") {
        Proposed = "proposed",
        Approved = "approved",
        /// A newer one has taken its place.
        Superseded = "superseded",
    }

    /// Why a person rejects a proposal.
    Objection("objection") {
        /// Facts are wrong or missing.
        Facts = "facts",
        /// The judgement is another.
        Judgement = "judgement",
        /// The module calculates wrongly.
        Calculation = "calculation",
        Other = "other",
    }
}

impl Ruling {
    /// Nothing where the verdict decides nothing.
    pub fn of(verdict: Verdict) -> Option<Self> {
        match verdict {
            Verdict::Granted => Some(Self::Granted),
            Verdict::PartlyGranted => Some(Self::PartlyGranted),
            Verdict::Refused => Some(Self::Refused),
            Verdict::Incomplete | Verdict::NeedsHuman => None,
        }
    }
}

/// A decision with its lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decision {
    pub id: DecisionId,
    pub run: RunId,
    pub month_run: Option<MonthRunId>,
    pub basis: Basis,
    pub lines: Vec<DecidedLine>,
    pub total: Dkk,
    /// What the proposer put forward and the approver signs.
    pub digest: Digest,
    pub proposed: Mark,
    pub status: Status,
}

/// What a decision rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Basis {
    pub tenant: Tenant,
    pub case: CaseId,
    pub period: Period,
    pub ruling: Ruling,
    pub artifact: Digest,
    pub dossier: Digest,
    pub outcome: Digest,
}

/// Who did something, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mark {
    pub at: DateTime<Utc>,
    pub by: String,
}

/// Where a decision stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Status {
    Proposed,
    Approved(Mark),
    Rejected {
        #[serde(flatten)]
        mark: Mark,
        code: String,
        text: String,
    },
    /// It was approved, and a newer one has taken its place.
    Superseded(Mark),
}

impl Basis {
    /// The digest over the basis and the lines that came of it.
    pub fn digest(&self, lines: &[DecidedLine]) -> Digest {
        let lines: Vec<_> = lines.iter().map(DecidedLine::to_line).collect();
        let case = self.case.to_string();
        let ruling = self.ruling.word();
        let rests_on = [self.artifact, self.dossier, self.outcome].map(|digest| digest.to_string());
        canonical::digest(&(self.tenant.code(), case, self.period, ruling, rests_on, lines))
    }
}

#[cfg(test)]
mod tests {
    use ydun_domain::ids::PartyId;

    use super::*;

    #[test]
    fn the_digest_covers_everything_a_decision_rests_on() {
        let basis = Basis {
            tenant: 561.try_into().unwrap(),
            case: CaseId::generate(),
            period: "2020-10-01..2020-10-31".parse().unwrap(),
            ruling: Ruling::Granted,
            artifact: Digest::of(b"artifact"),
            dossier: Digest::of(b"dossier"),
            outcome: Digest::of(b"outcome"),
        };
        let line = DecidedLine {
            key: "tilskud:2020-10".into(),
            payee: PartyId::generate(),
            about: None,
            period: basis.period,
            amount: Dkk::from_kroner(45),
            posting: "tilskud".into(),
            reference: None,
            details: vec![],
        };
        let digest = basis.digest(std::slice::from_ref(&line));
        let others = [
            Basis { tenant: 751.try_into().unwrap(), ..basis.clone() },
            Basis { case: CaseId::generate(), ..basis.clone() },
            Basis { period: "2020-10-01..2020-10-30".parse().unwrap(), ..basis.clone() },
            Basis { ruling: Ruling::PartlyGranted, ..basis.clone() },
            Basis { artifact: Digest::of(b"other"), ..basis.clone() },
            Basis { dossier: Digest::of(b"other"), ..basis.clone() },
            Basis { outcome: Digest::of(b"other"), ..basis.clone() },
        ];
        for other in others {
            assert_ne!(other.digest(std::slice::from_ref(&line)), digest, "{other:?}");
        }
        let more = DecidedLine { amount: line.amount + Dkk::from_oere(1), ..line.clone() };
        assert_ne!(basis.digest(&[more]), digest);
        assert_ne!(basis.digest(&[]), digest);
        assert_eq!(basis.digest(&[line]), digest);
    }
}
