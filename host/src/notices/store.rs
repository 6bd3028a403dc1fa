//! SQL for notices.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use ydun_domain::ids::{CaseId, NoticeId, PartyId, PaymentFileId, PaymentId};
use ydun_domain::{AccountNumber, Day, Tenant};

use super::{Content, NewNotice, Notice};
use crate::access::{Act, Right};
use crate::db::{Bind as _, Read, Result, Tx, bulk, sql};

pub(super) async fn insert<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    notices: &[NewNotice],
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO notice
            (tenant, id, business_key, recipient, case_id, payment_id, disposal, content, created_at) VALUES",
        "",
    );
    for notice in notices {
        let content = serde_json::to_string(&notice.content)
            .map_err(|error| sqlx::Error::Encode(error.into()))?;
        rows.row(vec![
            act.tenant().bind(),
            NoticeId::generate().bind(),
            format!("payment:{}", notice.payment_id).bind(),
            notice.recipient.bind(),
            notice.case_id.bind(),
            notice.payment_id.bind(),
            notice.disposal.bind(),
            content.bind(),
            act.at().bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

pub(super) async fn reschedule(
    tx: &mut Tx,
    tenant: Tenant,
    file: PaymentFileId,
    disposal: Day,
) -> Result<()> {
    const RESCHEDULE: &str = "
        UPDATE notice SET disposal = $3
        WHERE tenant = $1 AND disposal <> $3
          AND payment_id IN (SELECT id FROM payment WHERE tenant = $1 AND file_id = $2)";
    tx.execute(sql(RESCHEDULE).bind(tenant).bind(file).bind(disposal)).await.map(drop)
}

pub(super) async fn withdraw<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    payment: PaymentId,
) -> Result<()> {
    const WITHDRAW: &str = "
        UPDATE notice SET withdrawn_at = $3 WHERE tenant = $1 AND payment_id = $2 AND withdrawn_at IS NULL";
    tx.execute(sql(WITHDRAW).bind(act.tenant()).bind(payment).bind(act.at())).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct NoticeRow {
    id: NoticeId,
    recipient: PartyId,
    case_id: CaseId,
    payment_id: PaymentId,
    disposal: Day,
    account: Option<AccountNumber>,
    content: String,
    withdrawn_at: Option<DateTime<Utc>>,
}

impl TryFrom<NoticeRow> for Notice {
    type Error = sqlx::Error;
    fn try_from(row: NoticeRow) -> Result<Self> {
        let content = read(&row.content)?;
        let NoticeRow {
            id, recipient, case_id, payment_id, disposal, account, withdrawn_at, ..
        } = row;
        Ok(Self { id, recipient, case_id, payment_id, disposal, account, content, withdrawn_at })
    }
}

fn read(content: &str) -> Result<Content> {
    serde_json::from_str(content).map_err(|error| sqlx::Error::Decode(error.into()))
}

pub(super) async fn content(
    db: &mut Read,
    tenant: Tenant,
    payment: PaymentId,
) -> Result<Option<Content>> {
    const CONTENT: &str = "SELECT content FROM notice WHERE tenant = $1 AND payment_id = $2";
    let found: Option<(String,)> = db.optional(sql(CONTENT).bind(tenant).bind(payment)).await?;
    found.map(|(content,)| read(&content)).transpose()
}

pub(super) async fn between(
    db: &mut Read,
    tenant: Tenant,
    days: RangeInclusive<Day>,
) -> Result<Vec<Notice>> {
    const BETWEEN: &str = "
        SELECT notice.id, recipient, notice.case_id, payment_id, notice.disposal, account, content, withdrawn_at
        FROM notice
        JOIN payment ON payment.tenant = notice.tenant AND payment.id = notice.payment_id
        WHERE notice.tenant = $1 AND notice.disposal >= $2 AND notice.disposal <= $3 AND withdrawn_at IS NULL
        ORDER BY notice.id";
    let rows: Vec<NoticeRow> =
        db.all(sql(BETWEEN).bind(tenant).bind(*days.start()).bind(*days.end())).await?;
    rows.into_iter().map(Notice::try_from).collect()
}

pub(super) async fn of_case(db: &mut Read, tenant: Tenant, case: CaseId) -> Result<Vec<Notice>> {
    const OF_CASE: &str = "
        SELECT notice.id, recipient, notice.case_id, payment_id, notice.disposal, account, content, withdrawn_at
        FROM notice
        JOIN payment ON payment.tenant = notice.tenant AND payment.id = notice.payment_id
        WHERE notice.tenant = $1 AND notice.case_id = $2
        ORDER BY notice.id";
    let rows: Vec<NoticeRow> = db.all(sql(OF_CASE).bind(tenant).bind(case)).await?;
    rows.into_iter().map(Notice::try_from).collect()
}
