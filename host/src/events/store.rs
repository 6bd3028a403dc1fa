//! SQL for the inbox of events.

mod ignore;
mod tried;
mod unread;

use chrono::{DateTime, Utc};
use ydun_domain::ids::{CaseId, EventId};
use ydun_domain::{Day, Dkk, Tenant};
use ydun_runtime::Digest;

use super::{Event, Gap, Judged, Kind, Message, Outcome, Verdict};
use crate::access::{Act, Register};
use crate::audit::hide_personal_numbers;
use crate::clock::danish;
use crate::db::{Bind as _, Read, Result, Tx, bulk, sql, sql_each};
use crate::parties::PaymentIdentity;

pub(super) use ignore::{active_ignores, end_ignore, ignores, insert_ignore};
pub(super) use tried::tried;
pub use unread::open_unread;
pub(super) use unread::{keep_unread, settle_unread};

/// The one text that finds events, with what they must fulfil.
macro_rules! events_where {
    ($condition:literal) => {
        concat!(
            "SELECT id, source, message_id, sequence, kind, number_kind, number, day, until, known, municipality,
                    name, digest, received_at, due_at, judged_at, reason, attempts, last_error
             FROM register_event
             WHERE tenant = $1 AND ",
            $condition
        )
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: EventId,
    source: String,
    message_id: String,
    sequence: Option<i64>,
    #[sqlx(try_from = "String")]
    kind: Kind,
    number_kind: String,
    number: String,
    day: Day,
    until: Option<Day>,
    known: Day,
    municipality: Option<Tenant>,
    name: Option<String>,
    #[sqlx(try_from = "Vec<u8>")]
    digest: Digest,
    received_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    judged_at: Option<DateTime<Utc>>,
    reason: Option<String>,
    attempts: i64,
    last_error: Option<String>,
}

/// A row no version of the program has written.
#[derive(Debug, thiserror::Error)]
#[error("the row of event {0} contradicts itself")]
struct Contradiction(EventId);

impl TryFrom<Row> for Event {
    type Error = sqlx::Error;
    fn try_from(row: Row) -> Result<Self> {
        let contradiction = || sqlx::Error::Decode(Box::new(Contradiction(row.id)));
        let about = match row.number_kind.as_str() {
            "cpr" => row.number.parse().ok().map(PaymentIdentity::Cpr),
            "cvr" => row.number.parse().ok().map(PaymentIdentity::Cvr),
            _ => None,
        };
        let message = Message {
            about: about.ok_or_else(contradiction)?,
            source: row.source,
            message_id: row.message_id,
            sequence: row.sequence,
            kind: row.kind,
            day: row.day,
            until: row.until,
            known: row.known,
            municipality: row.municipality,
            name: row.name,
            digest: row.digest,
        };
        let judged = row.judged_at.zip(row.reason).map(|(at, reason)| Judged { at, reason });
        let Row { id, received_at, due_at, attempts, last_error, .. } = row;
        Ok(Self { id, message, received_at, due_at, judged, attempts, last_error })
    }
}

fn events(rows: Vec<Row>) -> Result<Vec<Event>> {
    rows.into_iter().map(Event::try_from).collect()
}

/// A number as it stands in its columns.
fn columns(number: &PaymentIdentity) -> (&'static str, &str) {
    let kind = match number {
        PaymentIdentity::Cpr(_) => "cpr",
        PaymentIdentity::Cvr(_) => "cvr",
        PaymentIdentity::Se(_) | PaymentIdentity::P(_) => {
            unreachable!("a message is about a person or a company")
        }
    };
    (kind, number.digits())
}

/// Puts a message in the inbox, and tells whether it is new.
pub(super) async fn insert(
    tx: &mut Tx,
    act: &Act<Register>,
    id: EventId,
    message: &Message,
    due_at: DateTime<Utc>,
) -> Result<bool> {
    const INSERT: &str = "
        INSERT INTO register_event
            (tenant, id, source, message_id, sequence, kind, number_kind, number, day, until, known, municipality,
             name, digest, received_at, received_by, received_on, due_at, attempts)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 0)
        ON CONFLICT (tenant, source, message_id) DO NOTHING";
    let (number_kind, number) = columns(&message.about);
    let insert = sql(INSERT)
        .bind(act.tenant())
        .bind(id)
        .bind(message.source.as_str())
        .bind(message.message_id.as_str())
        .bind(message.sequence)
        .bind(message.kind)
        .bind(number_kind)
        .bind(number)
        .bind(message.day)
        .bind(message.until)
        .bind(message.known)
        .bind(message.municipality)
        .bind(message.name.as_deref())
        .bind(message.digest)
        .bind(act.at())
        .bind(act.by())
        .bind(danish(act.at()))
        .bind(due_at);
    Ok(tx.execute(insert).await? == 1)
}

/// The event that came under a message id.
pub(super) async fn by_message(
    db: &mut Read,
    tenant: Tenant,
    source: &str,
    message_id: &str,
) -> Result<Option<Event>> {
    const BY_MESSAGE: &str = events_where!("source = $2 AND message_id = $3");
    let found: Option<Row> =
        db.optional(sql(BY_MESSAGE).bind(tenant).bind(source).bind(message_id)).await?;
    found.map(Event::try_from).transpose()
}

pub(super) async fn by_id(db: &mut Read, tenant: Tenant, id: EventId) -> Result<Option<Event>> {
    const BY_ID: &str = events_where!("id = $2");
    let found: Option<Row> = db.optional(sql(BY_ID).bind(tenant).bind(id)).await?;
    found.map(Event::try_from).transpose()
}

/// The next event to judge: its time has come, or a payment to one of its cases must leave by a day.
/// Nobody else judges it meanwhile.
pub(super) async fn lock_next(
    tx: &mut Tx,
    tenant: Tenant,
    now: DateTime<Utc>,
    leaves_by: Day,
) -> Result<Option<Event>> {
    const SQLITE: &str = events_where!(
        "judged_at IS NULL
           AND (due_at <= $2 OR EXISTS (
               SELECT 1 FROM party
               JOIN case_party ON case_party.tenant = party.tenant AND case_party.party = party.id
               JOIN payment ON payment.tenant = party.tenant AND payment.case_id = case_party.case_id
               WHERE party.tenant = register_event.tenant AND party.number_kind = register_event.number_kind
                 AND party.number = register_event.number
                 AND payment.state = 'planned' AND payment.send_by <= $3))
         ORDER BY due_at, id LIMIT 1"
    );
    const POSTGRES: &str = events_where!(
        "judged_at IS NULL
           AND (due_at <= $2 OR EXISTS (
               SELECT 1 FROM party
               JOIN case_party ON case_party.tenant = party.tenant AND case_party.party = party.id
               JOIN payment ON payment.tenant = party.tenant AND payment.case_id = case_party.case_id
               WHERE party.tenant = register_event.tenant AND party.number_kind = register_event.number_kind
                 AND party.number = register_event.number
                 AND payment.state = 'planned' AND payment.send_by <= $3))
         ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED"
    );
    let next = sql_each(SQLITE, POSTGRES).bind(tenant).bind(now).bind(leaves_by);
    let found: Option<Row> = tx.optional(next).await?;
    found.map(Event::try_from).transpose()
}

/// The moves about the parties of some cases that wait to be judged, of days near one. Nobody else
/// judges them meanwhile.
pub(super) async fn lock_moves_beside(
    tx: &mut Tx,
    tenant: Tenant,
    cases: &[CaseId],
    (first, last): (Day, Day),
) -> Result<Vec<Event>> {
    const SQLITE: &str = events_where!(
        "judged_at IS NULL AND kind = 'moved' AND day BETWEEN $3 AND $4
           AND (number_kind, number) IN (
               SELECT party.number_kind, party.number FROM case_party
               JOIN party ON party.tenant = case_party.tenant AND party.id = case_party.party
               WHERE case_party.tenant = $1
                 AND case_party.case_id IN (SELECT unhex(value, '-') FROM json_each($2)))
         ORDER BY day, id"
    );
    const POSTGRES: &str = events_where!(
        "judged_at IS NULL AND kind = 'moved' AND day BETWEEN $3 AND $4
           AND (number_kind, number) IN (
               SELECT party.number_kind, party.number FROM case_party
               JOIN party ON party.tenant = case_party.tenant AND party.id = case_party.party
               WHERE case_party.tenant = $1
                 AND case_party.case_id = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID))))
         ORDER BY day, id FOR UPDATE SKIP LOCKED"
    );
    let ids = crate::db::list(cases);
    let beside = sql_each(SQLITE, POSTGRES).bind(tenant).bind(ids).bind(first).bind(last);
    events(tx.all(beside).await?)
}

/// Every event about a number, those of the earliest days first.
pub async fn about(db: &mut Read, tenant: Tenant, number: &PaymentIdentity) -> Result<Vec<Event>> {
    const ABOUT: &str = events_where!("number_kind = $2 AND number = $3 ORDER BY day, id");
    let (kind, digits) = columns(number);
    events(db.all(sql(ABOUT).bind(tenant).bind(kind).bind(digits)).await?)
}

/// As [`about`], of what happened on one day.
pub async fn about_day(
    db: &mut Read,
    tenant: Tenant,
    number: &PaymentIdentity,
    day: Day,
) -> Result<Vec<Event>> {
    const ABOUT: &str = events_where!("number_kind = $2 AND number = $3 AND day = $4 ORDER BY id");
    let (kind, digits) = columns(number);
    events(db.all(sql(ABOUT).bind(tenant).bind(kind).bind(digits).bind(day)).await?)
}

/// The newest events, those received last first.
pub(super) async fn newest(db: &mut Read, tenant: Tenant, limit: u32) -> Result<Vec<Event>> {
    const NEWEST: &str =
        events_where!("received_at IS NOT NULL ORDER BY received_at DESC, id DESC LIMIT $2");
    events(db.all(sql(NEWEST).bind(tenant).bind(i64::from(limit))).await?)
}

/// As [`newest`], of those that wait to be judged.
pub async fn waiting(db: &mut Read, tenant: Tenant, limit: u32) -> Result<Vec<Event>> {
    const WAITING: &str = events_where!("judged_at IS NULL ORDER BY due_at, id LIMIT $2");
    events(db.all(sql(WAITING).bind(tenant).bind(i64::from(limit))).await?)
}

pub(super) async fn set_judged(
    tx: &mut Tx,
    act: &Act<Register>,
    event: EventId,
    reason: &str,
) -> Result<()> {
    const JUDGED: &str = "
        UPDATE register_event SET judged_at = $3, reason = $4, last_error = NULL WHERE tenant = $1 AND id = $2";
    let judged = sql(JUDGED).bind(act.tenant()).bind(event).bind(act.at()).bind(reason);
    tx.execute(judged).await.map(drop)
}

/// Lets an event that could not be judged be tried again later.
pub(super) async fn put_off(
    tx: &mut Tx,
    tenant: Tenant,
    event: EventId,
    error: &str,
    due_at: DateTime<Utc>,
) -> Result<()> {
    const PUT_OFF: &str = "
        UPDATE register_event SET attempts = attempts + 1, last_error = $3, due_at = $4
        WHERE tenant = $1 AND id = $2";
    let error = hide_personal_numbers(error);
    tx.execute(sql(PUT_OFF).bind(tenant).bind(event).bind(error).bind(due_at)).await.map(drop)
}

pub(super) async fn insert_outcomes(
    tx: &mut Tx,
    tenant: Tenant,
    event: EventId,
    outcomes: &[Outcome],
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO event_outcome (tenant, event_id, case_id, verdict, reason, task_key, held, before, after) VALUES",
        "",
    );
    for outcome in outcomes {
        rows.row(vec![
            tenant.bind(),
            event.bind(),
            outcome.case.bind(),
            outcome.verdict.bind(),
            outcome.reason.as_str().bind(),
            outcome.task_key.as_deref().bind(),
            outcome.held.bind(),
            outcome.before.bind(),
            outcome.after.bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct OutcomeRow {
    case_id: CaseId,
    #[sqlx(try_from = "String")]
    verdict: Verdict,
    reason: String,
    task_key: Option<String>,
    held: bool,
    before: Dkk,
    after: Dkk,
}

/// What came of an event in each case.
pub async fn outcomes(db: &mut Read, tenant: Tenant, event: EventId) -> Result<Vec<Outcome>> {
    const OUTCOMES: &str = "
        SELECT case_id, verdict, reason, task_key, held, before, after
        FROM event_outcome WHERE tenant = $1 AND event_id = $2 ORDER BY case_id";
    let rows: Vec<OutcomeRow> = db.all(sql(OUTCOMES).bind(tenant).bind(event)).await?;
    let outcome = |row: OutcomeRow| Outcome {
        case: row.case_id,
        verdict: row.verdict,
        reason: row.reason,
        task_key: row.task_key,
        held: row.held,
        before: row.before,
        after: row.after,
    };
    Ok(rows.into_iter().map(outcome).collect())
}

/// Numbers of each source that are missing between those that came.
pub(super) async fn gaps(db: &mut Read, tenant: Tenant) -> Result<Vec<Gap>> {
    const GAPS: &str = "
        SELECT source, sequence, following FROM (
            SELECT source, sequence, LEAD(sequence) OVER (PARTITION BY source ORDER BY sequence) AS following
            FROM register_event WHERE tenant = $1 AND sequence IS NOT NULL) AS numbered
        WHERE following > sequence + 1
        ORDER BY source, sequence";
    let rows: Vec<(String, i64, i64)> = db.all(sql(GAPS).bind(tenant)).await?;
    let gap = |(source, before, after)| Gap { source, first: before + 1, last: after - 1 };
    Ok(rows.into_iter().map(gap).collect())
}

/// How many days the moves of a household wait for each other, as chosen on or before a day.
pub(super) async fn window(db: &mut Read, tenant: Tenant, on: Day) -> Result<Option<i64>> {
    const WINDOW: &str = "
        SELECT days FROM event_window WHERE tenant = $1 AND known_from <= $2 ORDER BY known_from DESC LIMIT 1";
    let found: Option<(i64,)> = db.optional(sql(WINDOW).bind(tenant).bind(on)).await?;
    Ok(found.map(|(days,)| days))
}

pub(super) async fn set_window(
    tx: &mut Tx,
    act: &Act<crate::access::Administer>,
    known_from: Day,
    days: i64,
    reason: &str,
) -> Result<()> {
    const SET: &str = "
        INSERT INTO event_window (tenant, known_from, days, reason, set_at, set_by)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (tenant, known_from) DO UPDATE
        SET days = excluded.days, reason = excluded.reason, set_at = excluded.set_at, set_by = excluded.set_by";
    let set = sql(SET).bind(act.tenant()).bind(known_from).bind(days).bind(reason);
    tx.execute(set.bind(act.at()).bind(act.by())).await.map(drop)
}
