//! What a module answers.

use super::{Attribute, Party, Scalar};
use crate::money::Dkk;
use crate::time::{Day, Period, Validity};

/// Money to one payee for one period.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub struct Line {
    /// Stable within the case: the same meaning has the same key when calculated again.
    #[cfg_attr(feature = "host", n(0))]
    pub key: String,
    #[cfg_attr(feature = "host", n(1))]
    pub payee: Party,
    /// The person it concerns, when that is not the payee.
    #[cfg_attr(feature = "host", n(2), serde(default))]
    pub about: Option<Party>,
    #[cfg_attr(feature = "host", n(3))]
    pub period: Period,
    #[cfg_attr(feature = "host", n(4))]
    pub amount: Dkk,
    /// A posting code of the manifest: tax, refund, account and text on the notice.
    #[cfg_attr(feature = "host", n(5))]
    pub posting: String,
    /// The payee's own reference, carried to the bank line and the notice.
    #[cfg_attr(feature = "host", n(6), serde(default))]
    pub reference: Option<String>,
    /// What the payee is told beside the amount, such as hours and rate.
    #[cfg_attr(feature = "host", n(7), serde(default))]
    pub details: Vec<Attribute>,
    /// The steps the amount rests on, last step first.
    #[cfg_attr(feature = "host", n(8), serde(default))]
    pub steps: Vec<String>,
}

/// One rule's contribution, as a person would explain it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub struct Step {
    #[cfg_attr(feature = "host", n(0))]
    pub id: String,
    #[cfg_attr(feature = "host", n(1))]
    pub label: String,
    /// Act, section and paragraph.
    #[cfg_attr(feature = "host", n(2))]
    pub law: String,
    #[cfg_attr(feature = "host", n(3), serde(default))]
    pub inputs: Vec<Attribute>,
    #[cfg_attr(feature = "host", n(4))]
    pub value: Scalar,
}

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub enum State {
    #[cfg_attr(feature = "host", n(0))]
    Met,
    #[cfg_attr(feature = "host", n(1))]
    NotMet,
    /// Only a person can judge it.
    #[cfg_attr(feature = "host", n(2))]
    NeedsHuman,
    #[cfg_attr(feature = "host", n(3))]
    NotAssessed,
}

/// One condition of the law, tested.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub struct Condition {
    #[cfg_attr(feature = "host", n(0))]
    pub id: String,
    #[cfg_attr(feature = "host", n(1))]
    pub label: String,
    /// Act, section and paragraph.
    #[cfg_attr(feature = "host", n(2))]
    pub law: String,
    #[cfg_attr(feature = "host", n(3))]
    pub state: State,
    /// Ids of the facts it rests on.
    #[cfg_attr(feature = "host", n(4), serde(default))]
    pub facts: Vec<String>,
    /// Kinds of facts it lacks.
    #[cfg_attr(feature = "host", n(5), serde(default))]
    pub missing: Vec<String>,
    #[cfg_attr(feature = "host", n(6), serde(default))]
    pub note: Vec<Attribute>,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub enum Severity {
    #[cfg_attr(feature = "host", n(0))]
    Info,
    #[cfg_attr(feature = "host", n(1))]
    Warning,
    #[cfg_attr(feature = "host", n(2))]
    Error,
}

/// Something a person should know about the input.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub struct Finding {
    /// The field or fact it is about.
    #[cfg_attr(feature = "host", n(0), serde(default))]
    pub path: Option<String>,
    #[cfg_attr(feature = "host", n(1))]
    pub code: String,
    #[cfg_attr(feature = "host", n(2))]
    pub severity: Severity,
    #[cfg_attr(feature = "host", n(3), serde(default))]
    pub attributes: Vec<Attribute>,
}

/// Something the host should fetch or ask for before it calls again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub struct Need {
    #[cfg_attr(feature = "host", n(0))]
    pub kind: String,
    #[cfg_attr(feature = "host", n(1))]
    pub about: Party,
    #[cfg_attr(feature = "host", n(2))]
    pub valid: Validity,
    #[cfg_attr(feature = "host", n(3))]
    pub reason: String,
}

/// A letter to be written from a template of the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub struct Letter {
    #[cfg_attr(feature = "host", n(0))]
    pub key: String,
    #[cfg_attr(feature = "host", n(1))]
    pub template: String,
    #[cfg_attr(feature = "host", n(2))]
    pub recipient: Party,
    #[cfg_attr(feature = "host", n(3), serde(default))]
    pub fields: Vec<Attribute>,
    #[cfg_attr(feature = "host", n(4), serde(default))]
    pub steps: Vec<String>,
}

/// A fact that answers a task.
///
/// The task names its kind and whom it is about, a person gives the attributes that are not in
/// `given`, and the answer holds for these days and no others.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub struct Question {
    #[cfg_attr(feature = "host", n(0))]
    pub kind: String,
    #[cfg_attr(feature = "host", n(1))]
    pub about: Party,
    #[cfg_attr(feature = "host", n(2))]
    pub valid: Validity,
    #[cfg_attr(feature = "host", n(3), serde(default))]
    pub given: Vec<Attribute>,
}

/// Work for a caseworker.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub struct Task {
    #[cfg_attr(feature = "host", n(0))]
    pub key: String,
    /// A queue of the manifest.
    #[cfg_attr(feature = "host", n(1))]
    pub queue: String,
    #[cfg_attr(feature = "host", n(2))]
    pub title: String,
    #[cfg_attr(feature = "host", n(3), serde(default))]
    pub due: Option<Day>,
    /// What the person must know.
    #[cfg_attr(feature = "host", n(4), serde(default))]
    pub attributes: Vec<Attribute>,
    /// None when it is done elsewhere than in the case, such as a letter written by hand.
    #[cfg_attr(feature = "host", n(5), serde(default))]
    pub questions: Vec<Question>,
}

/// Money that may have to come back. Proposed here, decided by people.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub struct Claim {
    #[cfg_attr(feature = "host", n(0))]
    pub key: String,
    #[cfg_attr(feature = "host", n(1))]
    pub debtor: Party,
    #[cfg_attr(feature = "host", n(2))]
    pub period: Period,
    #[cfg_attr(feature = "host", n(3))]
    pub amount: Dkk,
    /// A claim ground of the manifest.
    #[cfg_attr(feature = "host", n(4))]
    pub ground: String,
    /// What the debtor is told beside the amount, and what collecting it asks for.
    #[cfg_attr(feature = "host", n(5), serde(default))]
    pub details: Vec<Attribute>,
    #[cfg_attr(feature = "host", n(6), serde(default))]
    pub steps: Vec<String>,
}

/// Something the host should do beside paying.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub enum Effect {
    #[cfg_attr(feature = "host", n(0))]
    Letter(#[cfg_attr(feature = "host", n(0))] Letter),
    #[cfg_attr(feature = "host", n(1))]
    Task(#[cfg_attr(feature = "host", n(0))] Task),
    #[cfg_attr(feature = "host", n(2))]
    Claim(#[cfg_attr(feature = "host", n(0))] Claim),
}

impl Effect {
    fn amount(&self) -> Option<Dkk> {
        if let Self::Claim(claim) = self { Some(claim.amount) } else { None }
    }

    fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        let (own, questions): (_, &[Question]) = match self {
            Self::Letter(letter) => (&letter.fields, &[]),
            Self::Task(task) => (&task.attributes, &task.questions),
            Self::Claim(claim) => (&claim.details, &[]),
        };
        own.iter().chain(questions.iter().flat_map(|question| &question.given))
    }
}

/// The answer as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub enum Verdict {
    #[cfg_attr(feature = "host", n(0))]
    Granted,
    #[cfg_attr(feature = "host", n(1))]
    PartlyGranted,
    #[cfg_attr(feature = "host", n(2))]
    Refused,
    /// Facts are missing; see `needs`.
    #[cfg_attr(feature = "host", n(3))]
    Incomplete,
    #[cfg_attr(feature = "host", n(4))]
    NeedsHuman,
}

/// What the law gives, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub struct Outcome {
    #[cfg_attr(feature = "host", n(0))]
    pub verdict: Verdict,
    #[cfg_attr(feature = "host", n(1), serde(default))]
    pub conditions: Vec<Condition>,
    #[cfg_attr(feature = "host", n(2), serde(default))]
    pub lines: Vec<Line>,
    #[cfg_attr(feature = "host", n(3), serde(default))]
    pub steps: Vec<Step>,
    #[cfg_attr(feature = "host", n(4), serde(default))]
    pub needs: Vec<Need>,
    #[cfg_attr(feature = "host", n(5), serde(default))]
    pub effects: Vec<Effect>,
    #[cfg_attr(feature = "host", n(6), serde(default))]
    pub findings: Vec<Finding>,
}

impl Outcome {
    /// Every amount told anywhere in it: in a line, a step, a condition's note, a letter.
    pub fn amounts(&self) -> impl Iterator<Item = Dkk> {
        let notes = self.conditions.iter().flat_map(|condition| &condition.note);
        let details = self.lines.iter().flat_map(|line| &line.details);
        let inputs = self.steps.iter().flat_map(|step| &step.inputs);
        let asides = self.findings.iter().flat_map(|finding| &finding.attributes);
        let told = notes.chain(details).chain(inputs).chain(asides);
        told.chain(self.effects.iter().flat_map(Effect::attributes))
            .map(|attribute| &attribute.value)
            .chain(self.steps.iter().map(|step| &step.value))
            .filter_map(Scalar::amount)
            .chain(self.lines.iter().map(|line| line.amount))
            .chain(self.effects.iter().filter_map(Effect::amount))
    }
}

/// Why a module gave no outcome. An expected "no" of the rules, not a fault of the module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub enum Failure {
    #[error("no value of the rate '{0}' is in force")]
    #[cfg_attr(feature = "host", n(0))]
    MissingRate(#[cfg_attr(feature = "host", n(0))] String),
    #[error("not handled: {0}")]
    #[cfg_attr(feature = "host", n(1))]
    Unsupported(#[cfg_attr(feature = "host", n(0))] String),
    #[error("facts contradict each other: {0}")]
    #[cfg_attr(feature = "host", n(2))]
    Contradiction(#[cfg_attr(feature = "host", n(0))] String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kroner: i64) -> Vec<Attribute> {
        vec![
            Attribute::new("amount", Scalar::Amount(Dkk::from_kroner(kroner))),
            Attribute::new("word", Scalar::Flag(true)),
        ]
    }

    #[test]
    fn no_amount_hides() {
        let days = Period::of_day(Day::new(2020, 12, 24));
        let party = || Party::new("citizen");
        let text = || String::from("text");
        let outcome = Outcome {
            verdict: Verdict::Granted,
            conditions: vec![Condition {
                id: text(),
                label: text(),
                law: text(),
                state: State::Met,
                facts: Vec::new(),
                missing: Vec::new(),
                note: told(1),
            }],
            lines: vec![Line {
                key: text(),
                payee: party(),
                about: None,
                period: days,
                amount: Dkk::from_kroner(10),
                posting: text(),
                reference: None,
                details: told(100),
                steps: Vec::new(),
            }],
            steps: vec![Step {
                id: text(),
                label: text(),
                law: text(),
                inputs: told(1_000),
                value: Scalar::Amount(Dkk::from_kroner(10_000)),
            }],
            needs: Vec::new(),
            effects: vec![
                Effect::Letter(Letter {
                    key: text(),
                    template: text(),
                    recipient: party(),
                    fields: told(100_000),
                    steps: Vec::new(),
                }),
                Effect::Task(Task {
                    key: text(),
                    queue: text(),
                    title: text(),
                    due: None,
                    attributes: told(1_000_000),
                    questions: vec![Question {
                        kind: text(),
                        about: party(),
                        valid: days.into(),
                        given: told(10_000_000),
                    }],
                }),
                Effect::Claim(Claim {
                    key: text(),
                    debtor: party(),
                    period: days,
                    amount: Dkk::from_kroner(100_000_000),
                    ground: text(),
                    details: told(1_000_000_000),
                    steps: Vec::new(),
                }),
            ],
            findings: vec![Finding {
                path: None,
                code: text(),
                severity: Severity::Info,
                attributes: told(10_000_000_000),
            }],
        };
        assert_eq!(outcome.amounts().sum::<Dkk>(), Dkk::from_kroner(11_111_111_111));
    }
}
