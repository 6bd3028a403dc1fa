//! Files to the bank, and the bank's answers heard.

use chrono::{DateTime, Utc};
use ydun_domain::ids::PaymentFileId;
use ydun_domain::{Day, Tenant};

use crate::access::{Act, Right};
use crate::db::{Read, Result, Tx, sql};
use crate::payments::PaymentFile;

pub(in crate::payments) async fn insert_file<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    file: &PaymentFile,
) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO payment_file
            (tenant, id, message_id, lane, disposal, payments, total, name, digest, made_at, made_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let insert = sql(INSERT)
        .bind(file.tenant)
        .bind(file.id)
        .bind(file.message_id.as_str())
        .bind(file.lane)
        .bind(file.disposal)
        .bind(file.payments)
        .bind(file.total)
        .bind(file.name.as_str())
        .bind(&file.digest[..])
        .bind(file.made_at)
        .bind(act.by());
    tx.execute(insert).await.map(drop)
}

pub(in crate::payments) async fn file(
    db: &mut Read,
    tenant: Tenant,
    id: PaymentFileId,
) -> Result<Option<PaymentFile>> {
    const FILE: &str = "
        SELECT tenant, id, message_id, lane, disposal, payments, total, name, digest, made_at, published_at
        FROM payment_file
        WHERE tenant = $1 AND id = $2";
    db.optional(sql(FILE).bind(tenant).bind(id)).await
}

pub(in crate::payments) async fn find_by_message(
    db: &mut Read,
    tenant: Tenant,
    message_id: &str,
) -> Result<Option<PaymentFile>> {
    const BY_MESSAGE: &str = "
        SELECT tenant, id, message_id, lane, disposal, payments, total, name, digest, made_at, published_at
        FROM payment_file
        WHERE tenant = $1 AND message_id = $2";
    db.optional(sql(BY_MESSAGE).bind(tenant).bind(message_id)).await
}

/// The files whose money is there within some days, oldest first.
pub(in crate::payments) async fn files_between(
    db: &mut Read,
    tenant: Tenant,
    first: Day,
    last: Day,
) -> Result<Vec<PaymentFile>> {
    const BETWEEN: &str = "
        SELECT tenant, id, message_id, lane, disposal, payments, total, name, digest, made_at, published_at
        FROM payment_file
        WHERE tenant = $1 AND disposal >= $2 AND disposal <= $3
        ORDER BY id";
    db.all(sql(BETWEEN).bind(tenant).bind(first).bind(last)).await
}

pub(in crate::payments) async fn set_published(
    tx: &mut Tx,
    tenant: Tenant,
    id: PaymentFileId,
    at: DateTime<Utc>,
) -> Result<()> {
    const PUBLISHED: &str = "
        UPDATE payment_file SET published_at = $3 WHERE tenant = $1 AND id = $2 AND published_at IS NULL";
    tx.execute(sql(PUBLISHED).bind(tenant).bind(id).bind(at)).await.map(drop)
}

/// Remembers an answer, and returns the digest it was remembered with before, if it was.
pub(in crate::payments) async fn hear_once<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    source: &str,
    message_id: &str,
    digest: &[u8],
) -> Result<Option<Vec<u8>>> {
    const HEAR: &str = "
        INSERT INTO inbox (tenant, source, message_id, received_at, digest) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (tenant, source, message_id) DO NOTHING";
    const HEARD: &str =
        "SELECT digest FROM inbox WHERE tenant = $1 AND source = $2 AND message_id = $3";
    let hear =
        sql(HEAR).bind(act.tenant()).bind(source).bind(message_id).bind(act.at()).bind(digest);
    if tx.execute(hear).await? == 1 {
        return Ok(None);
    }
    let heard = sql(HEARD).bind(act.tenant()).bind(source).bind(message_id);
    let (digest,): (Vec<u8>,) = tx.one(heard).await?;
    Ok(Some(digest))
}
