//! What people fill in, as questions about the attributes of facts.
//!
//! A form does not describe data of its own. Each page gathers one kind of fact, and each question
//! one attribute of it, so that type, words and limits are said once and an answer is the fact.

use serde::{Deserialize, Serialize};
use ydun_domain::benefit::Scalar;

/// A form, page by page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Form {
    pub key: String,
    pub title: String,
    /// What it is for and what to have at hand, in plain Danish.
    pub intro: String,
    pub filed_by: Vec<Filer>,
    /// The part that a citizen or a company who files it has in the case, such as `applicant`. Without it,
    /// the form is not offered in self-service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed_as: Option<String>,
    #[serde(default, skip_serializing_if = "FiledIn::is_known_case")]
    pub filed_in: FiledIn,
    pub pages: Vec<Page>,
}

/// Which case the answers go into, when a citizen or a company files the form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FiledIn {
    /// One that is there, in which the filer has the part.
    #[default]
    KnownCase,
    /// A case of its own, opened when the form is received.
    NewCase,
    /// One that is there, or a new one: the filer says which.
    EitherCase,
}

impl FiledIn {
    /// Whether filing it may open a case.
    pub fn may_open(self) -> bool {
        self != Self::KnownCase
    }

    /// Whether it may be filed in a case that is there.
    pub fn may_add(self) -> bool {
        self != Self::NewCase
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    fn is_known_case(&self) -> bool {
        *self == Self::KnownCase
    }
}

impl Form {
    /// Whether somebody of this kind files it in self-service, and in which part.
    pub fn filed_by_oneself(&self, filer: Filer) -> Option<&str> {
        self.filed_as.as_deref().filter(|_| self.filed_by.contains(&filer))
    }
}

/// Who may file a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Filer {
    Citizen,
    Company,
    Caseworker,
}

/// The questions about one kind of fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Page {
    pub title: String,
    #[serde(default)]
    pub intro: Option<String>,
    /// The kind of fact an answer becomes.
    pub fact: String,
    /// Answered once, or as many rows as there are weeks, bills or children.
    #[serde(default)]
    pub repeated: bool,
    pub days: Days,
    /// The attribute that tells the day the form was received. The host knows it; nobody is asked.
    #[serde(default)]
    pub received: Option<String>,
    pub questions: Vec<Question>,
}

/// Which days an answered page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Days {
    /// From the day the form is received, until further notice.
    FromReceived,
    /// The filer gives the first and the last day.
    Asked,
    /// The filer gives the first day; it holds until further notice.
    AskedFirst,
    /// The filer gives a month.
    Month,
}

/// One attribute, asked for in plain Danish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Question {
    pub attribute: String,
    /// As it is asked; the attribute's title where the filer needs nothing else.
    #[serde(default)]
    pub ask: Option<String>,
    #[serde(default)]
    pub help: Option<String>,
    #[serde(default)]
    pub show_when: Option<ShowWhen>,
}

/// Asked only when an earlier question of the page has this answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ShowWhen {
    pub attribute: String,
    pub is: Scalar,
}
