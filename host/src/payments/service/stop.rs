//! Stopping a payment: here before it has left, at the bank until it is paid.

use ydun_domain::Day;
use ydun_domain::ids::PaymentId;

use super::due::count_anew;
use super::withdraw::{Withdrawal, withdraw};
use crate::access::{Act, StopPayments};
use crate::audit::{self, Action, Subject};
use crate::db::Tx;
use crate::payments::state::{Stopper, Stuck};
use crate::payments::{Lane, Payment, store};

/// What stopping a payment came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Nobody gets the money.
    Done,
    /// The bank is to be asked.
    AtBank(Asked),
}

/// A payment the bank is to be asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub lane: Lane,
    /// The bank day the money would be at the payee's disposal.
    pub disposal: Day,
    /// Whether the bank has said that it has the payment; before, the request waits.
    pub bank_knows_it: bool,
}

/// Why a payment was not stopped.
#[derive(Debug, thiserror::Error)]
pub enum StopError {
    #[error("there is no payment {0}; see the payments of the case")]
    NotFound(PaymentId),
    #[error("it has been asked before to stop the payment; see the case for the bank's answer")]
    AskedBefore,
    #[error(transparent)]
    Stuck(#[from] Stuck),
    #[error("the payment could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Stops a payment, or has the bank asked to. Its money is not owed any more, until a new decision
/// says so or somebody has it paid again.
pub async fn stop(
    tx: &mut Tx,
    act: &Act<StopPayments>,
    id: PaymentId,
    reason: &str,
) -> Result<Stop, StopError> {
    let payment = store::lock(tx, act.tenant(), id).await?.ok_or(StopError::NotFound(id))?;
    let stopper = payment.state.stop()?;
    let stop = match stopper {
        Stopper::We => {
            let parts = store::parts_of_payments(tx, act.tenant(), &[id]).await?;
            let cause = format!("standset: {reason}");
            withdraw(tx, act, vec![Withdrawal { parts: parts.clone(), cause }]).await?;
            count_anew(tx, act, &parts).await?;
            Stop::Done
        }
        Stopper::Bank { knows_it } => {
            if !store::ask_to_stop(tx, act, id, reason).await? {
                return Err(StopError::AskedBefore);
            }
            let Payment { lane, disposal, .. } = payment;
            Stop::AtBank(Asked { lane, disposal, bank_knows_it: knows_it })
        }
    };
    audit::record(tx, act, Action::PaymentStopped, Subject::Payment(id), reason).await?;
    Ok(stop)
}
