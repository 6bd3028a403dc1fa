//! What is compared in the day's reconciliation, and the breaks it found.

use chrono::{DateTime, Utc};
use ydun_domain::ids::{CaseId, PartyId, PaymentId};
use ydun_domain::{Day, Dkk, Tenant};

use crate::db::{Bind as _, Read, Result, Tx, bulk, sql};
use crate::payments::State;
use crate::payments::reconcile::Break;

/// A payment and what its bank's statements say of it.
#[derive(sqlx::FromRow)]
pub(in crate::payments) struct Compared {
    pub(in crate::payments) id: PaymentId,
    pub(in crate::payments) case_id: CaseId,
    pub(in crate::payments) message: String,
    pub(in crate::payments) amount: Dkk,
    #[sqlx(try_from = "String")]
    pub(in crate::payments) state: State,
    pub(in crate::payments) disposal: Day,
    pub(in crate::payments) sent_at: DateTime<Utc>,
    pub(in crate::payments) sent_by: String,
    /// What moved on the account for it; of a file booked as one amount, nothing.
    pub(in crate::payments) moved: Dkk,
}

/// The payments the bank has, and may still pay.
pub(in crate::payments) async fn at_bank(db: &mut Read, tenant: Tenant) -> Result<Vec<Compared>> {
    const AT_BANK: &str = "
        SELECT payment.id, payment.case_id, payment.message, payment.amount, payment.state, payment.disposal,
               file.made_at AS sent_at, file.made_by AS sent_by, CAST(0 AS BIGINT) AS moved
        FROM payment
        JOIN payment_file AS file ON file.tenant = payment.tenant AND file.id = payment.file_id
        WHERE payment.tenant = $1 AND payment.state IN ('sent', 'received', 'accepted', 'unknown')
        ORDER BY payment.id";
    db.all(sql(AT_BANK).bind(tenant)).await
}

/// The payments drawn within the days of statements, and those that statements name, except those of
/// files that are booked as one amount.
pub(in crate::payments) async fn on_statements(
    db: &mut Read,
    tenant: Tenant,
    first: Day,
    last: Day,
) -> Result<Vec<Compared>> {
    const ON_STATEMENTS: &str = "
        SELECT payment.id, payment.case_id, payment.message, payment.amount, payment.state, payment.disposal,
               file.made_at AS sent_at, file.made_by AS sent_by,
               CAST(COALESCE((SELECT SUM(entry.amount) FROM bank_entry AS entry
                              WHERE entry.tenant = payment.tenant AND entry.payment_id = payment.id), 0)
                    AS BIGINT) AS moved
        FROM payment
        JOIN payment_file AS file ON file.tenant = payment.tenant AND file.id = payment.file_id
        WHERE payment.tenant = $1
          AND (payment.drawn AND payment.disposal >= $2 AND payment.disposal <= $3
               OR payment.id IN (SELECT named.payment_id FROM bank_entry AS named
                                 WHERE named.tenant = $1 AND named.payment_id IS NOT NULL))
          AND NOT EXISTS (SELECT 1 FROM bank_entry AS whole
                          WHERE whole.tenant = payment.tenant AND whole.file_id = payment.file_id)
        ORDER BY payment.id";
    db.all(sql(ON_STATEMENTS).bind(tenant).bind(first).bind(last)).await
}

/// A file that the bank books as one amount.
#[derive(sqlx::FromRow)]
pub(in crate::payments) struct Whole {
    pub(in crate::payments) name: String,
    pub(in crate::payments) made_by: String,
    /// What the bank has told us it has drawn.
    pub(in crate::payments) told: Dkk,
    /// What moved on the account for it, below zero, with what its payments gave back.
    pub(in crate::payments) moved: Dkk,
}

pub(in crate::payments) async fn wholes(db: &mut Read, tenant: Tenant) -> Result<Vec<Whole>> {
    const WHOLES: &str = "
        SELECT file.name, file.made_by,
               CAST(COALESCE((SELECT SUM(payment.amount) FROM payment
                              WHERE payment.tenant = file.tenant AND payment.file_id = file.id
                                AND payment.state = 'settled'), 0) AS BIGINT) AS told,
               CAST(COALESCE((SELECT SUM(entry.amount) FROM bank_entry AS entry
                              WHERE entry.tenant = file.tenant AND entry.file_id = file.id), 0)
                  + COALESCE((SELECT SUM(entry.amount)
                              FROM payment
                              JOIN bank_entry AS entry
                                ON entry.tenant = payment.tenant AND entry.payment_id = payment.id
                              WHERE payment.tenant = file.tenant AND payment.file_id = file.id), 0)
                    AS BIGINT) AS moved
        FROM payment_file AS file
        WHERE file.tenant = $1
          AND file.id IN (SELECT whole.file_id FROM bank_entry AS whole
                          WHERE whole.tenant = $1 AND whole.file_id IS NOT NULL)
        ORDER BY file.name";
    db.all(sql(WHOLES).bind(tenant)).await
}

/// A movement that is no payment of ours.
#[derive(sqlx::FromRow)]
pub(in crate::payments) struct Stranger {
    pub(in crate::payments) account: String,
    pub(in crate::payments) statement_id: String,
    pub(in crate::payments) number: i64,
    pub(in crate::payments) day: Day,
    pub(in crate::payments) amount: Dkk,
}

pub(in crate::payments) async fn strangers(db: &mut Read, tenant: Tenant) -> Result<Vec<Stranger>> {
    const STRANGERS: &str = "
        SELECT account, statement_id, number, day, amount
        FROM bank_entry
        WHERE tenant = $1 AND payment_id IS NULL AND file_id IS NULL
        ORDER BY account, statement_id, number";
    db.all(sql(STRANGERS).bind(tenant)).await
}

/// A statement and what its entries come to.
#[derive(sqlx::FromRow)]
pub(in crate::payments) struct StatementSum {
    pub(in crate::payments) account: String,
    pub(in crate::payments) id: String,
    pub(in crate::payments) day: Day,
    pub(in crate::payments) opening: Dkk,
    pub(in crate::payments) closing: Dkk,
    pub(in crate::payments) entries: Dkk,
}

/// Every statement, those of an account in their order.
pub(in crate::payments) async fn statements(
    db: &mut Read,
    tenant: Tenant,
) -> Result<Vec<StatementSum>> {
    const STATEMENTS: &str = "
        SELECT account, id, day, opening, closing,
               CAST(COALESCE((SELECT SUM(entry.amount) FROM bank_entry AS entry
                              WHERE entry.tenant = bank_statement.tenant
                                AND entry.account = bank_statement.account
                                AND entry.statement_id = bank_statement.id), 0) AS BIGINT) AS entries
        FROM bank_statement
        WHERE tenant = $1
        ORDER BY account, day, number NULLS LAST, id";
    db.all(sql(STATEMENTS).bind(tenant)).await
}

/// What the payments of each state come to.
pub(in crate::payments) async fn totals(
    db: &mut Read,
    tenant: Tenant,
) -> Result<Vec<(State, Dkk)>> {
    const TOTALS: &str = "
        SELECT state, CAST(SUM(amount) AS BIGINT) AS amount
        FROM payment
        WHERE tenant = $1 AND (state <> 'settled' OR drawn)
        GROUP BY state";
    #[derive(sqlx::FromRow)]
    struct Row {
        #[sqlx(try_from = "String")]
        state: State,
        amount: Dkk,
    }
    let rows: Vec<Row> = db.all(sql(TOTALS).bind(tenant)).await?;
    Ok(rows.into_iter().map(|row| (row.state, row.amount)).collect())
}

/// Who stopped payments, by case and payee, the latest last.
pub(in crate::payments) async fn stoppers(
    db: &mut Read,
    tenant: Tenant,
) -> Result<Vec<(CaseId, PartyId, String)>> {
    const STOPPERS: &str = "
        SELECT payment.case_id, payment.payee, event.moved_by
        FROM payment
        JOIN payment_event AS event
          ON event.tenant = payment.tenant AND event.payment_id = payment.id AND event.number = payment.version
        WHERE payment.tenant = $1 AND payment.state = 'stopped'
        ORDER BY event.at, payment.id";
    db.all(sql(STOPPERS).bind(tenant)).await
}

/// The breaks that are open, oldest first.
pub(in crate::payments) async fn open_breaks(db: &mut Read, tenant: Tenant) -> Result<Vec<Break>> {
    const OPEN: &str = "
        SELECT key, kind, case_id, amount, title, owner, found_on
        FROM payment_break
        WHERE tenant = $1 AND closed_on IS NULL
        ORDER BY found_on, key";
    db.all(sql(OPEN).bind(tenant)).await
}

/// Keeps breaks that were found now. One that was closed on the same day is open again.
pub(in crate::payments) async fn insert_breaks(
    tx: &mut Tx,
    tenant: Tenant,
    breaks: &[Break],
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO payment_break (tenant, key, found_on, kind, case_id, amount, title, owner) VALUES",
        "ON CONFLICT (tenant, key, found_on) DO UPDATE
        SET amount = excluded.amount, title = excluded.title, closed_on = NULL",
    );
    for found in breaks {
        rows.row(vec![
            tenant.bind(),
            found.key.as_str().bind(),
            found.found_on.bind(),
            found.kind.bind(),
            found.case_id.bind(),
            found.amount.bind(),
            found.title.as_str().bind(),
            found.owner.as_str().bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

pub(in crate::payments) async fn close_break(
    tx: &mut Tx,
    tenant: Tenant,
    key: &str,
    on: Day,
) -> Result<()> {
    const CLOSE: &str = "
        UPDATE payment_break SET closed_on = $3 WHERE tenant = $1 AND key = $2 AND closed_on IS NULL";
    tx.execute(sql(CLOSE).bind(tenant).bind(key).bind(on)).await.map(drop)
}
