//! SQL for the month's close: sums across the tables of all components, which only a report may read.

use chrono::{DateTime, Utc};
use ydun_domain::{Day, Dkk, Month, Period, Tenant};

use super::agreement::LineSums;
use super::{Closed, Explanation, Later, Totals};
use crate::access::{Act, Right};
use crate::db::{Read, Result, Tx, sql};

/// What is decided, booked and paid of every line that ends within some days; each row is read once.
///
/// Decided is what is approved. Where that has not reached the party, what is in effect instead is
/// what the newest decision before it says; the two are told apart as waiting. Paid is what has reached the payee before tax: parts of settled
/// payments less what was held back from them, what other systems have paid, less what is paid back.
pub(super) async fn lines(db: &mut Read, tenant: Tenant, days: Period) -> Result<Vec<LineSums>> {
    const LINES: &str = "
        SELECT benefit_case.benefit, benefit_case.number AS case_number, side.line_key, side.payee,
               CAST(SUM(side.decided) AS BIGINT) AS decided, CAST(SUM(side.waiting) AS BIGINT) AS waiting,
               CAST(SUM(side.booked) AS BIGINT) AS booked, CAST(SUM(side.paid) AS BIGINT) AS paid
        FROM (
            SELECT line.case_id, line.line_key, line.payee, line.amount AS decided,
                   CAST(0 AS BIGINT) AS waiting, CAST(0 AS BIGINT) AS booked, CAST(0 AS BIGINT) AS paid
            FROM decision_line AS line
            JOIN decision ON decision.tenant = line.tenant AND decision.case_id = line.case_id
                         AND decision.id = line.decision_id AND decision.state = 'approved'
            WHERE line.tenant = $1 AND line.last_day BETWEEN $2 AND $3
            UNION ALL
            SELECT line.case_id, line.line_key, line.payee, 0,
                   CASE WHEN line.decision_id = held.id THEN -line.amount ELSE line.amount END, 0, 0
            FROM decision_hold AS hold
            JOIN decision AS held ON held.tenant = hold.tenant AND held.case_id = hold.case_id
                                 AND held.id = hold.decision_id AND held.state = 'approved'
            JOIN decision_line AS line
              ON line.tenant = held.tenant AND line.case_id = held.case_id
             AND (line.decision_id = held.id
                  OR line.decision_id = (
                      SELECT newest.id FROM decision AS newest
                      LEFT JOIN decision_hold AS waits
                        ON waits.tenant = newest.tenant AND waits.case_id = newest.case_id
                       AND waits.decision_id = newest.id AND waits.released_at IS NULL
                      WHERE newest.tenant = held.tenant AND newest.case_id = held.case_id
                        AND newest.first_day = held.first_day AND newest.state = 'superseded'
                        AND waits.decision_id IS NULL
                      ORDER BY newest.id DESC LIMIT 1))
            WHERE hold.tenant = $1 AND hold.released_at IS NULL AND line.last_day BETWEEN $2 AND $3
            UNION ALL
            SELECT case_id, line_key, payee, 0, 0,
                   CASE WHEN debit LIKE 'expense:%' THEN amount ELSE 0 END
                   - CASE WHEN credit LIKE 'expense:%' THEN amount ELSE 0 END, 0
            FROM posting
            WHERE tenant = $1 AND last_day BETWEEN $2 AND $3
            UNION ALL
            SELECT payment.case_id, part.line_key, payment.payee, 0, 0, 0, part.amount
            FROM payment_part AS part
            JOIN payment ON payment.tenant = part.tenant AND payment.id = part.payment_id
                        AND payment.state = 'settled'
            WHERE part.tenant = $1 AND part.last_day BETWEEN $2 AND $3
            UNION ALL
            SELECT payment.case_id, held.line_key, payment.payee, 0, 0, 0, -held.amount
            FROM payment_deduction AS held
            JOIN payment ON payment.tenant = held.tenant AND payment.id = held.payment_id
                        AND payment.state = 'settled'
            WHERE held.tenant = $1 AND held.last_day BETWEEN $2 AND $3 AND held.account LIKE 'expense:%'
            UNION ALL
            SELECT whole.case_id, part.line_key, whole.payee, 0, 0, 0, part.amount
            FROM paid_elsewhere_part AS part
            JOIN paid_elsewhere AS whole ON whole.tenant = part.tenant AND whole.id = part.elsewhere_id
                                        AND whole.state IN ('confirmed', 'take-back-asked')
            WHERE part.tenant = $1 AND part.last_day BETWEEN $2 AND $3
            UNION ALL
            SELECT payment.case_id, back.line_key, payment.payee, 0, 0, 0, -back.gross
            FROM income_repaid AS back
            JOIN payment ON payment.tenant = back.tenant AND payment.id = back.payment_id
            JOIN payment_part AS part
              ON part.tenant = back.tenant AND part.payment_id = back.payment_id
             AND part.line_key = back.line_key AND part.posting_code = back.posting_code
            WHERE back.tenant = $1 AND part.last_day BETWEEN $2 AND $3
        ) AS side
        JOIN benefit_case ON benefit_case.tenant = $1 AND benefit_case.id = side.case_id
        GROUP BY benefit_case.benefit, benefit_case.number, side.case_id, side.line_key, side.payee
        ORDER BY benefit_case.benefit, benefit_case.number, side.line_key, side.payee";
    db.all(sql(LINES).bind(tenant).bind(days.first()).bind(days.last())).await
}

#[derive(sqlx::FromRow)]
struct ExplanationRow {
    key: String,
    amount: Dkk,
    reason: String,
    explained_by: String,
    accepted_by: Option<String>,
}

/// What was explained of a month, by key.
pub(super) async fn explanations(
    db: &mut Read,
    tenant: Tenant,
    month: Month,
) -> Result<Vec<(String, Explanation)>> {
    const EXPLANATIONS: &str = "
        SELECT key, amount, reason, explained_by, accepted_by
        FROM close_explanation
        WHERE tenant = $1 AND month = $2";
    let rows: Vec<ExplanationRow> =
        db.all(sql(EXPLANATIONS).bind(tenant).bind(month.first())).await?;
    let explanation = |row: ExplanationRow| {
        let ExplanationRow { key, amount, reason, explained_by, accepted_by } = row;
        (key, Explanation { amount, reason, explained_by, accepted_by })
    };
    Ok(rows.into_iter().map(explanation).collect())
}

/// Keeps why a difference may stand. One given before is replaced, and must be agreed to anew.
pub(super) async fn explain<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    month: Month,
    (key, amount): (&str, Dkk),
    reason: &str,
) -> Result<()> {
    const EXPLAIN: &str = "
        INSERT INTO close_explanation (tenant, month, key, amount, reason, explained_at, explained_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (tenant, month, key) DO UPDATE
        SET amount = excluded.amount, reason = excluded.reason, explained_at = excluded.explained_at,
            explained_by = excluded.explained_by, accepted_at = NULL, accepted_by = NULL";
    let explain = sql(EXPLAIN).bind(act.tenant()).bind(month.first()).bind(key).bind(amount);
    tx.execute(explain.bind(reason).bind(act.at()).bind(act.by())).await.map(drop)
}

/// A second person agrees.
pub(super) async fn accept<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    month: Month,
    key: &str,
) -> Result<()> {
    const ACCEPT: &str = "
        UPDATE close_explanation SET accepted_at = $4, accepted_by = $5
        WHERE tenant = $1 AND month = $2 AND key = $3";
    let accept = sql(ACCEPT).bind(act.tenant()).bind(month.first()).bind(key);
    tx.execute(accept.bind(act.at()).bind(act.by())).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct ClosedRow {
    benefit: String,
    closed_at: DateTime<Utc>,
    closed_by: String,
    totals: String,
    explained: i64,
}

/// The benefits whose month is closed, and what it came to then.
pub(super) async fn closed(
    db: &mut Read,
    tenant: Tenant,
    month: Month,
) -> Result<Vec<(String, Closed)>> {
    const CLOSED: &str = "
        SELECT benefit, closed_at, closed_by, totals, explained
        FROM month_close
        WHERE tenant = $1 AND month = $2";
    let rows: Vec<ClosedRow> = db.all(sql(CLOSED).bind(tenant).bind(month.first())).await?;
    let closed = |row: ClosedRow| {
        let ClosedRow { benefit, closed_at: at, closed_by: by, totals, explained } = row;
        let totals: Totals =
            serde_json::from_str(&totals).map_err(|error| sqlx::Error::Decode(error.into()))?;
        Ok((benefit, Closed { at, by, totals, explained }))
    };
    rows.into_iter().map(closed).collect()
}

/// Closes a benefit's month, and says whether it was open.
pub(super) async fn close<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    (benefit, month): (&str, Month),
    totals: &Totals,
    explained: i64,
) -> Result<bool> {
    const CLOSE: &str = "
        INSERT INTO month_close (tenant, benefit, month, closed_at, closed_by, totals, explained)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (tenant, benefit, month) DO NOTHING";
    let totals =
        serde_json::to_string(totals).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let close = sql(CLOSE).bind(act.tenant()).bind(benefit).bind(month.first());
    let close = close.bind(act.at()).bind(act.by()).bind(totals).bind(explained);
    Ok(tx.execute(close).await? == 1)
}

#[derive(sqlx::FromRow)]
struct LaterRow {
    booked: Day,
    cost: Dkk,
    postings: i64,
}

/// What was booked since a moment for a benefit's lines that end within some days, by booking month.
pub(super) async fn later(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    days: Period,
    since: DateTime<Utc>,
) -> Result<Vec<Later>> {
    const LATER: &str = "
        SELECT entry.booked,
               CAST(SUM(CASE WHEN posting.debit LIKE 'expense:%' THEN posting.amount ELSE 0 END
                        - CASE WHEN posting.credit LIKE 'expense:%' THEN posting.amount ELSE 0 END) AS BIGINT) AS cost,
               COUNT(*) AS postings
        FROM posting
        JOIN ledger_entry AS entry ON entry.tenant = posting.tenant AND entry.id = posting.entry_id
        JOIN benefit_case ON benefit_case.tenant = posting.tenant AND benefit_case.id = posting.case_id
        WHERE posting.tenant = $1 AND posting.last_day BETWEEN $2 AND $3
          AND benefit_case.benefit = $4 AND entry.moment > $5
          AND (posting.debit LIKE 'expense:%' OR posting.credit LIKE 'expense:%')
        GROUP BY entry.booked
        ORDER BY entry.booked";
    let later = sql(LATER).bind(tenant).bind(days.first()).bind(days.last()).bind(benefit);
    let mut months: Vec<Later> = Vec::new();
    for LaterRow { booked, cost, postings } in db.all::<LaterRow>(later.bind(since)).await? {
        match months.last_mut().filter(|last| last.booked == booked.month()) {
            Some(last) => {
                last.cost += cost;
                last.postings += postings;
            }
            None => months.push(Later { booked: booked.month(), cost, postings }),
        }
    }
    Ok(months)
}
