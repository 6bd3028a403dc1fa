//! How payments were taxed, and what was taken from their gross.

use std::ops::RangeInclusive;

use ydun_domain::ids::{CaseId, PartyId, PaymentId};
use ydun_domain::{Day, Dkk, Month, Period, Tenant};
use ydun_runtime::manifest::IncomeReport;

use crate::db::{Bind as _, Read, Result, Tx, bulk, list, sql, sql_each};
use crate::ledger::difference::Line;
use crate::ledger::{Account, Positive, Purpose};

/// How a payment was taxed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::payments) struct Taxed {
    pub(in crate::payments) payment: PaymentId,
    /// `main`, `secondary`, `free` or `none`.
    pub(in crate::payments) card: &'static str,
    pub(in crate::payments) percent: u8,
    /// The disposal day it was worked out for.
    pub(in crate::payments) on: Day,
    pub(in crate::payments) allowance_used: Dkk,
}

/// Something taken from a payment's gross.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::payments) struct Deduction {
    pub(in crate::payments) payment: PaymentId,
    /// Where it went.
    pub(in crate::payments) account: Account,
    /// As the payee is told it, in Danish.
    pub(in crate::payments) title: String,
    pub(in crate::payments) purpose: Purpose,
    pub(in crate::payments) amount: Positive,
}

/// A part of a payment that is its payee's income.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::payments) struct PartIncome {
    pub(in crate::payments) payment: PaymentId,
    pub(in crate::payments) line_key: String,
    pub(in crate::payments) posting_code: String,
    /// 13 with AM-bidrag, 14 without.
    pub(in crate::payments) field: i64,
    /// After the person's own contributions.
    pub(in crate::payments) amount: Dkk,
    pub(in crate::payments) pension: Dkk,
    pub(in crate::payments) report: Option<IncomeReport>,
}

pub(in crate::payments) async fn insert_taxed(
    tx: &mut Tx,
    tenant: Tenant,
    taxed: impl Iterator<Item = &Taxed>,
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO payment_tax (tenant, payment_id, card, percent, taxed_on, allowance_used) VALUES",
        "",
    );
    for taxed in taxed {
        rows.row(vec![
            tenant.bind(),
            taxed.payment.bind(),
            taxed.card.bind(),
            i64::from(taxed.percent).bind(),
            taxed.on.bind(),
            taxed.allowance_used.bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

/// Inserts deductions, those of each payment in their order.
pub(in crate::payments) async fn insert_deductions(
    tx: &mut Tx,
    tenant: Tenant,
    deductions: impl Iterator<Item = &Deduction>,
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO payment_deduction
            (tenant, payment_id, number, account, title, line_key, posting_code, first_day, last_day, amount) VALUES",
        "",
    );
    for (number, deduction) in (1i64..).zip(deductions) {
        let purpose = &deduction.purpose;
        rows.row(vec![
            tenant.bind(),
            deduction.payment.bind(),
            number.bind(),
            deduction.account.to_string().bind(),
            deduction.title.as_str().bind(),
            purpose.line_key.as_str().bind(),
            purpose.posting_code.as_str().bind(),
            purpose.period.first().bind(),
            purpose.period.last().bind(),
            deduction.amount.dkk().bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

pub(in crate::payments) async fn insert_incomes(
    tx: &mut Tx,
    tenant: Tenant,
    incomes: impl Iterator<Item = &PartIncome>,
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO payment_income
            (tenant, payment_id, line_key, posting_code, field, amount, pension, report) VALUES",
        "",
    );
    for income in incomes {
        let report = income.report.as_ref().map(serde_json::to_string).transpose();
        rows.row(vec![
            tenant.bind(),
            income.payment.bind(),
            income.line_key.as_str().bind(),
            income.posting_code.as_str().bind(),
            income.field.bind(),
            income.amount.bind(),
            income.pension.bind(),
            report.map_err(|error| sqlx::Error::Encode(error.into()))?.bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct DeductionRow {
    payment_id: PaymentId,
    account: String,
    title: String,
    case_id: CaseId,
    payee: PartyId,
    line_key: String,
    posting_code: String,
    first_day: Day,
    last_day: Day,
    amount: Dkk,
}

impl TryFrom<DeductionRow> for Deduction {
    type Error = sqlx::Error;
    fn try_from(row: DeductionRow) -> Result<Self> {
        let decode = |error: Box<dyn std::error::Error + Send + Sync>| sqlx::Error::Decode(error);
        let period =
            Period::new(row.first_day, row.last_day).map_err(|error| decode(error.into()))?;
        let amount = Positive::new(row.amount).ok_or_else(|| decode("nothing is taken".into()))?;
        let account = row.account.parse().map_err(|error| decode(Box::new(error)))?;
        let DeductionRow { payment_id, title, case_id, payee, line_key, posting_code, .. } = row;
        let purpose = Purpose { case_id, line_key, payee, posting_code, period };
        Ok(Self { payment: payment_id, account, title, purpose, amount })
    }
}

/// What was taken from the gross of some payments, in its order.
pub(in crate::payments) async fn deductions(
    db: &mut Read,
    tenant: Tenant,
    payments: &[PaymentId],
) -> Result<Vec<Deduction>> {
    const SQLITE: &str = "
        SELECT taken.payment_id, taken.account, taken.title, payment.case_id, payment.payee,
               taken.line_key, taken.posting_code, taken.first_day, taken.last_day, taken.amount
        FROM payment_deduction AS taken
        JOIN payment ON payment.tenant = taken.tenant AND payment.id = taken.payment_id
        WHERE taken.tenant = $1 AND taken.payment_id IN (SELECT unhex(value, '-') FROM json_each($2))
        ORDER BY taken.payment_id, taken.number";
    const POSTGRES: &str = "
        SELECT taken.payment_id, taken.account, taken.title, payment.case_id, payment.payee,
               taken.line_key, taken.posting_code, taken.first_day, taken.last_day, taken.amount
        FROM payment_deduction AS taken
        JOIN payment ON payment.tenant = taken.tenant AND payment.id = taken.payment_id
        WHERE taken.tenant = $1
          AND taken.payment_id = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
        ORDER BY taken.payment_id, taken.number";
    if payments.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(payments));
    db.all::<DeductionRow>(rows).await?.into_iter().map(Deduction::try_from).collect()
}

/// Which of a payment's lines are whose income, and how they are reported.
pub(in crate::payments) async fn incomes(
    db: &mut Read,
    tenant: Tenant,
    payment: PaymentId,
) -> Result<Vec<PartIncome>> {
    const INCOMES: &str = "
        SELECT line_key, posting_code, field, amount, pension, report
        FROM payment_income
        WHERE tenant = $1 AND payment_id = $2
        ORDER BY line_key, posting_code";
    let rows: Vec<(String, String, i64, Dkk, Dkk, Option<String>)> =
        db.all(sql(INCOMES).bind(tenant).bind(payment)).await?;
    let income = |(line_key, posting_code, field, amount, pension, report): (
        _,
        _,
        _,
        _,
        _,
        Option<String>,
    )| {
        let report = report.as_deref().map(serde_json::from_str).transpose();
        let report = report.map_err(|error| sqlx::Error::Decode(error.into()))?;
        Ok(PartIncome { payment, line_key, posting_code, field, amount, pension, report })
    };
    rows.into_iter().map(income).collect()
}

/// The field each part was paid under, here or elsewhere, if it is income, by line and posting code in a
/// range of cases.
pub(in crate::payments) async fn part_fields(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
) -> Result<Vec<(Line, String, Option<i64>)>> {
    const FIELDS: &str = "
        SELECT DISTINCT payment.case_id, part.line_key, payment.payee, part.posting_code, income.field
        FROM payment
        JOIN payment_part AS part ON part.tenant = payment.tenant AND part.payment_id = payment.id
        LEFT JOIN payment_income AS income
          ON income.tenant = part.tenant AND income.payment_id = part.payment_id
         AND income.line_key = part.line_key AND income.posting_code = part.posting_code
        WHERE payment.tenant = $1 AND payment.case_id BETWEEN $2 AND $3 AND payment.state <> 'stopped'
        UNION
        SELECT whole.case_id, part.line_key, whole.payee, whole.posting_code, part.field
        FROM paid_elsewhere AS whole
        JOIN paid_elsewhere_part AS part ON part.tenant = whole.tenant AND part.elsewhere_id = whole.id
        WHERE whole.tenant = $1 AND whole.case_id BETWEEN $2 AND $3
          AND whole.state IN ('confirmed', 'take-back-asked')";
    let rows: Vec<(CaseId, String, PartyId, String, Option<i64>)> =
        db.all(sql(FIELDS).bind(tenant).bind(*cases.start()).bind(*cases.end())).await?;
    let field = |(case_id, line_key, payee, posting_code, field)| {
        (Line { case_id, line_key, payee }, posting_code, field)
    };
    Ok(rows.into_iter().map(field).collect())
}

/// An allowance used by a payment that counts: not one that was stopped.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::payments) struct AllowanceUse {
    pub(in crate::payments) payee: PartyId,
    pub(in crate::payments) card: String,
    pub(in crate::payments) taxed_on: Day,
    pub(in crate::payments) used: Dkk,
}

/// The allowances some persons' payments have used since a day.
pub(in crate::payments) async fn allowances_used(
    db: &mut Read,
    tenant: Tenant,
    payees: &[PartyId],
    since: Day,
) -> Result<Vec<AllowanceUse>> {
    const SQLITE: &str = "
        SELECT payment.payee, tax.card, tax.taxed_on, tax.allowance_used AS used
        FROM payment
        JOIN payment_tax AS tax ON tax.tenant = payment.tenant AND tax.payment_id = payment.id
        WHERE payment.tenant = $1 AND payment.payee IN (SELECT unhex(value, '-') FROM json_each($2))
          AND payment.state <> 'stopped' AND tax.taxed_on >= $3";
    const POSTGRES: &str = "
        SELECT payment.payee, tax.card, tax.taxed_on, tax.allowance_used AS used
        FROM payment
        JOIN payment_tax AS tax ON tax.tenant = payment.tenant AND tax.payment_id = payment.id
        WHERE payment.tenant = $1
          AND payment.payee = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
          AND payment.state <> 'stopped' AND tax.taxed_on >= $3";
    db.all(sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(payees)).bind(since)).await
}

/// The own share of ATP taken from some persons, here and elsewhere, by the month it was taken for.
pub(in crate::payments) async fn atp_taken(
    db: &mut Read,
    tenant: Tenant,
    payees: &[PartyId],
) -> Result<Vec<(PartyId, Month, Dkk)>> {
    const SQLITE: &str = "
        SELECT payment.payee, taken.last_day, taken.amount
        FROM payment
        JOIN payment_deduction AS taken ON taken.tenant = payment.tenant AND taken.payment_id = payment.id
        WHERE payment.tenant = $1 AND payment.payee IN (SELECT unhex(value, '-') FROM json_each($2))
          AND payment.state <> 'stopped' AND taken.account = 'withheld:atp'
        UNION ALL
        SELECT whole.payee, part.last_day, part.atp
        FROM paid_elsewhere AS whole
        JOIN paid_elsewhere_part AS part ON part.tenant = whole.tenant AND part.elsewhere_id = whole.id
        WHERE whole.tenant = $1 AND whole.state IN ('confirmed', 'take-back-asked') AND part.atp > 0
          AND whole.payee IN (SELECT unhex(value, '-') FROM json_each($2))";
    const POSTGRES: &str = "
        SELECT payment.payee, taken.last_day, taken.amount
        FROM payment
        JOIN payment_deduction AS taken ON taken.tenant = payment.tenant AND taken.payment_id = payment.id
        WHERE payment.tenant = $1
          AND payment.payee = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
          AND payment.state <> 'stopped' AND taken.account = 'withheld:atp'
        UNION ALL
        SELECT whole.payee, part.last_day, part.atp
        FROM paid_elsewhere AS whole
        JOIN paid_elsewhere_part AS part ON part.tenant = whole.tenant AND part.elsewhere_id = whole.id
        WHERE whole.tenant = $1 AND whole.state IN ('confirmed', 'take-back-asked') AND part.atp > 0
          AND whole.payee = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))";
    let rows: Vec<(PartyId, Day, Dkk)> =
        db.all(sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(payees))).await?;
    Ok(rows.into_iter().map(|(payee, last, amount)| (payee, last.month(), amount)).collect())
}
