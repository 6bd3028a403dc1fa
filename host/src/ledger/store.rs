//! The ledger's SQL. It inserts and it looks; there is nothing else here, and a test holds that.

pub(super) mod chart;

use std::ops::RangeInclusive;

use sqlx::FromRow;
use ydun_domain::ids::{CaseId, EntryId, PartyId};
use ydun_domain::{Day, Dkk, Period, Tenant};

use super::difference::Share;
use super::{Account, Cause, Entry, Purpose};
use crate::access::{Act, Right};
use crate::db::{Bind, Read, Result, Tx, bulk, sql};

impl Cause {
    fn columns(self) -> (&'static str, uuid::Uuid) {
        match self {
            Self::Decision(id) => ("decision", id.0),
            Self::File(id) => ("payment-file", id.0),
            Self::Answer(id) => ("bank-answer", id.0),
            Self::Payment(id) => ("payment", id.0),
            // A payment too; the column's words were settled before there were those of other systems.
            Self::Elsewhere(id) => ("payment", id.0),
        }
    }
}

/// Inserts the entries whose keys are new, and returns how many were.
pub(super) async fn insert_entries<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    entries: &[Entry],
) -> Result<u64> {
    let mut rows = bulk(
        "INSERT INTO ledger_entry
            (tenant, id, business_key, cause, cause_id, moment, booked, booked_by) VALUES",
        "ON CONFLICT (tenant, business_key) DO NOTHING",
    );
    for entry in entries {
        let (cause, cause_id) = entry.cause.columns();
        rows.row(vec![
            act.tenant().bind(),
            entry.id.bind(),
            entry.business_key.as_str().bind(),
            cause.bind(),
            cause_id.bind(),
            act.at().bind(),
            entry.booked.bind(),
            act.by().bind(),
        ]);
    }
    tx.insert(rows).await
}

/// Whether this very entry is the one booked under its key.
pub(super) async fn is_booked(db: &mut Read, tenant: Tenant, id: EntryId) -> Result<bool> {
    const FIND: &str = "SELECT COUNT(*) FROM ledger_entry WHERE tenant = $1 AND id = $2";
    let (found,): (i64,) = db.one(sql(FIND).bind(tenant).bind(id)).await?;
    Ok(found > 0)
}

pub(super) async fn insert_postings(
    tx: &mut Tx,
    tenant: Tenant,
    entries: impl Iterator<Item = &Entry>,
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO posting
            (tenant, entry_id, number, debit, credit, amount,
             case_id, payee, line_key, posting_code, first_day, last_day) VALUES",
        "",
    );
    for entry in entries {
        for (number, posting) in (1i64..).zip(&entry.postings) {
            let purpose = &posting.purpose;
            rows.row(vec![
                tenant.bind(),
                entry.id.bind(),
                number.bind(),
                posting.debit.to_string().bind(),
                posting.credit.to_string().bind(),
                posting.amount.dkk().bind(),
                purpose.case_id.bind(),
                purpose.payee.bind(),
                purpose.line_key.as_str().bind(),
                purpose.posting_code.as_str().bind(),
                purpose.period.first().bind(),
                purpose.period.last().bind(),
            ]);
        }
    }
    tx.insert(rows).await.map(drop)
}

#[derive(FromRow)]
struct ShareRow {
    case_id: CaseId,
    payee: PartyId,
    line_key: String,
    posting_code: String,
    account: String,
    first_day: Day,
    last_day: Day,
    amount: Dkk,
}

/// What the cases' lines with days in the period have cost so far, reversals taken off.
///
/// A range of cases, because a batch is sorted by case: one index scan then finds them all.
pub(super) async fn settled(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
    days: Period,
) -> Result<Vec<Share>> {
    const SETTLED: &str = "
        SELECT case_id, payee, line_key, posting_code, account,
               MIN(first_day) AS first_day, MAX(last_day) AS last_day, CAST(SUM(amount) AS BIGINT) AS amount
        FROM (
            SELECT case_id, payee, line_key, posting_code, debit AS account, first_day, last_day, amount
            FROM posting
            WHERE tenant = $1 AND case_id BETWEEN $2 AND $3 AND first_day <= $5 AND last_day >= $4
              AND debit LIKE 'expense:%'
            UNION ALL
            SELECT case_id, payee, line_key, posting_code, credit AS account, first_day, last_day, -amount
            FROM posting
            WHERE tenant = $1 AND case_id BETWEEN $2 AND $3 AND first_day <= $5 AND last_day >= $4
              AND credit LIKE 'expense:%'
        ) AS cost
        GROUP BY case_id, payee, line_key, posting_code, account
        HAVING SUM(amount) <> 0
        ORDER BY case_id, line_key, payee, posting_code, account";
    let settled = sql(SETTLED)
        .bind(tenant)
        .bind(*cases.start())
        .bind(*cases.end())
        .bind(days.first())
        .bind(days.last());
    db.all::<ShareRow>(settled).await?.into_iter().map(share).collect()
}

fn share(row: ShareRow) -> Result<Share> {
    let period = Period::new(row.first_day, row.last_day)
        .map_err(|error| sqlx::Error::Decode(error.into()))?;
    let account = match row.account.parse() {
        Ok(Account::Expense(key)) => key,
        Ok(other) => {
            return Err(sqlx::Error::Decode(format!("{other} is no expense account").into()));
        }
        Err(error) => return Err(sqlx::Error::Decode(error.into())),
    };
    let ShareRow { case_id, line_key, payee, posting_code, amount, .. } = row;
    Ok(Share {
        purpose: Purpose { case_id, line_key, payee, posting_code, period },
        account,
        amount,
    })
}

#[derive(FromRow)]
struct BalanceRow {
    account: String,
    amount: Dkk,
}

/// Every account's debits less its credits.
pub(super) async fn balances(db: &mut Read, tenant: Tenant) -> Result<Vec<(Account, Dkk)>> {
    const BALANCES: &str = "
        SELECT account, CAST(SUM(amount) AS BIGINT) AS amount
        FROM (
            SELECT debit AS account, amount FROM posting WHERE tenant = $1
            UNION ALL
            SELECT credit AS account, -amount FROM posting WHERE tenant = $1
        ) AS side
        GROUP BY account
        ORDER BY account";
    let rows: Vec<BalanceRow> = db.all(sql(BALANCES).bind(tenant)).await?;
    let balance = |row: BalanceRow| match row.account.parse() {
        Ok(account) => Ok((account, row.amount)),
        Err(error) => Err(sqlx::Error::Decode(Box::new(error))),
    };
    rows.into_iter().map(balance).collect()
}

/// What came in on the bank account and lowered what a benefit cost.
pub(super) async fn paid_back(db: &mut Read, tenant: Tenant) -> Result<Dkk> {
    const PAID_BACK: &str = "
        SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM posting
        WHERE tenant = $1 AND debit = 'bank' AND credit LIKE 'expense:%'";
    let (amount,): (Dkk,) = db.one(sql(PAID_BACK).bind(tenant)).await?;
    Ok(amount)
}

#[cfg(test)]
mod tests {
    /// The ledger is append-only because no statement that could change it exists.
    #[test]
    fn nothing_here_changes_or_removes_a_row() {
        let statements = include_str!("store.rs").split("#[cfg(test)]").next().unwrap();
        for word in ["UPDATE ", "DELETE ", "TRUNCATE", "DROP "] {
            assert!(!statements.contains(word), "the ledger's store contains {word}");
        }
        assert!(statements.contains("INSERT INTO posting"), "this test reads the store");
    }
}
