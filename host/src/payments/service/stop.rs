//! Stopping a payment before it has left.

use ydun_domain::ids::PaymentId;

use super::withdraw::{Withdrawal, withdraw};
use crate::access::{Act, Pay};
use crate::audit::{self, Action, Subject};
use crate::db::Tx;
use crate::payments::state::Stuck;
use crate::payments::store;

/// Why a payment was not stopped.
#[derive(Debug, thiserror::Error)]
pub enum StopError {
    #[error("there is no payment {0}; see the payments of the case")]
    NotFound(PaymentId),
    #[error(transparent)]
    Stuck(#[from] Stuck),
    #[error("the payment could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Stops a payment before it has left. Its money is not owed any more, until a new decision says so.
pub async fn stop(
    tx: &mut Tx,
    act: &Act<Pay>,
    id: PaymentId,
    reason: &str,
) -> Result<(), StopError> {
    let payment = store::lock(tx, act.tenant(), id).await?.ok_or(StopError::NotFound(id))?;
    payment.state.stop()?;
    let parts = store::parts_of_payment(tx, act.tenant(), id).await?;
    withdraw(tx, act, vec![Withdrawal { parts, cause: format!("standset: {reason}") }]).await?;
    audit::record(tx, act, Action::PaymentStopped, Subject::Payment(id), reason).await?;
    Ok(())
}
