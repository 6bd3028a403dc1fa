//! Work on many cases at once: a month's run, its approval, and what they amount to.

pub mod ahead;
mod answer;
pub mod approval;
pub mod campaign;
pub mod close;
pub mod correction;
pub mod delivery;
pub mod elsewhere;
pub mod export;
pub mod figures;
pub mod index;
pub mod judge;
pub mod measures;
mod month_run;
pub mod post;
pub mod progress;
pub mod remittance;
pub mod reply;
mod rollback;
pub mod send_back;
pub mod service;
mod store;
pub mod straks;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_domain::ids::MonthRunId;
use ydun_domain::{Day, Dkk, Month};
use ydun_runtime::Digest;

use crate::words::words;

words! {
    /// What a month's run gave in a case.
    CaseResult("result") {
        /// Put to decision.
        Proposed = "proposed",
        /// The same as is decided already.
        Unchanged = "unchanged",
        /// No money, and none decided before.
        Nothing = "nothing",
        /// A refusal is put to decision.
        Refused = "refused",
        /// Facts are missing: somebody must find them.
        Incomplete = "incomplete",
        NeedsHuman = "needs-human",
        /// Nobody has sent the month's request yet.
        Unanswered = "unanswered",
        /// The module failed; running payments go on.
        Fault = "fault",
    }
}

/// A month's calculation of all open cases of a benefit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MonthRun {
    pub id: MonthRunId,
    pub benefit: String,
    pub month: Month,
    /// 1 for the first run of the month.
    pub sequence: i64,
    /// The module every case of it is calculated with.
    pub artifact: Digest,
    pub as_of: Day,
    pub known_at: Day,
    pub started_at: DateTime<Utc>,
    pub started_by: String,
    pub finished_at: Option<DateTime<Utc>>,
}

/// What a run came to, so far or in all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally(pub BTreeMap<CaseResult, Share>);

/// The cases with one result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    pub cases: i64,
    /// What the calculation gives.
    pub amount: Dkk,
    /// What was decided for the same days before.
    pub decided: Dkk,
}

impl Tally {
    pub fn cases(&self) -> i64 {
        self.0.values().map(|share| share.cases).sum()
    }

    /// What is to be decided, less what was decided for the same days before.
    pub fn difference(&self) -> Dkk {
        self.0.values().map(|share| share.amount - share.decided).sum()
    }

    pub fn of(&self, result: CaseResult) -> Share {
        self.0.get(&result).copied().unwrap_or_default()
    }

    fn add(&mut self, result: CaseResult, more: Share) {
        let share = self.0.entry(result).or_default();
        share.cases += more.cases;
        share.amount += more.amount;
        share.decided += more.decided;
    }
}
