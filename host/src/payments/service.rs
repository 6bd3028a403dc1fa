//! What can be done with payments.
//!
//! A decision is settled, its payments are sent and published, the bank's answers are heard; a
//! payment can be stopped until it is paid, and paid again when it did not reach the payee.

mod batch;
mod divide;
mod due;
pub mod elsewhere;
mod foresee;
mod hear;
mod hold;
mod moves;
mod net;
mod pay_again;
pub mod payee_account;
mod plan;
mod publish;
mod reconcile;
pub mod redirection;
mod send;
mod send_stops;
mod settle;
mod standing;
mod statement;
mod stop;
mod stopped;
mod tax_desk;
mod understand;
mod withdraw;

use std::ops::RangeInclusive;

use ydun_domain::ids::{CaseId, PaymentFileId, PaymentId};
use ydun_domain::{Day, Tenant};

use super::stop::StopRequest;
use super::{Event, Overpayment, Payment, PaymentFile, store};
use crate::access::{Act, Right};
use crate::db::{Read, Result, Tx};
use crate::ledger::difference::Line;
use crate::ledger::{Positive, Purpose};

pub use foresee::{Foreseen, foresee};
pub use hear::{HearError, Heard, hear};
pub use hold::{
    ReleaseError, Unsent, hold, holds_of_case, open_holds, release, release_decided, unsent,
};
pub use pay_again::{PayAgainError, ask_straks, pay_again};
pub use publish::{LEASE, Published, publish};
pub use reconcile::{open_breaks, reconcile};
pub use send::{SendError, send};
pub use send_stops::send_stops;
pub use settle::{SettleError, Settled, settle};
pub use standing::{file_sums, open_sums, standing, sums};
pub use stop::{Asked, Stop, StopError, stop};

/// The payments of a case, oldest first.
pub async fn of_case(db: &mut Read, tenant: Tenant, case: CaseId) -> Result<Vec<Payment>> {
    store::of_case(db, tenant, case).await
}

/// The payments of a file, in the order they have in it.
pub async fn of_file(db: &mut Read, tenant: Tenant, file: PaymentFileId) -> Result<Vec<Payment>> {
    store::of_file(db, tenant, file).await
}

/// The requests to stop payments of a case.
pub async fn stop_requests(
    db: &mut Read,
    tenant: Tenant,
    payments: &[PaymentId],
) -> Result<Vec<StopRequest>> {
    store::requests(db, tenant, payments).await
}

/// Every state a payment has been in, oldest first.
pub async fn events(db: &mut Read, tenant: Tenant, payment: PaymentId) -> Result<Vec<Event>> {
    store::events(db, tenant, payment).await
}

/// The payments of a range of cases that somebody must look at: rejected, returned, or unknown.
pub async fn troubled(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
) -> Result<Vec<Payment>> {
    store::troubled(db, tenant, cases).await
}

/// What is overpaid in a range of cases and not dealt with.
pub async fn overpayments(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
) -> Result<Vec<Overpayment>> {
    store::open_overpayments(db, tenant, cases).await
}

/// The files whose money is there within some days, oldest first.
pub async fn files(
    db: &mut Read,
    tenant: Tenant,
    days: RangeInclusive<Day>,
) -> Result<Vec<PaymentFile>> {
    store::files_between(db, tenant, *days.start(), *days.end()).await
}

/// The part of a payment that is for a line, and the expense account that bears it. Keeps others from
/// changing the payment.
pub async fn lock_part<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    payment: PaymentId,
    line_key: &str,
) -> Result<Option<(Purpose, String)>> {
    store::lock(tx, act.tenant(), payment).await?;
    let parts = store::parts_of_payments(tx, act.tenant(), &[payment]).await?;
    let part = parts.into_iter().find(|part| part.purpose.line_key == line_key);
    Ok(part.map(|part| (part.purpose, part.account)))
}

/// Takes an amount off what is overpaid of a line, and says whether that much was.
pub async fn lower_overpayment<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    purpose: &Purpose,
    amount: Positive,
) -> Result<bool> {
    store::take_off_overpayment(tx, act, &Line::from(purpose), amount).await
}
