//! The shape of the file.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use ydun_domain::{Cpr, Cvr, Day, PNumber, SeNumber, Tenant, Validity};

/// A file that was read as a whole. Its parties and cases are looked at one by one, so that a
/// mistake in one does not hide the others.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportFile {
    pub(super) municipality: Municipality,
    #[serde(default)]
    pub(super) workers: Vec<Worker>,
    #[serde(default)]
    pub(super) parties: Vec<Value>,
    #[serde(default)]
    pub(super) cases: Vec<Value>,
}

/// The file as a whole is not one we read.
#[derive(Debug, thiserror::Error)]
#[error("the file is not an import file: {0}; correct it and try again")]
pub struct UnreadableFile(#[from] serde_json::Error);

impl ImportFile {
    pub fn read(content: &[u8]) -> Result<Self, UnreadableFile> {
        Ok(serde_json::from_slice(content)?)
    }

    pub fn tenant(&self) -> Tenant {
        self.municipality.code
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Municipality {
    #[serde(deserialize_with = "code")]
    pub(super) code: Tenant,
    pub(super) name: Option<String>,
    pub(super) cvr: Option<Cvr>,
}

fn code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tenant, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Worker {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) rights: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Party {
    Citizen { key: String, name: String, cpr: Cpr },
    Company { key: String, name: String, cvr: Cvr },
    UnitBySe { key: String, name: String, company: String, se: SeNumber },
    UnitByP { key: String, name: String, company: String, p: PNumber },
}

impl Party {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Citizen { name, .. }
            | Self::Company { name, .. }
            | Self::UnitBySe { name, .. }
            | Self::UnitByP { name, .. } => name,
        }
    }

    pub(super) fn key(&self) -> &str {
        match self {
            Self::Citizen { key, .. }
            | Self::Company { key, .. }
            | Self::UnitBySe { key, .. }
            | Self::UnitByP { key, .. } => key,
        }
    }
}

/// A case as the file has it; [`Entry`](super::entry::Entry) is what it means.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub(super) key: Option<String>,
    #[serde(rename = "case")]
    pub(super) there: Option<String>,
    pub(super) benefit: Option<String>,
    pub(super) opened: Option<Day>,
    #[serde(default)]
    pub(super) roles: BTreeMap<String, Parties>,
    #[serde(default)]
    pub(super) facts: Vec<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a part is had by the key of a party, or a list of keys")]
pub(super) enum Parties {
    One(String),
    Several(Vec<String>),
}

impl Parties {
    pub(super) fn keys(&self) -> &[String] {
        match self {
            Self::One(key) => std::slice::from_ref(key),
            Self::Several(keys) => keys,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Fact {
    pub(super) kind: String,
    /// A part in the case, or a party's key.
    pub(super) about: String,
    pub(super) valid: Validity,
    #[serde(default)]
    pub(super) attributes: BTreeMap<String, Value>,
    pub(super) source: String,
    #[serde(default)]
    pub(super) known_from: Option<Day>,
    #[serde(default)]
    pub(super) corrects: bool,
}
