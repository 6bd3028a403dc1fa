//! What a module is given.

use super::{Line, Party, Scalar};
use crate::time::{Day, Period, Validity};

/// A named value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub struct Attribute {
    #[cfg_attr(feature = "host", n(0))]
    pub name: String,
    #[cfg_attr(feature = "host", n(1))]
    pub value: Scalar,
}

impl Attribute {
    pub fn new(name: impl Into<String>, value: Scalar) -> Self {
        Self { name: name.into(), value }
    }
}

/// Something known about a party, for the days it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub struct Fact {
    #[cfg_attr(feature = "host", n(0))]
    pub id: String,
    #[cfg_attr(feature = "host", n(1))]
    pub kind: String,
    #[cfg_attr(feature = "host", n(2))]
    pub about: Party,
    #[cfg_attr(feature = "host", n(3))]
    pub valid: Validity,
    #[cfg_attr(feature = "host", n(4), serde(default))]
    pub attributes: Vec<Attribute>,
}

impl Fact {
    pub fn attribute(&self, name: &str) -> Option<&Scalar> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name == name)
            .map(|attribute| &attribute.value)
    }
}

/// A statutory figure and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub struct RateRow {
    #[cfg_attr(feature = "host", n(0))]
    pub key: String,
    #[cfg_attr(feature = "host", n(1))]
    pub valid: Validity,
    #[cfg_attr(feature = "host", n(2))]
    pub value: Scalar,
    #[cfg_attr(feature = "host", n(3))]
    pub source: String,
}

/// Everything a module may know when it calculates.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub struct Dossier {
    /// The day the benefit is assessed as of.
    #[cfg_attr(feature = "host", n(0))]
    pub as_of: Day,
    /// Nothing that became known later is in here.
    #[cfg_attr(feature = "host", n(1))]
    pub known_at: Day,
    /// The days to calculate.
    #[cfg_attr(feature = "host", n(2))]
    pub span: Period,
    #[cfg_attr(feature = "host", n(3), serde(default))]
    pub facts: Vec<Fact>,
    #[cfg_attr(feature = "host", n(4), serde(default))]
    pub rates: Vec<RateRow>,
    #[cfg_attr(feature = "host", n(5), serde(default))]
    pub settings: Vec<Attribute>,
    /// Lines of earlier decisions in the case, oldest first.
    #[cfg_attr(feature = "host", n(6), serde(default))]
    pub prior: Vec<Line>,
}

impl Dossier {
    /// Puts the rows in the one order that is encoded, so that equal content has equal bytes.
    ///
    /// `prior` keeps its order, which has a meaning.
    pub fn sort(&mut self) {
        self.facts.sort_by(|a, b| {
            (&a.kind, &a.about, a.valid.first(), &a.id).cmp(&(
                &b.kind,
                &b.about,
                b.valid.first(),
                &b.id,
            ))
        });
        for fact in &mut self.facts {
            fact.attributes.sort_by(|a, b| a.name.cmp(&b.name));
        }
        self.rates.sort_by(|a, b| {
            (&a.key, a.valid, &a.value, &a.source).cmp(&(&b.key, b.valid, &b.value, &b.source))
        });
        self.settings.sort_by(|a, b| a.name.cmp(&b.name));
    }
}
