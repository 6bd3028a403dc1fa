//! What the bank tells of the account.

use ydun_domain::ids::{PaymentFileId, PaymentId};
use ydun_domain::{Day, Dkk, Tenant};

use crate::access::{Act, Right};
use crate::db::{Bind as _, Result, Tx, bulk, sql};
use crate::payments::answer::Statement;

/// A movement on the account, and what of ours it is.
pub(in crate::payments) struct BankEntry {
    pub(in crate::payments) day: Day,
    pub(in crate::payments) amount: Dkk,
    pub(in crate::payments) reference: Option<String>,
    pub(in crate::payments) payment: Option<PaymentId>,
    pub(in crate::payments) file: Option<PaymentFileId>,
}

/// Keeps a statement, unless it is there, and tells whether it is new.
pub(in crate::payments) async fn insert_statement<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    statement: &Statement,
    message_id: &str,
) -> Result<bool> {
    const INSERT: &str = "
        INSERT INTO bank_statement (tenant, account, id, number, day, opening, closing, message_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (tenant, account, id) DO NOTHING";
    let insert = sql(INSERT)
        .bind(act.tenant())
        .bind(statement.account.as_str())
        .bind(statement.id.as_str())
        .bind(statement.number)
        .bind(statement.day)
        .bind(statement.opening)
        .bind(statement.closing)
        .bind(message_id);
    tx.execute(insert).await.map(|inserted| inserted == 1)
}

pub(in crate::payments) async fn insert_bank_entries(
    tx: &mut Tx,
    tenant: Tenant,
    statement: &Statement,
    entries: &[BankEntry],
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO bank_entry
            (tenant, account, statement_id, number, day, amount, reference, payment_id, file_id) VALUES",
        "",
    );
    for (number, entry) in (1i64..).zip(entries) {
        rows.row(vec![
            tenant.bind(),
            statement.account.as_str().bind(),
            statement.id.as_str().bind(),
            number.bind(),
            entry.day.bind(),
            entry.amount.bind(),
            entry.reference.as_deref().bind(),
            entry.payment.bind(),
            entry.file.bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}
