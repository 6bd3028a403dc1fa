//! The cases a module carries along: a dossier each, and the answer it promises.

use serde::{Deserialize, Serialize};
use ydun_domain::benefit::{Dossier, Failure, Outcome};

/// The name of the section: a JSON list of [`Case`].
pub const SECTION: &str = "ydun:cases";

/// A dossier and what the law gives for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// A key, by which tools and people find it.
    pub name: String,
    /// What the case shows, in Danish.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Why the answer is right: the law and the sum, in Danish.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    pub dossier: Dossier,
    pub expected: Expected,
}

/// The answer promised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    Outcome(Outcome),
    Failure(Failure),
}

impl From<Result<Outcome, Failure>> for Expected {
    fn from(answer: Result<Outcome, Failure>) -> Self {
        answer.map_or_else(Self::Failure, Self::Outcome)
    }
}
