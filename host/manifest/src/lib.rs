//! What a module says about itself, and the cases it carries along.
//!
//! The manifest is JSON in the component's `ydun:manifest` section, so that bytes and facts cannot
//! drift apart. What it does not declare, the host neither gives nor accepts.

pub mod case;
mod check;
mod class;
mod event;
mod form;
mod given;
mod income;
mod letter;
pub mod table;

pub use case::{Case, Expected};
pub use check::Inconsistent;
pub use class::Class;
pub use event::{EventEffect, EventFact, EventKind, EventRule, Told};
pub use form::{Days, FiledIn, Filer, Form, Page, Question, ShowWhen};
pub use given::announce;
pub use income::{IncomeReport, RefundAccount, RefundKind};
pub use letter::{LetterField, LetterKind, LetterTemplate};
use serde::{Deserialize, Serialize};
use ydun_domain::benefit::Scalar;
use ydun_domain::{Day, Dkk, Validity};

/// The name of the section.
pub const SECTION: &str = "ydun:manifest";

/// A module's own description.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Manifest {
    /// `voksenlaerling`; a municipality's own carries its code: `k0561:julehjaelp`.
    pub id: String,
    pub version: semver::Version,
    /// The version of `ydun:benefit` it is built for.
    pub interface: semver::Version,
    #[serde(default)]
    pub class: Class,
    /// In Danish, as a caseworker says it.
    pub title: String,
    pub legal_basis: Vec<String>,
    /// Subject number in KLE; none where it is not verified, then the municipality sets it.
    #[serde(default)]
    pub kle: Option<String>,
    pub owner: String,
    pub licence: String,
    /// How many months of earlier lines the host gives along.
    #[serde(default)]
    pub history_months: u32,
    /// A month follows from a grant until further notice, so a payee counts on it: what has become
    /// known lowers it only after a hearing. Else each month is asked for and given on its own.
    #[serde(default)]
    pub running: bool,
    pub facts: Vec<FactKind>,
    #[serde(default)]
    pub rates: Vec<RateKind>,
    pub postings: Vec<Posting>,
    #[serde(default)]
    pub settings: Vec<Setting>,
    /// What citizens, employers and caseworkers fill in.
    #[serde(default)]
    pub forms: Vec<Form>,
    /// What to do when a register reports something; what is not named is only noted.
    #[serde(default)]
    pub events: Vec<EventRule>,
    #[serde(default)]
    pub letters: Vec<LetterTemplate>,
    #[serde(default)]
    pub queues: Vec<Queue>,
    #[serde(default)]
    pub claim_grounds: Vec<ClaimGround>,
    pub payees: Vec<PayeeKind>,
    /// A second person must approve a decision above this amount; `0.00` means always.
    pub four_eyes_above: Dkk,
    /// How many years after the case is closed its data are kept.
    pub retention_years: u32,
}

/// A kind of fact the module reads. It is given these and no others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FactKind {
    pub kind: String,
    pub title: String,
    /// Whom it is about, as a role in the case such as `apprentice` or `employer`.
    pub about: String,
    /// No two such facts about one party may share a day.
    #[serde(default)]
    pub exclusive: bool,
    /// Its days are a single month, week or stay: they have an end.
    #[serde(default)]
    pub bounded: bool,
    #[serde(default)]
    pub attributes: Vec<AttributeKind>,
}

/// One attribute of a kind of fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AttributeKind {
    pub name: String,
    pub title: String,
    /// As [`Scalar::kind`] names it.
    #[serde(rename = "type")]
    pub kind: ScalarKind,
    #[serde(default)]
    pub optional: bool,
    /// Smallest amount, number, integer or day allowed.
    #[serde(default)]
    pub min: Option<Scalar>,
    #[serde(default)]
    pub max: Option<Scalar>,
    /// The words a code may be.
    #[serde(default)]
    pub codes: Vec<Code>,
}

/// The kinds of [`Scalar`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScalarKind {
    Flag,
    Integer,
    Amount,
    Number,
    Day,
    Span,
    Text,
    Code,
    Who,
}

/// A word of a list, and what a caseworker reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    pub code: String,
    pub title: String,
}

/// A rate the module uses, with every value it has had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RateKind {
    pub key: String,
    pub title: String,
    pub values: Vec<RateValue>,
}

/// One value of a rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RateValue {
    pub valid: Validity,
    /// The day it was announced; before it, nobody could have used it.
    pub announced: Day,
    pub value: Scalar,
    pub source: String,
}

/// How lines with this code are booked, taxed, refunded and told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Posting {
    pub code: String,
    /// As it stands on the payee's notice.
    pub title: String,
    /// Key of the account of expense; the municipality maps it to its account string.
    pub account: String,
    pub tax: TaxTreatment,
    /// The state's share in percent; none where it is not verified, then the municipality sets it.
    #[serde(default)]
    pub refund_percent: Option<u8>,
    /// How the line is reported when it is its payee's income; an income without it cannot be reported.
    #[serde(default)]
    pub income: Option<IncomeReport>,
    /// It pays for expenses, not for days: two of one day are two expenses.
    #[serde(default)]
    pub one_off: bool,
}

/// What the tax authority is told of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaxTreatment {
    /// Income of the payee with AM-bidrag (field 13).
    IncomeWithAmBidrag,
    /// Income of the payee without AM-bidrag (field 14).
    Income,
    TaxFree,
    /// A firm's business receipt; nothing is reported on a person.
    BusinessReceipt,
    /// Held back from the payee's net amount, after tax and contributions. Income is not lowered.
    ///
    /// The only treatment whose lines have an amount below zero: saved expenses in tabt
    /// arbejdsfortjeneste, which only the host can take from a net it alone knows.
    HeldBackFromNet,
}

/// A choice the municipality may make; the default says what applies when it has not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Setting {
    pub key: String,
    pub title: String,
    pub default: Scalar,
    /// Why it is open, and why the default is what it is.
    pub note: String,
    /// The words a code may be.
    #[serde(default)]
    pub codes: Vec<Code>,
}

/// Where the module's tasks go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    pub key: String,
    pub title: String,
}

/// A ground in law for claiming money back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ClaimGround {
    pub key: String,
    pub title: String,
    pub act: String,
    pub limitation_years: u32,
}

/// Whom the module may pay, by the number that finds the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PayeeKind {
    Citizen,
    Company,
    SeUnit,
    PUnit,
    Account,
}

impl FactKind {
    pub fn attribute(&self, name: &str) -> Option<&AttributeKind> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

impl Manifest {
    pub fn posting(&self, code: &str) -> Option<&Posting> {
        self.postings.iter().find(|posting| posting.code == code)
    }

    pub fn fact(&self, kind: &str) -> Option<&FactKind> {
        self.facts.iter().find(|fact| fact.kind == kind)
    }

    pub fn form(&self, key: &str) -> Option<&Form> {
        self.forms.iter().find(|form| form.key == key)
    }

    /// What the benefit says about an event; what it does not name is only noted.
    pub fn event_rule(&self, event: EventKind, about: &str) -> Option<&EventRule> {
        self.events.iter().find(|rule| rule.event == event && rule.about == about)
    }
}
