//! Registering parties and finding them again.

use std::collections::{BTreeMap, BTreeSet};

use ydun_domain::Tenant;
use ydun_domain::ids::PartyId;

use super::{Identity, Party, PaymentIdentity, store};
use crate::access::{Act, Register};
use crate::audit::{self, Action, Event, Subject};
use crate::db::Tx;

pub use super::store::{by_ids, by_number, named, units};

/// A party as somebody gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewParty {
    pub name: String,
    pub identity: Identity,
}

/// What came of registering a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registered {
    pub id: PartyId,
    pub change: Change,
    pub warning: Option<Warning>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    New,
    /// Known already, under another name or company.
    Updated,
    Unchanged,
}

/// Something to look into; the party is registered all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Warning {
    #[error(
        "the personal number fails the old check digit; since 2007 some real numbers do, but make sure it is not mistyped"
    )]
    CheckDigit,
}

/// Why parties were not registered.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    #[error("the party with {0} has no name; give one")]
    NoName(PaymentIdentity),
    #[error("the unit with {0} belongs to no registered company; register the company first")]
    NoCompany(PaymentIdentity),
    #[error("the party could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Registers a party by its number. One that is known already keeps its id; a new name replaces the old.
pub async fn register(
    tx: &mut Tx,
    act: &Act<Register>,
    party: NewParty,
) -> Result<Registered, RegisterError> {
    let registered = register_all(tx, act, vec![party]).await?;
    Ok(registered[0])
}

/// The party with a number, registered where it is not known. One that is known keeps its name: whoever tells
/// of it is no register.
pub async fn find_or_register(
    tx: &mut Tx,
    act: &Act<Register>,
    party: NewParty,
) -> Result<Party, RegisterError> {
    let number = party.identity.for_payment();
    if let Some(known) = store::by_number(tx, act.tenant(), &number).await? {
        return Ok(known);
    }
    let id = register(tx, act, party).await?.id;
    let found = store::by_ids(tx, act.tenant(), &[id]).await?;
    Ok(found.into_iter().next().ok_or(sqlx::Error::RowNotFound)?)
}

/// Registers many parties with few statements; the answers are in the order of the parties.
pub async fn register_all(
    tx: &mut Tx,
    act: &Act<Register>,
    parties: Vec<NewParty>,
) -> Result<Vec<Registered>, RegisterError> {
    check_names(&parties)?;
    check_companies(tx, act.tenant(), &parties).await?;
    let numbers: Vec<PaymentIdentity> =
        parties.iter().map(|party| party.identity.for_payment()).collect();
    let mut known = store::by_numbers(tx, act.tenant(), &numbers).await?;
    let mut new = insert_missing(tx, act.tenant(), &parties, &mut known).await?;

    let mut events = Vec::new();
    let mut registered = Vec::with_capacity(parties.len());
    for (given, number) in parties.into_iter().zip(numbers) {
        let party = known.get_mut(&number).expect("every party is known or was inserted");
        let change = if new.remove(&party.id) {
            events.push(Event::new(Action::PartyRegistered, Subject::Party(party.id), ""));
            Change::New
        } else if party.name == given.name.trim() && party.identity == given.identity {
            Change::Unchanged
        } else {
            update(tx, act.tenant(), party, &given).await?;
            events.push(Event::new(Action::PartyChanged, Subject::Party(party.id), ""));
            Change::Updated
        };
        registered.push(Registered { id: party.id, change, warning: warning(&given.identity) });
    }
    audit::record_all(tx, act, events).await?;
    Ok(registered)
}

fn check_names(parties: &[NewParty]) -> Result<(), RegisterError> {
    match parties.iter().find(|party| party.name.trim().is_empty()) {
        Some(nameless) => Err(RegisterError::NoName(nameless.identity.for_payment())),
        None => Ok(()),
    }
}

async fn check_companies(
    tx: &mut Tx,
    tenant: Tenant,
    parties: &[NewParty],
) -> Result<(), RegisterError> {
    let named: BTreeSet<PartyId> =
        parties.iter().filter_map(|party| party.identity.company()).collect();
    let found = store::by_ids(tx, tenant, &named.into_iter().collect::<Vec<_>>()).await?;
    let is_company = |id| {
        found.iter().any(|party| party.id == id && matches!(party.identity, Identity::Company(_)))
    };
    match parties.iter().find(|party| party.identity.company().is_some_and(|id| !is_company(id))) {
        Some(orphan) => Err(RegisterError::NoCompany(orphan.identity.for_payment())),
        None => Ok(()),
    }
}

/// Inserts the parties that are not known, makes them known, and returns their ids.
async fn insert_missing(
    tx: &mut Tx,
    tenant: Tenant,
    parties: &[NewParty],
    known: &mut BTreeMap<PaymentIdentity, Party>,
) -> Result<BTreeSet<PartyId>, RegisterError> {
    let mut missing = BTreeMap::new();
    for NewParty { name, identity } in parties {
        let number = identity.for_payment();
        if !known.contains_key(&number) {
            let party = Party {
                id: PartyId::generate(),
                name: name.trim().to_owned(),
                identity: identity.clone(),
            };
            missing.entry(number).or_insert(party);
        }
    }
    let given: BTreeSet<PartyId> = missing.values().map(|party| party.id).collect();
    let inserted = store::insert(tx, tenant, missing.values()).await?;
    if inserted < missing.len() as u64 {
        // Another transaction registered some of them in between: theirs are the ids that count.
        let numbers: Vec<PaymentIdentity> = missing.into_keys().collect();
        missing = store::by_numbers(tx, tenant, &numbers).await?;
    }
    let new = missing.values().map(|party| party.id).filter(|id| given.contains(id)).collect();
    known.append(&mut missing);
    Ok(new)
}

async fn update(
    tx: &mut Tx,
    tenant: Tenant,
    party: &mut Party,
    given: &NewParty,
) -> Result<(), RegisterError> {
    given.name.trim().clone_into(&mut party.name);
    party.identity = given.identity.clone();
    store::update(tx, tenant, party).await?;
    Ok(())
}

fn warning(identity: &Identity) -> Option<Warning> {
    match identity {
        Identity::Citizen(cpr) if !cpr.passes_mod_11() => Some(Warning::CheckDigit),
        _ => None,
    }
}
