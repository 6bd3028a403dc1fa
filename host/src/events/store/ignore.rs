//! SQL for what caseworkers say means nothing.

use chrono::{DateTime, Utc};
use ydun_domain::ids::{CaseId, IgnoreId};
use ydun_domain::{Day, Tenant};

use crate::access::{Act, Register};
use crate::db::{Read, Result, Tx, sql};
use crate::events::{Ignore, Kind};

#[derive(sqlx::FromRow)]
struct Row {
    id: IgnoreId,
    case_id: CaseId,
    #[sqlx(try_from = "String")]
    kind: Kind,
    until: Day,
    reason: String,
    said_by: String,
    ended_at: Option<DateTime<Utc>>,
}

fn ignore(row: Row) -> Ignore {
    let Row { id, case_id: case, kind, until, reason, said_by, ended_at } = row;
    Ignore { id, case, kind, until, reason, said_by, ended_at }
}

pub(in crate::events) async fn insert_ignore(
    tx: &mut Tx,
    act: &Act<Register>,
    ignore: &Ignore,
) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO event_ignore (tenant, id, case_id, kind, until, reason, said_at, said_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let insert = sql(INSERT).bind(act.tenant()).bind(ignore.id).bind(ignore.case).bind(ignore.kind);
    let insert = insert.bind(ignore.until).bind(ignore.reason.as_str());
    tx.execute(insert.bind(act.at()).bind(act.by())).await.map(drop)
}

/// Ends one, and tells whether it was open.
pub(in crate::events) async fn end_ignore(
    tx: &mut Tx,
    act: &Act<Register>,
    id: IgnoreId,
) -> Result<bool> {
    const END: &str = "
        UPDATE event_ignore SET ended_at = $3, ended_by = $4 WHERE tenant = $1 AND id = $2 AND ended_at IS NULL";
    Ok(tx.execute(sql(END).bind(act.tenant()).bind(id).bind(act.at()).bind(act.by())).await? == 1)
}

/// What counts for a case on a day, the newest first.
pub(in crate::events) async fn active_ignores(
    db: &mut Read,
    tenant: Tenant,
    case: CaseId,
    on: Day,
) -> Result<Vec<Ignore>> {
    const ACTIVE: &str = "
        SELECT id, case_id, kind, until, reason, said_by, ended_at
        FROM event_ignore
        WHERE tenant = $1 AND case_id = $2 AND until >= $3 AND ended_at IS NULL
        ORDER BY id DESC";
    let rows: Vec<Row> = db.all(sql(ACTIVE).bind(tenant).bind(case).bind(on)).await?;
    Ok(rows.into_iter().map(ignore).collect())
}

/// Everything that was ever said, the newest first.
pub(in crate::events) async fn ignores(db: &mut Read, tenant: Tenant) -> Result<Vec<Ignore>> {
    const ALL: &str = "
        SELECT id, case_id, kind, until, reason, said_by, ended_at
        FROM event_ignore WHERE tenant = $1 ORDER BY id DESC";
    let rows: Vec<Row> = db.all(sql(ALL).bind(tenant)).await?;
    Ok(rows.into_iter().map(ignore).collect())
}
