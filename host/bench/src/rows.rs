//! The rows of a month's run, inserted once more into bare tables: the floor a run stands on.
//!
//! The tables have the same columns and primary keys, and no other constraint or index. The rows go
//! in as a run writes them: so many cases in a transaction, in few statements.

use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use ydun::db::{Arg, Bind as _, Db, Tx, bulk, sql};
use ydun_domain::Tenant;
use ydun_domain::ids::{CaseId, DecisionId, MonthRunId, PartyId, RunId};

/// Cases in a transaction, as a month's run has them.
const CASES: usize = 500;

/// A table's rows as they are, and the same columns in a bare table.
macro_rules! bare {
    ($row:ident, $from:literal, $key:literal, { $($column:ident: $type:ty as $ddl:literal,)* }) => {
        #[derive(Clone, Debug, sqlx::FromRow)]
        struct $row { $($column: $type,)* }

        impl $row {
            const DROP: &str = concat!("DROP TABLE IF EXISTS bare_", $from);
            const CREATE: &str = concat!(
                "CREATE TABLE bare_", $from, " (", $(stringify!($column), " ", $ddl, ", ",)*
                "PRIMARY KEY (", $key, "))"
            );
            const READ: &str = concat!(
                "SELECT ", $(stringify!($column), ", ",)* "tenant FROM ", $from, " WHERE tenant = $1"
            );
            const INSERT: &str = concat!("INSERT INTO bare_", $from, " (", bare!(@list $($column)*), ") VALUES");

            fn args(self) -> Vec<Arg> {
                vec![$(self.$column.bind(),)*]
            }

            async fn insert(tx: &mut Tx, rows: impl Iterator<Item = Self>) -> Result<()> {
                let mut all = bulk(Self::INSERT, "");
                rows.for_each(|row| all.row(row.args()));
                tx.insert(all).await?;
                Ok(())
            }
        }
    };
    (@list $first:ident $($rest:ident)*) => {
        concat!(stringify!($first), $(", ", stringify!($rest),)*)
    };
}

bare!(RunRow, "run", "tenant, case_id, id", {
    tenant: Tenant as "BIGINT NOT NULL",
    case_id: CaseId as "UUID NOT NULL",
    id: RunId as "UUID NOT NULL",
    artifact: Vec<u8> as "BYTEA NOT NULL",
    engine: String as "TEXT NOT NULL",
    purpose: String as "TEXT NOT NULL",
    first_day: NaiveDate as "DATE NOT NULL",
    last_day: NaiveDate as "DATE NOT NULL",
    dossier: Vec<u8> as "BYTEA NOT NULL",
    dossier_digest: Vec<u8> as "BYTEA NOT NULL",
    outcome: Option<Vec<u8>> as "BYTEA",
    outcome_digest: Option<Vec<u8>> as "BYTEA",
    fault: Option<String> as "TEXT",
    fault_detail: Option<String> as "TEXT",
    fuel: i64 as "BIGINT NOT NULL",
    memory_bytes: i64 as "BIGINT NOT NULL",
    micros: i64 as "BIGINT NOT NULL",
    calculated_at: DateTime<Utc> as "TIMESTAMPTZ NOT NULL",
});

bare!(CaseRow, "month_run_case", "tenant, month_run, case_id", {
    tenant: Tenant as "BIGINT NOT NULL",
    month_run: MonthRunId as "UUID NOT NULL",
    case_id: CaseId as "UUID NOT NULL",
    run_id: RunId as "UUID NOT NULL",
    result: String as "TEXT NOT NULL",
    amount: i64 as "BIGINT NOT NULL",
    decided: i64 as "BIGINT NOT NULL",
});

bare!(DecisionRow, "decision", "tenant, case_id, id", {
    tenant: Tenant as "BIGINT NOT NULL",
    case_id: CaseId as "UUID NOT NULL",
    id: DecisionId as "UUID NOT NULL",
    run_id: RunId as "UUID NOT NULL",
    month_run: Option<MonthRunId> as "UUID",
    first_day: NaiveDate as "DATE NOT NULL",
    last_day: NaiveDate as "DATE NOT NULL",
    ruling: String as "TEXT NOT NULL",
    total: i64 as "BIGINT NOT NULL",
    digest: Vec<u8> as "BYTEA NOT NULL",
    state: String as "TEXT NOT NULL",
    proposed_at: DateTime<Utc> as "TIMESTAMPTZ NOT NULL",
    proposed_by: String as "TEXT NOT NULL",
});

bare!(LineRow, "decision_line", "tenant, case_id, decision_id, line_key", {
    tenant: Tenant as "BIGINT NOT NULL",
    case_id: CaseId as "UUID NOT NULL",
    decision_id: DecisionId as "UUID NOT NULL",
    place: i64 as "BIGINT NOT NULL",
    line_key: String as "TEXT NOT NULL",
    payee: PartyId as "UUID NOT NULL",
    about: Option<PartyId> as "UUID",
    first_day: NaiveDate as "DATE NOT NULL",
    last_day: NaiveDate as "DATE NOT NULL",
    amount: i64 as "BIGINT NOT NULL",
    posting_code: String as "TEXT NOT NULL",
    reference: Option<String> as "TEXT",
    details: String as "TEXT NOT NULL",
});

/// Everything the latest run of the month wrote, but a handful of tasks and audit rows.
struct Written {
    runs: Vec<RunRow>,
    cases: Vec<CaseRow>,
    decisions: Vec<DecisionRow>,
    lines: Vec<LineRow>,
}

/// How long the rows of the latest run take when nothing else is done.
pub(crate) async fn insert_again(db: &Db, tenant: Tenant) -> Result<Duration> {
    let written = Written::read(db, tenant).await?;
    let mut tx = db.begin().await?;
    for statement in [
        RunRow::DROP,
        RunRow::CREATE,
        CaseRow::DROP,
        CaseRow::CREATE,
        DecisionRow::DROP,
        DecisionRow::CREATE,
        LineRow::DROP,
        LineRow::CREATE,
    ] {
        tx.execute(sql(statement)).await?;
    }
    tx.commit().await?;
    let begun = Instant::now();
    written.insert(db).await?;
    Ok(begun.elapsed())
}

impl Written {
    async fn read(db: &Db, tenant: Tenant) -> Result<Self> {
        const LATEST: &str =
            "SELECT id FROM month_run WHERE tenant = $1 ORDER BY sequence DESC LIMIT 1";
        let mut read = db.read().await?;
        let (latest,): (MonthRunId,) = read.one(sql(LATEST).bind(tenant)).await?;
        let mut cases: Vec<CaseRow> = read.all(sql(CaseRow::READ).bind(tenant)).await?;
        cases.retain(|case| case.month_run == latest);
        let ids: std::collections::HashSet<RunId> = cases.iter().map(|case| case.run_id).collect();
        let mut runs: Vec<RunRow> = read.all(sql(RunRow::READ).bind(tenant)).await?;
        runs.retain(|run| ids.contains(&run.id));
        let mut decisions: Vec<DecisionRow> = read.all(sql(DecisionRow::READ).bind(tenant)).await?;
        decisions.retain(|decision| decision.month_run == Some(latest));
        let decided: std::collections::HashSet<DecisionId> =
            decisions.iter().map(|decision| decision.id).collect();
        let mut lines: Vec<LineRow> = read.all(sql(LineRow::READ).bind(tenant)).await?;
        lines.retain(|line| decided.contains(&line.decision_id));
        Ok(Self { runs, cases, decisions, lines })
    }

    async fn insert(self, db: &Db) -> Result<()> {
        let batches = self.cases.len().div_ceil(CASES).max(1);
        let (mut runs, mut cases) = (self.runs.into_iter(), self.cases.into_iter());
        let (mut decisions, mut lines) = (self.decisions.into_iter(), self.lines.into_iter());
        let (decisions_each, lines_each) =
            (decisions.len().div_ceil(batches), lines.len().div_ceil(batches));
        for _ in 0..batches {
            let mut tx = db.begin().await?;
            RunRow::insert(&mut tx, runs.by_ref().take(CASES)).await?;
            CaseRow::insert(&mut tx, cases.by_ref().take(CASES)).await?;
            DecisionRow::insert(&mut tx, decisions.by_ref().take(decisions_each)).await?;
            LineRow::insert(&mut tx, lines.by_ref().take(lines_each)).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
