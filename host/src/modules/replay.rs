//! Replays: stored dossiers calculated by two versions, to see what the other one would change.
//!
//! A replay holds answers against each other and changes nothing. What it finds is sorted into groups:
//! one class of difference that begins at one step. A person signs each group, and a version is
//! switched on when all are signed ([`gate`]). What a shadow found in a month's run and what new
//! rates would change are kept and told in the same way.

pub mod compare;
pub mod gate;
mod make;
pub mod report;
pub mod service;
mod store;

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_domain::Day;
use ydun_domain::ids::{CampaignId, CaseId, MonthRunId, ReplayId, RunId};
use ydun_runtime::Digest;
use ydun_runtime::replay::Difference;

use crate::words::words;

words! {
    /// What the answers of a replay come from.
    Origin("origin of a replay") {
        /// Stored dossiers through an old and a new version.
        Replay = "replay",
        /// A version beside the active one in a month's run.
        Shadow = "shadow",
        /// Stored dossiers with and without new rates.
        Campaign = "campaign",
        /// Cases calculated anew with new rates, beside what was calculated before.
        Wave = "wave",
    }
}

/// Which stored dossiers are taken: the newest of each case and first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    All,
    /// Those of cases that are not closed.
    Open,
    /// Some of all; the same seed gives the same ones.
    Sample {
        seed: u64,
    },
}

/// Up to when rates and settings are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knowledge {
    /// As when each dossier was made: what was decided then is calculated as it was then.
    AsThen,
    /// As on one day for all: what would be calculated now.
    On(Day),
}

/// Stored dossiers calculated by two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Replay {
    pub id: ReplayId,
    pub benefit: String,
    pub origin: Origin,
    /// None where each dossier has the version that counts for its days.
    pub old: Option<Digest>,
    pub new: Option<Digest>,
    pub scope: Scope,
    /// None where each dossier is as it was known then.
    pub known_at: Option<Day>,
    pub month_run: Option<MonthRunId>,
    pub campaign: Option<CampaignId>,
    pub wave: Option<i64>,
    /// How many there are to compare; none where it shows on the way.
    pub dossiers: Option<i64>,
    pub started_at: DateTime<Utc>,
    pub started_by: String,
    pub finished_at: Option<DateTime<Utc>>,
}

/// A stored calculation held against another answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    pub case: CaseId,
    /// The stored calculation.
    pub run: RunId,
    pub difference: Difference,
}

impl Scope {
    fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Open => "open",
            Self::Sample { .. } => "sample",
        }
    }

    fn seed(self) -> Option<i64> {
        match self {
            Self::Sample { seed } => Some(seed.cast_signed()),
            Self::All | Self::Open => None,
        }
    }
}
