//! Money that goes to somebody else for its payee: the rent to the landlord, the bill to the supplier.
//!
//! The law or an agreement says that some of a citizen's benefit is paid to others (such as aktivlovens
//! § 81 a and § 90). Those named for a payee and benefit are paid in the order of their priority, each up to
//! an amount in a calendar month, and what is left goes to the payee. Nobody's right is changed by it:
//! the money is the payee's income, and the payee's when it is too much. As with an account, one person asks
//! for it and another confirms it.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_domain::ids::{PartyId, RedirectionId};
use ydun_domain::{AccountNumber, Day, Dkk};

use super::payee_account::State;
use crate::ledger::Positive;

/// How much of what a payee is left with goes to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// No more than this of the money at disposal in a calendar month.
    Monthly(Positive),
    All,
}

/// Money that goes to somebody else for its payee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Redirection {
    pub id: RedirectionId,
    #[serde(flatten)]
    pub terms: Terms,
    pub state: State,
    pub asked_at: DateTime<Utc>,
    pub asked_by: String,
    pub confirmed_by: Option<String>,
    pub closed_reason: Option<String>,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Terms {
    /// Whose money it is.
    pub payee: PartyId,
    /// The module's id.
    pub benefit: String,
    /// Who gets it.
    pub receiver: PartyId,
    /// None: the receiver's NemKonto.
    pub account: Option<AccountNumber>,
    /// What the receiver knows it by, such as the number of the flat.
    pub reference: String,
    /// The lowest is paid first.
    pub priority: u32,
    pub measure: Measure,
    /// The first day of disposal it counts for.
    pub from: Day,
    /// The last; none: until it is ended.
    pub until: Option<Day>,
    /// What in law or agreement allows it.
    pub ground: String,
}

impl Terms {
    /// Whether it counts for money that is at disposal on a day.
    pub fn counts_on(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// What of a net goes to the receiver, when some has in the month.
    pub fn of(&self, net: Dkk, gone_before: Dkk) -> Option<Positive> {
        let most = match self.measure {
            Measure::All => net,
            Measure::Monthly(most) => net.min(most.dkk() - gone_before),
        };
        Positive::new(most)
    }
}

/// `1.000,00 kr. om måneden`, `alt`
impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Monthly(most) => write!(f, "{} om måneden", most.dkk()),
            Self::All => write!(f, "alt"),
        }
    }
}

impl Serialize for Measure {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Monthly(most) => most.dkk().serialize(serializer),
            Self::All => serializer.serialize_str("all"),
        }
    }
}
