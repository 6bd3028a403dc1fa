//! Those one can be.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Who somebody is: a citizen, or an employee who acts for a company.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, tag = "as", rename_all = "kebab-case")]
pub enum Person {
    Citizen {
        name: String,
        cpr: String,
    },
    Company {
        name: String,
        cvr: String,
        company: String,
        #[serde(default)]
        se: Option<String>,
        #[serde(default)]
        p: Option<String>,
        #[serde(default)]
        rid: Option<String>,
    },
}

/// The file of persons cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum UnreadablePeople {
    #[error("the file of persons cannot be read: {0}")]
    File(#[from] std::io::Error),
    #[error("the file of persons cannot be understood: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the file of persons is empty; name one at least")]
    Nobody,
}

/// Reads the persons of a file: a JSON list.
pub fn read_people(path: &Path) -> Result<Vec<Person>, UnreadablePeople> {
    let people: Vec<Person> = serde_json::from_slice(&std::fs::read(path)?)?;
    if people.is_empty() { Err(UnreadablePeople::Nobody) } else { Ok(people) }
}

impl Person {
    /// As the page to choose from calls them.
    pub(super) fn called(&self) -> String {
        match self {
            Self::Citizen { name, .. } => name.clone(),
            Self::Company { name, company, se: Some(se), .. } => {
                format!("{name} for {company}, SE {se}")
            }
            Self::Company { name, company, p: Some(p), .. } => {
                format!("{name} for {company}, P {p}")
            }
            Self::Company { name, company, .. } => format!("{name} for {company}"),
        }
    }

    /// What an ID token says of them.
    pub(super) fn claims(&self) -> Map<String, Value> {
        let mut claims = match self {
            Self::Citizen { name, cpr } => json!({
                "identity_type": "private", "idp": "mitid", "dk.cpr": cpr,
                "mitid.identity_name": name,
            }),
            Self::Company { name, cvr, company, se, p, rid } => json!({
                "identity_type": "professional", "idp": "mitid_erhverv", "nemlogin.name": name,
                "nemlogin.cvr": cvr, "nemlogin.org_name": company, "nemlogin.se_number": se,
                "nemlogin.p_number": p, "nemlogin.nemid.rid": rid,
            }),
        };
        claims["loa"] = "https://data.gov.dk/concept/core/nsis/Substantial".into();
        match claims {
            Value::Object(claims) => claims,
            _ => Map::new(),
        }
    }
}
