//! The Danish words of a case table, one list for reading and writing.

use crate::ScalarKind;
use ydun_domain::benefit::{Severity, State, Verdict};

/// What a row is about: the table's first column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Title,
    Reason,
    Span,
    AsOf,
    KnownAt,
    Fact,
    Prior,
    Setting,
    Rate,
    /// The settings or rates of the table are all there are; nothing is filled in.
    Only,
    Verdict,
    Failure,
    Condition,
    Missing,
    Line,
    Reference,
    Step,
    Need,
    Letter,
    Task,
    Question,
    Claim,
    Finding,
}

/// Something that is written as one word.
pub(super) trait Word: Copy + PartialEq + 'static {
    /// What it is, for an error.
    const WHAT: &str;
    const WORDS: &[(Self, &str)];

    fn word(self) -> &'static str {
        let found = Self::WORDS.iter().find(|(value, _)| *value == self);
        found.map(|(_, word)| *word).expect("every value has a word")
    }

    /// Capitals do not matter: a spreadsheet may have put one first.
    fn read(text: &str) -> Result<Self, String> {
        let found = Self::WORDS.iter().find(|(_, word)| *word == text.to_lowercase());
        found.map(|(value, _)| *value).ok_or_else(|| {
            let words: Vec<&str> = Self::WORDS.iter().map(|(_, word)| *word).collect();
            format!("'{text}' is no {}; write one of {}", Self::WHAT, words.join(", "))
        })
    }
}

impl Word for Part {
    const WHAT: &str = "part of a case";
    const WORDS: &[(Self, &str)] = &[
        (Self::Title, "titel"),
        (Self::Reason, "begrundelse"),
        (Self::Span, "periode"),
        (Self::AsOf, "vurderet"),
        (Self::KnownAt, "kendt"),
        (Self::Fact, "oplysning"),
        (Self::Prior, "tidligere linje"),
        (Self::Setting, "valg"),
        (Self::Rate, "sats"),
        (Self::Only, "kun"),
        (Self::Verdict, "afgørelse"),
        (Self::Failure, "afbrudt"),
        (Self::Condition, "betingelse"),
        (Self::Missing, "mangler"),
        (Self::Line, "linje"),
        (Self::Reference, "reference"),
        (Self::Step, "trin"),
        (Self::Need, "behov"),
        (Self::Letter, "brev"),
        (Self::Task, "opgave"),
        (Self::Question, "spørgsmål"),
        (Self::Claim, "krav"),
        (Self::Finding, "bemærkning"),
    ];
}

impl Word for ScalarKind {
    const WHAT: &str = "type";
    const WORDS: &[(Self, &str)] = &[
        (Self::Flag, "ja/nej"),
        (Self::Integer, "heltal"),
        (Self::Amount, "beløb"),
        (Self::Number, "tal"),
        (Self::Day, "dag"),
        (Self::Span, "dage"),
        (Self::Text, "tekst"),
        (Self::Code, "kode"),
        (Self::Who, "part"),
    ];
}

impl Word for Verdict {
    const WHAT: &str = "decision";
    const WORDS: &[(Self, &str)] = &[
        (Self::Granted, "bevilges"),
        (Self::PartlyGranted, "bevilges delvist"),
        (Self::Refused, "afslag"),
        (Self::Incomplete, "mangler oplysninger"),
        (Self::NeedsHuman, "skal vurderes"),
    ];
}

impl Word for State {
    const WHAT: &str = "state of a condition";
    const WORDS: &[(Self, &str)] = &[
        (Self::Met, "opfyldt"),
        (Self::NotMet, "ikke opfyldt"),
        (Self::NeedsHuman, "skal vurderes"),
        (Self::NotAssessed, "ikke vurderet"),
    ];
}

impl Word for Severity {
    const WHAT: &str = "severity";
    const WORDS: &[(Self, &str)] =
        &[(Self::Info, "oplysning"), (Self::Warning, "advarsel"), (Self::Error, "fejl")];
}

/// Why a module gave no outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailureKind {
    MissingRate,
    Unsupported,
    Contradiction,
}

impl Word for FailureKind {
    const WHAT: &str = "failure";
    const WORDS: &[(Self, &str)] = &[
        (Self::MissingRate, "sats mangler"),
        (Self::Unsupported, "ikke dækket"),
        (Self::Contradiction, "modstrid"),
    ];
}

/// What [`Part::Only`] is said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    Rates,
    Settings,
}

impl Word for Given {
    const WHAT: &str = "list that is filled in";
    const WORDS: &[(Self, &str)] = &[(Self::Rates, "satser"), (Self::Settings, "valg")];
}
