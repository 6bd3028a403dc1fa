//! One person's matter under one benefit, and who has which part in it.

mod number;
pub mod service;
mod store;

use std::fmt;
use std::ops::RangeInclusive;

use uuid::Uuid;
use ydun_domain::Day;
use ydun_domain::ids::{CaseId, PartyId};

pub use number::{CaseNumber, NotACaseNumber};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub id: CaseId,
    pub number: CaseNumber,
    /// What the system it was imported from calls it.
    pub external_key: Option<String>,
    /// A module's id.
    pub benefit: String,
    pub opened: Day,
    pub closed: Option<Day>,
}

/// A party's part in a case, such as `apprentice` or `employer`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Role {
    pub case: CaseId,
    pub role: String,
    pub party: PartyId,
}

/// Neighbouring cases by id, so that what concerns many of them is read at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseRange {
    after: CaseId,
    up_to: CaseId,
}

impl CaseRange {
    /// The cases from the first to the last of these, which are in the order of their ids.
    pub fn of(cases: &[Case]) -> Option<Self> {
        Some(Self { after: Self::of_one(cases.first()?.id).after, up_to: cases.last()?.id })
    }

    pub fn of_one(case: CaseId) -> Self {
        Self::between(case, case)
    }

    /// Every case of a municipality.
    pub fn all() -> Self {
        Self { after: CaseId(Uuid::nil()), up_to: CaseId(Uuid::max()) }
    }

    /// From one case to another, both included.
    pub fn between(first: CaseId, last: CaseId) -> Self {
        let before = Uuid::from_u128(first.0.as_u128().saturating_sub(1));
        Self { after: CaseId(before), up_to: last }
    }

    /// The id before the first; not included.
    pub fn after(self) -> CaseId {
        self.after
    }

    /// The last id; included.
    pub fn up_to(self) -> CaseId {
        self.up_to
    }
}

/// Every case of a municipality.
pub const ALL_CASES: RangeInclusive<CaseId> = CaseId(Uuid::nil())..=CaseId(Uuid::max());

/// How people name the case.
impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.number, f)
    }
}
