//! The rows of the audit chain and its end.

use std::ops::Range;

use chrono::{DateTime, Utc};
use ydun_domain::Tenant;

use super::Entry;
use super::chain::{Hash, Head, Row};
use crate::db::{Bind, Read, Result, Tx, bulk, list, sql, sql_each};

#[derive(sqlx::FromRow)]
struct HeadRow {
    number: i64,
    hash: Vec<u8>,
}

impl TryFrom<HeadRow> for Head {
    type Error = sqlx::Error;
    fn try_from(row: HeadRow) -> Result<Self> {
        let hash =
            row.hash.as_slice().try_into().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        Ok(Self { number: row.number, hash })
    }
}

const HEAD: &str = "SELECT number, hash FROM audit_head WHERE tenant = $1";

/// The end of the chain, which nobody else can move until the transaction ends.
pub(super) async fn lock_head(tx: &mut Tx, tenant: Tenant) -> Result<Head> {
    const START: &str = "
        INSERT INTO audit_head (tenant, number, hash) VALUES ($1, $2, $3)
        ON CONFLICT (tenant) DO NOTHING";
    if let Some(found) = tx.optional::<HeadRow>(sql(HEAD).bind(tenant).locking()).await? {
        return found.try_into();
    }
    let Head { number, hash } = Head::START;
    tx.execute(sql(START).bind(tenant).bind(number).bind(&hash[..])).await?;
    tx.one::<HeadRow>(sql(HEAD).bind(tenant).locking()).await?.try_into()
}

pub(super) async fn head(read: &mut Read, tenant: Tenant) -> Result<Head> {
    let found: Option<HeadRow> = read.optional(sql(HEAD).bind(tenant)).await?;
    found.map_or(Ok(Head::START), Head::try_from)
}

pub(super) async fn move_head(tx: &mut Tx, tenant: Tenant, head: &Head) -> Result<()> {
    const MOVE: &str = "UPDATE audit_head SET number = $2, hash = $3 WHERE tenant = $1";
    tx.execute(sql(MOVE).bind(tenant).bind(head.number).bind(&head.hash[..])).await.map(drop)
}

pub(super) async fn insert(tx: &mut Tx, tenant: Tenant, rows: Vec<(Row, Hash)>) -> Result<()> {
    const INSERT: &str =
        "INSERT INTO audit (tenant, number, at, actor, action, subject, detail, hash) VALUES";
    let mut all = bulk(INSERT, "");
    for (row, hash) in rows {
        all.row(vec![
            tenant.bind(),
            row.number.bind(),
            row.at.bind(),
            row.actor.bind(),
            row.action.bind(),
            row.subject.bind(),
            row.detail.bind(),
            hash[..].bind(),
        ]);
    }
    tx.insert(all).await.map(drop)
}

/// The rows about some subjects within some time, the newest first.
pub(super) async fn about(
    read: &mut Read,
    tenant: Tenant,
    subjects: &[String],
    moments: Range<DateTime<Utc>>,
    limit: u32,
) -> Result<Vec<Entry>> {
    const SQLITE: &str = "
        SELECT number, at, actor, action, subject, detail
        FROM audit
        WHERE tenant = $1 AND subject IN (SELECT value FROM json_each($2)) AND at >= $3 AND at < $4
        ORDER BY number DESC LIMIT $5";
    const POSTGRES: &str = "
        SELECT number, at, actor, action, subject, detail
        FROM audit
        WHERE tenant = $1 AND subject = ANY (ARRAY(SELECT json_array_elements_text(CAST($2 AS JSON))))
          AND at >= $3 AND at < $4
        ORDER BY number DESC LIMIT $5";
    let ask = sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(subjects));
    read.all(ask.bind(moments.start).bind(moments.end).bind(i64::from(limit))).await
}

/// The first and the last row within some time, where there is one.
pub(super) async fn numbers(
    read: &mut Read,
    tenant: Tenant,
    moments: Range<DateTime<Utc>>,
) -> Result<Option<(i64, i64)>> {
    const NUMBERS: &str = "
        SELECT MIN(number) AS first, MAX(number) AS last FROM audit
        WHERE tenant = $1 AND at >= $2 AND at < $3";
    let ask = sql(NUMBERS).bind(tenant).bind(moments.start).bind(moments.end);
    let (first, last): (Option<i64>, Option<i64>) = read.one(ask).await?;
    Ok(first.zip(last))
}

/// Those of some rows that are looks.
pub(super) async fn looks(read: &mut Read, tenant: Tenant, numbers: &[i64]) -> Result<Vec<Entry>> {
    const SQLITE: &str = "
        SELECT number, at, actor, action, subject, detail
        FROM audit
        WHERE tenant = $1 AND action = 'looked' AND number IN (SELECT value FROM json_each($2))";
    const POSTGRES: &str = "
        SELECT number, at, actor, action, subject, detail
        FROM audit
        WHERE tenant = $1 AND action = 'looked'
          AND number = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS BIGINT)))";
    read.all(sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(numbers))).await
}

#[derive(sqlx::FromRow)]
struct FullRow {
    number: i64,
    at: DateTime<Utc>,
    actor: String,
    action: String,
    subject: String,
    detail: String,
    hash: Vec<u8>,
}

/// The next rows after a number, with the hash that each was written with.
pub(super) async fn page(
    read: &mut Read,
    tenant: Tenant,
    after: i64,
) -> Result<Vec<(Row, Vec<u8>)>> {
    const PAGE: &str = "
        SELECT number, at, actor, action, subject, detail, hash
        FROM audit
        WHERE tenant = $1 AND number > $2
        ORDER BY number
        LIMIT 2000";
    let rows: Vec<FullRow> = read.all(sql(PAGE).bind(tenant).bind(after)).await?;
    let split = |row: FullRow| {
        let FullRow { number, at, actor, action, subject, detail, hash } = row;
        (Row { number, at, actor, action, subject, detail }, hash)
    };
    Ok(rows.into_iter().map(split).collect())
}
