//! Campaigns: new rates as data, on their way to every case.
//!
//! A campaign brings values of rates that no module has to be built for. It is tried on the stored
//! dossiers first; when a person has signed what it changes, a sample of cases is calculated, and
//! then the others in waves. A case knows the rates from the day a wave took it; when the last wave
//! is done, every case does. What a campaign calculates is proposed, never approved.

pub mod rates;
pub mod service;
mod store;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ydun_domain::Day;
use ydun_domain::ids::{CampaignId, PublicationId};

use self::rates::AddedRate;
use crate::words::words;

words! {
    /// How far a campaign has come.
    State("state of a campaign") {
        /// Its rates are written down; nothing has been calculated.
        Draft = "draft",
        /// Tried on the stored dossiers, which changed nothing.
        Tried = "tried",
        /// A sample of cases is calculated.
        Sampled = "sampled",
        /// The other cases are calculated, wave by wave.
        Waves = "waves",
        /// A person stopped it for a while.
        Paused = "paused",
        /// It stopped itself: something changed that nobody had signed.
        Halted = "halted",
        /// Its rates count for every case.
        Done = "done",
        /// Given up: its rates count for no case any more.
        Withdrawn = "withdrawn",
    }
}

/// New rates for a benefit, as a person or another system writes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RateFile {
    pub benefit: String,
    /// What people call it, such as `Satser 2021`.
    pub title: String,
    pub rates: Vec<AddedRate>,
}

/// New rates on their way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Campaign {
    pub id: CampaignId,
    pub benefit: String,
    pub title: String,
    /// None where the rates are the municipality's own.
    pub publication: Option<PublicationId>,
    pub state: State,
    /// What it was when it was paused or halted.
    pub resumes_as: Option<State>,
    /// Why it was paused, halted or withdrawn.
    pub note: String,
    pub created_at: DateTime<Utc>,
    pub created_by: String,
    /// The day its rates began to count for every case.
    pub done_on: Option<Day>,
    pub withdrawn_on: Option<Day>,
    pub rates: Vec<AddedRate>,
}

/// Rates for all municipalities, which each takes in by a campaign of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Publication {
    pub id: PublicationId,
    pub file: RateFile,
    pub published_at: DateTime<Utc>,
    pub published_by: String,
}

/// How many cases a campaign has before and behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Progress {
    pub cases: i64,
    /// In a wave, calculated or not.
    pub chosen: i64,
    /// Calculated with the new rates.
    pub taken: i64,
    pub waves: i64,
}

impl Campaign {
    /// Whether its cases are being calculated: work planned for it may be done.
    pub fn is_running(&self) -> bool {
        matches!(self.state, State::Sampled | State::Waves)
    }
}
