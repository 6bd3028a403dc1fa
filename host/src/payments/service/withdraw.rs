//! Taking back what nobody has got.

use std::collections::BTreeMap;

use ydun_domain::Day;
use ydun_domain::ids::PaymentId;

use super::moves::{ask_about_troubled, carry_out, lies_on, post, undo};
use crate::access::{Act, Right};
use crate::clock::danish;
use crate::db::{Result, Tx};
use crate::ledger::{self, Account, Cause, Entry};
use crate::notices;
use crate::payments::State;
use crate::payments::store::{self, Deduction, Move, Part};

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

    /// Money that is parked or at the bank is owed again; then neither it nor what was taken from it is.
    fn entry(&self, booked: Day, deductions: &[Deduction]) -> Entry {
        let payment = self.payment();
        let own = deductions.iter().filter(|deduction| deduction.payment == payment);
        let own: Vec<Deduction> = own.cloned().collect();
        let lies_on = lies_on(self.state());
        let owed = |part: &Part| post(part, lies_on.clone(), Account::Payable);
        let owed = self.parts.iter().filter(|_| lies_on != Account::Payable).filter_map(owed);
        let postings = owed.chain(undo(&self.parts, &own)).collect();
        let key = format!("payment:{payment}:withdrawn");
        Entry::new(key, Cause::Payment(payment), booked, postings)
    }
}

/// The parts of each payment.
pub(super) fn by_payment(parts: Vec<Part>) -> BTreeMap<PaymentId, Vec<Part>> {
    let mut payments: BTreeMap<PaymentId, Vec<Part>> = BTreeMap::new();
    for part in parts {
        payments.entry(part.payment).or_default().push(part);
    }
    payments
}

/// Takes payments back that nobody has got: not sent, stopped by the bank, or parked. They count as
/// settled no longer, and their notices no longer hold.
pub(super) async fn withdraw<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    withdrawals: Vec<Withdrawal>,
) -> Result<()> {
    let payments: Vec<PaymentId> = withdrawals.iter().map(Withdrawal::payment).collect();
    let deductions = store::deductions(tx, act.tenant(), &payments).await?;
    let reversal = |withdrawal: &Withdrawal| withdrawal.entry(danish(act.at()), &deductions);
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
