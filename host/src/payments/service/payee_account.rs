//! Naming an account for a payee's benefit, and having another person confirm it.

use ydun_domain::ids::{PartyId, PayeeAccountId};
use ydun_domain::{Day, Tenant};

use crate::access::{Act, Approve, Register};
use crate::audit::{self, Action, Subject};
use crate::clock::danish;
use crate::db::{Read, Result, Tx};
use crate::parties;
use crate::payments::payee_account::{Doubt, NewPayeeAccount, PayeeAccount, State};
use crate::payments::store::payee_account as store;

/// Why an account was not asked for, confirmed, refused or ended.
#[derive(Debug, thiserror::Error)]
pub enum PayeeAccountError {
    #[error("the payee {0} is not registered; register it first")]
    NoPayee(PartyId),
    #[error("say what proves that the payee wants it, such as the form and its date")]
    NoSource,
    #[error("say why")]
    NoReason,
    #[error(
        "a wish for an account of this payee and benefit waits already; confirm or refuse it first"
    )]
    Waits,
    #[error("the payee's money of this benefit goes to that account already")]
    Unchanged,
    #[error("there is no such account {0}; see `ydun party account list`")]
    NotFound(PayeeAccountId),
    #[error("account {id} is {state}, so this cannot be done with it")]
    WrongState { id: PayeeAccountId, state: State },
    #[error("'{by}' asked for it; another person must confirm it")]
    SamePerson { by: String },
    #[error("{}; make sure of it with the payee, by a number or address we had before, and say with --despite how", said(.0))]
    Doubtful(Vec<Doubt>),
    #[error("the account could not be saved")]
    Store(#[from] sqlx::Error),
}

fn said(doubts: &[Doubt]) -> String {
    doubts.iter().map(Doubt::to_string).collect::<Vec<_>>().join(", and ")
}

/// Asks that a payee's money of a benefit go to an account. It does when another person has confirmed it.
pub async fn ask(
    tx: &mut Tx,
    act: &Act<Register>,
    new: &NewPayeeAccount,
) -> std::result::Result<PayeeAccountId, PayeeAccountError> {
    if new.source.trim().is_empty() {
        return Err(PayeeAccountError::NoSource);
    }
    if parties::service::by_ids(tx, act.tenant(), &[new.payee]).await?.is_empty() {
        return Err(PayeeAccountError::NoPayee(new.payee));
    }
    let current = store::confirmed(tx, act.tenant(), new.payee, &new.benefit).await?;
    if current.is_some_and(|current| current.account == new.account) {
        return Err(PayeeAccountError::Unchanged);
    }
    let id = PayeeAccountId::generate();
    if !store::insert(tx, act, id, new).await? {
        return Err(PayeeAccountError::Waits);
    }
    record(tx, act, Action::PayeeAccountAsked, id, new.account.hidden()).await?;
    Ok(id)
}

/// A second person says yes: from now on payments that leave go there.
///
/// Where something speaks against it, that person says in `despite` how it was made sure of.
pub async fn confirm(
    tx: &mut Tx,
    act: &Act<Approve>,
    id: PayeeAccountId,
    despite: Option<&str>,
) -> std::result::Result<PayeeAccount, PayeeAccountError> {
    let asked = find(tx, act.tenant(), id, State::Asked).await?;
    if asked.asked_by == act.by() {
        return Err(PayeeAccountError::SamePerson { by: asked.asked_by });
    }
    let before = store::confirmed(tx, act.tenant(), asked.payee, &asked.benefit).await?;
    let despite = despite.map(str::trim).filter(|text| !text.is_empty());
    let doubts = doubts(tx, act.tenant(), &asked, danish(act.at())).await?;
    if !doubts.is_empty() && despite.is_none() {
        return Err(PayeeAccountError::Doubtful(doubts));
    }
    if let Some(before) = before {
        let reason = format!("afløst af {}", asked.account.hidden());
        store::close(tx, act, before.id, State::Ended, &reason).await?;
    }
    store::confirm(tx, act, id, despite.filter(|_| !doubts.is_empty())).await?;
    record(tx, act, Action::PayeeAccountConfirmed, id, asked.account.hidden()).await?;
    store::lock(tx, act.tenant(), id).await?.ok_or(PayeeAccountError::NotFound(id))
}

/// What speaks against a wish: a fraud mostly sends several payees' money to one account, or changes
/// one again and again.
pub async fn doubts(
    db: &mut Read,
    tenant: Tenant,
    asked: &PayeeAccount,
    today: Day,
) -> Result<Vec<Doubt>> {
    const LATELY_DAYS: u32 = 30;
    let shared = store::others_paid_to(db, tenant, asked).await?;
    let shared = (shared > 0).then_some(Doubt::Shared(shared));
    let changed = store::last_confirmed(db, tenant, asked.payee, &asked.benefit).await?.map(danish);
    let changed = changed.filter(|day| *day > today.minus_days(LATELY_DAYS));
    Ok(shared.into_iter().chain(changed.map(Doubt::ChangedLately)).collect())
}

/// Says no to a wish.
pub async fn refuse(
    tx: &mut Tx,
    act: &Act<Approve>,
    id: PayeeAccountId,
    reason: &str,
) -> std::result::Result<(), PayeeAccountError> {
    let reason = given(reason)?;
    find(tx, act.tenant(), id, State::Asked).await?;
    store::close(tx, act, id, State::Refused, reason).await?;
    record(tx, act, Action::PayeeAccountRefused, id, reason.to_owned()).await
}

/// Lets the money go to the NemKonto again. That takes one person, as nobody else's account is named.
pub async fn end(
    tx: &mut Tx,
    act: &Act<Register>,
    id: PayeeAccountId,
    reason: &str,
) -> std::result::Result<(), PayeeAccountError> {
    let reason = given(reason)?;
    find(tx, act.tenant(), id, State::Confirmed).await?;
    store::close(tx, act, id, State::Ended, reason).await?;
    record(tx, act, Action::PayeeAccountEnded, id, reason.to_owned()).await
}

fn given(reason: &str) -> std::result::Result<&str, PayeeAccountError> {
    let reason = reason.trim();
    if reason.is_empty() { Err(PayeeAccountError::NoReason) } else { Ok(reason) }
}

async fn find(
    tx: &mut Tx,
    tenant: Tenant,
    id: PayeeAccountId,
    wanted: State,
) -> std::result::Result<PayeeAccount, PayeeAccountError> {
    let found = store::lock(tx, tenant, id).await?.ok_or(PayeeAccountError::NotFound(id))?;
    if found.state == wanted {
        Ok(found)
    } else {
        Err(PayeeAccountError::WrongState { id, state: found.state })
    }
}

async fn record<R: crate::access::Right>(
    tx: &mut Tx,
    act: &Act<R>,
    action: Action,
    id: PayeeAccountId,
    detail: String,
) -> std::result::Result<(), PayeeAccountError> {
    Ok(audit::record(tx, act, action, Subject::PayeeAccount(id), detail).await?)
}

/// The accounts payees have named, newest first; or only the wishes that wait for a second person.
pub async fn payee_accounts(
    db: &mut Read,
    tenant: Tenant,
    only_asked: bool,
) -> Result<Vec<PayeeAccount>> {
    store::all(db, tenant, only_asked).await
}
