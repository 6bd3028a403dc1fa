//! The parties of the file.

use std::collections::BTreeMap;

use serde_json::Value;
use ydun_domain::ids::PartyId;

use super::file::Party;
use super::{Place, Remark, Report};
use crate::access::{Act, Register};
use crate::db::Tx;
use crate::parties::Identity;
use crate::parties::service::{Change, NewParty, RegisterError, register_all};

/// The parties of the file by their keys.
#[derive(Debug, Default)]
pub(super) struct Parties {
    by_key: BTreeMap<String, PartyId>,
    /// Where those stand that were not taken in.
    refused: BTreeMap<String, String>,
}

impl Parties {
    /// The party with a key, or why there is none.
    pub(super) fn find(&self, key: &str) -> Result<PartyId, String> {
        match (self.by_key.get(key), self.refused.get(key)) {
            (Some(id), _) => Ok(*id),
            (None, Some(place)) => Err(format!("the party '{key}' was refused; see {place}")),
            (None, None) => {
                Err(format!("there is no party '{key}' in the file; add it under \"parties\""))
            }
        }
    }
}

/// Registers companies and citizens first, then the units of the companies.
pub(super) async fn register(
    tx: &mut Tx,
    act: &Act<Register>,
    values: Vec<Value>,
    report: &mut Report,
) -> Result<Parties, RegisterError> {
    let mut parties = Parties::default();
    let mut companies = BTreeMap::new();
    let (units, others) = read(values, &mut parties, report);
    for part in [others, units] {
        let mut places = Vec::new();
        let mut new = Vec::new();
        for (place, party) in part {
            match as_new(&party, &companies) {
                Ok(party) => {
                    places.push(place);
                    new.push(party);
                }
                Err(reason) => parties.refuse(&place, &reason, report),
            }
        }
        let are_companies: Vec<bool> =
            new.iter().map(|party| matches!(party.identity, Identity::Company(_))).collect();
        let registered = register_all(tx, act, new).await?;
        for ((place, is_company), party) in places.into_iter().zip(are_companies).zip(registered) {
            let key = place.key.clone().expect("a party that was read has a key");
            match party.change {
                Change::New => report.parties_new += 1,
                Change::Updated => report.parties_updated += 1,
                Change::Unchanged => {}
            }
            if let Some(warning) = party.warning {
                report.warnings.push(Remark::new(&place, &warning.to_string()));
            }
            if is_company {
                companies.insert(key.clone(), party.id);
            }
            parties.by_key.insert(key, party.id);
        }
    }
    Ok(parties)
}

type Read = Vec<(Place, Party)>;

/// The units, and the others, that can be read.
fn read(values: Vec<Value>, parties: &mut Parties, report: &mut Report) -> (Read, Read) {
    let mut units = Vec::new();
    let mut others = Vec::new();
    let mut seen = BTreeMap::new();
    for (index, value) in values.into_iter().enumerate() {
        let key = value.get("key").and_then(Value::as_str).map(str::to_owned);
        let place = Place { list: "parties", index, key };
        match read_one(value, index, &mut seen) {
            Ok(unit @ (Party::UnitByP { .. } | Party::UnitBySe { .. })) => {
                units.push((place, unit));
            }
            Ok(other) => others.push((place, other)),
            Err(reason) => parties.refuse(&place, &reason, report),
        }
    }
    (units, others)
}

fn read_one(
    value: Value,
    index: usize,
    seen: &mut BTreeMap<String, usize>,
) -> Result<Party, String> {
    let party: Party = serde_json::from_value(value).map_err(|error| error.to_string())?;
    if party.name().trim().is_empty() {
        return Err("the party has no name; give one".into());
    }
    match seen.insert(party.key().to_owned(), index) {
        Some(first) => Err(format!("parties[{first}] has the same key; give each party its own")),
        None => Ok(party),
    }
}

fn as_new(party: &Party, companies: &BTreeMap<String, PartyId>) -> Result<NewParty, String> {
    let company = |key: &str| {
        let found = companies.get(key).copied();
        found.ok_or_else(|| {
            format!("its company '{key}' is not among the companies of the file; add it there")
        })
    };
    let identity = match party {
        Party::Citizen { cpr, .. } => Identity::Citizen(*cpr),
        Party::Company { cvr, .. } => Identity::Company(cvr.clone()),
        Party::UnitBySe { se, company: key, .. } => {
            Identity::SeUnit { se: se.clone(), company: company(key)? }
        }
        Party::UnitByP { p, company: key, .. } => {
            Identity::PUnit { p: p.clone(), company: company(key)? }
        }
    };
    Ok(NewParty { name: party.name().to_owned(), identity })
}

impl Parties {
    fn refuse(&mut self, place: &Place, reason: &str, report: &mut Report) {
        report.refused.push(Remark::new(place, reason));
        if let Some(key) = &place.key {
            self.refused.insert(key.clone(), place.to_string());
        }
    }
}
