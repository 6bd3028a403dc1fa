//! Keeping money back, and letting it go.

use std::ops::RangeInclusive;

use ydun_domain::ids::{CaseId, HoldId, PartyId, PaymentId};
use ydun_domain::{Day, Period, Tenant};

use crate::access::{Act, Right};
use crate::audit::{self, Action, Subject};
use crate::db::{Read, Result as DbResult, Tx};
use crate::payments::State;
use crate::payments::hold::Hold;
use crate::payments::store::{self, Part};

/// Why money was not let go.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    #[error("no money is kept back under {0}; see `ydun payment holds`")]
    NotHeld(HoldId),
    #[error("no reason is given; say why the money may go")]
    NoReason,
    #[error("it could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Keeps a payee's money of a case back from a day on; kept back already, it stays so.
pub async fn hold<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    of: (CaseId, PartyId, Day),
    reason: &str,
) -> DbResult<()> {
    // Whoever sends the payments now either has sent them when we get them, or sees the hold.
    store::open_parts(tx, act.tenant(), &RangeInclusive::new(of.0, of.0)).await?;
    let id = HoldId::generate();
    if store::hold(tx, act, id, of, reason).await? {
        audit::record(tx, act, Action::PaymentHeld, Subject::Hold(id), reason).await?;
    }
    Ok(())
}

/// Lets money go, as somebody says that it may.
pub async fn release<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    id: HoldId,
    because: &str,
) -> Result<(), ReleaseError> {
    if because.trim().is_empty() {
        return Err(ReleaseError::NoReason);
    }
    if let_go(tx, act, id, because).await? { Ok(()) } else { Err(ReleaseError::NotHeld(id)) }
}

/// Lets money go whose days are decided anew; let go already, it stays so.
pub async fn release_decided<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    id: HoldId,
    because: &str,
) -> DbResult<()> {
    let_go(tx, act, id, because).await.map(drop)
}

async fn let_go<R: Right>(tx: &mut Tx, act: &Act<R>, id: HoldId, because: &str) -> DbResult<bool> {
    let released = store::release(tx, act, id, because).await?;
    if released {
        audit::record(tx, act, Action::PaymentReleased, Subject::Hold(id), because).await?;
    }
    Ok(released)
}

/// Money of a case that the payee has not got, and that is not parked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsent {
    pub payee: PartyId,
    pub period: Period,
    /// The bank day it is to be there.
    pub disposal: Day,
    /// Whether it has left: then only the bank can stop it.
    pub at_bank: bool,
}

/// What of a case is on its way to its payees, part by part.
pub async fn unsent(db: &mut Read, tenant: Tenant, case: CaseId) -> DbResult<Vec<Unsent>> {
    let mut payments = store::of_case(db, tenant, case).await?;
    payments.retain(|payment| payment.state == State::Planned || payment.state.is_at_bank());
    let ids: Vec<PaymentId> = payments.iter().map(|payment| payment.id).collect();
    let parts = store::parts_of_payments(db, tenant, &ids).await?;
    let unsent = |part: &Part| {
        let payment = payments.iter().find(|payment| payment.id == part.payment)?;
        let (payee, period) = (part.purpose.payee, part.purpose.period);
        let (disposal, at_bank) = (payment.disposal, payment.state.is_at_bank());
        Some(Unsent { payee, period, disposal, at_bank })
    };
    Ok(parts.iter().filter_map(unsent).collect())
}

/// What is kept back in the municipality, oldest first.
pub async fn open_holds(db: &mut Read, tenant: Tenant) -> DbResult<Vec<Hold>> {
    store::open_holds(db, tenant).await
}

/// Every hold of a case, also those that were released, oldest first.
pub async fn holds_of_case(db: &mut Read, tenant: Tenant, case: CaseId) -> DbResult<Vec<Hold>> {
    store::holds_of_case(db, tenant, case).await
}
