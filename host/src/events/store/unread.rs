//! SQL for messages that could not be read.

use chrono::{DateTime, Utc};
use ydun_domain::Tenant;
use ydun_domain::ids::UnreadId;
use ydun_runtime::Digest;

use crate::access::{Act, Register};
use crate::db::{Read, Result, Tx, sql};
use crate::events::Unread;

/// Keeps a message as it came, and tells whether it is new: sent again, it is kept once.
pub(in crate::events) async fn keep_unread(
    tx: &mut Tx,
    act: &Act<Register>,
    id: UnreadId,
    body: &[u8],
    reason: &str,
) -> Result<bool> {
    const KEEP: &str = "
        INSERT INTO event_unread (tenant, id, digest, body, reason, received_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (tenant, digest) DO NOTHING";
    let keep = sql(KEEP).bind(act.tenant()).bind(id).bind(Digest::of(body)).bind(body);
    Ok(tx.execute(keep.bind(reason).bind(act.at())).await? == 1)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: UnreadId,
    reason: String,
    received_at: DateTime<Utc>,
    body: Vec<u8>,
}

/// Those nobody has dealt with, oldest first.
pub async fn open_unread(db: &mut Read, tenant: Tenant) -> Result<Vec<Unread>> {
    const OPEN: &str = "
        SELECT id, reason, received_at, body
        FROM event_unread WHERE tenant = $1 AND settled_at IS NULL ORDER BY received_at, id";
    let rows: Vec<Row> = db.all(sql(OPEN).bind(tenant)).await?;
    let unread = |Row { id, reason, received_at, body }| Unread { id, reason, received_at, body };
    Ok(rows.into_iter().map(unread).collect())
}

/// Somebody has dealt with one; tells whether it was open.
pub(in crate::events) async fn settle_unread(
    tx: &mut Tx,
    act: &Act<Register>,
    id: UnreadId,
    because: &str,
) -> Result<bool> {
    const SETTLE: &str = "
        UPDATE event_unread SET settled_at = $3, settled_by = $4, settled_because = $5
        WHERE tenant = $1 AND id = $2 AND settled_at IS NULL";
    let settle = sql(SETTLE).bind(act.tenant()).bind(id).bind(act.at()).bind(act.by());
    Ok(tx.execute(settle.bind(because)).await? == 1)
}
