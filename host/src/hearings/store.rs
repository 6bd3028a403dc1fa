//! SQL for hearings.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use ydun_domain::ids::{CaseId, HearingId, PartyId};
use ydun_domain::{Day, Tenant};
use ydun_runtime::Digest;

use super::{Answer, Channel, Delivery, Ground, Hearing, Intention};
use crate::access::{Act, Approve};
use crate::db::{Read, Result, Tx, sql};

pub(super) async fn insert(tx: &mut Tx, tenant: Tenant, hearing: &Hearing) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO hearing
            (tenant, case_id, id, party, first_day, intended, text, answer_days, opened_at, opened_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let Intention { case, party, first_day, digest } = hearing.intention;
    let insert = sql(INSERT).bind(tenant).bind(case).bind(hearing.id).bind(party).bind(first_day);
    let insert =
        insert.bind(digest).bind(hearing.text.as_str()).bind(i64::from(hearing.answer_days));
    tx.execute(insert.bind(hearing.opened_at).bind(hearing.opened_by.as_str())).await.map(drop)
}

/// How many days the party has to answer, when the hearing has not arrived yet.
pub(super) async fn answer_days(
    tx: &mut Tx,
    tenant: Tenant,
    case: CaseId,
    id: HearingId,
) -> Result<Option<u32>> {
    const DAYS: &str = "
        SELECT answer_days FROM hearing
        WHERE tenant = $1 AND case_id = $2 AND id = $3 AND delivered_on IS NULL AND answered_on IS NULL";
    let ask = sql(DAYS).bind(tenant).bind(case).bind(id).locking();
    let days: Option<(i64,)> = tx.optional(ask).await?;
    Ok(days.and_then(|(days,)| u32::try_from(days).ok()))
}

/// Whether it was still waiting to arrive.
pub(super) async fn deliver(
    tx: &mut Tx,
    tenant: Tenant,
    case: CaseId,
    id: HearingId,
    delivery: &Delivery,
) -> Result<bool> {
    const DELIVER: &str = "
        UPDATE hearing SET delivered_on = $4, channel = $5, deadline = $6
        WHERE tenant = $1 AND case_id = $2 AND id = $3 AND delivered_on IS NULL";
    let deliver = sql(DELIVER).bind(tenant).bind(case).bind(id);
    let deliver = deliver.bind(delivery.on).bind(delivery.channel).bind(delivery.deadline);
    Ok(tx.execute(deliver).await? == 1)
}

/// Whether it was still without an answer.
pub(super) async fn answer(
    tx: &mut Tx,
    tenant: Tenant,
    case: CaseId,
    id: HearingId,
    answer: &Answer,
) -> Result<bool> {
    const ANSWER: &str = "
        UPDATE hearing SET answered_on = $4, answer = $5
        WHERE tenant = $1 AND case_id = $2 AND id = $3 AND answered_on IS NULL";
    let update = sql(ANSWER).bind(tenant).bind(case).bind(id).bind(answer.on);
    Ok(tx.execute(update.bind(answer.text.as_str())).await? == 1)
}

pub(super) async fn waive(
    tx: &mut Tx,
    act: &Act<Approve>,
    intention: Intention,
    ground: Ground,
    reason: &str,
) -> Result<()> {
    const WAIVE: &str = "
        INSERT INTO hearing_waiver
            (tenant, case_id, party, first_day, intended, ground, reason, waived_at, waived_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let Intention { case, party, first_day, digest } = intention;
    let waive = sql(WAIVE).bind(act.tenant()).bind(case).bind(party).bind(first_day).bind(digest);
    tx.execute(waive.bind(ground).bind(reason).bind(act.at()).bind(act.by())).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct Row {
    case_id: CaseId,
    id: HearingId,
    party: PartyId,
    first_day: Day,
    #[sqlx(try_from = "Vec<u8>")]
    intended: Digest,
    text: String,
    answer_days: i64,
    opened_at: DateTime<Utc>,
    opened_by: String,
    delivered_on: Option<Day>,
    channel: Option<String>,
    deadline: Option<Day>,
    answered_on: Option<Day>,
    answer: Option<String>,
}

impl TryFrom<Row> for Hearing {
    type Error = sqlx::Error;
    fn try_from(row: Row) -> Result<Self> {
        let channel = row.channel.map(|word| word.parse::<Channel>()).transpose();
        let channel = channel.map_err(|error| sqlx::Error::Decode(error.into()))?;
        let delivery = match (row.delivered_on, channel, row.deadline) {
            (Some(on), Some(channel), Some(deadline)) => Some(Delivery { on, channel, deadline }),
            _ => None,
        };
        let answer_days =
            u32::try_from(row.answer_days).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let answer = row.answered_on.zip(row.answer).map(|(on, text)| Answer { on, text });
        let Row { case_id: case, party, first_day, intended: digest, .. } = row;
        Ok(Self {
            id: row.id,
            intention: Intention { case, party, first_day, digest },
            text: row.text,
            answer_days,
            opened_at: row.opened_at,
            opened_by: row.opened_by,
            delivery,
            answer,
        })
    }
}

/// The hearings of a range of cases, by case and oldest first.
pub(super) async fn hearings(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
) -> Result<Vec<Hearing>> {
    const HEARINGS: &str = "
        SELECT case_id, id, party, first_day, intended, text, answer_days, opened_at, opened_by,
               delivered_on, channel, deadline, answered_on, answer
        FROM hearing WHERE tenant = $1 AND case_id >= $2 AND case_id <= $3
        ORDER BY case_id, id";
    let ask = sql(HEARINGS).bind(tenant).bind(*cases.start()).bind(*cases.end());
    let rows: Vec<Row> = db.all(ask).await?;
    rows.into_iter().map(Hearing::try_from).collect()
}

#[derive(sqlx::FromRow)]
struct WaiverRow {
    case_id: CaseId,
    party: PartyId,
    first_day: Day,
    #[sqlx(try_from = "Vec<u8>")]
    intended: Digest,
    #[sqlx(try_from = "String")]
    ground: Ground,
    waived_at: DateTime<Utc>,
}

/// That a hearing is left out.
pub(super) struct Waiver {
    pub(super) intention: Intention,
    pub(super) ground: Ground,
    pub(super) at: DateTime<Utc>,
}

/// What the law lets be decided without a hearing in a range of cases.
pub(super) async fn waivers(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
) -> Result<Vec<Waiver>> {
    const WAIVERS: &str = "
        SELECT case_id, party, first_day, intended, ground, waived_at
        FROM hearing_waiver WHERE tenant = $1 AND case_id >= $2 AND case_id <= $3";
    let ask = sql(WAIVERS).bind(tenant).bind(*cases.start()).bind(*cases.end());
    let rows: Vec<WaiverRow> = db.all(ask).await?;
    let waiver = |row: WaiverRow| {
        let WaiverRow { case_id: case, party, first_day, intended: digest, ground, waived_at } =
            row;
        Waiver { intention: Intention { case, party, first_day, digest }, ground, at: waived_at }
    };
    Ok(rows.into_iter().map(waiver).collect())
}
