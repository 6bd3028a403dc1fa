//! SQL for month runs, and for decisions that wait to reach a party.

mod hold;

pub(super) use hold::{all_held, held, hold, release};

use chrono::{DateTime, Utc};
use ydun_domain::ids::{CaseId, LeaseToken, MonthRunId, RunId};
use ydun_domain::{Day, Dkk, Month, Period, Tenant};
use ydun_runtime::Digest;

use super::{CaseResult, MonthRun, Share, Tally};
use crate::access::{Act, Propose};
use crate::clock::midnight;
use crate::db::{Bind as _, Read, Result, Tx, bulk, sql};

#[derive(sqlx::FromRow)]
struct Row {
    id: MonthRunId,
    benefit: String,
    month: Day,
    sequence: i64,
    #[sqlx(try_from = "Vec<u8>")]
    artifact: Digest,
    as_of: Day,
    known_at: Day,
    started_at: DateTime<Utc>,
    started_by: String,
    finished_at: Option<DateTime<Utc>>,
}

impl From<Row> for MonthRun {
    fn from(row: Row) -> Self {
        let Row {
            id,
            benefit,
            month,
            sequence,
            artifact,
            as_of,
            known_at,
            started_at,
            started_by,
            finished_at,
        } = row;
        let month = month.month();
        Self {
            id,
            benefit,
            month,
            sequence,
            artifact,
            as_of,
            known_at,
            started_at,
            started_by,
            finished_at,
        }
    }
}

/// Who works on a run, and for how long nobody else may.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Holder {
    #[sqlx(rename = "lease_by")]
    pub(super) by: String,
    #[sqlx(rename = "lease_since")]
    pub(super) since: DateTime<Utc>,
    #[sqlx(rename = "lease_until")]
    pub(super) until: DateTime<Utc>,
}

/// The right to work on a run until a moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lease {
    pub(super) run: MonthRunId,
    pub(super) token: LeaseToken,
    pub(super) since: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
}

/// The last run of the month; nobody else starts or takes over one until the transaction ends.
pub(super) async fn lock_last(
    tx: &mut Tx,
    tenant: Tenant,
    benefit: &str,
    month: Month,
) -> Result<Option<MonthRun>> {
    const LAST: &str = "
        SELECT id, benefit, month, sequence, artifact, as_of, known_at, started_at, started_by, finished_at
        FROM month_run
        WHERE tenant = $1 AND benefit = $2 AND month = $3
        ORDER BY sequence DESC LIMIT 1";
    let last: Option<Row> =
        tx.optional(sql(LAST).bind(tenant).bind(benefit).bind(month.first()).locking()).await?;
    Ok(last.map(MonthRun::from))
}

pub(super) async fn month_run(
    db: &mut Read,
    tenant: Tenant,
    id: MonthRunId,
) -> Result<Option<MonthRun>> {
    const RUN: &str = "
        SELECT id, benefit, month, sequence, artifact, as_of, known_at, started_at, started_by, finished_at
        FROM month_run WHERE tenant = $1 AND id = $2";
    Ok(db.optional::<Row>(sql(RUN).bind(tenant).bind(id)).await?.map(MonthRun::from))
}

/// The last run of the month that has exactly these days: its list is the one that is signed.
pub(super) async fn list_of(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    span: Period,
) -> Result<Option<MonthRunId>> {
    const LAST: &str = "
        SELECT id FROM month_run
        WHERE tenant = $1 AND benefit = $2 AND month = $3
        ORDER BY sequence DESC LIMIT 1";
    let month = span.first().month();
    if month.period() != span {
        return Ok(None);
    }
    let last = sql(LAST).bind(tenant).bind(benefit).bind(month.first());
    Ok(db.optional::<(MonthRunId,)>(last).await?.map(|(id,)| id))
}

/// Every run of the municipality, the newest month first.
pub(super) async fn month_runs(db: &mut Read, tenant: Tenant) -> Result<Vec<MonthRun>> {
    const RUNS: &str = "
        SELECT id, benefit, month, sequence, artifact, as_of, known_at, started_at, started_by, finished_at
        FROM month_run WHERE tenant = $1 ORDER BY month DESC, benefit, sequence DESC";
    let rows: Vec<Row> = db.all(sql(RUNS).bind(tenant)).await?;
    Ok(rows.into_iter().map(MonthRun::from).collect())
}

/// Who holds an unfinished run.
pub(super) async fn holder(
    db: &mut Read,
    tenant: Tenant,
    run: MonthRunId,
) -> Result<Option<Holder>> {
    const HOLDER: &str = "
        SELECT lease_by, lease_since, lease_until FROM month_run
        WHERE tenant = $1 AND id = $2 AND finished_at IS NULL";
    db.optional(sql(HOLDER).bind(tenant).bind(run)).await
}

pub(super) async fn insert(
    tx: &mut Tx,
    act: &Act<Propose>,
    run: &MonthRun,
    lease: &Lease,
) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO month_run
            (tenant, id, benefit, month, sequence, artifact, as_of, known_at, started_at, started_by,
             lease_token, lease_by, lease_since, lease_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let insert = sql(INSERT)
        .bind(act.tenant())
        .bind(run.id)
        .bind(run.benefit.as_str())
        .bind(run.month.first());
    let insert = insert.bind(run.sequence).bind(run.artifact).bind(run.as_of).bind(run.known_at);
    let insert = insert.bind(run.started_at).bind(run.started_by.as_str());
    let insert = insert.bind(lease.token).bind(act.by()).bind(lease.since).bind(lease.until);
    tx.execute(insert).await.map(drop)
}

/// Gives the run to a new holder; what the former still does is fenced off by the token.
pub(super) async fn take_over(tx: &mut Tx, act: &Act<Propose>, lease: &Lease) -> Result<()> {
    const TAKE: &str = "
        UPDATE month_run SET lease_token = $3, lease_by = $4, lease_since = $5, lease_until = $6
        WHERE tenant = $1 AND id = $2";
    let take = sql(TAKE).bind(act.tenant()).bind(lease.run).bind(lease.token).bind(act.by());
    tx.execute(take.bind(lease.since).bind(lease.until)).await.map(drop)
}

/// Extends the lease, and tells whether it still was ours.
pub(super) async fn renew(
    tx: &mut Tx,
    tenant: Tenant,
    lease: &Lease,
    until: DateTime<Utc>,
) -> Result<bool> {
    const RENEW: &str = "
        UPDATE month_run SET lease_until = $4
        WHERE tenant = $1 AND id = $2 AND lease_token = $3";
    Ok(tx.execute(sql(RENEW).bind(tenant).bind(lease.run).bind(lease.token).bind(until)).await?
        == 1)
}

/// Ends the run, and tells whether it still was ours.
pub(super) async fn finish(tx: &mut Tx, act: &Act<Propose>, lease: &Lease) -> Result<bool> {
    const FINISH: &str = "
        UPDATE month_run
        SET finished_at = $4, lease_token = NULL, lease_by = NULL, lease_since = NULL, lease_until = NULL
        WHERE tenant = $1 AND id = $2 AND lease_token = $3";
    let finish = sql(FINISH).bind(act.tenant()).bind(lease.run).bind(lease.token).bind(act.at());
    Ok(tx.execute(finish).await? == 1)
}

/// Ends a run whoever works on it.
pub(super) async fn give_up(tx: &mut Tx, act: &Act<Propose>, run: MonthRunId) -> Result<()> {
    const GIVE_UP: &str = "
        UPDATE month_run
        SET finished_at = $3, lease_token = NULL, lease_by = NULL, lease_since = NULL, lease_until = NULL
        WHERE tenant = $1 AND id = $2 AND finished_at IS NULL";
    tx.execute(sql(GIVE_UP).bind(act.tenant()).bind(run).bind(act.at())).await.map(drop)
}

/// What came of a case.
#[derive(Clone, Copy, Debug)]
pub(super) struct CaseRow {
    pub(super) case: CaseId,
    pub(super) run: RunId,
    pub(super) result: CaseResult,
    pub(super) amount: Dkk,
    pub(super) decided: Dkk,
}

pub(super) async fn insert_cases(
    tx: &mut Tx,
    tenant: Tenant,
    run: MonthRunId,
    cases: &[CaseRow],
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO month_run_case (tenant, month_run, case_id, run_id, result, amount, decided) VALUES",
        "",
    );
    for case in cases {
        rows.row(vec![
            tenant.bind(),
            run.bind(),
            case.case.bind(),
            case.run.bind(),
            case.result.bind(),
            case.amount.bind(),
            case.decided.bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

/// The last case a run came to; cases are taken in the order of their ids.
pub(super) async fn last_case(
    db: &mut Read,
    tenant: Tenant,
    run: MonthRunId,
) -> Result<Option<CaseId>> {
    const LAST: &str = "
        SELECT case_id FROM month_run_case WHERE tenant = $1 AND month_run = $2 ORDER BY case_id DESC LIMIT 1";
    let last: Option<(CaseId,)> = db.optional(sql(LAST).bind(tenant).bind(run)).await?;
    Ok(last.map(|(case,)| case))
}

/// What a run has come to.
pub(super) async fn tally(db: &mut Read, tenant: Tenant, run: MonthRunId) -> Result<Tally> {
    const TALLY: &str = "
        SELECT result, COUNT(*) AS cases, CAST(SUM(amount) AS BIGINT) AS amount, CAST(SUM(decided) AS BIGINT) AS decided
        FROM month_run_case WHERE tenant = $1 AND month_run = $2 GROUP BY result";
    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(try_from = "String")]
        result: CaseResult,
        cases: i64,
        amount: Dkk,
        decided: Dkk,
    }
    let rows: Vec<Row> = db.all(sql(TALLY).bind(tenant).bind(run)).await?;
    let share = |row: Row| {
        (row.result, Share { cases: row.cases, amount: row.amount, decided: row.decided })
    };
    Ok(Tally(rows.into_iter().map(share).collect()))
}

/// The cases in which something was decided or put to a party in some days, or is paid in them.
pub(super) async fn touched(db: &mut Read, tenant: Tenant, days: Period) -> Result<Vec<CaseId>> {
    const TOUCHED: &str = "
        SELECT case_id FROM decision
        WHERE tenant = $1 AND state = 'approved' AND closed_at >= $4 AND closed_at < $5
        UNION
        SELECT case_id FROM hearing WHERE tenant = $1 AND opened_at >= $4 AND opened_at < $5
        UNION
        SELECT case_id FROM notice
        WHERE tenant = $1 AND withdrawn_at IS NULL AND disposal >= $2 AND disposal <= $3
        ORDER BY case_id";
    let touched = sql(TOUCHED).bind(tenant).bind(days.first()).bind(days.last());
    let touched = touched.bind(midnight(days.first())).bind(midnight(days.last().next()));
    let rows: Vec<(CaseId,)> = db.all(touched).await?;
    Ok(rows.into_iter().map(|(case,)| case).collect())
}
