//! SQL for work under way.

use chrono::{DateTime, Utc};
use ydun_domain::ids::MonthRunId;
use ydun_domain::{Day, Tenant};

use super::{EventProgress, ReplayProgress, RunProgress};
use crate::db::{Read, Result, sql};

/// The month runs that were begun last, those that are not finished first.
pub(super) async fn runs(db: &mut Read, tenant: Tenant, limit: u32) -> Result<Vec<RunProgress>> {
    const RUNS: &str = "
        SELECT month_run.id, month_run.benefit, month_run.month, month_run.sequence, month_run.started_at,
               month_run.started_by, month_run.finished_at, month_run.lease_until,
               (SELECT COUNT(*) FROM month_run_case AS done
                WHERE done.tenant = month_run.tenant AND done.month_run = month_run.id) AS cases,
               (SELECT COUNT(*) FROM benefit_case AS one
                WHERE one.tenant = month_run.tenant AND one.benefit = month_run.benefit
                  AND one.closed IS NULL) AS open_cases
        FROM month_run
        WHERE month_run.tenant = $1
        ORDER BY CASE WHEN month_run.finished_at IS NULL THEN 0 ELSE 1 END, month_run.id DESC
        LIMIT $2";
    #[derive(sqlx::FromRow)]
    struct Row {
        id: MonthRunId,
        benefit: String,
        month: Day,
        sequence: i64,
        started_at: DateTime<Utc>,
        started_by: String,
        finished_at: Option<DateTime<Utc>>,
        lease_until: Option<DateTime<Utc>>,
        cases: i64,
        open_cases: i64,
    }
    let rows: Vec<Row> = db.all(sql(RUNS).bind(tenant).bind(i64::from(limit))).await?;
    let run = |row: Row| RunProgress {
        id: row.id,
        benefit: row.benefit,
        month: row.month.month(),
        sequence: row.sequence,
        started_at: row.started_at,
        started_by: row.started_by,
        finished_at: row.finished_at,
        lease_until: row.lease_until,
        cases: row.cases,
        of: row.open_cases,
    };
    Ok(rows.into_iter().map(run).collect())
}

/// The comparisons that were begun last, those that are not finished first.
pub(super) async fn replays(
    db: &mut Read,
    tenant: Tenant,
    limit: u32,
) -> Result<Vec<ReplayProgress>> {
    const REPLAYS: &str = "
        SELECT replay.id, replay.benefit, replay.origin, replay.started_at, replay.started_by,
               replay.finished_at, replay.dossiers AS planned,
               (SELECT COUNT(*) FROM replay_case AS done
                WHERE done.tenant = replay.tenant AND done.replay = replay.id) AS compared
        FROM replay
        WHERE replay.tenant = $1
        ORDER BY CASE WHEN replay.finished_at IS NULL THEN 0 ELSE 1 END, replay.id DESC
        LIMIT $2";
    db.all(sql(REPLAYS).bind(tenant).bind(i64::from(limit))).await
}

/// The events nobody has judged.
pub(super) async fn events(
    db: &mut Read,
    tenant: Tenant,
    now: DateTime<Utc>,
) -> Result<EventProgress> {
    const EVENTS: &str = "
        SELECT COUNT(CASE WHEN due_at <= $2 THEN 1 END) AS due, COUNT(CASE WHEN due_at > $2 THEN 1 END) AS waiting,
               COUNT(last_error) AS failed
        FROM register_event
        WHERE tenant = $1 AND judged_at IS NULL";
    db.one(sql(EVENTS).bind(tenant).bind(now)).await
}
