//! Citizens and companies who are here for themselves: who they have shown to be, and for how long it counts.
//!
//! Who somebody is, the national login says (`adapters::oidc`). From then on a token of the browser stands for
//! it, as a worker's does (`logins`), in a table and a cookie of its own: a visitor's token opens no door of
//! the house, and a worker's none of these. All that is kept hangs on the party, never on its number.

pub mod service;
mod store;

use chrono::{DateTime, TimeDelta, Utc};
use ydun_domain::{Cpr, Cvr, PNumber, SeNumber};

use crate::parties::{Identity, Party};

/// A visit ends after so long without a request.
const IDLE: TimeDelta = TimeDelta::minutes(30);
/// And after so long whatever happens.
const LENGTH: TimeDelta = TimeDelta::hours(8);

/// Who somebody has shown to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    Citizen { cpr: Cpr, name: String },
    Company { cvr: Cvr, name: String, unit: Option<Unit>, employee: Employee },
}

/// The part of a company that somebody may act for, where it is not all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    Se(SeNumber),
    P(PNumber),
}

/// Who sits there for a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    pub name: String,
    /// The company's own number for the person (RID).
    pub number: Option<String>,
}

/// A visit that counts now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Whom one acts for.
    pub party: Party,
    /// The name of who sits there.
    pub person: String,
    employee: Option<String>,
    seen_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

impl Visit {
    pub fn is_citizen(&self) -> bool {
        matches!(self.party.identity, Identity::Citizen(_))
    }

    fn counts_at(&self, now: DateTime<Utc>) -> bool {
        now < self.ends_at && now - self.seen_at <= IDLE
    }

    /// Who it was, for all that is recorded. No worker's initials hold a blank, so it is never taken for one.
    fn by(&self) -> String {
        let kind = if self.is_citizen() { "borger" } else { "virksomhed" };
        let employee = self.employee.as_ref().map(|number| format!(" RID {number}"));
        format!("{kind} {}{}", self.party.id, employee.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use ydun_domain::ids::PartyId;

    use super::*;

    #[test]
    fn a_visit_ends_when_nobody_comes_and_after_its_length() {
        let begun: DateTime<Utc> = "2026-11-23T08:00:00Z".parse().unwrap();
        let visit = |seen_after: TimeDelta| Visit {
            party: Party {
                id: PartyId::generate(),
                name: "Bo Dam".into(),
                identity: Identity::Citizen("070761-4285".parse().unwrap()),
            },
            person: "Bo Dam".into(),
            employee: None,
            seen_at: begun + seen_after,
            ends_at: begun + LENGTH,
        };
        assert!(visit(TimeDelta::zero()).counts_at(begun + IDLE));
        assert!(!visit(TimeDelta::zero()).counts_at(begun + IDLE + TimeDelta::seconds(1)));
        let busy = visit(LENGTH - TimeDelta::minutes(1));
        assert!(busy.counts_at(begun + LENGTH - TimeDelta::seconds(1)));
        assert!(!busy.counts_at(begun + LENGTH));
    }
}
