//! Requests to stop payments, and the files they go in.

use chrono::{DateTime, Utc};
use ydun_domain::ids::{PaymentFileId, PaymentId};
use ydun_domain::{Day, Dkk, Tenant};

use crate::access::{Act, Right};
use crate::db::{Read, Result, Tx, list, sql, sql_each};
use crate::payments::stop::{StopFile, StopRequest, StopState, Stopping};
use crate::payments::{Lane, PaymentFile};

/// Keeps a request, unless the payment has one, and tells whether it is new.
pub(in crate::payments) async fn ask<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    payment: PaymentId,
    reason: &str,
) -> Result<bool> {
    const ASK: &str = "
        INSERT INTO stop_request (tenant, payment_id, state, reason, asked_at, asked_by)
        VALUES ($1, $2, 'asked', $3, $4, $5)
        ON CONFLICT (tenant, payment_id) DO NOTHING";
    let ask = sql(ASK).bind(act.tenant()).bind(payment).bind(reason).bind(act.at()).bind(act.by());
    tx.execute(ask).await.map(|asked| asked == 1)
}

/// The requests to stop some payments.
pub(in crate::payments) async fn requests(
    db: &mut Read,
    tenant: Tenant,
    payments: &[PaymentId],
) -> Result<Vec<StopRequest>> {
    const SQLITE: &str = "
        SELECT payment_id, state, reason, asked_at, asked_by, message_id, answer
        FROM stop_request
        WHERE tenant = $1 AND payment_id IN (SELECT unhex(value, '-') FROM json_each($2))
        ORDER BY payment_id";
    const POSTGRES: &str = "
        SELECT payment_id, state, reason, asked_at, asked_by, message_id, answer
        FROM stop_request
        WHERE tenant = $1
          AND payment_id = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
        ORDER BY payment_id";
    db.all(sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(payments))).await
}

/// The payments asked about in a message.
pub(in crate::payments) async fn stopped_by(
    db: &mut Read,
    tenant: Tenant,
    message_id: &str,
) -> Result<Vec<PaymentId>> {
    const ASKED_BY: &str =
        "SELECT payment_id FROM stop_request WHERE tenant = $1 AND message_id = $2";
    let rows: Vec<(PaymentId,)> = db.all(sql(ASKED_BY).bind(tenant).bind(message_id)).await?;
    Ok(rows.into_iter().map(|(payment,)| payment).collect())
}

/// Moves a request. A final state carries the words that closed it.
pub(in crate::payments) async fn set_stop(
    tx: &mut Tx,
    tenant: Tenant,
    payment: PaymentId,
    to: StopState,
    answer: Option<(DateTime<Utc>, &str)>,
) -> Result<()> {
    const MOVE: &str = "
        UPDATE stop_request SET state = $3, answered_at = $4, answer = $5
        WHERE tenant = $1 AND payment_id = $2";
    let (at, text) = answer.unzip();
    let step = sql(MOVE).bind(tenant).bind(payment).bind(to).bind(at).bind(text);
    tx.execute(step).await.map(drop)
}

/// Puts requests that are asked into a file, and returns how many.
pub(in crate::payments) async fn send_stops(
    tx: &mut Tx,
    tenant: Tenant,
    payments: &[PaymentId],
    message_id: &str,
) -> Result<u64> {
    const SQLITE: &str = "
        UPDATE stop_request SET state = 'sent', message_id = $3
        WHERE tenant = $1 AND state = 'asked' AND payment_id IN (SELECT unhex(value, '-') FROM json_each($2))";
    const POSTGRES: &str = "
        UPDATE stop_request SET state = 'sent', message_id = $3
        WHERE tenant = $1 AND state = 'asked'
          AND payment_id = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))";
    let send = sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(payments)).bind(message_id);
    tx.execute(send).await
}

/// The payments that somebody wants stopped and that the bank knows by now.
pub(in crate::payments) async fn ready_to_stop(
    db: &mut Read,
    tenant: Tenant,
) -> Result<Vec<PaymentId>> {
    const READY: &str = "
        SELECT stop_request.payment_id
        FROM stop_request
        JOIN payment ON payment.tenant = stop_request.tenant AND payment.id = stop_request.payment_id
        WHERE stop_request.tenant = $1 AND stop_request.state = 'asked'
          AND payment.state IN ('received', 'accepted', 'unknown')
        ORDER BY stop_request.payment_id";
    let rows: Vec<(PaymentId,)> = db.all(sql(READY).bind(tenant)).await?;
    Ok(rows.into_iter().map(|(payment,)| payment).collect())
}

#[derive(sqlx::FromRow)]
struct StoppingRow {
    end_to_end: String,
    amount: Dkk,
    tenant: Tenant,
    id: PaymentFileId,
    message_id: String,
    #[sqlx(try_from = "String")]
    lane: Lane,
    disposal: Day,
    payments: i64,
    total: Dkk,
    name: String,
    digest: Vec<u8>,
    made_at: DateTime<Utc>,
    published_at: Option<DateTime<Utc>>,
}

/// What a file of requests asks for, in the order it has there.
pub(in crate::payments) async fn stopping(
    db: &mut Read,
    tenant: Tenant,
    message_id: &str,
) -> Result<Vec<Stopping>> {
    const STOPPING: &str = "
        SELECT payment.end_to_end, payment.amount, file.tenant, file.id, file.message_id, file.lane,
               file.disposal, file.payments, file.total, file.name, file.digest, file.made_at, file.published_at
        FROM stop_request
        JOIN payment ON payment.tenant = stop_request.tenant AND payment.id = stop_request.payment_id
        JOIN payment_file AS file ON file.tenant = payment.tenant AND file.id = payment.file_id
        WHERE stop_request.tenant = $1 AND stop_request.message_id = $2
        ORDER BY file.id, payment.end_to_end";
    let rows: Vec<StoppingRow> = db.all(sql(STOPPING).bind(tenant).bind(message_id)).await?;
    let stopping = |row: StoppingRow| {
        let StoppingRow { end_to_end, amount, tenant, id, message_id, lane, disposal, .. } = row;
        let StoppingRow { payments, total, name, digest, made_at, published_at, .. } = row;
        let file = PaymentFile {
            tenant,
            id,
            message_id,
            lane,
            disposal,
            payments,
            total,
            name,
            digest,
            made_at,
            published_at,
        };
        Stopping { end_to_end, amount, file }
    };
    Ok(rows.into_iter().map(stopping).collect())
}

pub(in crate::payments) async fn insert_stop_file<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    file: &StopFile,
) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO stop_file (tenant, message_id, name, digest, made_at, made_by)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let insert = sql(INSERT)
        .bind(file.tenant)
        .bind(file.message_id.as_str())
        .bind(file.name.as_str())
        .bind(&file.digest[..])
        .bind(file.made_at)
        .bind(act.by());
    tx.execute(insert).await.map(drop)
}

/// Keeps the digest of a file whose requests are known.
pub(in crate::payments) async fn seal_stop_file(tx: &mut Tx, file: &StopFile) -> Result<()> {
    const SEAL: &str = "UPDATE stop_file SET digest = $3 WHERE tenant = $1 AND message_id = $2";
    let seal = sql(SEAL).bind(file.tenant).bind(file.message_id.as_str()).bind(&file.digest[..]);
    tx.execute(seal).await.map(drop)
}

pub(in crate::payments) async fn stop_file(
    db: &mut Read,
    tenant: Tenant,
    message_id: &str,
) -> Result<Option<StopFile>> {
    const FILE: &str = "
        SELECT tenant, message_id, name, digest, made_at, published_at
        FROM stop_file
        WHERE tenant = $1 AND message_id = $2";
    db.optional(sql(FILE).bind(tenant).bind(message_id)).await
}

pub(in crate::payments) async fn set_stop_file_published(
    tx: &mut Tx,
    tenant: Tenant,
    message_id: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    const PUBLISHED: &str = "
        UPDATE stop_file SET published_at = $3
        WHERE tenant = $1 AND message_id = $2 AND published_at IS NULL";
    tx.execute(sql(PUBLISHED).bind(tenant).bind(message_id).bind(at)).await.map(drop)
}

/// The names of the files, of payments or stops, that the bank has not been shown yet.
pub(in crate::payments) async fn unpublished_names(
    db: &mut Read,
    tenant: Tenant,
) -> Result<Vec<String>> {
    const NAMES: &str = "
        SELECT name FROM payment_file WHERE tenant = $1 AND published_at IS NULL
        UNION ALL
        SELECT name FROM stop_file WHERE tenant = $1 AND published_at IS NULL";
    let rows: Vec<(String,)> = db.all(sql(NAMES).bind(tenant)).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}
