//! Taking back what nobody has got.

use ydun_domain::ids::PaymentId;

use super::moves::{ask_about_troubled, carry_out, lies_on, post};
use crate::access::{Act, Right};
use crate::clock::danish;
use crate::db::{Result, Tx};
use crate::ledger::{self, Account, Cause, Entry};
use crate::notices;
use crate::payments::State;
use crate::payments::store::{Move, Part};

/// A payment to take back.
pub(super) struct Withdrawal {
    /// All of its parts, at least one.
    pub(super) parts: Vec<Part>,
    pub(super) cause: String,
}

impl Withdrawal {
    fn payment(&self) -> PaymentId {
        self.parts[0].payment
    }

    fn state(&self) -> State {
        self.parts[0].state
    }
}

/// Takes payments back that have not left, or are parked: they count as settled no longer, and their
/// notices no longer hold.
pub(super) async fn withdraw<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    withdrawals: Vec<Withdrawal>,
) -> Result<()> {
    let booked = danish(act.at());
    let reversal = |withdrawal: &Withdrawal| {
        let lies_on = lies_on(withdrawal.state());
        let back = |part| post(part, lies_on.clone(), Account::Expense(part.account.clone()));
        let payment = withdrawal.payment();
        let postings = withdrawal.parts.iter().map(back).collect();
        Entry::new(
            format!("payment:{payment}:withdrawn"),
            Cause::Payment(payment),
            booked,
            postings,
        )
    };
    let entries: Vec<Entry> = withdrawals.iter().map(reversal).collect();
    ledger::service::book(tx, act, &entries).await?;

    let step = |withdrawal: &Withdrawal| Move {
        payment: withdrawal.payment(),
        version: withdrawal.parts[0].version,
        to: State::Stopped,
        cause: withdrawal.cause.clone(),
    };
    carry_out(tx, act, &withdrawals.iter().map(step).collect::<Vec<_>>()).await?;
    for withdrawal in &withdrawals {
        notices::service::withdraw(tx, act, withdrawal.payment()).await?;
        if withdrawal.state().is_parked() {
            let case = withdrawal.parts[0].purpose.case_id;
            ask_about_troubled(tx, act, &(case..=case)).await?;
        }
    }
    Ok(())
}
