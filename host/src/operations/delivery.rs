//! A decision that gives less reaches the party, and only then changes payments.

use ydun_domain::ids::{CaseId, DecisionId};
use ydun_domain::{Day, Tenant};

use super::approval::{Approval, ApproveMonthError, Terms, settle_all};
use super::store;
use crate::access::{Act, Approve};
use crate::audit::{self, Action, Subject};
use crate::clock::danish;
use crate::db::{Read, Result as DbResult, Tx};
use crate::decisions::service as decisions;
use crate::hearings::Channel;
use crate::payments::{BankProfile, Lane};

/// A decision that is approved and waits to reach the party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct Held {
    pub case_id: CaseId,
    pub decision_id: DecisionId,
    #[sqlx(try_from = "String")]
    pub lane: Lane,
    pub due: Day,
}

/// Why a decision was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    #[error(
        "decision {0} does not wait to reach anybody, or a newer one has taken its place; see `ydun decision held`"
    )]
    NotHeld(DecisionId),
    #[error("a decision cannot arrive on {0}, which is in the future")]
    Future(Day),
    #[error(transparent)]
    Payment(#[from] ApproveMonthError),
    #[error("the delivery could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Takes down that a decision reached the party, and lets it change the payments.
///
/// A decision whose place a newer one has taken never takes effect, whenever it arrives.
pub async fn deliver(
    tx: &mut Tx,
    act: &Act<Approve>,
    bank: &BankProfile,
    (case, id): (CaseId, DecisionId),
    on: Day,
    channel: Channel,
) -> Result<Approval, DeliverError> {
    if on > danish(act.at()) {
        return Err(DeliverError::Future(on));
    }
    let held = store::held(tx, act.tenant(), case, id).await?.ok_or(DeliverError::NotHeld(id))?;
    store::release(tx, act, &held, on, channel).await?;
    let mut decisions = decisions::in_force(tx, act.tenant(), case).await?;
    decisions.retain(|decision| decision.id == id);
    let terms = Terms { bank, lane: held.lane, due: Some(held.due) };
    let approval = settle_all(tx, act, &terms, &decisions).await?;
    let detail = format!("{channel} on {on}");
    audit::record(tx, act, Action::DecisionDelivered, Subject::Decision(id), detail).await?;
    Ok(approval)
}

/// What waits to reach a party, oldest first.
pub async fn held(db: &mut Read, tenant: Tenant) -> DbResult<Vec<Held>> {
    store::all_held(db, tenant).await
}
