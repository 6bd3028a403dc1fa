//! Days on which the municipality does not approve, activate or send: the end of a month, a holiday, a move
//! to another system.
//!
//! A freeze is kept by the services, not by the pages: whoever approves, activates or sends asks
//! [`service::in_force`] first. Money that cannot wait is paid at once, by two persons: one allows it for the
//! case with a reason, another approves it in the lane straks.
//!
//! To freeze another kind of thing, add a line to [`Kind`] and ask where it is done.

pub mod service;
mod store;

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_domain::ids::{CaseId, FreezeId};
use ydun_domain::{Day, Period};

use crate::words::words;

words! {
    /// What is not done.
    Kind("kind of freeze") {
        /// Proposals are not approved.
        Approval = "approval",
        /// No version begins to count.
        Activation = "activation",
        /// No payments leave, but those at once.
        Sending = "sending",
    }
}

impl Kind {
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Approval => "godkendelse",
            Self::Activation => "ibrugtagning af moduler",
            Self::Sending => "afsendelse af betalinger",
        }
    }
}

/// Days on which something is not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Freeze {
    pub id: FreezeId,
    pub kind: Kind,
    pub days: Period,
    /// In Danish.
    pub reason: String,
    pub set_at: DateTime<Utc>,
    pub set_by: String,
    pub lifted: Option<Lifted>,
}

impl Freeze {
    /// Whether the thing is not done on a day.
    pub fn holds_on(&self, day: Day) -> bool {
        self.lifted.is_none() && self.days.contains(day)
    }
}

/// That a freeze ended before its last day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lifted {
    pub at: DateTime<Utc>,
    pub by: String,
    pub because: String,
}

/// A case that may be paid at once all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Exception {
    #[sqlx(rename = "freeze_id")]
    pub freeze: FreezeId,
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    pub reason: String,
    pub allowed_at: DateTime<Utc>,
    pub allowed_by: String,
}

/// It is not done today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// Kept apart, so that errors stay small.
    pub freeze: Box<Freeze>,
}

impl std::error::Error for Frozen {}

impl fmt::Display for Frozen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Freeze { id, kind, days, reason, .. } = &*self.freeze;
        let next = days.last().next();
        write!(f, "the municipality does no {kind} {days}: {reason}; do it from {next} on, or ")?;
        match kind {
            Kind::Approval => write!(
                f,
                "pay a case that cannot wait at once: one person allows it with `ydun freeze allow {id} CASE`, \
                 another approves it with `--lane straks`"
            ),
            Kind::Activation | Kind::Sending => {
                write!(f, "end the freeze with `ydun freeze lift {id}`")
            }
        }
    }
}
