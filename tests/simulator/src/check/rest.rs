//! What must hold when everything has arrived: the books of the bank and the register are ours.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail, ensure};
use ydun::access::Pay;
use ydun::db::{Read, sql};
use ydun::payments::reconcile::Kind;
use ydun::payments::service::reconcile;
use ydun_domain::ids::{DecisionId, PartyId, PaymentId};
use ydun_domain::{Day, Tenant};

use super::{PaymentRow, payments};
use crate::books::Lines;
use crate::town::{APPRENTICES, CVR, WORKERS};
use crate::world::World;

/// The fields of the register that a year is compared by: income with and without AM-bidrag, A-tax,
/// AM-bidrag, and what the state refunds of benefits and of subsidies.
const FIELDS: [u16; 6] = [13, 14, 15, 16, REFUNDABLE_BENEFIT, CITIZEN_SUBSIDY];
const REFUNDABLE_BENEFIT: u16 = 214;
const CITIZEN_SUBSIDY: u16 = 215;

impl World<'_> {
    pub(crate) async fn check_at_rest(&mut self) -> Result<()> {
        self.check().await?;
        let mut read = self.town.db.read().await?;
        let tenant = self.town.tenant;
        self.ledger.is_as_it_was(&mut read, tenant).await?;
        let payments = payments(&mut read, tenant).await?;
        self.check_nothing_is_stuck(&mut read, &payments).await?;
        check_parts(&mut read, tenant, &payments).await?;
        self.check_bank(&payments)?;
        self.check_signatures(&mut read).await?;
        self.check_register(&mut read).await?;
        drop(read);
        self.check_by_hand()?;
        self.check_breaks_at_rest().await
    }

    async fn check_nothing_is_stuck(&self, read: &mut Read, payments: &[PaymentRow]) -> Result<()> {
        const OPEN: &str = "
            SELECT 'a request to stop' FROM stop_request
            WHERE tenant = $1 AND state IN ('asked', 'sent', 'pending')
            UNION ALL
            SELECT 'a report' FROM report_item
            WHERE tenant = $1 AND state IN ('prepared', 'sent', 'received', 'refused')
            UNION ALL
            SELECT 'a month''s run' FROM month_run WHERE tenant = $1 AND finished_at IS NULL
            UNION ALL
            SELECT 'a file of payments' FROM payment_file WHERE tenant = $1 AND published_at IS NULL
            UNION ALL
            SELECT 'a file of stops' FROM stop_file WHERE tenant = $1 AND published_at IS NULL";
        let open: Vec<(String,)> = read.all(sql(OPEN).bind(self.town.tenant)).await?;
        ensure!(open.is_empty(), "stuck: {open:?}");
        let is_over =
            |payment: &&PaymentRow| matches!(payment.state.as_str(), "settled" | "stopped");
        let stuck = payments.iter().find(|payment| !is_over(payment));
        ensure!(stuck.is_none(), "stuck: {stuck:?}");
        Ok(())
    }

    /// What the bank has given each payee is what we say we have paid, and what our account lost.
    fn check_bank(&self, payments: &[PaymentRow]) -> Result<()> {
        let mut paid: BTreeMap<&str, i64> = BTreeMap::new();
        for payment in payments.iter().filter(|payment| payment.amount > 0) {
            if payment.state != "settled" {
                continue;
            }
            let ordered = self.bank.ordered(&payment.end_to_end);
            ensure!(ordered == Some(payment.amount), "{payment:?} was ordered with {ordered:?}");
            let goes_to = payment.receiver.unwrap_or(payment.payee);
            *paid.entry(self.numbers[&goes_to].as_str()).or_default() += payment.amount;
        }
        for number in self.numbers.values() {
            let at_bank = self.bank.books().balance(&number.parse()?).0;
            let ours = paid.get(number.as_str()).copied().unwrap_or_default();
            ensure!(at_bank == ours, "the bank has paid {at_bank} øre to a payee, and we {ours}");
        }
        let (bank, account) = (self.bank.books().total_settled().0, self.ledger.account("bank"));
        ensure!(
            account == self.books.repaid - bank,
            "our account says {account} øre, the bank {bank}, and {} came back",
            self.books.repaid
        );
        for account in ["payable", "bank-in-transit", "clearing"] {
            let left = self.ledger.account(account);
            ensure!(left == 0, "{left} øre are left on the account {account}");
        }
        Ok(())
    }

    /// Each decision was proposed and signed by the two people we saw do it.
    async fn check_signatures(&self, read: &mut Read) -> Result<()> {
        const SIGNED: &str = "
            SELECT id, proposed_by, closed_by FROM decision
            WHERE tenant = $1 AND state IN ('approved', 'superseded')";
        let signed: Vec<(DecisionId, String, String)> =
            read.all(sql(SIGNED).bind(self.town.tenant)).await?;
        ensure!(signed.len() == self.books.signed_by.len(), "a decision nobody signed");
        for (id, proposed_by, closed_by) in signed {
            let ours = self.books.signed_by.get(&id).context("a decision nobody signed")?;
            ensure!(*ours == (proposed_by.clone(), closed_by.clone()), "{ours:?}: {closed_by}");
            ensure!(proposed_by != closed_by, "{closed_by} decided alone");
        }
        Ok(())
    }

    /// The register's years of each person are what was paid and withheld, less what came back.
    async fn check_register(&self, read: &mut Read) -> Result<()> {
        let ours = incomes(read, self.town.tenant).await?;
        let last = self.today().year();
        for (party, number) in &self.numbers {
            let Some(cpr) = number.strip_prefix("CPR:") else { continue };
            for year in crate::world::BEGINS.0..=last {
                let mut theirs = self.register.year_of(CVR, cpr, year);
                theirs.retain(|field, _| FIELDS.contains(field));
                let mut ours = ours.get(&(*party, year)).cloned().unwrap_or_default();
                ours.retain(|_, oere| *oere != 0);
                ensure!(theirs == ours, "{year}: the register has {theirs:?}, and we {ours:?}");
            }
        }
        Ok(())
    }

    /// An open apprentice's months come to 45 kr. an hour that we were told of.
    fn check_by_hand(&self) -> Result<()> {
        for (place, file) in self.cases.iter().enumerate() {
            if file.benefit != APPRENTICES || !file.is_open {
                continue;
            }
            for month in self.months_so_far() {
                let Some(by_hand) = file.by_hand(month) else { continue };
                let none = Lines::new();
                let days = (file.id, month.first());
                let lines = self.books.effective.get(&days).unwrap_or(&none);
                let decided: i64 = lines.values().sum();
                ensure!(
                    decided == by_hand,
                    "case {place}, {month}: {decided} øre are decided, and the hours give {by_hand}"
                );
            }
        }
        Ok(())
    }

    async fn check_breaks_at_rest(&mut self) -> Result<()> {
        let act = self.town.act::<Pay>(WORKERS[0]).await?;
        let today = self.today();
        let breaks = self.change(async |tx| reconcile(tx, &act, today).await).await??;
        self.check_breaks(&breaks).await?;
        let other = breaks.iter().find(|one| one.kind != Kind::Unpaid);
        ensure!(other.is_none(), "at rest nothing else is open: {other:?}");
        Ok(())
    }
}

/// The parts of each payment come to what its payee gets.
async fn check_parts(read: &mut Read, tenant: Tenant, payments: &[PaymentRow]) -> Result<()> {
    const PARTS: &str = "
        SELECT payment_id, CAST(SUM(net) AS BIGINT), CAST(SUM(amount) AS BIGINT)
        FROM payment_part WHERE tenant = $1 GROUP BY payment_id";
    const TAKEN: &str = "
        SELECT payment_id, CAST(SUM(amount) AS BIGINT)
        FROM payment_deduction WHERE tenant = $1 GROUP BY payment_id";
    let parts: Vec<(PaymentId, i64, i64)> = read.all(sql(PARTS).bind(tenant)).await?;
    let taken: Vec<(PaymentId, i64)> = read.all(sql(TAKEN).bind(tenant)).await?;
    let taken: BTreeMap<PaymentId, i64> = taken.into_iter().collect();
    let parts: BTreeMap<PaymentId, (i64, i64)> =
        parts.into_iter().map(|(id, net, gross)| (id, (net, gross))).collect();
    for payment in payments {
        // One of which everything went to others has no part left.
        let (net, gross) = parts.get(&payment.id).copied().unwrap_or_default();
        let taken = taken.get(&payment.id).copied().unwrap_or_default();
        ensure!(net == payment.amount, "{payment:?}: its parts come to {net}");
        ensure!(gross - taken == net, "{payment:?}: {gross} less {taken} is not {net}");
    }
    Ok(())
}

/// Øre by person, year and field.
type Years = BTreeMap<(PartyId, i32), BTreeMap<u16, i64>>;

/// What was paid and withheld of each person's incomes, less what was paid back.
async fn incomes(read: &mut Read, tenant: Tenant) -> Result<Years> {
    const INCOMES: &str = "
        SELECT payment.payee, part.first_day, income.field, income.amount, part.amount, income.report
        FROM payment
        JOIN payment_income AS income ON income.tenant = payment.tenant AND income.payment_id = payment.id
        JOIN payment_part AS part
          ON part.tenant = payment.tenant AND part.payment_id = payment.id
         AND part.line_key = income.line_key AND part.posting_code = income.posting_code
        WHERE payment.tenant = $1 AND payment.state = 'settled'";
    const WITHHELD: &str = "
        SELECT payment.payee, taken.first_day,
               CAST(CASE taken.account WHEN 'withheld:a-tax' THEN 15 ELSE 16 END AS BIGINT), taken.amount
        FROM payment
        JOIN payment_deduction AS taken ON taken.tenant = payment.tenant AND taken.payment_id = payment.id
        WHERE payment.tenant = $1 AND payment.state = 'settled'
          AND taken.account IN ('withheld:a-tax', 'withheld:am-bidrag')";
    const REPAID: &str = "
        SELECT payment.payee, part.first_day, income.field, back.gross, back.a_tax, back.am_bidrag, income.report
        FROM income_repaid AS back
        JOIN payment ON payment.tenant = back.tenant AND payment.id = back.payment_id
        JOIN payment_income AS income
          ON income.tenant = back.tenant AND income.payment_id = back.payment_id
         AND income.line_key = back.line_key AND income.posting_code = back.posting_code
        JOIN payment_part AS part
          ON part.tenant = back.tenant AND part.payment_id = back.payment_id
         AND part.line_key = back.line_key AND part.posting_code = back.posting_code
        WHERE back.tenant = $1";
    let mut years = Years::new();
    let mut add = |payee: PartyId, day: Day, field: u16, oere: i64| {
        *years.entry((payee, day.year())).or_default().entry(field).or_default() += oere;
    };
    let paid: Vec<(PartyId, Day, i64, i64, i64, Option<String>)> =
        read.all(sql(INCOMES).bind(tenant)).await?;
    for (payee, day, field, oere, gross, report) in paid {
        add(payee, day, u16::try_from(field)?, oere);
        if let Some(refunded) = refunded(report.as_deref())? {
            add(payee, day, refunded, gross);
        }
    }
    let withheld: Vec<(PartyId, Day, i64, i64)> = read.all(sql(WITHHELD).bind(tenant)).await?;
    for (payee, day, field, oere) in withheld {
        add(payee, day, u16::try_from(field)?, oere);
    }
    let repaid: Vec<Repaid> = read.all(sql(REPAID).bind(tenant)).await?;
    for (payee, day, field, gross, a_tax, am_bidrag, report) in repaid {
        add(payee, day, u16::try_from(field)?, -gross);
        add(payee, day, 15, -a_tax);
        add(payee, day, 16, -am_bidrag);
        if let Some(refunded) = refunded(report.as_deref())? {
            add(payee, day, refunded, -gross);
        }
    }
    Ok(years)
}

/// Who paid back, the day it was for, the field, gross, A-tax, AM-bidrag, and how it is reported.
type Repaid = (PartyId, Day, i64, i64, i64, i64, Option<String>);

/// The field that tells what is refunded of an income: all of it, before anything is withheld.
fn refunded(report: Option<&str>) -> Result<Option<u16>> {
    let report: serde_json::Value = serde_json::from_str(report.unwrap_or("null"))?;
    let kind = report["refund"]["kind"].as_str();
    kind.map(|kind| match kind {
        "benefit" => Ok(REFUNDABLE_BENEFIT),
        "citizen-subsidy" => Ok(CITIZEN_SUBSIDY),
        other => bail!("what is refunded of '{other}'?"),
    })
    .transpose()
}
