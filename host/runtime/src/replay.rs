//! Two answers to the same question, held against each other: what another version would change.
//!
//! A difference has a class, and the first place where the two answers part, in the order the law is
//! followed: conditions first, then steps. Cases with the same class that part at the same place
//! are one group, which a person can look at and sign as a whole.

mod parting;

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use ydun_domain::Dkk;
use ydun_domain::benefit::{Failure, Line, Outcome, Verdict};

pub use parting::{Parting, Place};

use crate::fault::Fault;

/// How a version answered, as far as it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered<'a> {
    Outcome(&'a Outcome),
    /// The rules' orderly "I cannot".
    Failure(&'a Failure),
    /// The code of what went wrong with the module.
    Fault(&'a str),
}

/// What kind of difference there is, the harmless first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    Identical,
    /// The same money to the same payees for the same days, in other words or with other steps.
    ToldDifferently,
    /// Another amount, payee, period or posting.
    AmountChanged,
    /// Another verdict, or a verdict where there was none.
    VerdictChanged,
    /// No outcome, where there was one or for another reason than before.
    NewFailure,
}

/// What parts two answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Difference {
    pub class: Class,
    /// What the old answer pays in all; nothing where it is no outcome.
    pub before: Dkk,
    pub after: Dkk,
    /// None where the answers are identical.
    pub parting: Option<Parting>,
}

/// The text is no class of difference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no class of difference; see Class::ALL")]
pub struct NotAClass(String);

/// Holds the answer of a new version against the old one's.
pub fn compare(old: Answered<'_>, new: Answered<'_>) -> Difference {
    let class = Class::of(old, new);
    let parting = (class != Class::Identical).then(|| parting::first(old, new));
    Difference { class, before: old.total(), after: new.total(), parting }
}

impl<'a> Answered<'a> {
    /// What a call of a module answered.
    pub fn of(answer: &'a Result<Result<Outcome, Failure>, Fault>) -> Self {
        match answer {
            Ok(Ok(outcome)) => Self::Outcome(outcome),
            Ok(Err(failure)) => Self::Failure(failure),
            Err(fault) => Self::Fault(fault.code.as_str()),
        }
    }

    fn total(self) -> Dkk {
        match self {
            Self::Outcome(outcome) => outcome.lines.iter().map(|line| line.amount).sum(),
            Self::Failure(_) | Self::Fault(_) => Dkk::ZERO,
        }
    }

    /// `granted`, or `failure` where there is no verdict.
    fn word(self) -> &'static str {
        match self {
            Self::Outcome(outcome) => match outcome.verdict {
                Verdict::Granted => "granted",
                Verdict::PartlyGranted => "partly-granted",
                Verdict::Refused => "refused",
                Verdict::Incomplete => "incomplete",
                Verdict::NeedsHuman => "needs-human",
            },
            Self::Failure(_) | Self::Fault(_) => "failure",
        }
    }
}

impl Class {
    pub const ALL: &[Self] = &[
        Self::Identical,
        Self::ToldDifferently,
        Self::AmountChanged,
        Self::VerdictChanged,
        Self::NewFailure,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::ToldDifferently => "told-differently",
            Self::AmountChanged => "amount-changed",
            Self::VerdictChanged => "verdict-changed",
            Self::NewFailure => "new-failure",
        }
    }

    fn of(old: Answered<'_>, new: Answered<'_>) -> Self {
        match (old, new) {
            _ if old == new => Self::Identical,
            (_, Answered::Failure(_) | Answered::Fault(_)) => Self::NewFailure,
            (Answered::Outcome(old), Answered::Outcome(new)) if old.verdict == new.verdict => {
                if pays_the_same(&old.lines, &new.lines) {
                    Self::ToldDifferently
                } else {
                    Self::AmountChanged
                }
            }
            (_, Answered::Outcome(_)) => Self::VerdictChanged,
        }
    }
}

/// Whether the same money goes to the same payees for the same days, in whatever order it is told.
fn pays_the_same(old: &[Line], new: &[Line]) -> bool {
    let paid = |lines: &[Line]| {
        let mut lines: Vec<Line> = lines.iter().map(bare).collect();
        lines.sort_by(|a, b| a.key.cmp(&b.key));
        lines
    };
    paid(old) == paid(new)
}

/// A line without what is only told.
fn bare(line: &Line) -> Line {
    Line { reference: None, details: Vec::new(), steps: Vec::new(), ..line.clone() }
}

impl Difference {
    /// What the new answer pays more than the old one.
    pub fn amount(&self) -> Dkk {
        self.after - self.before
    }

    /// The group the case is in, such as `amount-changed/step/sats`; none where nothing changed.
    pub fn group(&self) -> Option<String> {
        let parting = self.parting.as_ref()?;
        let turn = parting.turn.as_ref().map(|turn| format!("{turn}/")).unwrap_or_default();
        Some(format!("{}/{turn}{}/{}", self.class, parting.place, parting.kind))
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for Class {
    type Err = NotAClass;

    fn from_str(text: &str) -> Result<Self, NotAClass> {
        let found = Self::ALL.iter().find(|class| class.word() == text);
        found.copied().ok_or_else(|| NotAClass(text.to_owned()))
    }
}

/// From a column.
impl TryFrom<String> for Class {
    type Error = NotAClass;

    fn try_from(text: String) -> Result<Self, NotAClass> {
        text.parse()
    }
}

#[cfg(test)]
mod tests;
