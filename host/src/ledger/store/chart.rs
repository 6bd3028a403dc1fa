//! The municipality's account numbers, and the books added up.

use chrono::{DateTime, Utc};
use ydun_domain::{Day, Dkk, Period, Tenant};

use crate::access::{Act, Right};
use crate::db::{Bind as _, Read, Result, Tx, bulk, sql};
use crate::ledger::Account;
use crate::ledger::chart::{Mapping, NewMapping, TrialLine};

/// Sets numbers; one set again in the same moment replaces the first.
pub(in crate::ledger) async fn insert<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    mappings: &[NewMapping],
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO account_number (tenant, account, first_day, set_at, number, source, set_by) VALUES",
        "ON CONFLICT (tenant, account, first_day, set_at)
        DO UPDATE SET number = excluded.number, source = excluded.source, set_by = excluded.set_by",
    );
    for mapping in mappings {
        rows.row(vec![
            act.tenant().bind(),
            mapping.account.to_string().bind(),
            mapping.from.bind(),
            act.at().bind(),
            mapping.number.as_str().bind(),
            mapping.source.as_str().bind(),
            act.by().bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct MappingRow {
    account: String,
    first_day: Day,
    set_at: DateTime<Utc>,
    number: String,
    source: String,
    set_by: String,
}

fn account(text: &str) -> Result<Account> {
    text.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

/// Every number, by account and day, in the order they were set.
pub(in crate::ledger) async fn mappings(db: &mut Read, tenant: Tenant) -> Result<Vec<Mapping>> {
    const MAPPINGS: &str = "
        SELECT account, first_day, set_at, number, source, set_by
        FROM account_number
        WHERE tenant = $1
        ORDER BY account, first_day, set_at";
    let rows: Vec<MappingRow> = db.all(sql(MAPPINGS).bind(tenant)).await?;
    let mapping = |row: MappingRow| {
        Ok(Mapping {
            account: account(&row.account)?,
            from: row.first_day,
            number: (!row.number.is_empty()).then_some(row.number),
            source: row.source,
            set_at: row.set_at,
            set_by: row.set_by,
        })
    };
    rows.into_iter().map(mapping).collect()
}

#[derive(sqlx::FromRow)]
struct TrialRow {
    account: String,
    opening: Dkk,
    debit: Dkk,
    credit: Dkk,
}

/// What each account had before some booking days, and what came and went in them.
pub(in crate::ledger) async fn trial_balance(
    db: &mut Read,
    tenant: Tenant,
    booked: Period,
) -> Result<Vec<TrialLine>> {
    const TRIAL: &str = "
        SELECT side.account,
               CAST(COALESCE(SUM(side.debit - side.credit) FILTER (WHERE side.booked < $2), 0) AS BIGINT) AS opening,
               CAST(COALESCE(SUM(side.debit) FILTER (WHERE side.booked >= $2), 0) AS BIGINT) AS debit,
               CAST(COALESCE(SUM(side.credit) FILTER (WHERE side.booked >= $2), 0) AS BIGINT) AS credit
        FROM (
            SELECT posting.debit AS account, entry.booked, posting.amount AS debit, CAST(0 AS BIGINT) AS credit
            FROM ledger_entry AS entry
            JOIN posting ON posting.tenant = entry.tenant AND posting.entry_id = entry.id
            WHERE entry.tenant = $1 AND entry.booked <= $3
            UNION ALL
            SELECT posting.credit AS account, entry.booked, CAST(0 AS BIGINT) AS debit, posting.amount AS credit
            FROM ledger_entry AS entry
            JOIN posting ON posting.tenant = entry.tenant AND posting.entry_id = entry.id
            WHERE entry.tenant = $1 AND entry.booked <= $3
        ) AS side
        GROUP BY side.account
        ORDER BY side.account";
    let trial = sql(TRIAL).bind(tenant).bind(booked.first()).bind(booked.last());
    let rows: Vec<TrialRow> = db.all(trial).await?;
    let line = |row: TrialRow| {
        let TrialRow { opening, debit, credit, .. } = row;
        Ok(TrialLine { account: account(&row.account)?, opening, debit, credit })
    };
    rows.into_iter().map(line).collect()
}
