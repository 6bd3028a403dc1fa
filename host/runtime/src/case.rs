//! The cases a module carries along: a dossier each, and the answer it promises.

use serde::{Deserialize, Serialize};
use ydun_domain::benefit::{Dossier, Failure, Outcome};

use crate::fault::{Code, Fault};
use crate::section;

/// The name of the section: a JSON list of [`Case`].
pub const SECTION: &str = "ydun:cases";

/// A dossier and what the law gives for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What the case shows, as a sentence or a key.
    pub name: String,
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

/// The cases in a component. A module that shows nothing is not verified.
pub fn read(component: &[u8]) -> Result<Vec<Case>, Fault> {
    let refuse = |why: String| Fault::new(Code::CasesFormat, why);
    let sections =
        section::read(component, SECTION).map_err(|error| Fault::new(Code::Format, error))?;
    let [json] = sections.as_slice() else {
        return Err(refuse(format!("{} sections '{SECTION}', one is wanted", sections.len())));
    };
    let cases: Vec<Case> =
        serde_json::from_slice(json).map_err(|error| refuse(error.to_string()))?;
    if cases.is_empty() {
        return Err(refuse("there is no case".into()));
    }
    Ok(cases)
}
