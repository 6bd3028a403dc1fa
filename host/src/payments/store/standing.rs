//! SQL for payments looked at many at a time.

use uuid::Uuid;
use ydun_domain::ids::PaymentId;
use ydun_domain::{Period, Tenant};

use super::columns::{PaymentRow, payments_where};
use super::hold::is_held;
use super::payments;
use crate::db::{Read, Result, sql};
use crate::payments::Payment;
use crate::payments::standing::{FileSum, Standing, Sum};

macro_rules! standing {
    () => {
        concat!(
            "CASE WHEN payment.state = 'planned' AND ",
            is_held!(),
            " THEN 'held' ELSE payment.state END"
        )
    };
}

macro_rules! sums_where {
    ($condition:literal) => {
        concat!(
            "SELECT standing, COUNT(*) AS payments, CAST(SUM(amount) AS BIGINT) AS amount
             FROM (SELECT ",
            standing!(),
            " AS standing, payment.amount FROM payment
                   WHERE payment.tenant = $1 AND ",
            $condition,
            ") AS looked_at
             GROUP BY standing"
        )
    };
}

/// Where the payments stand whose money is to be there within some days.
pub(in crate::payments) async fn sums(
    db: &mut Read,
    tenant: Tenant,
    days: Period,
) -> Result<Vec<Sum>> {
    const SUMS: &str = sums_where!("payment.disposal BETWEEN $2 AND $3");
    db.all(sql(SUMS).bind(tenant).bind(days.first()).bind(days.last())).await
}

/// Where the payments stand that are neither settled nor stopped, of all days.
pub(in crate::payments) async fn open_sums(db: &mut Read, tenant: Tenant) -> Result<Vec<Sum>> {
    const SUMS: &str = sums_where!("payment.state NOT IN ('settled', 'stopped')");
    db.all(sql(SUMS).bind(tenant)).await
}

/// The payments that stand somewhere, in the order they were made, after one of them.
pub(in crate::payments) async fn standing(
    db: &mut Read,
    tenant: Tenant,
    standing: Standing,
    days: Period,
    after: Option<PaymentId>,
    limit: u32,
) -> Result<Vec<Payment>> {
    const STANDING: &str = concat!(
        payments_where!("disposal BETWEEN $2 AND $3 AND id > $4 AND "),
        standing!(),
        " = $5 ORDER BY id LIMIT $6"
    );
    let after = after.unwrap_or(PaymentId(Uuid::nil()));
    let ask = sql(STANDING).bind(tenant).bind(days.first()).bind(days.last()).bind(after);
    let rows: Vec<PaymentRow> = db.all(ask.bind(standing.word()).bind(i64::from(limit))).await?;
    payments(rows)
}

/// What the payments have come to of the files whose money is to be there within some days.
pub(in crate::payments) async fn file_sums(
    db: &mut Read,
    tenant: Tenant,
    days: Period,
) -> Result<Vec<FileSum>> {
    const SUMS: &str = "
        SELECT payment.file_id, payment.state, COUNT(*) AS payments
        FROM payment_file
        JOIN payment ON payment.tenant = payment_file.tenant AND payment.file_id = payment_file.id
        WHERE payment_file.tenant = $1 AND payment_file.disposal BETWEEN $2 AND $3
        GROUP BY payment.file_id, payment.state
        ORDER BY payment.file_id, payment.state";
    db.all(sql(SUMS).bind(tenant).bind(days.first()).bind(days.last())).await
}
