//! What can be done with freezes: set, lift, allow a case, and ask whether one is in force.

use std::collections::BTreeSet;

use ydun_domain::ids::{CaseId, FreezeId};
use ydun_domain::{Day, Period, Tenant};

use super::{Exception, Freeze, Frozen, Kind, store};
use crate::access::{Act, Administer, Approve};
use crate::audit::{self, Action, Subject};
use crate::clock::danish;
use crate::db::{self, Read, Tx};

/// Why a freeze was not set, lifted or gone around.
#[derive(Debug, thiserror::Error)]
pub enum FreezeError {
    #[error("{0} is over; a freeze is about days to come")]
    Over(Day),
    #[error("no reason is given; say why, as those who are stopped read it")]
    NoReason,
    #[error("there is no freeze {0} in force; see `ydun freeze list`")]
    NotFound(FreezeId),
    #[error("a freeze of {0} has no exceptions; only approvals at once have")]
    NoExceptions(Kind),
    #[error("the freeze could not be read or saved")]
    Store(#[from] sqlx::Error),
}

/// Sets a freeze.
pub async fn set(
    tx: &mut Tx,
    act: &Act<Administer>,
    kind: Kind,
    days: Period,
    reason: &str,
) -> Result<Freeze, FreezeError> {
    if days.last() < danish(act.at()) {
        return Err(FreezeError::Over(days.last()));
    }
    let freeze = Freeze {
        id: FreezeId::generate(),
        kind,
        days,
        reason: given(reason)?.to_owned(),
        set_at: act.at(),
        set_by: act.by().to_owned(),
        lifted: None,
    };
    store::insert(tx, act.tenant(), &freeze).await?;
    let detail = format!("{kind} {days}: {reason}");
    audit::record(tx, act, Action::FreezeSet, Subject::Freeze(freeze.id), detail).await?;
    Ok(freeze)
}

/// Ends a freeze before its last day.
pub async fn lift(
    tx: &mut Tx,
    act: &Act<Administer>,
    id: FreezeId,
    because: &str,
) -> Result<(), FreezeError> {
    if !store::lift(tx, act, id, given(because)?).await? {
        return Err(FreezeError::NotFound(id));
    }
    Ok(audit::record(tx, act, Action::FreezeLifted, Subject::Freeze(id), because).await?)
}

/// Lets a case be approved and paid at once while approvals are frozen. Another person approves it.
pub async fn allow(
    tx: &mut Tx,
    act: &Act<Approve>,
    id: FreezeId,
    case: CaseId,
    reason: &str,
) -> Result<(), FreezeError> {
    let found = store::find(tx, act.tenant(), id).await?;
    let freeze = found.filter(|freeze| freeze.lifted.is_none()).ok_or(FreezeError::NotFound(id))?;
    if freeze.kind != Kind::Approval {
        return Err(FreezeError::NoExceptions(freeze.kind));
    }
    if freeze.days.last() < danish(act.at()) {
        return Err(FreezeError::Over(freeze.days.last()));
    }
    let reason = given(reason)?;
    store::allow(tx, act, id, case, reason).await?;
    let detail = format!("freeze {id}: {reason}");
    Ok(audit::record(tx, act, Action::FreezeExcepted, Subject::Case(case), detail).await?)
}

fn given(reason: &str) -> Result<&str, FreezeError> {
    let reason = reason.trim();
    if reason.is_empty() { Err(FreezeError::NoReason) } else { Ok(reason) }
}

/// What is in force on a day and forbids something; of several the one that ends last.
pub async fn in_force(
    db: &mut Read,
    tenant: Tenant,
    kind: Kind,
    on: Day,
) -> db::Result<Option<Frozen>> {
    let freezes = store::of_days(db, tenant, Period::of_day(on)).await?;
    let holding = freezes.into_iter().filter(|freeze| freeze.kind == kind && freeze.holds_on(on));
    Ok(holding
        .max_by_key(|freeze| freeze.days.last())
        .map(|freeze| Frozen { freeze: Box::new(freeze) }))
}

/// The cases that somebody other than who acts has allowed to be paid at once.
pub async fn allowed(
    db: &mut Read,
    act: &Act<Approve>,
    frozen: &Frozen,
) -> db::Result<BTreeSet<CaseId>> {
    let exceptions = store::exceptions(db, act.tenant(), &[frozen.freeze.id]).await?;
    let by_others = exceptions.iter().filter(|exception| exception.allowed_by != act.by());
    Ok(by_others.map(|exception| exception.case).collect())
}

/// Every freeze that touches some days, also those that were lifted, in the order of their days.
pub async fn of_days(db: &mut Read, tenant: Tenant, days: Period) -> db::Result<Vec<Freeze>> {
    store::of_days(db, tenant, days).await
}

/// The cases that may be paid at once in spite of some freezes.
pub async fn exceptions(
    db: &mut Read,
    tenant: Tenant,
    freezes: &[FreezeId],
) -> db::Result<Vec<Exception>> {
    store::exceptions(db, tenant, freezes).await
}
