//! SQL for freezes and the cases that go around them.

use chrono::{DateTime, Utc};
use ydun_domain::ids::{CaseId, FreezeId};
use ydun_domain::{Day, Period, Tenant};

use super::{Exception, Freeze, Kind, Lifted};
use crate::access::{Act, Right};
use crate::db::{Read, Result, Tx, list, sql, sql_each};

#[derive(sqlx::FromRow)]
struct Row {
    id: FreezeId,
    #[sqlx(try_from = "String")]
    kind: Kind,
    first_day: Day,
    last_day: Day,
    reason: String,
    set_at: DateTime<Utc>,
    set_by: String,
    lifted_at: Option<DateTime<Utc>>,
    lifted_by: Option<String>,
    lifted_because: Option<String>,
}

impl TryFrom<Row> for Freeze {
    type Error = sqlx::Error;
    fn try_from(row: Row) -> Result<Self> {
        let lifted = row.lifted_at.zip(row.lifted_by).zip(row.lifted_because);
        Ok(Self {
            id: row.id,
            kind: row.kind,
            days: Period::new(row.first_day, row.last_day)
                .map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
            reason: row.reason,
            set_at: row.set_at,
            set_by: row.set_by,
            lifted: lifted.map(|((at, by), because)| Lifted { at, by, because }),
        })
    }
}

pub(super) async fn insert(tx: &mut Tx, tenant: Tenant, freeze: &Freeze) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO freeze_window (tenant, id, kind, first_day, last_day, reason, set_at, set_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let insert = sql(INSERT)
        .bind(tenant)
        .bind(freeze.id)
        .bind(freeze.kind)
        .bind(freeze.days.first())
        .bind(freeze.days.last())
        .bind(freeze.reason.as_str())
        .bind(freeze.set_at)
        .bind(freeze.set_by.as_str());
    tx.execute(insert).await.map(drop)
}

/// Ends a freeze, and tells whether it was in force.
pub(super) async fn lift<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    id: FreezeId,
    because: &str,
) -> Result<bool> {
    const LIFT: &str = "
        UPDATE freeze_window SET lifted_at = $3, lifted_by = $4, lifted_because = $5
        WHERE tenant = $1 AND id = $2 AND lifted_at IS NULL";
    let lift = sql(LIFT).bind(act.tenant()).bind(id).bind(act.at()).bind(act.by());
    Ok(tx.execute(lift.bind(because)).await? == 1)
}

pub(super) async fn find(db: &mut Read, tenant: Tenant, id: FreezeId) -> Result<Option<Freeze>> {
    const FIND: &str = "
        SELECT id, kind, first_day, last_day, reason, set_at, set_by, lifted_at, lifted_by, lifted_because
        FROM freeze_window WHERE tenant = $1 AND id = $2";
    let row: Option<Row> = db.optional(sql(FIND).bind(tenant).bind(id)).await?;
    row.map(Freeze::try_from).transpose()
}

/// The freezes that touch some days, in the order of their days.
pub(super) async fn of_days(db: &mut Read, tenant: Tenant, days: Period) -> Result<Vec<Freeze>> {
    const OF_DAYS: &str = "
        SELECT id, kind, first_day, last_day, reason, set_at, set_by, lifted_at, lifted_by, lifted_because
        FROM freeze_window
        WHERE tenant = $1 AND first_day <= $3 AND last_day >= $2
        ORDER BY first_day, last_day, id";
    let rows: Vec<Row> =
        db.all(sql(OF_DAYS).bind(tenant).bind(days.first()).bind(days.last())).await?;
    rows.into_iter().map(Freeze::try_from).collect()
}

/// Lets a case go around a freeze; allowed before by the same person, it stays so.
pub(super) async fn allow<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    freeze: FreezeId,
    case: CaseId,
    reason: &str,
) -> Result<()> {
    const ALLOW: &str = "
        INSERT INTO freeze_exception (tenant, freeze_id, case_id, reason, allowed_at, allowed_by)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (tenant, freeze_id, case_id, allowed_by) DO NOTHING";
    let allow = sql(ALLOW).bind(act.tenant()).bind(freeze).bind(case).bind(reason);
    tx.execute(allow.bind(act.at()).bind(act.by())).await.map(drop)
}

/// The cases that go around some freezes, oldest first.
pub(super) async fn exceptions(
    db: &mut Read,
    tenant: Tenant,
    freezes: &[FreezeId],
) -> Result<Vec<Exception>> {
    const SQLITE: &str = "
        SELECT freeze_id, case_id, reason, allowed_at, allowed_by
        FROM freeze_exception
        WHERE tenant = $1 AND freeze_id IN (SELECT unhex(value, '-') FROM json_each($2))
        ORDER BY allowed_at, case_id";
    const POSTGRES: &str = "
        SELECT freeze_id, case_id, reason, allowed_at, allowed_by
        FROM freeze_exception
        WHERE tenant = $1
          AND freeze_id = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
        ORDER BY allowed_at, case_id";
    db.all(sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(freezes))).await
}
