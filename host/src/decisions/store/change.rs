//! What changes decisions.

use ydun_domain::ids::{CaseId, DecisionId};

use crate::access::{Act, Approve, Propose};
use crate::db::{Bind as _, Result, Tx, bulk, sql};
use crate::decisions::proposal::Proposal;
use crate::decisions::service::Signature;
use ydun_runtime::Digest;

/// Keeps proposals with the ids and digests they were given.
pub(in crate::decisions) async fn insert(
    tx: &mut Tx,
    act: &Act<Propose>,
    proposals: &[(DecisionId, Digest, &Proposal)],
) -> Result<()> {
    let mut decisions = bulk(
        "INSERT INTO decision
            (tenant, case_id, id, run_id, month_run, first_day, last_day, ruling, total, digest,
             state, proposed_at, proposed_by)
        VALUES",
        "",
    );
    let mut lines = bulk(
        "INSERT INTO decision_line
            (tenant, case_id, decision_id, place, line_key, payee, about, first_day, last_day, amount,
             posting_code, reference, details)
        VALUES",
        "",
    );
    for (id, digest, proposal) in proposals {
        let basis = &proposal.basis;
        decisions.row(vec![
            act.tenant().bind(),
            basis.case.bind(),
            id.bind(),
            proposal.run.bind(),
            proposal.month_run.bind(),
            basis.period.first().bind(),
            basis.period.last().bind(),
            basis.ruling.bind(),
            proposal.total().bind(),
            digest.bind(),
            "proposed".bind(),
            act.at().bind(),
            act.by().bind(),
        ]);
        for (place, line) in (0i64..).zip(&proposal.lines) {
            lines.row(vec![
                act.tenant().bind(),
                basis.case.bind(),
                id.bind(),
                place.bind(),
                line.key.as_str().bind(),
                line.payee.bind(),
                line.about.bind(),
                line.period.first().bind(),
                line.period.last().bind(),
                line.amount.bind(),
                line.posting.as_str().bind(),
                line.reference.clone().bind(),
                serde_json::to_string(&line.details)
                    .expect("details can be written as JSON")
                    .bind(),
            ]);
        }
    }
    tx.insert(decisions).await?;
    tx.insert(lines).await.map(drop)
}

/// Rejects proposals that a newer calculation has overtaken.
pub(in crate::decisions) async fn replace(
    tx: &mut Tx,
    act: &Act<Propose>,
    open: &[(CaseId, DecisionId)],
) -> Result<()> {
    let mut rows = bulk(
        "WITH overtaken (tenant, case_id, id, closed_at, closed_by) AS (VALUES",
        ") UPDATE decision
        SET state = 'rejected', closed_at = overtaken.closed_at, closed_by = overtaken.closed_by,
            reason_code = 'replaced', reason = 'En nyere beregning er trådt i stedet.'
        FROM overtaken
        WHERE decision.tenant = overtaken.tenant AND decision.case_id = overtaken.case_id
          AND decision.id = overtaken.id AND decision.state = 'proposed'",
    );
    for (case, id) in open {
        rows.row(vec![
            act.tenant().bind(),
            case.bind(),
            id.bind(),
            act.at().bind(),
            act.by().bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

/// Makes signed proposals decisions, in place of those that began on the same days.
pub(in crate::decisions) async fn approve(
    tx: &mut Tx,
    act: &Act<Approve>,
    signed: &[Signature<'_>],
) -> Result<u64> {
    let mut older = bulk(
        "WITH newer (tenant, case_id, first_day) AS (VALUES",
        ") UPDATE decision SET state = 'superseded' FROM newer
        WHERE decision.tenant = newer.tenant AND decision.case_id = newer.case_id
          AND decision.first_day = newer.first_day AND decision.state = 'approved'",
    );
    let mut newer = bulk(
        "WITH signed (tenant, case_id, id, closed_at, closed_by) AS (VALUES",
        ") UPDATE decision SET state = 'approved', closed_at = signed.closed_at, closed_by = signed.closed_by
        FROM signed
        WHERE decision.tenant = signed.tenant AND decision.case_id = signed.case_id
          AND decision.id = signed.id AND decision.state = 'proposed'",
    );
    for signature in signed {
        let decision = signature.decision();
        let basis = &decision.basis;
        older.row(vec![act.tenant().bind(), basis.case.bind(), basis.period.first().bind()]);
        newer.row(vec![
            act.tenant().bind(),
            basis.case.bind(),
            decision.id.bind(),
            act.at().bind(),
            act.by().bind(),
        ]);
    }
    tx.insert(older).await?;
    tx.insert(newer).await
}

/// Rejects an open proposal, and tells whether there was one.
pub(in crate::decisions) async fn reject(
    tx: &mut Tx,
    act: &Act<Approve>,
    case: CaseId,
    id: DecisionId,
    code: &str,
    text: &str,
) -> Result<bool> {
    const REJECT: &str = "
        UPDATE decision
        SET state = 'rejected', closed_at = $4, closed_by = $5, reason_code = $6, reason = $7
        WHERE tenant = $1 AND case_id = $2 AND id = $3 AND state = 'proposed'";
    let reject = sql(REJECT).bind(act.tenant()).bind(case).bind(id).bind(act.at()).bind(act.by());
    Ok(tx.execute(reject.bind(code).bind(text)).await? == 1)
}
