//! What must hold after every step, worked out from the rows by plain sums.

mod breaks;
mod rest;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use ydun::db::{Read, sql};
use ydun::parties::PaymentIdentity;
use ydun_domain::Tenant;
use ydun_domain::ids::{CaseId, EntryId, PartyId, PaymentId};

use crate::books::{Lines, Owed};
use crate::world::World;

/// A payment as it is kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct PaymentRow {
    pub(crate) id: PaymentId,
    pub(crate) end_to_end: String,
    pub(crate) case_id: CaseId,
    pub(crate) payee: PartyId,
    /// Who gets it, where that is somebody else.
    pub(crate) receiver: Option<PartyId>,
    pub(crate) amount: i64,
    pub(crate) state: String,
}

/// Every payment, oldest first.
pub(crate) async fn payments(read: &mut Read, tenant: Tenant) -> Result<Vec<PaymentRow>> {
    const PAYMENTS: &str = "
        SELECT id, end_to_end, case_id, payee, receiver, amount, state FROM payment
        WHERE tenant = $1 ORDER BY id";
    Ok(read.all(sql(PAYMENTS).bind(tenant)).await?)
}

/// A payee as the bank's books name it.
pub(crate) fn at_bank(identity: &PaymentIdentity) -> String {
    match identity {
        PaymentIdentity::Cpr(cpr) => format!("CPR:{}", cpr.digits()),
        PaymentIdentity::Cvr(cvr) => format!("CVR:{}", cvr.digits()),
        PaymentIdentity::Se(se) => format!("SE:{}", se.digits()),
        PaymentIdentity::P(p) => format!("PNR:{}", p.digits()),
    }
}

/// What the ledger comes to, added up row by row.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// The last entry that is in the sums.
    read_until: Option<EntryId>,
    /// What each line has cost.
    pub(crate) costs: Lines,
    /// Debits less credits.
    pub(crate) accounts: BTreeMap<String, i64>,
    /// Every row that was read, so that one that changes is found.
    rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
struct Row {
    entry_id: EntryId,
    number: i64,
    debit: String,
    credit: String,
    amount: i64,
    case_id: CaseId,
    payee: PartyId,
    line_key: String,
}

impl Ledger {
    async fn read_on(&mut self, read: &mut Read, tenant: Tenant) -> Result<()> {
        let new = rows(read, tenant, self.read_until).await?;
        for row in new {
            ensure!(row.amount > 0 && row.debit != row.credit, "no posting: {row:?}");
            *self.accounts.entry(row.debit.clone()).or_default() += row.amount;
            *self.accounts.entry(row.credit.clone()).or_default() -= row.amount;
            let line = row.line_key.clone();
            let owed = Owed { case: row.case_id, line, payee: row.payee };
            let cost = self.costs.entry(owed).or_default();
            *cost += if is_expense(&row.debit) { row.amount } else { 0 };
            *cost -= if is_expense(&row.credit) { row.amount } else { 0 };
            self.read_until = Some(row.entry_id);
            self.rows.push(row);
        }
        Ok(())
    }

    /// No row has changed or gone since it was read.
    async fn is_as_it_was(&self, read: &mut Read, tenant: Tenant) -> Result<()> {
        ensure!(rows(read, tenant, None).await? == self.rows, "a posting has changed");
        let sum: i64 = self.accounts.values().sum();
        ensure!(sum == 0, "the ledger sums to {sum}");
        Ok(())
    }

    pub(crate) fn account(&self, key: &str) -> i64 {
        self.accounts.get(key).copied().unwrap_or_default()
    }
}

fn is_expense(account: &str) -> bool {
    account.starts_with("expense:")
}

async fn rows(read: &mut Read, tenant: Tenant, after: Option<EntryId>) -> Result<Vec<Row>> {
    const ROWS: &str = "
        SELECT entry_id, number, debit, credit, amount, case_id, payee, line_key FROM posting
        WHERE tenant = $1 AND entry_id > $2 ORDER BY entry_id, number";
    let after = after.unwrap_or(EntryId(uuid::Uuid::nil()));
    Ok(read.all(sql(ROWS).bind(tenant).bind(after)).await?)
}

impl World<'_> {
    /// Everybody has cost what was decided and has arrived, or the difference has a name.
    pub(crate) async fn check(&mut self) -> Result<()> {
        let mut read = self.town.db.read().await?;
        self.ledger.read_on(&mut read, self.town.tenant).await?;
        let named = overpaid(&mut read, self.town.tenant).await?;
        let due = self.books.due();
        let mut unpaid = Vec::new();
        for owed in everything(&[&due, &self.ledger.costs, &named]) {
            let (due, cost, named) =
                (of(&due, owed), of(&self.ledger.costs, owed), of(&named, owed));
            ensure!(
                named == (cost - due).max(0),
                "{} {}: {cost} øre are paid or on their way, {due} are due, and {named} are named as overpaid",
                self.name(owed.case),
                owed.line
            );
            if cost < due {
                unpaid.push((owed.clone(), due - cost));
            }
        }
        for (owed, oere) in unpaid {
            let undone = self.undone(&mut read, &owed).await?;
            ensure!(
                undone >= oere,
                "{} {}: {oere} øre are due and on no way, and nobody stopped them",
                self.name(owed.case),
                owed.line
            );
        }
        Ok(())
    }

    /// What of a line lies in payments that somebody stopped, or that the bank did not carry out.
    async fn undone(&self, read: &mut Read, owed: &Owed) -> Result<i64> {
        const UNDONE: &str = "
            SELECT payment.id, part.amount,
                   EXISTS (SELECT 1 FROM payment_event AS event
                           WHERE event.tenant = payment.tenant AND event.payment_id = payment.id
                             AND event.state IN ('rejected', 'returned')) AS refused
            FROM payment
            JOIN payment_part AS part ON part.tenant = payment.tenant AND part.payment_id = payment.id
            WHERE payment.tenant = $1 AND payment.case_id = $2 AND payment.payee = $3
              AND part.line_key = $4 AND payment.state = 'stopped'";
        let ask = sql(UNDONE).bind(self.town.tenant).bind(owed.case).bind(owed.payee);
        let parts: Vec<(PaymentId, i64, bool)> = read.all(ask.bind(owed.line.as_str())).await?;
        let counts = |(payment, _, refused): &&(PaymentId, i64, bool)| {
            *refused || self.books.stopped.contains(payment)
        };
        Ok(parts.iter().filter(counts).map(|(_, oere, _)| oere).sum())
    }
}

/// What is named as overpaid and open.
async fn overpaid(read: &mut Read, tenant: Tenant) -> Result<Lines> {
    const OPEN: &str = "
        SELECT case_id, line_key, payee, amount FROM overpayment
        WHERE tenant = $1 AND closed_at IS NULL";
    let open: Vec<(CaseId, String, PartyId, i64)> = read.all(sql(OPEN).bind(tenant)).await?;
    Ok(open
        .into_iter()
        .map(|(case, line, payee, oere)| (Owed { case, line, payee }, oere))
        .collect())
}

fn everything<'a>(all: &[&'a Lines]) -> BTreeSet<&'a Owed> {
    all.iter().flat_map(|lines| lines.keys()).collect()
}

fn of(lines: &Lines, owed: &Owed) -> i64 {
    lines.get(owed).copied().unwrap_or_default()
}
