//! SQL for modules put to rest.

use chrono::{DateTime, Utc};
use ydun_domain::Tenant;
use ydun_runtime::{Code, Digest};

use crate::access::{Act, Administer, Right};
use crate::db::{Read, Result, Tx, list, sql, sql_each};
use crate::modules::suspension::{Cause, Suspension};

/// Every module that rests in the municipality.
pub(in crate::modules) async fn suspensions(
    db: &mut Read,
    tenant: Tenant,
) -> Result<Vec<Suspension>> {
    const SUSPENSIONS: &str = "
        SELECT digest, number, cause, reason, suspended_at, suspended_by
        FROM suspension
        WHERE tenant = $1 AND resumed_at IS NULL
        ORDER BY suspended_at, digest";
    db.all(sql(SUSPENSIONS).bind(tenant)).await
}

/// Why and since when a module rests, if it does.
pub(in crate::modules) async fn suspension(
    db: &mut Read,
    tenant: Tenant,
    digest: Digest,
) -> Result<Option<Suspension>> {
    const SUSPENSION: &str = "
        SELECT digest, number, cause, reason, suspended_at, suspended_by
        FROM suspension
        WHERE tenant = $1 AND digest = $2 AND resumed_at IS NULL";
    db.optional(sql(SUSPENSION).bind(tenant).bind(digest)).await
}

/// Puts a module to rest, unless it rests already.
pub(in crate::modules) async fn suspend<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    digest: Digest,
    cause: Cause,
    reason: &str,
) -> Result<Option<Suspension>> {
    const SUSPEND: &str = "
        INSERT INTO suspension (tenant, digest, number, cause, reason, suspended_at, suspended_by)
        SELECT $1, $2, COALESCE(MAX(number), 0) + 1, $3, $4, $5, $6
        FROM suspension WHERE tenant = $1 AND digest = $2
        ON CONFLICT (tenant, digest) WHERE resumed_at IS NULL DO NOTHING
        RETURNING digest, number, cause, reason, suspended_at, suspended_by";
    let suspend = sql(SUSPEND).bind(act.tenant()).bind(digest).bind(cause).bind(reason);
    tx.optional(suspend.bind(act.at()).bind(act.by())).await
}

/// Lets a module calculate again, and tells whether it rested.
pub(in crate::modules) async fn resume(
    tx: &mut Tx,
    act: &Act<Administer>,
    digest: Digest,
    because: &str,
) -> Result<bool> {
    const RESUME: &str = "
        UPDATE suspension SET resumed_at = $3, resumed_by = $4, resumed_because = $5
        WHERE tenant = $1 AND digest = $2 AND resumed_at IS NULL";
    let resume = sql(RESUME).bind(act.tenant()).bind(digest).bind(act.at()).bind(act.by());
    Ok(tx.execute(resume.bind(because)).await? == 1)
}

/// How often a module has failed since a moment and since it was last let go, but for reasons that
/// are not its own.
pub(in crate::modules) async fn count_faults(
    db: &mut Read,
    tenant: Tenant,
    digest: Digest,
    since: DateTime<Utc>,
    not_its_own: &[Code],
) -> Result<i64> {
    const SQLITE: &str = "
        SELECT COUNT(*)
        FROM run
        WHERE tenant = $1 AND artifact = $2 AND calculated_at >= $3 AND fault IS NOT NULL
          AND fault NOT IN (SELECT value FROM json_each($4))
          AND NOT EXISTS (
              SELECT 1 FROM suspension
              WHERE suspension.tenant = run.tenant AND suspension.digest = run.artifact
                AND suspension.resumed_at >= run.calculated_at)";
    const POSTGRES: &str = "
        SELECT COUNT(*)
        FROM run
        WHERE tenant = $1 AND artifact = $2 AND calculated_at >= $3 AND fault IS NOT NULL
          AND fault NOT IN (SELECT json_array_elements_text(CAST($4 AS JSON)))
          AND NOT EXISTS (
              SELECT 1 FROM suspension
              WHERE suspension.tenant = run.tenant AND suspension.digest = run.artifact
                AND suspension.resumed_at >= run.calculated_at)";
    let count = sql_each(SQLITE, POSTGRES).bind(tenant).bind(digest).bind(since);
    db.one::<(i64,)>(count.bind(list(not_its_own))).await.map(|(count,)| count)
}
