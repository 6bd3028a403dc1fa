//! What is overpaid.

use std::ops::RangeInclusive;

use ydun_domain::ids::{CaseId, DecisionId};
use ydun_domain::{Dkk, Tenant};

use crate::access::{Act, Right};
use crate::db::{Bind as _, Read, Result, Tx, bulk, sql};
use crate::ledger::Positive;
use crate::ledger::difference::Line;
use crate::payments::Overpayment;

/// The open overpayments of a range of cases.
pub(in crate::payments) async fn open(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
) -> Result<Vec<Overpayment>> {
    const OPEN: &str = "
        SELECT case_id, decision_id, line_key, payee, amount, found_at
        FROM overpayment
        WHERE tenant = $1 AND case_id BETWEEN $2 AND $3 AND closed_at IS NULL
        ORDER BY case_id, line_key, payee";
    db.all(sql(OPEN).bind(tenant).bind(*cases.start()).bind(*cases.end())).await
}

/// Closes a line's open overpayment: a later decision has counted it anew, or a payment did not reach
/// the payee after all.
pub(in crate::payments) async fn close<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    line: &Line,
    by: uuid::Uuid,
) -> Result<()> {
    const CLOSE: &str = "
        UPDATE overpayment SET closed_at = $5, closed_by = $6
        WHERE tenant = $1 AND case_id = $2 AND line_key = $3 AND payee = $4 AND closed_at IS NULL";
    let close = sql(CLOSE)
        .bind(act.tenant())
        .bind(line.case_id)
        .bind(line.line_key.as_str())
        .bind(line.payee)
        .bind(act.at())
        .bind(by);
    tx.execute(close).await.map(drop)
}

/// Lowers a line's open overpayment, as a payment did not reach the payee after all.
pub(in crate::payments) async fn lower(
    tx: &mut Tx,
    tenant: Tenant,
    line: &Line,
    amount: Dkk,
) -> Result<()> {
    const LOWER: &str = "
        UPDATE overpayment SET amount = $5
        WHERE tenant = $1 AND case_id = $2 AND line_key = $3 AND payee = $4 AND closed_at IS NULL";
    let lower = sql(LOWER).bind(tenant).bind(line.case_id).bind(line.line_key.as_str());
    tx.execute(lower.bind(line.payee).bind(amount)).await.map(drop)
}

pub(in crate::payments) async fn insert<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    overpayments: &[Overpayment],
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO overpayment (tenant, case_id, decision_id, line_key, payee, amount, found_at) VALUES",
        "",
    );
    for overpayment in overpayments {
        rows.row(vec![
            act.tenant().bind(),
            overpayment.case_id.bind(),
            overpayment.decision_id.bind(),
            overpayment.line_key.as_str().bind(),
            overpayment.payee.bind(),
            overpayment.amount.bind(),
            overpayment.found_at.bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

/// Adds to what is overpaid of a line.
pub(in crate::payments) async fn add<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    line: &Line,
    decision: DecisionId,
    amount: Positive,
) -> Result<()> {
    const RAISE: &str = "
        UPDATE overpayment SET amount = amount + $5
        WHERE tenant = $1 AND case_id = $2 AND line_key = $3 AND payee = $4 AND closed_at IS NULL";
    const INSERT: &str = "
        INSERT INTO overpayment (tenant, case_id, decision_id, line_key, payee, amount, found_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (tenant, case_id, decision_id, line_key, payee)
        DO UPDATE SET amount = excluded.amount, found_at = excluded.found_at, closed_at = NULL, closed_by = NULL";
    let raise = sql(RAISE)
        .bind(act.tenant())
        .bind(line.case_id)
        .bind(line.line_key.as_str())
        .bind(line.payee)
        .bind(amount.dkk());
    if tx.execute(raise).await? > 0 {
        return Ok(());
    }
    let insert = sql(INSERT)
        .bind(act.tenant())
        .bind(line.case_id)
        .bind(decision)
        .bind(line.line_key.as_str())
        .bind(line.payee)
        .bind(amount.dkk())
        .bind(act.at());
    tx.execute(insert).await.map(drop)
}

/// Takes an amount off what is overpaid of a line, and says whether that much was.
pub(in crate::payments) async fn take_off<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    line: &Line,
    amount: Positive,
) -> Result<bool> {
    const LOWER: &str = "
        UPDATE overpayment SET amount = amount - $5
        WHERE tenant = $1 AND case_id = $2 AND line_key = $3 AND payee = $4 AND closed_at IS NULL
          AND amount > $5";
    const CLOSE: &str = "
        UPDATE overpayment SET closed_at = $6, closed_by = decision_id
        WHERE tenant = $1 AND case_id = $2 AND line_key = $3 AND payee = $4 AND closed_at IS NULL
          AND amount = $5";
    let of_line = |text| {
        let sql = sql(text).bind(act.tenant()).bind(line.case_id).bind(line.line_key.as_str());
        sql.bind(line.payee).bind(amount.dkk())
    };
    Ok(tx.execute(of_line(LOWER)).await? == 1
        || tx.execute(of_line(CLOSE).bind(act.at())).await? == 1)
}
