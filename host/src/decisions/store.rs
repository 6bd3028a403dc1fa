//! SQL for decisions and their lines.

mod change;
mod rows;

use std::collections::HashMap;
use std::ops::RangeInclusive;

use serde::Serialize;
use ydun_domain::ids::{CaseId, DecisionId, MonthRunId};
use ydun_domain::{Day, Dkk, Period, Tenant};
use ydun_runtime::Digest;

pub(super) use self::change::{approve, insert, reject, replace};
use self::rows::{DecisionRow, LineRow, MadeWithRow, assemble};
use super::service::Decided;
use super::{DecidedLine, Decision, Standing};
use crate::cases::CaseNumber;
use crate::db::{Read, Result, Tx, sql};

/// Which decisions are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Open,
    OpenOrApproved,
    All,
}

impl Which {
    fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::OpenOrApproved => "open-or-approved",
            Self::All => "all",
        }
    }
}

/// Decisions of a range of cases with days in the period, by case and first day.
pub(super) async fn decisions(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
    days: Period,
    which: Which,
) -> Result<Vec<Decision>> {
    const DECISIONS: &str = "
        SELECT decision.id, decision.case_id, decision.run_id, decision.month_run,
               decision.first_day, decision.last_day, decision.ruling, decision.total, decision.digest, decision.state,
               decision.proposed_at, decision.proposed_by, decision.closed_at, decision.closed_by,
               decision.reason_code, decision.reason, run.artifact, run.dossier_digest, run.outcome_digest
        FROM decision
        JOIN run ON run.tenant = decision.tenant AND run.case_id = decision.case_id AND run.id = decision.run_id
        WHERE decision.tenant = $1 AND decision.case_id >= $2 AND decision.case_id <= $3
          AND decision.first_day <= $5 AND decision.last_day >= $4
          AND ($6 = 'all' OR decision.state = 'proposed'
               OR $6 = 'open-or-approved' AND decision.state = 'approved')
        ORDER BY decision.case_id, decision.first_day, decision.id";
    const LINES: &str = "
        SELECT line.decision_id, line.line_key, line.payee, line.about, line.first_day, line.last_day,
               line.amount, line.posting_code, line.reference, line.details
        FROM decision
        JOIN decision_line AS line
          ON line.tenant = decision.tenant AND line.case_id = decision.case_id AND line.decision_id = decision.id
        WHERE decision.tenant = $1 AND decision.case_id >= $2 AND decision.case_id <= $3
          AND decision.first_day <= $5 AND decision.last_day >= $4
          AND ($6 = 'all' OR decision.state = 'proposed'
               OR $6 = 'open-or-approved' AND decision.state = 'approved')
        ORDER BY line.decision_id, line.place";
    let ask = |text| {
        let ask = sql(text).bind(tenant).bind(*cases.start()).bind(*cases.end());
        ask.bind(days.first()).bind(days.last()).bind(which.word())
    };
    let decisions: Vec<DecisionRow> = db.all(ask(DECISIONS)).await?;
    let lines: Vec<LineRow> = db.all(ask(LINES)).await?;
    assemble(tenant, decisions, lines)
}

/// The lines in effect for days that begin within some days: those of the newest decision that was
/// approved and is not held back until it has reached the party.
pub(super) async fn in_effect(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
    first_days: &RangeInclusive<Day>,
) -> Result<HashMap<(CaseId, Day), Vec<DecidedLine>>> {
    const LINES: &str = "
        SELECT decision.case_id, decision.first_day AS begins, line.decision_id, line.line_key, line.payee, line.about,
               line.first_day, line.last_day, line.amount, line.posting_code, line.reference, line.details
        FROM decision
        JOIN decision_line AS line
          ON line.tenant = decision.tenant AND line.case_id = decision.case_id AND line.decision_id = decision.id
        WHERE decision.tenant = $1 AND decision.case_id >= $2 AND decision.case_id <= $3
          AND decision.first_day >= $4 AND decision.first_day <= $5
          AND decision.id = (
              SELECT newest.id FROM decision AS newest
              LEFT JOIN decision_hold AS hold
                ON hold.tenant = newest.tenant AND hold.case_id = newest.case_id AND hold.decision_id = newest.id
                AND hold.released_at IS NULL
              WHERE newest.tenant = decision.tenant AND newest.case_id = decision.case_id
                AND newest.first_day = decision.first_day AND newest.state IN ('approved', 'superseded')
                AND hold.decision_id IS NULL
              ORDER BY newest.id DESC LIMIT 1
          )
        ORDER BY decision.case_id, decision.first_day, line.place";
    #[derive(sqlx::FromRow)]
    struct Row {
        case_id: CaseId,
        begins: Day,
        #[sqlx(flatten)]
        line: LineRow,
    }
    let ask = sql(LINES).bind(tenant).bind(*cases.start()).bind(*cases.end());
    let rows: Vec<Row> = db.all(ask.bind(*first_days.start()).bind(*first_days.end())).await?;
    let mut lines: HashMap<(CaseId, Day), Vec<DecidedLine>> = HashMap::new();
    for row in rows {
        lines.entry((row.case_id, row.begins)).or_default().push(row.line.try_into()?);
    }
    Ok(lines)
}

/// Keeps others from changing the open proposals of a range of cases until the transaction ends.
pub(super) async fn lock_open(
    tx: &mut Tx,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
) -> Result<()> {
    const LOCK: &str = "
        SELECT id FROM decision
        WHERE tenant = $1 AND case_id >= $2 AND case_id <= $3 AND state = 'proposed'
        ORDER BY case_id, id";
    let lock = sql(LOCK).bind(tenant).bind(*cases.start()).bind(*cases.end()).locking();
    tx.all::<(DecisionId,)>(lock).await.map(drop)
}

/// The lines of approved decisions for days in the period, by case and oldest first.
pub(super) async fn approved_lines(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
    days: Period,
) -> Result<Vec<(CaseId, DecidedLine)>> {
    const LINES: &str = "
        SELECT line.case_id, line.decision_id, line.line_key, line.payee, line.about, line.first_day, line.last_day,
               line.amount, line.posting_code, line.reference, line.details
        FROM decision
        JOIN decision_line AS line
          ON line.tenant = decision.tenant AND line.case_id = decision.case_id AND line.decision_id = decision.id
        WHERE decision.tenant = $1 AND decision.case_id >= $2 AND decision.case_id <= $3
          AND decision.state = 'approved' AND line.first_day <= $5 AND line.last_day >= $4
        ORDER BY line.case_id, line.first_day, line.last_day, line.line_key";
    #[derive(sqlx::FromRow)]
    struct Row {
        case_id: CaseId,
        #[sqlx(flatten)]
        line: LineRow,
    }
    let ask = sql(LINES)
        .bind(tenant)
        .bind(*cases.start())
        .bind(*cases.end())
        .bind(days.first())
        .bind(days.last());
    let rows: Vec<Row> = db.all(ask).await?;
    rows.into_iter().map(|row| Ok((row.case_id, row.line.try_into()?))).collect()
}

/// What the approved decisions of a range of cases give, by case and first day.
pub(super) async fn approved_totals(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
) -> Result<HashMap<(CaseId, Day), Dkk>> {
    const TOTALS: &str = "
        SELECT case_id, first_day, total FROM decision
        WHERE tenant = $1 AND case_id >= $2 AND case_id <= $3 AND state = 'approved'";
    let ask = sql(TOTALS).bind(tenant).bind(*cases.start()).bind(*cases.end());
    let rows: Vec<(CaseId, Day, Dkk)> = db.all(ask).await?;
    Ok(rows.into_iter().map(|(case, day, total)| ((case, day), total)).collect())
}

/// A decision on the list that is signed for a whole month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Listed {
    #[sqlx(rename = "case_id")]
    pub case: CaseId,
    pub id: DecisionId,
    #[sqlx(try_from = "Vec<u8>")]
    pub digest: Digest,
    pub total: Dkk,
    pub is_open: bool,
}

/// A month run's proposals and what became decisions of them, by case.
pub(super) async fn listed(
    db: &mut Read,
    tenant: Tenant,
    month_run: MonthRunId,
) -> Result<Vec<Listed>> {
    const LISTED: &str = "
        SELECT case_id, id, digest, total, state = 'proposed' AS is_open
        FROM decision
        WHERE tenant = $1 AND month_run = $2 AND state IN ('proposed', 'approved')
        ORDER BY case_id, id";
    db.all(sql(LISTED).bind(tenant).bind(month_run)).await
}

/// A decision that rests on a module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MadeWith {
    pub case: CaseId,
    pub number: CaseNumber,
    pub id: DecisionId,
    pub period: Period,
    pub total: Dkk,
    pub standing: Standing,
}

/// Every decision and open proposal that rests on a module, by case number and days.
pub(super) async fn made_with(
    db: &mut Read,
    tenant: Tenant,
    artifact: Digest,
) -> Result<Vec<MadeWith>> {
    const MADE_WITH: &str = "
        SELECT decision.case_id, benefit_case.number, decision.id, decision.first_day, decision.last_day,
               decision.total, decision.state
        FROM decision
        JOIN run ON run.tenant = decision.tenant AND run.case_id = decision.case_id AND run.id = decision.run_id
        JOIN benefit_case ON benefit_case.tenant = decision.tenant AND benefit_case.id = decision.case_id
        WHERE decision.tenant = $1 AND decision.state <> 'rejected' AND run.artifact = $2
        ORDER BY benefit_case.number, decision.first_day, decision.id";
    let rows: Vec<MadeWithRow> = db.all(sql(MADE_WITH).bind(tenant).bind(artifact)).await?;
    rows.into_iter().map(MadeWith::try_from).collect()
}

/// What is decided and proposed for days of a benefit's cases, in numbers.
pub(super) async fn decided(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    days: Period,
) -> Result<Decided> {
    const DECIDED: &str = "
        SELECT COUNT(*) FILTER (WHERE decision.state = 'proposed') AS proposed,
               COUNT(*) FILTER (WHERE decision.state = 'approved') AS approved,
               COUNT(*) FILTER (WHERE decision.state = 'approved' AND decision.ruling = 'refused') AS refused,
               CAST(COALESCE(SUM(decision.total) FILTER (WHERE decision.state = 'proposed'), 0) AS BIGINT)
                   AS amount_proposed,
               CAST(COALESCE(SUM(decision.total) FILTER (WHERE decision.state = 'approved'), 0) AS BIGINT)
                   AS amount_approved
        FROM benefit_case
        JOIN decision ON decision.tenant = benefit_case.tenant AND decision.case_id = benefit_case.id
        WHERE benefit_case.tenant = $1 AND benefit_case.benefit = $2
          AND decision.first_day >= $3 AND decision.last_day <= $4";
    db.one(sql(DECIDED).bind(tenant).bind(benefit).bind(days.first()).bind(days.last())).await
}
