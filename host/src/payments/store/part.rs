//! What payments are made of.

use std::ops::RangeInclusive;

use ydun_domain::ids::{CaseId, PartyId, PaymentFileId, PaymentId};
use ydun_domain::{Day, Dkk, Period, Tenant};

use crate::db::{Bind as _, Read, Result, Sql, Tx, bulk, list, sql, sql_each};
use crate::ledger::{Positive, Purpose};
use crate::payments::State;

/// A part of a payment, and where its payment is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::payments) struct Part {
    pub(in crate::payments) payment: PaymentId,
    pub(in crate::payments) version: i64,
    pub(in crate::payments) state: State,
    pub(in crate::payments) purpose: Purpose,
    pub(in crate::payments) account: String,
    /// What it costs.
    pub(in crate::payments) amount: Positive,
    /// What the payee gets of it.
    pub(in crate::payments) net: Dkk,
}

pub(in crate::payments) async fn insert(
    tx: &mut Tx,
    tenant: Tenant,
    parts: impl Iterator<Item = &Part>,
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO payment_part
            (tenant, payment_id, line_key, posting_code, account, first_day, last_day, amount, net) VALUES",
        "",
    );
    for part in parts {
        rows.row(vec![
            tenant.bind(),
            part.payment.bind(),
            part.purpose.line_key.as_str().bind(),
            part.purpose.posting_code.as_str().bind(),
            part.account.as_str().bind(),
            part.purpose.period.first().bind(),
            part.purpose.period.last().bind(),
            part.amount.dkk().bind(),
            part.net.bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct PartRow {
    payment_id: PaymentId,
    version: i64,
    #[sqlx(try_from = "String")]
    state: State,
    case_id: CaseId,
    payee: PartyId,
    line_key: String,
    posting_code: String,
    account: String,
    first_day: Day,
    last_day: Day,
    amount: Dkk,
    net: Dkk,
}

impl TryFrom<PartRow> for Part {
    type Error = sqlx::Error;
    fn try_from(row: PartRow) -> Result<Self> {
        let period = Period::new(row.first_day, row.last_day)
            .map_err(|error| sqlx::Error::Decode(error.into()))?;
        let amount = Positive::new(row.amount)
            .ok_or_else(|| sqlx::Error::Decode("a part of a payment is nothing".into()))?;
        let PartRow { case_id, payee, line_key, posting_code, .. } = row;
        Ok(Self {
            payment: row.payment_id,
            version: row.version,
            state: row.state,
            purpose: Purpose { case_id, line_key, payee, posting_code, period },
            account: row.account,
            amount,
            net: row.net,
        })
    }
}

fn parts(rows: Vec<PartRow>) -> Result<Vec<Part>> {
    rows.into_iter().map(Part::try_from).collect()
}

/// The parts of the payments that nobody has got: not sent, or parked. Locks the payments.
pub(in crate::payments) async fn open_parts(
    tx: &mut Tx,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
) -> Result<Vec<Part>> {
    parts(tx.all(open(tenant, cases).locking()).await?)
}

/// As [`open_parts`], to look at.
pub(in crate::payments) async fn open_parts_seen(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
) -> Result<Vec<Part>> {
    parts(db.all(open(tenant, cases)).await?)
}

fn open(tenant: Tenant, cases: &RangeInclusive<CaseId>) -> Sql {
    const OPEN: &str = "
        SELECT part.payment_id, payment.version, payment.state, payment.case_id, payment.payee,
               part.line_key, part.posting_code, part.account, part.first_day, part.last_day, part.amount,
               part.net
        FROM payment
        JOIN payment_part AS part ON part.tenant = payment.tenant AND part.payment_id = payment.id
        WHERE payment.tenant = $1 AND payment.case_id BETWEEN $2 AND $3
          AND payment.state IN ('planned', 'rejected', 'returned')
        ORDER BY part.payment_id, part.line_key, part.posting_code";
    sql(OPEN).bind(tenant).bind(*cases.start()).bind(*cases.end())
}

pub(in crate::payments) async fn of_payments(
    db: &mut Read,
    tenant: Tenant,
    payments: &[PaymentId],
) -> Result<Vec<Part>> {
    const SQLITE: &str = "
        SELECT part.payment_id, payment.version, payment.state, payment.case_id, payment.payee,
               part.line_key, part.posting_code, part.account, part.first_day, part.last_day, part.amount,
               part.net
        FROM payment
        JOIN payment_part AS part ON part.tenant = payment.tenant AND part.payment_id = payment.id
        WHERE payment.tenant = $1 AND payment.id IN (SELECT unhex(value, '-') FROM json_each($2))
        ORDER BY part.payment_id, part.line_key, part.posting_code";
    const POSTGRES: &str = "
        SELECT part.payment_id, payment.version, payment.state, payment.case_id, payment.payee,
               part.line_key, part.posting_code, part.account, part.first_day, part.last_day, part.amount, part.net
        FROM payment
        JOIN payment_part AS part ON part.tenant = payment.tenant AND part.payment_id = payment.id
        WHERE payment.tenant = $1
          AND payment.id = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
        ORDER BY part.payment_id, part.line_key, part.posting_code";
    if payments.is_empty() {
        return Ok(Vec::new());
    }
    parts(db.all(sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(payments))).await?)
}

pub(in crate::payments) async fn of_file(
    db: &mut Read,
    tenant: Tenant,
    file: PaymentFileId,
) -> Result<Vec<Part>> {
    const OF_FILE: &str = "
        SELECT part.payment_id, payment.version, payment.state, payment.case_id, payment.payee,
               part.line_key, part.posting_code, part.account, part.first_day, part.last_day, part.amount,
               part.net
        FROM payment
        JOIN payment_part AS part ON part.tenant = payment.tenant AND part.payment_id = payment.id
        WHERE payment.tenant = $1 AND payment.file_id = $2
        ORDER BY payment.end_to_end, part.line_key, part.posting_code";
    parts(db.all(sql(OF_FILE).bind(tenant).bind(file)).await?)
}
