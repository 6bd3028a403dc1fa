//! The table of jobs.

use chrono::{DateTime, Utc};
use ydun_domain::Tenant;
use ydun_domain::ids::{JobId, LeaseToken};

use super::{Claimed, Topic, Unfinished};
use crate::db::{Read, Result, Tx, sql, sql_each};

pub(super) async fn plan(
    tx: &mut Tx,
    tenant: Tenant,
    topic: Topic,
    business_key: &str,
    payload: String,
    at: DateTime<Utc>,
) -> Result<bool> {
    const PLAN: &str = "
        INSERT INTO job (tenant, id, topic, business_key, payload, planned_at, due_at, attempts)
        VALUES ($1, $2, $3, $4, $5, $6, $6, 0)
        ON CONFLICT (tenant, topic, business_key) DO NOTHING";
    let plan = sql(PLAN)
        .bind(tenant)
        .bind(JobId::generate())
        .bind(topic.word())
        .bind(business_key)
        .bind(payload)
        .bind(at);
    Ok(tx.execute(plan).await? == 1)
}

#[derive(sqlx::FromRow)]
struct ClaimedRow {
    id: JobId,
    business_key: String,
    payload: String,
    attempts: i64,
}

/// The jobs are chosen and locked first, so that two claimers on PostgreSQL pass each other by.
pub(super) async fn claim(
    tx: &mut Tx,
    tenant: Tenant,
    topic: Topic,
    limit: u32,
    token: LeaseToken,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<Claimed>> {
    const SQLITE: &str = "
        WITH due AS MATERIALIZED (
            SELECT id FROM job
            WHERE tenant = $1 AND topic = $2 AND done_at IS NULL AND due_at <= $3
              AND (lease_until IS NULL OR lease_until <= $3)
            ORDER BY due_at, id
            LIMIT $4
        )
        UPDATE job SET lease_token = $5, lease_until = $6, attempts = attempts + 1
        WHERE tenant = $1 AND id IN (SELECT id FROM due)
        RETURNING id, business_key, payload, attempts";
    const POSTGRES: &str = "
        WITH due AS MATERIALIZED (
            SELECT id FROM job
            WHERE tenant = $1 AND topic = $2 AND done_at IS NULL AND due_at <= $3
              AND (lease_until IS NULL OR lease_until <= $3)
            ORDER BY due_at, id
            LIMIT $4
            FOR UPDATE SKIP LOCKED
        )
        UPDATE job SET lease_token = $5, lease_until = $6, attempts = attempts + 1
        WHERE tenant = $1 AND id IN (SELECT id FROM due)
        RETURNING id, business_key, payload, attempts";
    let claim = sql_each(SQLITE, POSTGRES)
        .bind(tenant)
        .bind(topic.word())
        .bind(now)
        .bind(i64::from(limit))
        .bind(token)
        .bind(until);
    let mut rows: Vec<ClaimedRow> = tx.all(claim).await?;
    rows.sort_by_key(|row| row.id);
    let held = |row: ClaimedRow| {
        let ClaimedRow { id, business_key, payload, attempts } = row;
        Claimed { tenant, id, topic, business_key, attempts, payload, token }
    };
    Ok(rows.into_iter().map(held).collect())
}

pub(super) async fn renew(
    tx: &mut Tx,
    tenant: Tenant,
    id: JobId,
    token: LeaseToken,
    until: DateTime<Utc>,
) -> Result<bool> {
    const RENEW: &str =
        "UPDATE job SET lease_until = $4 WHERE tenant = $1 AND id = $2 AND lease_token = $3";
    let renew = sql(RENEW).bind(tenant).bind(id).bind(token).bind(until);
    Ok(tx.execute(renew).await? == 1)
}

pub(super) async fn complete(
    tx: &mut Tx,
    tenant: Tenant,
    id: JobId,
    token: LeaseToken,
    now: DateTime<Utc>,
) -> Result<bool> {
    const COMPLETE: &str = "
        UPDATE job SET done_at = $4, lease_token = NULL, lease_until = NULL, last_error = NULL
        WHERE tenant = $1 AND id = $2 AND lease_token = $3";
    let complete = sql(COMPLETE).bind(tenant).bind(id).bind(token).bind(now);
    Ok(tx.execute(complete).await? == 1)
}

pub(super) async fn fail(
    tx: &mut Tx,
    tenant: Tenant,
    id: JobId,
    token: LeaseToken,
    error: String,
    retry_at: DateTime<Utc>,
) -> Result<bool> {
    const FAIL: &str = "
        UPDATE job SET due_at = $4, last_error = $5, lease_token = NULL, lease_until = NULL
        WHERE tenant = $1 AND id = $2 AND lease_token = $3";
    let fail = sql(FAIL).bind(tenant).bind(id).bind(token).bind(retry_at).bind(error);
    Ok(tx.execute(fail).await? == 1)
}

/// The jobs that are planned, held or failing, longest overdue first.
pub async fn unfinished(read: &mut Read, tenant: Tenant) -> Result<Vec<Unfinished>> {
    const UNFINISHED: &str = "
        SELECT id, topic, business_key, planned_at, due_at, attempts, last_error
        FROM job
        WHERE tenant = $1 AND done_at IS NULL
        ORDER BY due_at, id";
    read.all(sql(UNFINISHED).bind(tenant)).await
}
