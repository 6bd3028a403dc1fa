//! What was paid as income, and what is paid back of it.

use uuid::Uuid;
use ydun_domain::ids::{ElsewhereId, PartyId, PaymentId};
use ydun_domain::{Cpr, Day, Dkk, Period, Tenant};
use ydun_runtime::manifest::IncomeReport;

use super::{Which, elsewhere};
use crate::access::{Act, Right};
use crate::db::{Read, Result, Tx, sql};
use crate::reports::due::Paid;
use crate::reports::{Field, Source};

#[derive(sqlx::FromRow)]
pub(super) struct PaidRow {
    /// Whether another system paid it; says whose id it is.
    elsewhere: bool,
    id: Uuid,
    benefit: String,
    party: PartyId,
    cpr: String,
    line_key: String,
    posting_code: String,
    first_day: Day,
    last_day: Day,
    disposal: Day,
    field: i64,
    gross: Dkk,
    income: Dkk,
    a_tax: Dkk,
    am_bidrag: Dkk,
    atp: Dkk,
    pension: Dkk,
    report: Option<String>,
}

impl TryFrom<PaidRow> for (String, Paid) {
    type Error = sqlx::Error;
    fn try_from(row: PaidRow) -> Result<Self> {
        let decode = |error: Box<dyn std::error::Error + Send + Sync>| sqlx::Error::Decode(error);
        let report: Option<IncomeReport> = row
            .report
            .as_deref()
            .map(serde_json::from_str)
            .transpose()
            .map_err(|error| decode(error.into()))?;
        let cpr: Cpr = row.cpr.parse().map_err(|error| decode(Box::new(error)))?;
        let period =
            Period::new(row.first_day, row.last_day).map_err(|error| decode(error.into()))?;
        let field = Field::try_from(row.field).map_err(|error| decode(error.into()))?;
        let PaidRow { id, benefit, party, posting_code, disposal, gross, income, .. } = row;
        let PaidRow { a_tax, am_bidrag, atp, pension, .. } = row;
        let paid = Paid {
            source: if row.elsewhere {
                Source::Elsewhere(ElsewhereId(id))
            } else {
                Source::Payment(PaymentId(id))
            },
            benefit,
            party,
            cpr,
            posting_code,
            period,
            disposal,
            field,
            gross,
            income,
            a_tax,
            am_bidrag,
            atp,
            pension,
            report,
        };
        Ok((row.line_key, paid))
    }
}

/// The one text that finds incomes, with what their payment must fulfil.
///
/// The person's number is the one it has now, so that a wrong one is put right by a correction.
/// What is paid back is taken off; the pension follows the gross.
macro_rules! paid_where {
    ($condition:literal) => {
        concat!(
            "SELECT FALSE AS elsewhere, payment.id, benefit_case.benefit, payment.payee AS party, party.number AS cpr,
                    income.line_key, income.posting_code, part.first_day, part.last_day,
                    payment.disposal, income.field, income.pension, income.report,
                    part.amount - CAST(COALESCE(SUM(back.gross), 0) AS BIGINT) AS gross,
                    income.amount - CAST(COALESCE(SUM(back.gross - back.atp), 0) AS BIGINT) AS income,
                    (SELECT CAST(COALESCE(SUM(taken.amount), 0) AS BIGINT) FROM payment_deduction AS taken
                     WHERE taken.tenant = payment.tenant AND taken.payment_id = payment.id
                       AND taken.line_key = income.line_key AND taken.posting_code = income.posting_code
                       AND taken.account = 'withheld:a-tax')
                      - CAST(COALESCE(SUM(back.a_tax), 0) AS BIGINT) AS a_tax,
                    (SELECT CAST(COALESCE(SUM(taken.amount), 0) AS BIGINT) FROM payment_deduction AS taken
                     WHERE taken.tenant = payment.tenant AND taken.payment_id = payment.id
                       AND taken.line_key = income.line_key AND taken.posting_code = income.posting_code
                       AND taken.account = 'withheld:am-bidrag')
                      - CAST(COALESCE(SUM(back.am_bidrag), 0) AS BIGINT) AS am_bidrag,
                    (SELECT CAST(COALESCE(SUM(taken.amount), 0) AS BIGINT) FROM payment_deduction AS taken
                     WHERE taken.tenant = payment.tenant AND taken.payment_id = payment.id
                       AND taken.line_key = income.line_key AND taken.posting_code = income.posting_code
                       AND taken.account = 'withheld:atp')
                      - CAST(COALESCE(SUM(back.atp), 0) AS BIGINT) AS atp
             FROM payment
             JOIN party ON party.tenant = payment.tenant AND party.id = payment.payee
             JOIN benefit_case ON benefit_case.tenant = payment.tenant AND benefit_case.id = payment.case_id
             JOIN payment_income AS income
               ON income.tenant = payment.tenant AND income.payment_id = payment.id
             JOIN payment_part AS part
               ON part.tenant = payment.tenant AND part.payment_id = payment.id
              AND part.line_key = income.line_key AND part.posting_code = income.posting_code
             LEFT JOIN income_repaid AS back
               ON back.tenant = payment.tenant AND back.payment_id = payment.id
              AND back.line_key = income.line_key AND back.posting_code = income.posting_code
             WHERE payment.tenant = $1 AND payment.state IN ('accepted', 'settled') AND ",
            $condition,
            " GROUP BY payment.tenant, payment.id, benefit_case.benefit, payment.payee, party.number, income.line_key,
                       income.posting_code, part.first_day, part.last_day, payment.disposal, income.field,
                       income.amount, income.pension, income.report, part.amount
              ORDER BY payment.id, income.line_key, income.posting_code"
        )
    };
}

/// Incomes whose payment the bank has accepted, less what is paid back, and what other systems have paid.
pub(in crate::reports) async fn paid(
    db: &mut Read,
    tenant: Tenant,
    which: Which,
) -> Result<Vec<Paid>> {
    const ALL: &str = paid_where!("1 = 1");
    const FOR: &str = paid_where!("part.first_day <= $3 AND part.last_day >= $2");
    const TO: &str = paid_where!("payment.payee = $2");
    let paid = match which {
        Which::All => sql(ALL).bind(tenant),
        Which::For(days) => sql(FOR).bind(tenant).bind(days.first()).bind(days.last()),
        Which::To(party) => sql(TO).bind(tenant).bind(party),
    };
    let mut rows: Vec<PaidRow> = db.all(paid).await?;
    rows.extend(elsewhere::paid(db, tenant, which).await?);
    rows.into_iter().map(|row| Ok(<(String, Paid)>::try_from(row)?.1)).collect()
}

/// The benefits that have paid persons for days within a period, whatever became of the payments.
pub(in crate::reports) async fn benefits_for(
    db: &mut Read,
    tenant: Tenant,
    days: Period,
) -> Result<Vec<(PartyId, String)>> {
    const BENEFITS: &str = "
        SELECT DISTINCT payment.payee, benefit_case.benefit
        FROM payment_part AS part
        JOIN payment ON payment.tenant = part.tenant AND payment.id = part.payment_id
        JOIN benefit_case ON benefit_case.tenant = payment.tenant AND benefit_case.id = payment.case_id
        WHERE part.tenant = $1 AND part.first_day <= $3 AND part.last_day >= $2
        UNION
        SELECT DISTINCT whole.payee, benefit_case.benefit
        FROM paid_elsewhere AS whole
        JOIN benefit_case ON benefit_case.tenant = whole.tenant AND benefit_case.id = whole.case_id
        WHERE whole.tenant = $1 AND whole.first_day <= $3 AND whole.last_day >= $2";
    db.all(sql(BENEFITS).bind(tenant).bind(days.first()).bind(days.last())).await
}

/// The incomes of one payment by line, less what is paid back.
pub(in crate::reports) async fn paid_of(
    db: &mut Read,
    tenant: Tenant,
    payment: PaymentId,
) -> Result<Vec<(String, Paid)>> {
    const PAID: &str = paid_where!("payment.id = $2");
    let rows: Vec<PaidRow> = db.all(sql(PAID).bind(tenant).bind(payment)).await?;
    rows.into_iter().map(<(String, Paid)>::try_from).collect()
}

/// What is paid back of an income.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::reports) struct Repayment {
    pub(in crate::reports) business_key: String,
    pub(in crate::reports) payment: PaymentId,
    pub(in crate::reports) line_key: String,
    pub(in crate::reports) posting_code: String,
    pub(in crate::reports) on: Day,
    pub(in crate::reports) gross: Dkk,
    pub(in crate::reports) atp: Dkk,
    pub(in crate::reports) am_bidrag: Dkk,
    pub(in crate::reports) a_tax: Dkk,
}

/// Records a repayment, and says whether it is new.
pub(in crate::reports) async fn insert_repayment<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    repayment: &Repayment,
) -> Result<bool> {
    const INSERT: &str = "
        INSERT INTO income_repaid
            (tenant, id, business_key, payment_id, line_key, posting_code, repaid_on, gross, atp, am_bidrag,
             a_tax, recorded_at, recorded_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        ON CONFLICT (tenant, business_key) DO NOTHING";
    let insert = sql(INSERT)
        .bind(act.tenant())
        .bind(Uuid::now_v7())
        .bind(repayment.business_key.as_str())
        .bind(repayment.payment)
        .bind(repayment.line_key.as_str())
        .bind(repayment.posting_code.as_str())
        .bind(repayment.on)
        .bind(repayment.gross)
        .bind(repayment.atp)
        .bind(repayment.am_bidrag)
        .bind(repayment.a_tax)
        .bind(act.at())
        .bind(act.by());
    Ok(tx.execute(insert).await? == 1)
}

/// Says how the incomes of a posting that end within some days are reported, and returns how many there are.
pub(in crate::reports) async fn set_report(
    tx: &mut Tx,
    tenant: Tenant,
    posting_code: &str,
    days: Period,
    report: &IncomeReport,
) -> Result<u64> {
    const SET: &str = "
        UPDATE payment_income SET report = $5
        WHERE tenant = $1 AND posting_code = $2
          AND EXISTS (
            SELECT 1 FROM payment_part AS part
            WHERE part.tenant = payment_income.tenant AND part.payment_id = payment_income.payment_id
              AND part.line_key = payment_income.line_key AND part.posting_code = payment_income.posting_code
              AND part.last_day BETWEEN $3 AND $4)";
    let report =
        serde_json::to_string(report).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let set = sql(SET)
        .bind(tenant)
        .bind(posting_code)
        .bind(days.first())
        .bind(days.last())
        .bind(report.as_str());
    let here = tx.execute(set).await?;
    Ok(here + elsewhere::set_report(tx, tenant, posting_code, days, &report).await?)
}
