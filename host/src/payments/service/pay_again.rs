//! Paying again what could not be delivered.

use ydun_domain::ids::PaymentId;

use super::batch::payees;
use super::moves::{ask_about_troubled, carry_out, lies_on, post};
use super::plan::{PlannedPayment, end_to_end};
use super::settle::keep;
use crate::access::{Act, Approve};
use crate::audit::{self, Action, Subject};
use crate::clock::danish;
use crate::db::Tx;
use crate::ledger::{self, Account, Cause, Entry};
use crate::notices::{self, NewNotice};
use crate::payments::profile::NoTermsYet;
use crate::payments::state::Stuck;
use crate::payments::store::{self, Move, Part};
use crate::payments::{BankProfile, Lane, Payment, State};

/// Why a payment was not paid again.
#[derive(Debug, thiserror::Error)]
pub enum PayAgainError {
    #[error("there is no payment {0}; see the payments of the case")]
    NotFound(PaymentId),
    #[error(transparent)]
    Stuck(#[from] Stuck),
    #[error(transparent)]
    NoTerms(#[from] NoTermsYet),
    #[error("the payment could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Pays a rejected or returned payment again, as soon as the lane can make it.
///
/// The payee is named as it is known now. The parked money becomes a debt again; the old payment is
/// stopped, so that it can be paid again only once.
pub async fn pay_again(
    tx: &mut Tx,
    act: &Act<Approve>,
    bank: &BankProfile,
    id: PaymentId,
    lane: Lane,
) -> Result<PaymentId, PayAgainError> {
    let old = store::lock(tx, act.tenant(), id).await?.ok_or(PayAgainError::NotFound(id))?;
    let stopped = old.state.unpark()?;
    let new = planned_again(tx, act, bank, &old, lane).await?;
    let new_id = new.payment.id;

    let from = lies_on(old.state);
    let postings =
        new.parts.iter().map(|part| post(part, from.clone(), Account::Payable)).collect();
    let entry =
        Entry::new(format!("payment:{id}:again"), Cause::Payment(id), danish(act.at()), postings);
    ledger::service::book(tx, act, &[entry]).await?;
    let cause = format!("udbetales igen som {}", new.payment.end_to_end);
    carry_out(tx, act, &[Move { payment: id, version: old.version, to: stopped, cause }]).await?;
    notices::service::withdraw(tx, act, id).await?;
    keep(tx, act, &[new]).await?;
    ask_about_troubled(tx, act, &(old.case_id..=old.case_id)).await?;
    audit::record(tx, act, Action::PaymentPaidAgain, Subject::Payment(id), format!("as {new_id}"))
        .await?;
    Ok(new_id)
}

async fn planned_again(
    tx: &mut Tx,
    act: &Act<Approve>,
    bank: &BankProfile,
    old: &Payment,
    lane: Lane,
) -> Result<PlannedPayment, PayAgainError> {
    let id = PaymentId::generate();
    let schedule = bank.schedule(lane, act.at(), danish(act.at()))?;
    let payee = payees(tx, act.tenant(), &[old.payee.id]).await?.remove(&old.payee.id);
    let payment = Payment {
        id,
        end_to_end: end_to_end(id),
        payee: payee.unwrap_or_else(|| old.payee.clone()),
        lane,
        disposal: schedule.disposal,
        send_by: schedule.send_by,
        state: State::Planned,
        state_reason: format!("udbetales igen i stedet for {}", old.end_to_end),
        version: 1,
        file_id: None,
        ..old.clone()
    };
    let parts = store::parts_of_payment(tx, act.tenant(), old.id).await?;
    let part = |part| Part { payment: id, version: 1, state: State::Planned, ..part };
    let notice =
        notices::service::content(tx, act.tenant(), old.id).await?.map(|content| NewNotice {
            recipient: old.payee.id,
            case_id: old.case_id,
            payment_id: id,
            disposal: schedule.disposal,
            content,
        });
    Ok(PlannedPayment {
        business_key: format!("payment:{}:again", old.id),
        parts: parts.into_iter().map(part).collect(),
        notice: notice.ok_or(sqlx::Error::RowNotFound)?,
        payment,
    })
}
