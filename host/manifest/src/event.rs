//! What a benefit wants done when a register reports something.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ScalarKind;

/// What the registers can report about a party of a case.
///
/// Address protection and a lost address are missing on purpose: they decide how a letter is
/// delivered, which is the host's business, and never whether a benefit is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    MovedWithinMunicipality,
    MovedToOtherMunicipality,
    Died,
    TurnedEighteen,
    CivilStatusChanged,
    IncomeChanged,
    EmploymentEnded,
    StayAbroad,
    CompanyCeased,
    PlacedOutsideHome,
    CustodyChanged,
    /// Absence or holiday that the job centre has registered.
    Absent,
}

/// The most an event can do.
///
/// There is no "stop": a register event changes facts, and only a decision changes a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventEffect {
    /// It has no meaning for this benefit; nobody is disturbed.
    Ignore,
    /// It is written on the case's time line.
    Note,
    /// The module runs again; the same outcome closes the event by itself.
    Recalculate,
    /// A caseworker gets a task, and running payments continue meanwhile.
    AskPerson,
}

/// The effect of one kind of event about one role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EventRule {
    pub event: EventKind,
    /// A role that the facts name, such as `child`.
    pub about: String,
    pub effect: EventEffect,
    /// The task's title in Danish, when a person is asked.
    #[serde(default)]
    pub title: Option<String>,
    /// Why, with the section of law.
    pub why: String,
    /// The fact that the event tells the benefit; none where no fact of the benefit says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<EventFact>,
}

/// A fact that an event tells: about the party of the event, from the day of the event on.
///
/// Where the kind of fact is exclusive, what was known before ends the day before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EventFact {
    pub kind: String,
    /// What each attribute is given.
    #[serde(default)]
    pub tells: BTreeMap<String, Told>,
}

/// What an event can tell in an attribute of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    /// The day of the event.
    Day,
    /// The code of the municipality the party lives in since the event, four digits.
    Municipality,
}

impl Told {
    /// The kind of value it is.
    pub fn kind(self) -> ScalarKind {
        match self {
            Self::Day => ScalarKind::Day,
            Self::Municipality => ScalarKind::Text,
        }
    }
}
