//! SQL for limits, countersignatures and what the management found.

use ydun_domain::ids::{CaseId, DecisionId, MonthRunId};
use ydun_domain::{Day, Dkk, Tenant};
use ydun_runtime::Digest;

use super::{Candidate, Finding, Limits, Review, Weight};
use crate::access::{Act, Right};
use crate::db::{Read, Result, Tx, sql};
use crate::decisions::Decision;

#[derive(sqlx::FromRow)]
struct Row {
    amount: Option<i64>,
    deviation: Option<i64>,
    drawn: i64,
    odd: i64,
}

impl TryFrom<Row> for Limits {
    type Error = sqlx::Error;
    fn try_from(row: Row) -> Result<Self> {
        let whole =
            |number: i64| u32::try_from(number).map_err(|error| sqlx::Error::Decode(error.into()));
        Ok(Self {
            amount: row.amount.map(Dkk::from_oere),
            deviation: row.deviation.map(Dkk::from_oere),
            drawn: whole(row.drawn)?,
            odd: whole(row.odd)?,
        })
    }
}

/// What was chosen last, as known on a day.
pub(super) async fn limits(db: &mut Read, tenant: Tenant, known_at: Day) -> Result<Option<Limits>> {
    const LIMITS: &str = "
        SELECT amount, deviation, drawn, odd FROM approval_limit
        WHERE tenant = $1 AND known_from <= $2
        ORDER BY known_from DESC, number DESC LIMIT 1";
    let row: Option<Row> = db.optional(sql(LIMITS).bind(tenant).bind(known_at)).await?;
    row.map(Limits::try_from).transpose()
}

pub(super) async fn insert_limits<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    known_from: Day,
    limits: Limits,
) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO approval_limit (tenant, number, known_from, amount, deviation, drawn, odd, set_at, set_by)
        SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8
        FROM approval_limit WHERE tenant = $1";
    let Limits { amount, deviation, drawn, odd } = limits;
    let insert = sql(INSERT).bind(act.tenant()).bind(known_from).bind(amount).bind(deviation);
    let insert = insert.bind(i64::from(drawn)).bind(i64::from(odd));
    tx.execute(insert.bind(act.at()).bind(act.by())).await.map(drop)
}

/// Keeps a countersignature; signed before by the same person, the newer word counts.
pub(super) async fn countersign<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    (case, id): (CaseId, DecisionId),
    digest: Digest,
) -> Result<()> {
    const SIGN: &str = "
        INSERT INTO countersignature (tenant, case_id, decision_id, digest, signed_at, signed_by)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (tenant, case_id, decision_id, signed_by)
        DO UPDATE SET digest = excluded.digest, signed_at = excluded.signed_at";
    let sign = sql(SIGN).bind(act.tenant()).bind(case).bind(id).bind(digest);
    tx.execute(sign.bind(act.at()).bind(act.by())).await.map(drop)
}

/// Who has countersigned a proposal as it is now.
pub(super) async fn countersigners(
    db: &mut Read,
    tenant: Tenant,
    proposal: &Decision,
) -> Result<Vec<String>> {
    const SIGNERS: &str = "
        SELECT signed_by FROM countersignature
        WHERE tenant = $1 AND case_id = $2 AND decision_id = $3 AND digest = $4";
    let signers = sql(SIGNERS).bind(tenant).bind(proposal.basis.case).bind(proposal.id);
    let rows: Vec<(String,)> = db.all(signers.bind(proposal.digest)).await?;
    Ok(rows.into_iter().map(|(by,)| by).collect())
}

/// Who has countersigned the open proposals of a month's list as they are now.
pub(super) async fn countersigned(
    db: &mut Read,
    tenant: Tenant,
    run: MonthRunId,
) -> Result<Vec<(DecisionId, String)>> {
    const SIGNED: &str = "
        SELECT decision.id, signed.signed_by
        FROM decision
        JOIN countersignature AS signed
          ON signed.tenant = decision.tenant AND signed.case_id = decision.case_id
         AND signed.decision_id = decision.id AND signed.digest = decision.digest
        WHERE decision.tenant = $1 AND decision.month_run = $2 AND decision.state = 'proposed'
        ORDER BY signed.signed_at";
    db.all(sql(SIGNED).bind(tenant).bind(run)).await
}

/// What the decisions of a month's list give, and what was decided for their days before the run.
pub(super) async fn weights(
    db: &mut Read,
    tenant: Tenant,
    run: MonthRunId,
) -> Result<Vec<Candidate>> {
    const WEIGHTS: &str = "
        SELECT decision.case_id, decision.id, decision.total,
               CASE WHEN EXISTS (
                   SELECT 1 FROM decision AS earlier
                   WHERE earlier.tenant = decision.tenant AND earlier.case_id = decision.case_id
                     AND earlier.first_day = decision.first_day AND earlier.id < decision.id
                     AND earlier.state IN ('approved', 'superseded'))
               THEN one.decided END AS decided
        FROM decision
        JOIN month_run_case AS one
          ON one.tenant = decision.tenant AND one.month_run = decision.month_run AND one.case_id = decision.case_id
        WHERE decision.tenant = $1 AND decision.month_run = $2 AND decision.state IN ('proposed', 'approved')
        ORDER BY decision.case_id, decision.id";
    #[derive(sqlx::FromRow)]
    struct Row {
        case_id: CaseId,
        id: DecisionId,
        total: Dkk,
        decided: Option<i64>,
    }
    let rows: Vec<Row> = db.all(sql(WEIGHTS).bind(tenant).bind(run)).await?;
    let candidate = |row: Row| Candidate {
        case: row.case_id,
        id: row.id,
        weight: Weight { total: row.total, decided: row.decided.map(Dkk::from_oere) },
    };
    Ok(rows.into_iter().map(candidate).collect())
}

/// Who approved a decision, where somebody has.
pub(super) async fn approver(
    db: &mut Read,
    tenant: Tenant,
    (case, id): (CaseId, DecisionId),
) -> Result<Option<String>> {
    const APPROVER: &str = "
        SELECT closed_by FROM decision
        WHERE tenant = $1 AND case_id = $2 AND id = $3 AND state IN ('approved', 'superseded')";
    let found: Option<(String,)> =
        db.optional(sql(APPROVER).bind(tenant).bind(case).bind(id)).await?;
    Ok(found.map(|(by,)| by))
}

pub(super) async fn review<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    (case, id): (CaseId, DecisionId),
    finding: Finding,
    note: &str,
) -> Result<()> {
    const REVIEW: &str = "
        INSERT INTO decision_review (tenant, case_id, decision_id, finding, note, found_at, found_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (tenant, case_id, decision_id)
        DO UPDATE SET finding = excluded.finding, note = excluded.note, found_at = excluded.found_at,
            found_by = excluded.found_by";
    let review = sql(REVIEW).bind(act.tenant()).bind(case).bind(id).bind(finding).bind(note);
    tx.execute(review.bind(act.at()).bind(act.by())).await.map(drop)
}

/// What was found in the decisions of a month's list.
pub(super) async fn reviews(db: &mut Read, tenant: Tenant, run: MonthRunId) -> Result<Vec<Review>> {
    const REVIEWS: &str = "
        SELECT review.decision_id, review.finding, review.note, review.found_at, review.found_by
        FROM decision
        JOIN decision_review AS review
          ON review.tenant = decision.tenant AND review.case_id = decision.case_id
         AND review.decision_id = decision.id
        WHERE decision.tenant = $1 AND decision.month_run = $2
        ORDER BY review.found_at";
    db.all(sql(REVIEWS).bind(tenant).bind(run)).await
}
