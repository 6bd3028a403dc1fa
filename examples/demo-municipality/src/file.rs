//! The shape of a file that `ydun import` reads.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Map, Value};
use ydun_domain::{Day, Dkk, Validity};

#[derive(Clone, Debug, Serialize)]
pub struct File {
    pub municipality: Municipality,
    pub workers: Vec<Worker>,
    pub parties: Vec<Party>,
    pub cases: Vec<Case>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Municipality {
    pub code: String,
    pub name: String,
    pub cvr: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Worker {
    pub id: String,
    pub name: String,
    pub rights: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "type")]
pub enum Party {
    Citizen { key: String, name: String, cpr: String },
    Company { key: String, name: String, cvr: String },
    UnitBySe { key: String, name: String, company: String, se: String },
    UnitByP { key: String, name: String, company: String, p: String },
}

#[derive(Clone, Debug, Serialize)]
pub struct Case {
    pub key: String,
    pub benefit: String,
    pub opened: Day,
    /// Who has which part, by their keys.
    pub roles: BTreeMap<String, Vec<String>>,
    pub facts: Vec<Fact>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Fact {
    pub kind: Cow<'static, str>,
    /// A role of the case, or a party's key.
    pub about: Cow<'static, str>,
    pub valid: Validity,
    pub attributes: Map<String, Value>,
    pub source: Cow<'static, str>,
    pub known_from: Day,
}

impl Fact {
    pub fn new(
        kind: &'static str,
        about: &'static str,
        valid: impl Into<Validity>,
        known_from: Day,
    ) -> Self {
        let valid = valid.into();
        Self {
            kind: kind.into(),
            about: about.into(),
            valid,
            attributes: Map::new(),
            source: "Ansøgning på virk.dk".into(),
            known_from,
        }
    }

    pub fn from(mut self, source: &'static str) -> Self {
        self.source = source.into();
        self
    }

    fn with(mut self, name: &str, kind: &str, value: impl Into<Value>) -> Self {
        self.attributes
            .insert(name.into(), Value::Object(Map::from_iter([(kind.into(), value.into())])));
        self
    }

    pub fn flag(self, name: &str, value: bool) -> Self {
        self.with(name, "flag", value)
    }

    pub fn integer(self, name: &str, value: i64) -> Self {
        self.with(name, "integer", value)
    }

    pub fn number(self, name: &str, value: impl Into<Decimal>) -> Self {
        self.with(name, "number", value.into().to_string())
    }

    pub fn amount(self, name: &str, value: Dkk) -> Self {
        self.with(name, "amount", value.plain())
    }

    pub fn day(self, name: &str, value: Day) -> Self {
        self.with(name, "day", value.to_string())
    }

    pub fn text(self, name: &str, value: &str) -> Self {
        self.with(name, "text", value)
    }

    pub fn code(self, name: &str, value: &str) -> Self {
        self.with(name, "code", value)
    }

    pub fn who(self, name: &str, role: &str) -> Self {
        self.with(name, "who", role)
    }
}
