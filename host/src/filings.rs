//! Forms that citizens and companies fill in themselves.
//!
//! A module's manifest says what is asked (`manifest::Form`); nothing is described twice. What is typed is kept
//! as typed, page by page, until it is sent: one may leave, and come back to where one was. Sent, each answered
//! page is a fact of a case ([`Told`]), by the same services as an import uses, so nobody types it again.
//!
//! Whose a filing is decides who may see it: [`service::open`] finds it among the visitor's own parties only.

pub mod service;
mod store;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ydun_domain::benefit::{Attribute, Party, Scalar};
use ydun_domain::ids::{CaseId, FilingId, PartyId};
use ydun_domain::{Cpr, Validity};
use ydun_runtime::Manifest;

use crate::facts::Content;

pub use service::{SaveError, SendError};

/// A form somebody is filling in, or has sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    pub id: FilingId,
    /// Whose it is: a citizen, a company or a unit of one.
    pub owner: PartyId,
    pub benefit: String,
    /// A key of the benefit's manifest.
    pub form: String,
    /// The case it is about; none until a new one is opened for it.
    pub case: Option<CaseId>,
    pub answers: Answers,
    /// Where the filer left it.
    pub step: String,
    /// One more each time it is saved.
    pub version: i64,
    pub saved_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
}

/// A form somebody begins on.
#[derive(Clone, Debug)]
pub struct NewFiling {
    pub owner: PartyId,
    pub benefit: String,
    pub form: String,
    pub case: Option<CaseId>,
    pub answers: Answers,
    pub step: String,
}

/// What was typed in one row of a page, by field.
pub type Row = BTreeMap<String, String>;

/// What was typed, by page. Most pages have one row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<String, Vec<Row>>);

impl Answers {
    pub fn rows(&self, page: &str) -> &[Row] {
        self.0.get(page).map(Vec::as_slice).unwrap_or_default()
    }

    pub fn set(&mut self, page: &str, rows: Vec<Row>) {
        self.0.insert(page.to_owned(), rows);
    }
}

/// A fact as a filer tells it: about whoever has its part in the case, and its values name parties by theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub kind: String,
    pub valid: Validity,
    pub attributes: Vec<Attribute>,
    /// The attribute that tells the day it was received, where the form has one.
    pub received: Option<String>,
}

/// Somebody with a part in a case that is not the filer's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub role: String,
    pub cpr: Cpr,
    pub name: String,
}

/// All that is sent.
#[derive(Clone, Debug, Default)]
pub struct Ready {
    /// Who has which part beside the filer; nobody where the case is there already.
    pub persons: Vec<Person>,
    pub told: Vec<Told>,
    /// What a person should read, in the filer's words.
    pub remarks: Vec<String>,
}

/// Who has which part. Whoever has none yet is stood for by an id of nobody, which is enough to check with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts(pub Vec<(String, PartyId)>);

impl Parts {
    fn holder(&self, role: &str) -> Option<PartyId> {
        self.0.iter().find(|(held, _)| held == role).map(|(_, party)| *party)
    }

    /// The fact that is told, with its parties; none where nobody has a part that it names.
    fn content(&self, manifest: &Manifest, told: &Told) -> Option<Content> {
        let about = self.holder(&manifest.fact(&told.kind)?.about)?;
        let attribute = |told: &Attribute| {
            let value = match &told.value {
                Scalar::Who(Party(role)) => Scalar::Who(self.holder(role)?.into()),
                other => other.clone(),
            };
            Some(Attribute { name: told.name.clone(), value })
        };
        let attributes = told.attributes.iter().map(attribute).collect::<Option<_>>()?;
        Some(Content { kind: told.kind.clone(), about, valid: told.valid, attributes })
    }
}
