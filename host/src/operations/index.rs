//! What the common benefit index (Ydelsesindeks) is told: which benefits are granted, and what is paid.
//!
//! What it should hold follows from the decisions and the payments; what it holds follows from what
//! it was told. What to tell next is the difference: a grant or an effectuation that is new, has
//! changed, or is no more. So a correction reaches the index by asking again.

mod due;
pub mod service;
mod store;

use std::{fmt, io};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use ydun_domain::ids::{CaseId, IndexFileId, PartyId};
use ydun_domain::{Cvr, Day, Dkk, Tenant};

use crate::words::words;

words! {
    /// What happened to what the index holds.
    LifeCycle("life cycle") {
        New = "opstaaet",
        Changed = "rettet",
        Gone = "slettet",
    }
}

/// Something the index holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "object", rename_all = "kebab-case")]
pub enum Object {
    /// A benefit that is granted (bevilling).
    Grant(Grant),
    /// A payout (effektuering).
    Effectuation(Effectuation),
}

/// What is granted in a case, from the first decided day to the last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Grant {
    pub case: CaseId,
    /// As people call it.
    pub number: String,
    pub benefit: String,
    pub first: Day,
    pub last: Day,
    /// Those it pays.
    pub payees: Vec<PartyId>,
}

/// A payout, here or by another system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Effectuation {
    /// The payment's.
    pub id: Uuid,
    pub case: CaseId,
    pub payee: PartyId,
    pub disposal: Day,
    /// Before tax.
    pub gross: Dkk,
    /// After tax, ATP and what is held back.
    pub net: Dkk,
    /// What has left for the bank, and what the payee has.
    pub sent: Dkk,
    pub paid: Dkk,
    pub parts: Vec<Part>,
}

/// A part of a payout: what one line of the case gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Part {
    pub posting_code: String,
    pub first: Day,
    pub last: Day,
    pub amount: Dkk,
}

impl Object {
    /// Its id in the index.
    pub fn id(&self) -> Uuid {
        match self {
            Self::Grant(grant) => grant.case.0,
            Self::Effectuation(effectuation) => effectuation.id,
        }
    }
}

/// One thing to tell the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Registration {
    /// From 1, for each object.
    pub number: i64,
    pub life_cycle: LifeCycle,
    pub object: Object,
}

/// A file of registrations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct IndexFile {
    pub tenant: Tenant,
    pub id: IndexFileId,
    pub name: String,
    #[serde(skip)]
    pub digest: Vec<u8>,
    pub registrations: i64,
    pub made_at: DateTime<Utc>,
    pub made_by: String,
    pub published_at: Option<DateTime<Utc>>,
}

/// How the index is written to.
pub trait IndexFormat: fmt::Debug + Send + Sync {
    /// Writes a file. The same file, authority and registrations give the same bytes.
    fn write(
        &self,
        file: &IndexFile,
        authority: &Cvr,
        registrations: &[Registration],
        to: &mut dyn io::Write,
    ) -> io::Result<()>;
}
