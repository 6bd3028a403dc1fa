//! The letters a benefit has words for.

use serde::{Deserialize, Serialize};

use super::ScalarKind;

/// A letter the module may ask for, with the benefit's part of its text.
///
/// Sender, recipient, case number, reasons from the steps and guidance on appeal are the host's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LetterTemplate {
    pub key: String,
    pub kind: LetterKind,
    pub title: String,
    #[serde(default)]
    pub fields: Vec<LetterField>,
    /// Paragraphs in plain Danish; `{name}` is filled with the field of that name.
    #[serde(default)]
    pub paragraphs: Vec<String>,
    /// What may be appealed, to whom and by when; none where the letter decides nothing.
    #[serde(default)]
    pub appeal: Option<String>,
}

/// What a letter does, which decides what the law says it must contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LetterKind {
    Acknowledgement,
    RequestForInformation,
    Hearing,
    DecisionGranted,
    DecisionPartlyGranted,
    DecisionRefused,
    DecisionChanged,
    DecisionStopped,
    PaymentNotice,
    Information,
}

/// A value that a paragraph tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LetterField {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: ScalarKind,
}

impl LetterTemplate {
    /// The names in braces, in the order of the text.
    pub fn slots(&self) -> impl Iterator<Item = &str> {
        self.paragraphs.iter().flat_map(|paragraph| {
            paragraph
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split_once('}'))
                .map(|(name, _)| name)
        })
    }
}
