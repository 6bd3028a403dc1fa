//! Keeping a payee's money back until a person has looked.
//!
//! A hold is never silent: it says why, stands beside a task, and is listed. It keeps back what has not
//! left, and what is decided while it stands, of the days it is about. Whoever releases it says why; so
//! does the decision that counts the days anew.

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_domain::Day;
use ydun_domain::ids::{CaseId, HoldId, PartyId};

/// A payee's money kept back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Hold {
    pub id: HoldId,
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    pub payee: PartyId,
    /// Payments with days from here on are kept back.
    pub since: Day,
    /// In Danish.
    pub reason: String,
    pub placed_at: DateTime<Utc>,
    pub placed_by: String,
    pub released_at: Option<DateTime<Utc>>,
    pub released_because: Option<String>,
}
