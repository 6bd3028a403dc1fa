//! Events from registers: what is told us, each taken in once, and what came of it.
//!
//! An event is a [`Message`] of a register, kept in an inbox under its own message id. It never touches a
//! payment. What it means for the cases of the party is judged above (`operations::judge`): the fact it
//! tells is recorded, and the module says whether anything comes out otherwise. Most often nothing does,
//! and the event is closed with the reason; else a person is asked, once.
//!
//! To add a kind of event: a line in [`Kind`], what the manifests call it in [`Kind::in_manifest`], and
//! what it must carry in `message`.

mod message;
pub mod reconcile;
pub mod service;
mod store;
pub mod tried;

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_domain::ids::{CaseId, EventId, IgnoreId, UnreadId};
use ydun_domain::{Day, Dkk, Tenant};
use ydun_runtime::manifest::EventKind;

pub use message::{About, Message, MessageError, Wire};

use crate::words::words;

words! {
    /// What a register can tell.
    Kind("kind of event") {
        /// To an address in the municipality that the message names.
        Moved = "moved",
        MovedAbroad = "moved-abroad",
        Died = "died",
        NameChanged = "name-changed",
        CivilStatusChanged = "civil-status-changed",
        CustodyChanged = "custody-changed",
        PlacedOutsideHome = "placed-outside-home",
        /// Of name and address.
        ProtectionChanged = "protection-changed",
        CompanyCeased = "company-ceased",
        /// Into another company; it is there no more.
        CompanyMerged = "company-merged",
        IncomeChanged = "income-changed",
        EmploymentEnded = "employment-ended",
        /// Absence or holiday that the job centre has registered.
        Absent = "absent",
    }

    /// What came of an event in a case.
    Verdict("verdict on an event") {
        /// The benefit says that it has no meaning of its own.
        Noted = "noted",
        /// Calculated anew, the case comes out as before.
        Same = "same",
        /// A caseworker has said that such events mean nothing in the case.
        Ignored = "ignored",
        /// Something newer was known already.
        Overtaken = "overtaken",
        /// A person has a task.
        Asked = "asked",
    }
}

impl Kind {
    /// What the benefits call it; nothing where no benefit can depend on it.
    pub fn in_manifest(self, lives_here: bool) -> Option<EventKind> {
        match self {
            Self::Moved if lives_here => Some(EventKind::MovedWithinMunicipality),
            Self::Moved => Some(EventKind::MovedToOtherMunicipality),
            Self::MovedAbroad => Some(EventKind::StayAbroad),
            Self::Died => Some(EventKind::Died),
            Self::CivilStatusChanged => Some(EventKind::CivilStatusChanged),
            Self::CustodyChanged => Some(EventKind::CustodyChanged),
            Self::PlacedOutsideHome => Some(EventKind::PlacedOutsideHome),
            Self::CompanyCeased | Self::CompanyMerged => Some(EventKind::CompanyCeased),
            Self::IncomeChanged => Some(EventKind::IncomeChanged),
            Self::EmploymentEnded => Some(EventKind::EmploymentEnded),
            Self::Absent => Some(EventKind::Absent),
            Self::NameChanged | Self::ProtectionChanged => None,
        }
    }

    /// As a caseworker says it.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Moved => "flytning",
            Self::MovedAbroad => "udrejse",
            Self::Died => "dødsfald",
            Self::NameChanged => "nyt navn",
            Self::CivilStatusChanged => "ændret civilstand",
            Self::CustodyChanged => "ændret forældremyndighed",
            Self::PlacedOutsideHome => "anbringelse uden for hjemmet",
            Self::ProtectionChanged => "ændret navne- og adressebeskyttelse",
            Self::CompanyCeased => "virksomheden er ophørt",
            Self::CompanyMerged => "virksomheden er fusioneret",
            Self::IncomeChanged => "ændret indkomst",
            Self::EmploymentEnded => "ansættelsen er ophørt",
            Self::Absent => "fravær",
        }
    }

    /// Whether the business register tells it; the others are about persons, a new name about both.
    fn is_of_company(self) -> bool {
        matches!(self, Self::CompanyCeased | Self::CompanyMerged)
    }
}

/// An event in the inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub id: EventId,
    pub message: Message,
    pub received_at: DateTime<Utc>,
    /// When it is judged at the earliest.
    pub due_at: DateTime<Utc>,
    pub judged: Option<Judged>,
    /// How often judging it failed.
    pub attempts: i64,
    pub last_error: Option<String>,
}

impl Event {
    /// Whether the party lives in the municipality since a move.
    pub fn lives_in(&self, tenant: Tenant) -> bool {
        self.message.municipality == Some(tenant)
    }

    /// Which of two events of the same day the register told last.
    pub fn told(&self) -> (Day, Option<i64>, DateTime<Utc>, EventId) {
        (self.message.known, self.message.sequence, self.received_at, self.id)
    }
}

/// What came of an event as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judged {
    pub at: DateTime<Utc>,
    /// In Danish.
    pub reason: String,
}

/// What came of an event in one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    pub case: CaseId,
    pub verdict: Verdict,
    /// In Danish.
    pub reason: String,
    /// The business key of the task that tells a person.
    pub task_key: Option<String>,
    /// Whether money is kept back until somebody has looked.
    pub held: bool,
    /// What the months concerned gave without the event, and what they give with it.
    pub before: Dkk,
    pub after: Dkk,
}

/// A caseworker's word that a kind of event means nothing in a case for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ignore {
    pub id: IgnoreId,
    pub case: CaseId,
    pub kind: Kind,
    /// The last day it counts.
    pub until: Day,
    pub reason: String,
    pub said_by: String,
    pub ended_at: Option<DateTime<Utc>>,
}

/// A message that could not be read, as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unread {
    pub id: UnreadId,
    pub reason: String,
    pub received_at: DateTime<Utc>,
    #[serde(skip)]
    pub body: Vec<u8>,
}

/// Numbers a source has used up without our having got the events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    pub source: String,
    pub first: i64,
    pub last: i64,
}
