//! What can be done with notices: keep, move, withdraw, find.

use std::ops::RangeInclusive;

use ydun_domain::ids::{CaseId, PaymentFileId, PaymentId};
use ydun_domain::{Day, Tenant};

use super::{Content, NewNotice, Notice, store};
use crate::access::{Act, Right};
use crate::db::{Read, Result, Tx};

/// Keeps notices, one for a payment.
pub async fn keep<R: Right>(tx: &mut Tx, act: &Act<R>, notices: &[NewNotice]) -> Result<()> {
    store::insert(tx, act, notices).await
}

/// Moves the notices of a file's payments to the day the money really is there.
pub async fn reschedule(
    tx: &mut Tx,
    tenant: Tenant,
    file: PaymentFileId,
    disposal: Day,
) -> Result<()> {
    store::reschedule(tx, tenant, file, disposal).await
}

/// Withdraws the notice of a payment that nobody will get.
pub async fn withdraw<R: Right>(tx: &mut Tx, act: &Act<R>, payment: PaymentId) -> Result<()> {
    store::withdraw(tx, act, payment).await
}

/// The notices that hold for payments at disposal within some days.
pub async fn between(
    db: &mut Read,
    tenant: Tenant,
    days: RangeInclusive<Day>,
) -> Result<Vec<Notice>> {
    store::between(db, tenant, days).await
}

/// What the notice of a payment says.
pub async fn content(db: &mut Read, tenant: Tenant, payment: PaymentId) -> Result<Option<Content>> {
    store::content(db, tenant, payment).await
}

/// All notices of a case, withdrawn ones too, oldest first.
pub async fn of_case(db: &mut Read, tenant: Tenant, case: CaseId) -> Result<Vec<Notice>> {
    store::of_case(db, tenant, case).await
}
