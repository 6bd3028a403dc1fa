//! A case of the file, read and found.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use ydun_domain::Day;
use ydun_domain::ids::PartyId;

use super::Place;
use super::file;
use super::parties::Parties;
use crate::cases::CaseNumber;

/// What the file says of one case.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) place: Place,
    pub(super) named: Named,
    /// Who has which part.
    pub(super) roles: BTreeSet<(String, PartyId)>,
    /// Still to be read, each by itself.
    pub(super) facts: Vec<Value>,
}

/// How the file names the case.
#[derive(Debug)]
pub(super) enum Named {
    /// By its own key; the case is opened unless it is there.
    Key { key: String, benefit: String, opened: Day },
    /// As one that is there, by key or number.
    There(String),
}

impl Named {
    pub(super) fn key(&self) -> &str {
        match self {
            Self::Key { key, .. } | Self::There(key) => key,
        }
    }

    pub(super) fn number(&self) -> Option<CaseNumber> {
        match self {
            Self::Key { .. } => None,
            Self::There(name) => name.parse().ok(),
        }
    }
}

/// Where each name of a case was first seen in the file.
#[derive(Debug, Default)]
pub(super) struct Seen(BTreeMap<String, usize>);

/// Reads a case as far as its roles.
pub(super) fn read(
    place: Place,
    value: Value,
    parties: &Parties,
    seen: &mut Seen,
) -> Result<Entry, (Place, String)> {
    match read_case(&place, value, parties, seen) {
        Ok((named, roles, facts)) => Ok(Entry { place, named, roles, facts }),
        Err(reason) => Err((place, reason)),
    }
}

/// How the file names the entry, before it is read.
pub(super) fn place(index: usize, value: &Value) -> Place {
    let name = value.get("key").or_else(|| value.get("case"));
    Place { list: "cases", index, key: name.and_then(Value::as_str).map(str::to_owned) }
}

type Parts = (Named, BTreeSet<(String, PartyId)>, Vec<Value>);

fn read_case(
    place: &Place,
    value: Value,
    parties: &Parties,
    seen: &mut Seen,
) -> Result<Parts, String> {
    let file::Case { key, there, benefit, opened, roles, facts } =
        serde_json::from_value(value).map_err(|error| error.to_string())?;
    let named = match (key, there, benefit, opened) {
        (Some(key), None, Some(benefit), Some(opened)) => Named::Key { key, benefit, opened },
        (None, Some(name), None, None) => Named::There(name),
        _ => {
            return Err("a case has either \"key\", \"benefit\" and \"opened\", or only \"case\" \
                        when it is there already; give one or the other"
                .into());
        }
    };
    if named.key().trim().is_empty() {
        return Err("the key is empty; give one that finds the case again".into());
    }
    if let Some(first) = seen.0.insert(named.key().to_owned(), place.index) {
        return Err(format!("cases[{first}] is the same case; put all its facts there"));
    }
    let mut held = BTreeSet::new();
    for (role, holders) in roles {
        for key in holders.keys() {
            let party = parties.find(key).map_err(|reason| format!("part '{role}': {reason}"))?;
            held.insert((role.clone(), party));
        }
    }
    Ok((named, held, facts))
}
