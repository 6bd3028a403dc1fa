//! SQL for money kept back.

use ydun_domain::ids::{CaseId, HoldId, PartyId, PaymentId};
use ydun_domain::{Day, Tenant};

use crate::access::{Act, Right};
use crate::db::{Read, Result, Tx, list, sql, sql_each};
use crate::payments::hold::Hold;

/// Whether a payment is kept back: an open hold of its case and payee is about days it pays for.
macro_rules! is_held {
    () => {
        "EXISTS (
            SELECT 1 FROM payment_hold AS hold
            JOIN payment_part AS part ON part.tenant = hold.tenant AND part.payment_id = payment.id
            WHERE hold.tenant = payment.tenant AND hold.case_id = payment.case_id AND hold.payee = payment.payee
              AND hold.released_at IS NULL AND part.last_day >= hold.since)"
    };
}

pub(super) use is_held;

/// Keeps a payee's money back, unless it is already, and tells whether it is new.
pub(in crate::payments) async fn hold<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    id: HoldId,
    (case, payee, since): (CaseId, PartyId, Day),
    reason: &str,
) -> Result<bool> {
    const HOLD: &str = "
        INSERT INTO payment_hold (tenant, id, case_id, payee, since, reason, placed_at, placed_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (tenant, case_id, payee, since) WHERE released_at IS NULL DO NOTHING";
    let hold = sql(HOLD).bind(act.tenant()).bind(id).bind(case).bind(payee).bind(since);
    Ok(tx.execute(hold.bind(reason).bind(act.at()).bind(act.by())).await? == 1)
}

/// Lets the money go, and tells whether it was kept back.
pub(in crate::payments) async fn release<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    id: HoldId,
    because: &str,
) -> Result<bool> {
    const RELEASE: &str = "
        UPDATE payment_hold SET released_at = $3, released_by = $4, released_because = $5
        WHERE tenant = $1 AND id = $2 AND released_at IS NULL";
    let release = sql(RELEASE).bind(act.tenant()).bind(id).bind(act.at()).bind(act.by());
    Ok(tx.execute(release.bind(because)).await? == 1)
}

/// What is kept back in a municipality, oldest first.
pub(in crate::payments) async fn open_holds(db: &mut Read, tenant: Tenant) -> Result<Vec<Hold>> {
    const OPEN: &str = "
        SELECT id, case_id, payee, since, reason, placed_at, placed_by, released_at, released_because
        FROM payment_hold WHERE tenant = $1 AND released_at IS NULL ORDER BY id";
    db.all(sql(OPEN).bind(tenant)).await
}

/// Every hold of a case, also those that were released, oldest first.
pub(in crate::payments) async fn holds_of_case(
    db: &mut Read,
    tenant: Tenant,
    case: CaseId,
) -> Result<Vec<Hold>> {
    const OF_CASE: &str = "
        SELECT id, case_id, payee, since, reason, placed_at, placed_by, released_at, released_because
        FROM payment_hold WHERE tenant = $1 AND case_id = $2 ORDER BY id";
    db.all(sql(OF_CASE).bind(tenant).bind(case)).await
}

/// Those of some payments that are kept back now.
pub(in crate::payments) async fn held_among(
    db: &mut Read,
    tenant: Tenant,
    payments: &[PaymentId],
) -> Result<Vec<PaymentId>> {
    const SQLITE: &str = concat!(
        "SELECT id FROM payment
         WHERE tenant = $1 AND id IN (SELECT unhex(value, '-') FROM json_each($2)) AND ",
        is_held!()
    );
    const POSTGRES: &str = concat!(
        "SELECT id FROM payment
         WHERE tenant = $1 AND id = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID))) AND ",
        is_held!()
    );
    let held: Vec<(PaymentId,)> =
        db.all(sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(payments))).await?;
    Ok(held.into_iter().map(|(id,)| id).collect())
}
