//! SQL for passwords and tokens.

use chrono::{DateTime, Utc};
use ydun_domain::Tenant;

use super::{Kind, Login, Token};
use crate::access::{Act, Administer};
use crate::db::{Read, Result, Tx, sql};

/// What is kept of a worker's password.
#[derive(sqlx::FromRow)]
pub(super) struct Credential {
    pub(super) password: String,
    pub(super) failures: i64,
    pub(super) last_failure: Option<DateTime<Utc>>,
}

pub(super) async fn is_worker(db: &mut Read, tenant: Tenant, worker: &str) -> Result<bool> {
    const WORKER: &str = "SELECT COUNT(*) FROM worker WHERE tenant = $1 AND id = $2";
    let (count,): (i64,) = db.one(sql(WORKER).bind(tenant).bind(worker)).await?;
    Ok(count > 0)
}

pub(super) async fn credential(
    db: &mut Read,
    tenant: Tenant,
    worker: &str,
) -> Result<Option<Credential>> {
    const CREDENTIAL: &str = "
        SELECT password, failures, last_failure FROM credential WHERE tenant = $1 AND worker = $2";
    db.optional(sql(CREDENTIAL).bind(tenant).bind(worker)).await
}

pub(super) async fn set_password(
    tx: &mut Tx,
    act: &Act<Administer>,
    worker: &str,
    kept: &str,
) -> Result<()> {
    const SET: &str = "
        INSERT INTO credential (tenant, worker, password, set_at, failures)
        VALUES ($1, $2, $3, $4, 0)
        ON CONFLICT (tenant, worker) DO UPDATE
        SET password = excluded.password, set_at = excluded.set_at, failures = 0, last_failure = NULL";
    let set = sql(SET).bind(act.tenant()).bind(worker).bind(kept).bind(act.at());
    tx.execute(set).await.map(drop)
}

pub(super) async fn count_failure(
    tx: &mut Tx,
    tenant: Tenant,
    worker: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    const COUNT: &str = "
        UPDATE credential SET failures = failures + 1, last_failure = $3
        WHERE tenant = $1 AND worker = $2";
    tx.execute(sql(COUNT).bind(tenant).bind(worker).bind(now)).await.map(drop)
}

pub(super) async fn forget_failures(tx: &mut Tx, tenant: Tenant, worker: &str) -> Result<()> {
    const FORGET: &str = "
        UPDATE credential SET failures = 0, last_failure = NULL
        WHERE tenant = $1 AND worker = $2 AND failures > 0";
    tx.execute(sql(FORGET).bind(tenant).bind(worker)).await.map(drop)
}

pub(super) async fn insert(
    tx: &mut Tx,
    tenant: Tenant,
    token: &Token,
    login: &Login,
) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO login (tenant, token_hash, worker, kind, begun_at, seen_at, ends_at)
        VALUES ($1, $2, $3, $4, $5, $5, $6)";
    let insert = sql(INSERT)
        .bind(tenant)
        .bind(token.hash().as_slice())
        .bind(login.worker.as_str())
        .bind(login.kind.word())
        .bind(login.seen_at)
        .bind(login.ends_at);
    tx.execute(insert).await.map(drop)
}

/// A login that nobody has ended; whether it has run out, the service says.
pub(super) async fn find(db: &mut Read, tenant: Tenant, token: &Token) -> Result<Option<Login>> {
    const FIND: &str = "
        SELECT worker, kind, seen_at, ends_at FROM login
        WHERE tenant = $1 AND token_hash = $2 AND ended_at IS NULL";
    #[derive(sqlx::FromRow)]
    struct Row {
        worker: String,
        kind: String,
        seen_at: DateTime<Utc>,
        ends_at: DateTime<Utc>,
    }
    let row: Option<Row> =
        db.optional(sql(FIND).bind(tenant).bind(token.hash().as_slice())).await?;
    row.map(|Row { worker, kind, seen_at, ends_at }| {
        let kind = Kind::try_from(kind).map_err(|error| sqlx::Error::Decode(error.into()))?;
        Ok(Login { worker, kind, seen_at, ends_at })
    })
    .transpose()
}

pub(super) async fn seen(
    tx: &mut Tx,
    tenant: Tenant,
    token: &Token,
    now: DateTime<Utc>,
) -> Result<()> {
    const SEEN: &str = "
        UPDATE login SET seen_at = $3
        WHERE tenant = $1 AND token_hash = $2 AND ended_at IS NULL AND seen_at < $3";
    tx.execute(sql(SEEN).bind(tenant).bind(token.hash().as_slice()).bind(now)).await.map(drop)
}

pub(super) async fn end(
    tx: &mut Tx,
    tenant: Tenant,
    token: &Token,
    now: DateTime<Utc>,
) -> Result<()> {
    const END: &str = "
        UPDATE login SET ended_at = $3 WHERE tenant = $1 AND token_hash = $2 AND ended_at IS NULL";
    tx.execute(sql(END).bind(tenant).bind(token.hash().as_slice()).bind(now)).await.map(drop)
}

pub(super) async fn end_sessions(
    tx: &mut Tx,
    tenant: Tenant,
    worker: &str,
    now: DateTime<Utc>,
) -> Result<u64> {
    const END: &str = "
        UPDATE login SET ended_at = $3
        WHERE tenant = $1 AND worker = $2 AND kind = 'session' AND ended_at IS NULL";
    tx.execute(sql(END).bind(tenant).bind(worker).bind(now)).await
}

pub(super) async fn end_all(
    tx: &mut Tx,
    tenant: Tenant,
    worker: &str,
    now: DateTime<Utc>,
) -> Result<u64> {
    const END: &str = "
        UPDATE login SET ended_at = $3 WHERE tenant = $1 AND worker = $2 AND ended_at IS NULL";
    tx.execute(sql(END).bind(tenant).bind(worker).bind(now)).await
}
