//! Naming somebody who gets a payee's money, and having another person confirm it.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use ydun_domain::ids::{CaseId, PartyId, RedirectionId};
use ydun_domain::{Day, Dkk, Month, Tenant};

use super::batch::payees;
use super::divide::Other;
use crate::access::{Act, Approve, Register, Right};
use crate::audit::{self, Action, Subject};
use crate::db::{Read, Result, Tx};
use crate::parties;
use crate::payments::Payee;
use crate::payments::payee_account::State;
use crate::payments::redirection::{Redirection, Terms};
use crate::payments::store::redirection as store;

/// Why a redirection was not asked for, confirmed, refused or ended.
#[derive(Debug, thiserror::Error)]
pub enum RedirectionError {
    #[error("{0} is not registered; register it first")]
    NotRegistered(PartyId),
    #[error("the money goes to its payee as it is; name somebody else")]
    ToItself,
    #[error("say what allows it: the section of the law, or the agreement and its date")]
    NoGround,
    #[error("say what the receiver knows it by, such as the number of the flat")]
    NoReference,
    #[error("it ends on {until} and begins on {from}; turn the days round")]
    NoDays { from: Day, until: Day },
    #[error("say why")]
    NoReason,
    #[error("there is no such redirection {0}; see `ydun party redirection list`")]
    NotFound(RedirectionId),
    #[error("redirection {id} is {state}, so this cannot be done with it")]
    WrongState { id: RedirectionId, state: State },
    #[error("'{by}' asked for it; another person must confirm it")]
    SamePerson { by: String },
    #[error("the redirection could not be saved")]
    Store(#[from] sqlx::Error),
}

type Outcome<T> = std::result::Result<T, RedirectionError>;

/// Asks that a payee's money go to somebody else. It does when another person has confirmed it.
pub async fn ask(tx: &mut Tx, act: &Act<Register>, terms: &Terms) -> Outcome<RedirectionId> {
    check(terms)?;
    let parties = [terms.payee, terms.receiver];
    let known = parties::service::by_ids(tx, act.tenant(), &parties).await?;
    let is_known = |wanted: &&PartyId| known.iter().any(|party| party.id == **wanted);
    if let Some(unknown) = parties.iter().find(|party| !is_known(party)) {
        return Err(RedirectionError::NotRegistered(*unknown));
    }
    let id = RedirectionId::generate();
    store::insert(tx, act, id, terms).await?;
    record(tx, act, Action::RedirectionAsked, id, terms.measure.to_string()).await?;
    Ok(id)
}

fn check(terms: &Terms) -> Outcome<()> {
    if terms.payee == terms.receiver {
        return Err(RedirectionError::ToItself);
    }
    if terms.ground.trim().is_empty() {
        return Err(RedirectionError::NoGround);
    }
    if terms.reference.trim().is_empty() {
        return Err(RedirectionError::NoReference);
    }
    match terms.until.filter(|until| *until < terms.from) {
        Some(until) => Err(RedirectionError::NoDays { from: terms.from, until }),
        None => Ok(()),
    }
}

/// A second person says yes: what is decided from now on is divided by it.
pub async fn confirm(tx: &mut Tx, act: &Act<Approve>, id: RedirectionId) -> Outcome<Redirection> {
    let asked = find(tx, act.tenant(), id, State::Asked).await?;
    if asked.asked_by == act.by() {
        return Err(RedirectionError::SamePerson { by: asked.asked_by });
    }
    store::confirm(tx, act, id).await?;
    record(tx, act, Action::RedirectionConfirmed, id, asked.terms.measure.to_string()).await?;
    store::lock(tx, act.tenant(), id).await?.ok_or(RedirectionError::NotFound(id))
}

/// Says no.
pub async fn refuse(
    tx: &mut Tx,
    act: &Act<Approve>,
    id: RedirectionId,
    reason: &str,
) -> Outcome<()> {
    close(tx, act, (id, State::Asked, State::Refused), Action::RedirectionRefused, reason).await
}

/// Lets the payee have its own money. What is drawn up for the receiver goes there unless it is stopped.
pub async fn end(tx: &mut Tx, act: &Act<Register>, id: RedirectionId, reason: &str) -> Outcome<()> {
    close(tx, act, (id, State::Confirmed, State::Ended), Action::RedirectionEnded, reason).await
}

async fn close<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    (id, from, to): (RedirectionId, State, State),
    action: Action,
    reason: &str,
) -> Outcome<()> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(RedirectionError::NoReason);
    }
    find(tx, act.tenant(), id, from).await?;
    store::close(tx, act, id, to, reason).await?;
    record(tx, act, action, id, reason.to_owned()).await
}

async fn find(
    tx: &mut Tx,
    tenant: Tenant,
    id: RedirectionId,
    wanted: State,
) -> Outcome<Redirection> {
    let found = store::lock(tx, tenant, id).await?.ok_or(RedirectionError::NotFound(id))?;
    if found.state == wanted {
        Ok(found)
    } else {
        Err(RedirectionError::WrongState { id, state: found.state })
    }
}

async fn record<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    action: Action,
    id: RedirectionId,
    detail: String,
) -> Outcome<()> {
    Ok(audit::record(tx, act, action, Subject::Redirection(id), detail).await?)
}

/// Where money goes to somebody else, newest first; or only what waits for a second person.
pub async fn redirections(
    db: &mut Read,
    tenant: Tenant,
    only_asked: bool,
) -> Result<Vec<Redirection>> {
    store::all(db, tenant, only_asked).await
}

/// What some payees' money goes to others by, kept up to date as payments are drawn up.
#[derive(Default)]
pub(super) struct Redirections {
    /// In the order they are paid.
    confirmed: Vec<Redirection>,
    benefits: BTreeMap<CaseId, String>,
    receivers: BTreeMap<PartyId, Payee>,
    gone: BTreeMap<(RedirectionId, Month), Dkk>,
}

impl Redirections {
    /// Those of some payees, which nobody else divides by meanwhile.
    pub(super) async fn open(
        tx: &mut Tx,
        tenant: Tenant,
        cases: &RangeInclusive<CaseId>,
        of: &[PartyId],
    ) -> Result<Self> {
        let confirmed = store::lock_confirmed(tx, tenant, of).await?;
        if confirmed.is_empty() {
            return Ok(Self::default());
        }
        let ids: Vec<RedirectionId> = confirmed.iter().map(|one| one.id).collect();
        let to: Vec<PartyId> = confirmed.iter().map(|one| one.terms.receiver).collect();
        Ok(Self {
            benefits: store::benefits(tx, tenant, cases).await?,
            receivers: payees(tx, tenant, &to).await?,
            gone: store::gone(tx, tenant, &ids).await?,
            confirmed,
        })
    }

    /// Takes from a payee's net what goes to others on a day: each one's part, in their order.
    pub(super) fn take(
        &mut self,
        (case, payee): (CaseId, PartyId),
        on: Day,
        mut net: Dkk,
    ) -> Vec<Other> {
        let Self { confirmed, benefits, receivers, gone } = self;
        let benefit = benefits.get(&case);
        let counts = |one: &&Redirection| {
            one.terms.payee == payee
                && Some(&one.terms.benefit) == benefit
                && one.terms.counts_on(on)
        };
        let part = |one: &Redirection| {
            let gone = gone.entry((one.id, on.month())).or_default();
            let part = one.terms.of(net, *gone)?;
            net -= part.dkk();
            *gone += part.dkk();
            let receiver = receivers[&one.terms.receiver].clone();
            Some(Other { redirection: one.clone(), receiver, net: part })
        };
        confirmed.iter().filter(counts).filter_map(part).collect()
    }

    /// Whether what did not arrive still goes to somebody else.
    pub(super) fn stands(&self, id: RedirectionId, on: Day) -> bool {
        self.confirmed.iter().any(|one| one.id == id && one.terms.counts_on(on))
    }
}
