//! What other systems have paid.

use chrono::{DateTime, Utc};
use ydun_domain::ids::{CaseId, ElsewhereId, PartyId};
use ydun_domain::{Day, Dkk, Period, Tenant};
use ydun_runtime::manifest::{IncomeReport, TaxTreatment};

use crate::access::{Act, Right};
use crate::db::{Bind as _, Read, Result, Tx, bulk, sql};
use crate::ledger::{Positive, Purpose};
use crate::payments::Taxation;
use crate::payments::elsewhere::{Elsewhere, NewElsewhere, Part, State, TakeBack, Voucher};
use crate::tax::withhold::Taken;

/// Registers what another system has paid, and says whether it is new.
pub(in crate::payments) async fn insert<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    id: ElsewhereId,
    new: &NewElsewhere,
) -> Result<bool> {
    let mut head = bulk(
        "INSERT INTO paid_elsewhere
            (tenant, id, case_id, payee, posting_code, first_day, last_day, system, voucher, paid_on, amount, state,
             registered_at, registered_by) VALUES",
        "ON CONFLICT DO NOTHING",
    );
    head.row(vec![
        act.tenant().bind(),
        id.bind(),
        new.case_id.bind(),
        new.payee.bind(),
        new.posting_code.as_str().bind(),
        new.period.first().bind(),
        new.period.last().bind(),
        new.voucher.system.as_str().bind(),
        new.voucher.number.as_str().bind(),
        new.voucher.paid_on.bind(),
        new.amount.dkk().bind(),
        State::Registered.bind(),
        act.at().bind(),
        act.by().bind(),
    ]);
    if tx.insert(head).await? == 0 {
        return Ok(false);
    }
    insert_parts(tx, act.tenant(), id, &new.parts).await?;
    Ok(true)
}

async fn insert_parts(tx: &mut Tx, tenant: Tenant, id: ElsewhereId, parts: &[Part]) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO paid_elsewhere_part
            (tenant, elsewhere_id, line_key, account, first_day, last_day, amount, atp, am_bidrag, a_tax, pension,
             field, report) VALUES",
        "",
    );
    for part in parts {
        let report = part.tax.report.as_ref().map(serde_json::to_string).transpose();
        rows.row(vec![
            tenant.bind(),
            id.bind(),
            part.purpose.line_key.as_str().bind(),
            part.account.as_str().bind(),
            part.purpose.period.first().bind(),
            part.purpose.period.last().bind(),
            part.amount.dkk().bind(),
            part.taken.atp.bind(),
            part.taken.am_bidrag.bind(),
            part.taken.a_tax.bind(),
            part.taken.pension.bind(),
            part.tax.field().bind(),
            report.map_err(|error| sqlx::Error::Encode(error.into()))?.bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct ElsewhereRow {
    id: ElsewhereId,
    case_id: CaseId,
    payee: PartyId,
    posting_code: String,
    first_day: Day,
    last_day: Day,
    system: String,
    voucher: String,
    paid_on: Day,
    amount: Dkk,
    #[sqlx(try_from = "String")]
    state: State,
    registered_at: DateTime<Utc>,
    registered_by: String,
    confirmed_by: Option<String>,
    take_back_reason: Option<String>,
    take_back_asked_by: Option<String>,
}

impl TryFrom<ElsewhereRow> for Elsewhere {
    type Error = sqlx::Error;
    fn try_from(row: ElsewhereRow) -> Result<Self> {
        let ElsewhereRow { id, case_id, payee, posting_code, amount, state, .. } = row;
        let ElsewhereRow { registered_at, registered_by, confirmed_by, .. } = row;
        let take_back = row.take_back_reason.zip(row.take_back_asked_by);
        Ok(Self {
            id,
            case_id,
            payee,
            posting_code,
            period: period(row.first_day, row.last_day)?,
            voucher: Voucher { system: row.system, number: row.voucher, paid_on: row.paid_on },
            amount,
            state,
            registered_at,
            registered_by,
            confirmed_by,
            take_back: take_back.map(|(reason, asked_by)| TakeBack { reason, asked_by }),
        })
    }
}

fn period(first: Day, last: Day) -> Result<Period> {
    Period::new(first, last).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// The one text that finds what other systems have paid, with what it must fulfil.
macro_rules! elsewhere_where {
    ($condition:literal) => {
        concat!(
            "SELECT id, case_id, payee, posting_code, first_day, last_day, system, voucher, paid_on, amount, state,
                    registered_at, registered_by, confirmed_by, take_back_reason, take_back_asked_by
             FROM paid_elsewhere
             WHERE tenant = $1 AND ",
            $condition
        )
    };
}

/// One of them, which nobody else can change meanwhile.
pub(in crate::payments) async fn lock(
    tx: &mut Tx,
    tenant: Tenant,
    id: ElsewhereId,
) -> Result<Option<Elsewhere>> {
    const FIND: &str = elsewhere_where!("id = $2");
    let found: Option<ElsewhereRow> =
        tx.optional(sql(FIND).bind(tenant).bind(id).locking()).await?;
    found.map(Elsewhere::try_from).transpose()
}

/// All of them, oldest first; or only those that wait for a second person.
pub(in crate::payments) async fn all(
    db: &mut Read,
    tenant: Tenant,
    only_open: bool,
) -> Result<Vec<Elsewhere>> {
    const ALL: &str = elsewhere_where!("1 = 1 ORDER BY id");
    const OPEN: &str = elsewhere_where!("state IN ('registered', 'take-back-asked') ORDER BY id");
    let rows: Vec<ElsewhereRow> =
        db.all(sql(if only_open { OPEN } else { ALL }).bind(tenant)).await?;
    rows.into_iter().map(Elsewhere::try_from).collect()
}

#[derive(sqlx::FromRow)]
struct PartRow {
    case_id: CaseId,
    payee: PartyId,
    posting_code: String,
    line_key: String,
    account: String,
    first_day: Day,
    last_day: Day,
    amount: Dkk,
    atp: Dkk,
    am_bidrag: Dkk,
    a_tax: Dkk,
    pension: Dkk,
    field: Option<i64>,
    report: Option<String>,
}

impl TryFrom<PartRow> for Part {
    type Error = sqlx::Error;
    fn try_from(row: PartRow) -> Result<Self> {
        let amount = Positive::new(row.amount)
            .ok_or_else(|| sqlx::Error::Decode("a part of a payment is nothing".into()))?;
        let report: Option<IncomeReport> = row
            .report
            .as_deref()
            .map(serde_json::from_str)
            .transpose()
            .map_err(|error| sqlx::Error::Decode(error.into()))?;
        let treatment = match row.field {
            Some(13) => TaxTreatment::IncomeWithAmBidrag,
            Some(_) => TaxTreatment::Income,
            None => TaxTreatment::TaxFree,
        };
        let PartRow { case_id, payee, posting_code, line_key, account, .. } = row;
        let PartRow { atp, am_bidrag, a_tax, pension, .. } = row;
        let period = period(row.first_day, row.last_day)?;
        Ok(Self {
            purpose: Purpose { case_id, line_key, payee, posting_code, period },
            account,
            amount,
            taken: Taken { atp, am_bidrag, a_tax, pension },
            tax: Taxation { treatment, report },
        })
    }
}

/// The lines one of them was paid for.
pub(in crate::payments) async fn parts(
    db: &mut Read,
    tenant: Tenant,
    id: ElsewhereId,
) -> Result<Vec<Part>> {
    const PARTS: &str = "
        SELECT whole.case_id, whole.payee, whole.posting_code, part.line_key, part.account, part.first_day,
               part.last_day, part.amount, part.atp, part.am_bidrag, part.a_tax, part.pension, part.field, part.report
        FROM paid_elsewhere AS whole
        JOIN paid_elsewhere_part AS part ON part.tenant = whole.tenant AND part.elsewhere_id = whole.id
        WHERE whole.tenant = $1 AND whole.id = $2
        ORDER BY part.line_key";
    let rows: Vec<PartRow> = db.all(sql(PARTS).bind(tenant).bind(id)).await?;
    rows.into_iter().map(Part::try_from).collect()
}

/// A second person says that it is right.
pub(in crate::payments) async fn confirm<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    id: ElsewhereId,
) -> Result<()> {
    const CONFIRM: &str = "
        UPDATE paid_elsewhere SET state = 'confirmed', confirmed_at = $3, confirmed_by = $4
        WHERE tenant = $1 AND id = $2 AND state = 'registered'";
    let confirm = sql(CONFIRM).bind(act.tenant()).bind(id).bind(act.at()).bind(act.by());
    tx.execute(confirm).await.map(drop)
}

/// Somebody says that it is wrong.
pub(in crate::payments) async fn ask_back<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    id: ElsewhereId,
    reason: &str,
) -> Result<()> {
    const ASK: &str = "
        UPDATE paid_elsewhere
        SET state = 'take-back-asked', take_back_reason = $3, take_back_asked_at = $4, take_back_asked_by = $5
        WHERE tenant = $1 AND id = $2 AND state = 'confirmed'";
    let ask = sql(ASK).bind(act.tenant()).bind(id).bind(reason).bind(act.at()).bind(act.by());
    tx.execute(ask).await.map(drop)
}

/// It counts no more.
pub(in crate::payments) async fn take_back<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    id: ElsewhereId,
) -> Result<()> {
    const TAKE_BACK: &str = "
        UPDATE paid_elsewhere SET state = 'taken-back', taken_back_at = $3, taken_back_by = $4
        WHERE tenant = $1 AND id = $2 AND state <> 'taken-back'";
    let take_back = sql(TAKE_BACK).bind(act.tenant()).bind(id).bind(act.at()).bind(act.by());
    tx.execute(take_back).await.map(drop)
}
