//! SQL for corrections.

use chrono::{DateTime, Utc};
use ydun_domain::ids::{CaseId, CorrectionId, DecisionId};
use ydun_domain::{Day, Month, Tenant};
use ydun_runtime::Digest;

use super::{Correction, Status};
use crate::access::{Act, Propose};
use crate::db::{Bind as _, Read, Result, Tx, bulk, sql};
use crate::decisions::Mark;

/// The months a case has been run for, oldest first.
pub(super) async fn months(db: &mut Read, tenant: Tenant, case: CaseId) -> Result<Vec<Month>> {
    const MONTHS: &str = "
        SELECT DISTINCT month_run.month
        FROM month_run_case
        JOIN month_run ON month_run.tenant = month_run_case.tenant AND month_run.id = month_run_case.month_run
        WHERE month_run_case.tenant = $1 AND month_run_case.case_id = $2
        ORDER BY month_run.month";
    let months: Vec<(Day,)> = db.all(sql(MONTHS).bind(tenant).bind(case)).await?;
    Ok(months.into_iter().map(|(first,)| first.month()).collect())
}

pub(super) async fn insert(tx: &mut Tx, act: &Act<Propose>, new: &Correction) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO correction (tenant, case_id, id, reason, digest, since, proposed_at, proposed_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let insert = sql(INSERT).bind(act.tenant()).bind(new.case).bind(new.id);
    let insert = insert.bind(new.reason.as_str()).bind(new.digest).bind(new.since);
    tx.execute(insert.bind(act.at()).bind(act.by())).await?;
    let mut rows = bulk(
        "INSERT INTO correction_decision (tenant, case_id, correction_id, place, decision_id) VALUES",
        "",
    );
    for (place, decision) in (0i64..).zip(&new.decisions) {
        rows.row(vec![
            act.tenant().bind(),
            new.case.bind(),
            new.id.bind(),
            place.bind(),
            decision.bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: CorrectionId,
    reason: String,
    #[sqlx(try_from = "Vec<u8>")]
    digest: Digest,
    since: Day,
    proposed_at: DateTime<Utc>,
    proposed_by: String,
}

#[derive(sqlx::FromRow)]
struct PartRow {
    correction_id: CorrectionId,
    decision_id: DecisionId,
    state: String,
}

/// The corrections of a case, oldest first.
pub(super) async fn of_case(
    db: &mut Read,
    tenant: Tenant,
    case: CaseId,
) -> Result<Vec<Correction>> {
    const CORRECTIONS: &str = "
        SELECT id, reason, digest, since, proposed_at, proposed_by
        FROM correction WHERE tenant = $1 AND case_id = $2 ORDER BY id";
    const PARTS: &str = "
        SELECT part.correction_id, part.decision_id, decision.state
        FROM correction_decision AS part
        JOIN decision ON decision.tenant = part.tenant AND decision.case_id = part.case_id AND decision.id = part.decision_id
        WHERE part.tenant = $1 AND part.case_id = $2
        ORDER BY part.correction_id, part.place";
    let rows: Vec<Row> = db.all(sql(CORRECTIONS).bind(tenant).bind(case)).await?;
    let parts: Vec<PartRow> = db.all(sql(PARTS).bind(tenant).bind(case)).await?;
    let correction = |row: Row| {
        let parts: Vec<&PartRow> =
            parts.iter().filter(|part| part.correction_id == row.id).collect();
        Correction {
            id: row.id,
            case,
            reason: row.reason,
            digest: row.digest,
            decisions: parts.iter().map(|part| part.decision_id).collect(),
            proposed: Mark { at: row.proposed_at, by: row.proposed_by },
            since: row.since,
            status: status(&parts),
        }
    };
    Ok(rows.into_iter().map(correction).collect())
}

/// Its decisions are approved together; afterwards a newer decision may take the place of one.
fn status(parts: &[&PartRow]) -> Status {
    let all = |states: &[&str]| parts.iter().all(|part| states.contains(&part.state.as_str()));
    if all(&["proposed"]) {
        Status::Proposed
    } else if all(&["approved", "superseded"]) {
        Status::Approved
    } else {
        Status::Dropped
    }
}
