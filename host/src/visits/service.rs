//! Coming, being known, and leaving.

use chrono::{DateTime, Utc};
use ydun_domain::Tenant;
use ydun_domain::ids::PartyId;

use super::{Employee, IDLE, LENGTH, Shown, Unit, Visit, store};
use crate::access::{Act, Own};
use crate::audit::{self, Action, Subject};
use crate::db::{Read, Result, Tx};
use crate::logins::Token;
use crate::parties::service::{self as parties, NewParty, RegisterError};
use crate::parties::{Identity, Party};

/// Lets somebody in who has shown who it is. A party that is not known is registered, so that what it begins
/// on hangs on it.
pub async fn admit(
    tx: &mut Tx,
    tenant: Tenant,
    shown: Shown,
    now: DateTime<Utc>,
) -> std::result::Result<Token, RegisterError> {
    // Nobody is known yet: what is registered on the way in is told by the door itself.
    let door = Act::of_visitor(tenant, "selvbetjening".to_owned(), now);
    let (party, employee) = find(tx, &door, shown).await?;
    let (person, number) = match employee {
        Some(Employee { name, number }) => (name, number),
        None => (party.name.clone(), None),
    };
    let visit = Visit { party, person, employee: number, seen_at: now, ends_at: now + LENGTH };
    let token = Token::generate();
    store::insert(tx, tenant, &token, &visit).await?;
    let act = act(tenant, &visit, now);
    audit::record(tx, &act, Action::LoggedIn, Subject::Party(visit.party.id), "").await?;
    Ok(token)
}

/// The party somebody acts for, and who sits there where that is another.
async fn find(
    tx: &mut Tx,
    door: &Act<Own>,
    shown: Shown,
) -> std::result::Result<(Party, Option<Employee>), RegisterError> {
    let act = door.registering();
    match shown {
        Shown::Citizen { cpr, name } => {
            let citizen = NewParty { name, identity: Identity::Citizen(cpr) };
            Ok((parties::find_or_register(tx, &act, citizen).await?, None))
        }
        Shown::Company { cvr, name, unit, employee } => {
            let whole = NewParty { name: name.clone(), identity: Identity::Company(cvr) };
            let company = parties::find_or_register(tx, &act, whole).await?;
            let Some(unit) = unit else { return Ok((company, Some(employee))) };
            let identity = match unit {
                Unit::Se(se) => Identity::SeUnit { se, company: company.id },
                Unit::P(p) => Identity::PUnit { p, company: company.id },
            };
            let unit = parties::find_or_register(tx, &act, NewParty { name, identity }).await?;
            Ok((unit, Some(employee)))
        }
    }
}

/// Whose token it is, where it counts now.
pub async fn whose(
    db: &mut Read,
    tenant: Tenant,
    token: &Token,
    now: DateTime<Utc>,
) -> Result<Option<Visit>> {
    let Some(row) = store::find(db, tenant, token).await? else { return Ok(None) };
    let found = parties::by_ids(db, tenant, &[row.party]).await?;
    let visit = found.into_iter().next().map(|party| row.of(party));
    Ok(visit.filter(|visit| visit.counts_at(now)))
}

/// What a visitor does is done in its own name.
pub fn act(tenant: Tenant, visit: &Visit, now: DateTime<Utc>) -> Act<Own> {
    Act::of_visitor(tenant, visit.by(), now)
}

/// The parties whose matters are the visitor's own: itself, and the units of a company that one acts for as a
/// whole.
pub async fn own_parties(db: &mut Read, tenant: Tenant, visit: &Visit) -> Result<Vec<Party>> {
    let mut own = vec![visit.party.clone()];
    if matches!(visit.party.identity, Identity::Company(_)) {
        own.extend(parties::units(db, tenant, visit.party.id).await?);
    }
    Ok(own)
}

/// Whether a visit should be told that it is still going on: often enough, and not at every request.
pub fn is_stale(visit: &Visit, now: DateTime<Utc>) -> bool {
    now - visit.seen_at > IDLE / 10
}

pub async fn seen(tx: &mut Tx, tenant: Tenant, token: &Token, now: DateTime<Utc>) -> Result<()> {
    store::seen(tx, tenant, token, now).await
}

/// Ends the visit of a token; one that has ended stays so.
pub async fn leave(tx: &mut Tx, act: &Act<Own>, party: PartyId, token: &Token) -> Result<()> {
    store::end(tx, act.tenant(), token, act.at()).await?;
    audit::record(tx, act, Action::LoggedOut, Subject::Party(party), "").await
}
