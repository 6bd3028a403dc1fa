//! Wishes that a payment be paid again at once.

use ydun_domain::Tenant;
use ydun_domain::ids::PaymentId;

use crate::access::{Act, Right};
use crate::db::{Read, Result, Tx, sql};

/// Keeps who asks first.
pub(in crate::payments) async fn insert<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    payment: PaymentId,
) -> Result<()> {
    const ASK: &str = "
        INSERT INTO pay_again_request (tenant, payment_id, asked_at, asked_by) VALUES ($1, $2, $3, $4)
        ON CONFLICT (tenant, payment_id) DO NOTHING";
    let ask = sql(ASK).bind(act.tenant()).bind(payment).bind(act.at()).bind(act.by());
    tx.execute(ask).await.map(drop)
}

/// Who has asked, if anybody has.
pub(in crate::payments) async fn asked_by(
    db: &mut Read,
    tenant: Tenant,
    payment: PaymentId,
) -> Result<Option<String>> {
    const ASKED_BY: &str =
        "SELECT asked_by FROM pay_again_request WHERE tenant = $1 AND payment_id = $2";
    let found: Option<(String,)> = db.optional(sql(ASKED_BY).bind(tenant).bind(payment)).await?;
    Ok(found.map(|(asked_by,)| asked_by))
}

/// The payment it became.
pub(in crate::payments) async fn set_paid_as(
    tx: &mut Tx,
    tenant: Tenant,
    payment: PaymentId,
    new: PaymentId,
) -> Result<()> {
    const SET: &str =
        "UPDATE pay_again_request SET paid_as = $3 WHERE tenant = $1 AND payment_id = $2";
    tx.execute(sql(SET).bind(tenant).bind(payment).bind(new)).await.map(drop)
}
