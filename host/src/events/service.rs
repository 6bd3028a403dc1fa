//! What can be done with events: take them in, look at them, say that some mean nothing.
//!
//! What an event means for the cases is judged in `operations::judge`.

use chrono::{DateTime, TimeDelta, Utc};
use ydun_domain::ids::{CaseId, EventId, IgnoreId, UnreadId};
use ydun_domain::{Day, Month, Tenant};

use super::tried::Tried;
use super::{Event, Gap, Ignore, Kind, Message, Outcome, store};
use crate::access::{Act, Administer, Look, Register};
use crate::audit::{self, Action, Subject};
use crate::clock::danish;
use crate::db::{Read, Result as DbResult, Tx};
use crate::parties::PaymentIdentity;

pub use super::store::{about, about_day, open_unread, outcomes, waiting};

/// How many days the moves of one household wait for each other, where the municipality has not said.
///
/// A family's moves come one by one. Two days catch those of one notification and are over before the
/// next payout is prepared; a payment that must leave before then is not waited for.
pub const WINDOW_DAYS: i64 = 2;

/// How long before a payment leaves nothing is waited for any more.
pub const PAYOUT_NEAR_DAYS: u32 = 1;

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Received {
    pub id: EventId,
    /// Whether it was not there before. The same message again changes nothing.
    pub is_new: bool,
}

/// Why a message was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    #[error(
        "the source '{source_name}' has sent another event as message '{message_id}'; give each event an id of its own"
    )]
    OtherContent { source_name: String, message_id: String },
    #[error("the event could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Why a caseworker's word was not taken.
#[derive(Debug, thiserror::Error)]
pub enum IgnoreError {
    #[error("a {0} always matters; judge it instead")]
    AlwaysMatters(Kind),
    #[error("the last day {0} is over; give a day to come")]
    Over(Day),
    #[error("no reason is given; say why it means nothing")]
    NoReason,
    #[error("there is nothing to end with the id {0}; see `ydun event ignore list`")]
    NotOpen(IgnoreId),
    #[error("it could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Why the window was not set.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    #[error("a household's moves wait for each other from 0 to 14 days, not {0}")]
    Days(i64),
    #[error("no reason is given; say why")]
    NoReason,
    #[error("it could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Takes in a message. The same message again changes nothing, so a sender who does not know whether it
/// arrived sends it once more.
pub async fn receive(
    tx: &mut Tx,
    act: &Act<Register>,
    message: &Message,
) -> Result<Received, ReceiveError> {
    let due = due_at(tx, act, message).await?;
    let id = EventId::generate();
    if store::insert(tx, act, id, message, due).await? {
        let detail = format!("{} from {}", message.kind, message.source);
        audit::record(tx, act, Action::EventsReceived, Subject::Event(id), detail).await?;
        return Ok(Received { id, is_new: true });
    }
    let (source, message_id) = (&message.source, &message.message_id);
    let known = store::by_message(tx, act.tenant(), source, message_id).await?;
    let known = known.ok_or(sqlx::Error::RowNotFound)?;
    if known.message.digest != message.digest {
        return Err(ReceiveError::OtherContent {
            source_name: source.clone(),
            message_id: message_id.clone(),
        });
    }
    Ok(Received { id: known.id, is_new: false })
}

async fn due_at(db: &mut Read, act: &Act<Register>, message: &Message) -> DbResult<DateTime<Utc>> {
    if message.kind != Kind::Moved {
        return Ok(act.at());
    }
    Ok(act.at() + TimeDelta::days(window(db, act.tenant(), danish(act.at())).await?))
}

/// How many days the moves of a household wait for each other on a day.
pub async fn window(db: &mut Read, tenant: Tenant, on: Day) -> DbResult<i64> {
    Ok(store::window(db, tenant, on).await?.unwrap_or(WINDOW_DAYS))
}

/// Chooses how many days the moves of a household wait for each other, from a day on.
pub async fn set_window(
    tx: &mut Tx,
    act: &Act<Administer>,
    known_from: Day,
    days: i64,
    reason: &str,
) -> Result<(), WindowError> {
    if !(0..=14).contains(&days) {
        return Err(WindowError::Days(days));
    }
    if reason.trim().is_empty() {
        return Err(WindowError::NoReason);
    }
    store::set_window(tx, act, known_from, days, reason).await?;
    let detail = format!("{days} days from {known_from}: {reason}");
    let subject = Subject::Municipality;
    Ok(audit::record(tx, act, Action::EventWindowSet, subject, detail).await?)
}

/// The next event to judge, which nobody else judges meanwhile.
pub async fn lock_next(tx: &mut Tx, act: &Act<Register>) -> DbResult<Option<Event>> {
    let leaves_by = danish(act.at()).plus_days(PAYOUT_NEAR_DAYS);
    store::lock_next(tx, act.tenant(), act.at(), leaves_by).await
}

/// The moves of one household that wait to be judged: those about the parties of some cases, on days
/// within the window of a day. Nobody else judges them meanwhile.
pub async fn lock_household(
    tx: &mut Tx,
    act: &Act<Register>,
    cases: &[CaseId],
    day: Day,
) -> DbResult<Vec<Event>> {
    let days = window(tx, act.tenant(), danish(act.at())).await?;
    let days = u32::try_from(days).expect("the window is checked when it is set");
    let around = (day.minus_days(days), day.plus_days(days));
    store::lock_moves_beside(tx, act.tenant(), cases, around).await
}

/// Closes an event with what came of it in each case.
pub async fn close(
    tx: &mut Tx,
    act: &Act<Register>,
    event: &Event,
    reason: &str,
    outcomes: &[Outcome],
) -> DbResult<()> {
    store::insert_outcomes(tx, act.tenant(), event.id, outcomes).await?;
    store::set_judged(tx, act, event.id, reason).await?;
    let asked = outcomes.iter().filter(|outcome| outcome.task_key.is_some()).count();
    let detail = format!("{}: {} cases, {asked} asked", event.message.kind, outcomes.len());
    audit::record(tx, act, Action::EventJudged, Subject::Event(event.id), detail).await
}

/// Lets an event that could not be judged be tried again: after one minute, then twice as long each
/// time, up to four hours.
pub async fn put_off(tx: &mut Tx, act: &Act<Register>, event: &Event, error: &str) -> DbResult<()> {
    let minutes = 1_i64 << event.attempts.clamp(0, 8);
    let due_at = act.at() + TimeDelta::minutes(minutes.min(240));
    store::put_off(tx, act.tenant(), event.id, error, due_at).await
}

/// The newest events, those received last first.
pub async fn newest(db: &mut Read, act: &Act<Look>, limit: u32) -> DbResult<Vec<Event>> {
    store::newest(db, act.tenant(), limit).await
}

/// One event.
pub async fn find(db: &mut Read, tenant: Tenant, id: EventId) -> DbResult<Option<Event>> {
    store::by_id(db, tenant, id).await
}

/// The newest word of a source about a number and a kind of event, by the day it happened.
pub async fn latest(
    db: &mut Read,
    tenant: Tenant,
    number: &PaymentIdentity,
    kind: Kind,
) -> DbResult<Option<Event>> {
    let about = store::about(db, tenant, number).await?;
    let of_kind = about.into_iter().filter(|event| event.message.kind == kind);
    Ok(of_kind.max_by_key(|event| (event.message.day, event.told())))
}

/// Says that a kind of event means nothing in a case until a day. A death always matters.
pub async fn ignore(
    tx: &mut Tx,
    act: &Act<Register>,
    case: CaseId,
    kind: Kind,
    until: Day,
    reason: &str,
) -> Result<Ignore, IgnoreError> {
    if kind == Kind::Died {
        return Err(IgnoreError::AlwaysMatters(kind));
    }
    if until < danish(act.at()) {
        return Err(IgnoreError::Over(until));
    }
    if reason.trim().is_empty() {
        return Err(IgnoreError::NoReason);
    }
    let ignore = Ignore {
        id: IgnoreId::generate(),
        case,
        kind,
        until,
        reason: reason.to_owned(),
        said_by: act.by().to_owned(),
        ended_at: None,
    };
    store::insert_ignore(tx, act, &ignore).await?;
    let detail = format!("{kind} in case {case} until {until}: {reason}");
    audit::record(tx, act, Action::EventIgnoreSaid, Subject::Ignore(ignore.id), detail).await?;
    Ok(ignore)
}

/// Lets events of the kind count again.
pub async fn end_ignore(tx: &mut Tx, act: &Act<Register>, id: IgnoreId) -> Result<(), IgnoreError> {
    if !store::end_ignore(tx, act, id).await? {
        return Err(IgnoreError::NotOpen(id));
    }
    Ok(audit::record(tx, act, Action::EventIgnoreEnded, Subject::Ignore(id), "").await?)
}

/// The word that a kind of event means nothing in a case today, if there is one.
pub async fn ignored(
    db: &mut Read,
    tenant: Tenant,
    case: CaseId,
    kind: Kind,
    today: Day,
) -> DbResult<Option<Ignore>> {
    let active = store::active_ignores(db, tenant, case, today).await?;
    Ok(active.into_iter().find(|ignore| ignore.kind == kind))
}

/// Everything caseworkers have said means nothing, the newest first.
pub async fn ignores(db: &mut Read, act: &Act<Look>) -> DbResult<Vec<Ignore>> {
    store::ignores(db, act.tenant()).await
}

/// Keeps a message that cannot be read, as it came; the same again is kept once.
pub async fn keep_unread(
    tx: &mut Tx,
    act: &Act<Register>,
    body: &[u8],
    reason: &str,
) -> DbResult<()> {
    let id = UnreadId::generate();
    if store::keep_unread(tx, act, id, body, reason).await? {
        audit::record(tx, act, Action::EventUnreadKept, Subject::Unread(id), reason).await?;
    }
    Ok(())
}

/// Takes down what somebody did about a message that could not be read; tells whether it was open.
pub async fn settle_unread(
    tx: &mut Tx,
    act: &Act<Register>,
    id: UnreadId,
    because: &str,
) -> DbResult<bool> {
    let settled = store::settle_unread(tx, act, id, because).await?;
    if settled {
        let subject = Subject::Unread(id);
        audit::record(tx, act, Action::EventUnreadSettled, subject, because).await?;
    }
    Ok(settled)
}

/// What came of the events received in a month, kind by kind.
pub async fn tried(db: &mut Read, act: &Act<Look>, month: Month) -> DbResult<Vec<Tried>> {
    store::tried(db, act.tenant(), month).await
}

/// The gaps in a municipality's sequences; each is a lost event until a reconciliation has found it.
pub async fn lost(db: &mut Read, act: &Act<Look>) -> DbResult<Vec<Gap>> {
    store::gaps(db, act.tenant()).await
}
