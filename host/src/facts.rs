//! What is known in a case, for which days, and since when.
//!
//! A fact has two dates: the days it is about, and the days it was held to be true. A correction
//! ends the second and records another fact, so what was known on a past day stays a question that
//! can be asked.

mod check;
mod refused;
pub mod service;
mod store;

use ydun_domain::benefit::{self, Attribute};
use ydun_domain::ids::{CaseId, FactId, PartyId};
use ydun_domain::{Day, Validity};

pub use check::{CaseView, Checked, check};
pub use refused::{Refused, Why};

/// A fact of a case as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub id: FactId,
    pub case: CaseId,
    pub content: Content,
    pub source: String,
    /// The day it was recorded.
    pub known_from: Day,
    /// The day it was corrected or withdrawn: from then on it is not known any more.
    pub known_until: Option<Day>,
}

/// What a fact says. Two facts with equal content say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub kind: String,
    pub about: PartyId,
    pub valid: Validity,
    /// In the order of their names.
    pub attributes: Vec<Attribute>,
}

/// As a module is given it.
impl From<&Fact> for benefit::Fact {
    fn from(fact: &Fact) -> Self {
        Self {
            id: fact.id.0.simple().to_string(),
            kind: fact.content.kind.clone(),
            about: fact.content.about.into(),
            valid: fact.content.valid,
            attributes: fact.content.attributes.clone(),
        }
    }
}
