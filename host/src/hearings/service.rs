//! What can be done with hearings: begin one, say that it arrived, take down the answer, leave it out.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use ydun_domain::ids::{CaseId, HearingId};
use ydun_domain::{Day, Tenant};

use super::{Answer, Channel, Delivery, Ground, Hearing, Intention, Standing, store};
use crate::access::{Act, Approve, Propose, Register};
use crate::audit::{self, Action, Subject};
use crate::clock::danish;
use crate::db::{self, Read, Tx, is_duplicate};

/// Why a hearing was not changed.
#[derive(Debug, thiserror::Error)]
pub enum HearingError {
    #[error("the party is being heard about this already; see `ydun hearing list`")]
    Already,
    #[error("there is no such hearing that waits for this; see `ydun hearing list`")]
    NotWaiting,
    #[error("a hearing cannot arrive or be answered on {0}, which is in the future")]
    Future(Day),
    #[error("a party needs at least a day to answer")]
    NoTime,
    #[error("the hearing could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Begins to hear a party. The clock runs from the day it arrives.
pub async fn open(
    tx: &mut Tx,
    act: &Act<Propose>,
    intention: Intention,
    text: &str,
    answer_days: u32,
) -> Result<Hearing, HearingError> {
    if answer_days == 0 {
        return Err(HearingError::NoTime);
    }
    let hearing = Hearing {
        id: HearingId::generate(),
        intention,
        text: text.to_owned(),
        answer_days,
        opened_at: act.at(),
        opened_by: act.by().to_owned(),
        delivery: None,
        answer: None,
    };
    store::insert(tx, act.tenant(), &hearing)
        .await
        .map_err(|error| if is_duplicate(&error) { HearingError::Already } else { error.into() })?;
    audit::record(tx, act, Action::HearingOpened, Subject::Hearing(hearing.id), "").await?;
    Ok(hearing)
}

/// Takes down that a hearing reached the party, and says until when the party can answer.
pub async fn deliver(
    tx: &mut Tx,
    act: &Act<Register>,
    (case, id): (CaseId, HearingId),
    on: Day,
    channel: Channel,
) -> Result<Delivery, HearingError> {
    not_after_today(on, act)?;
    let waiting = store::answer_days(tx, act.tenant(), case, id).await?;
    let days = waiting.ok_or(HearingError::NotWaiting)?;
    let delivery = Delivery { on, channel, deadline: on.plus_days(days) };
    if !store::deliver(tx, act.tenant(), case, id, &delivery).await? {
        return Err(HearingError::NotWaiting);
    }
    let detail = format!("{channel} on {on}");
    audit::record(tx, act, Action::HearingDelivered, Subject::Hearing(id), detail).await?;
    Ok(delivery)
}

/// Takes down what the party says. With that the hearing is over.
pub async fn answer(
    tx: &mut Tx,
    act: &Act<Register>,
    (case, id): (CaseId, HearingId),
    answer: Answer,
) -> Result<(), HearingError> {
    not_after_today(answer.on, act)?;
    if !store::answer(tx, act.tenant(), case, id, &answer).await? {
        return Err(HearingError::NotWaiting);
    }
    Ok(audit::record(tx, act, Action::HearingAnswered, Subject::Hearing(id), "").await?)
}

fn not_after_today(day: Day, act: &Act<Register>) -> Result<(), HearingError> {
    if day > danish(act.at()) { Err(HearingError::Future(day)) } else { Ok(()) }
}

/// Leaves a hearing out on a ground in law; it takes the right to approve.
pub async fn waive(
    tx: &mut Tx,
    act: &Act<Approve>,
    intention: Intention,
    ground: Ground,
    reason: &str,
) -> Result<(), HearingError> {
    store::waive(tx, act, intention, ground, reason)
        .await
        .map_err(|error| if is_duplicate(&error) { HearingError::Already } else { error.into() })?;
    let subject = Subject::Case(intention.case);
    Ok(audit::record(tx, act, Action::HearingWaived, subject, format!("{ground}: {reason}"))
        .await?)
}

/// How far the hearings of intentions have come on a day; in their order.
pub async fn standings(
    db: &mut Read,
    tenant: Tenant,
    intentions: &[Intention],
    today: Day,
) -> db::Result<Vec<Standing>> {
    let (Some(first), Some(last)) = (
        intentions.iter().map(|intention| intention.case).min(),
        intentions.iter().map(|intention| intention.case).max(),
    ) else {
        return Ok(Vec::new());
    };
    let cases = first..=last;
    let mut known: HashMap<Intention, Standing> = HashMap::new();
    for hearing in store::hearings(db, tenant, &cases).await? {
        known.insert(hearing.intention, hearing.standing(today));
    }
    for waiver in store::waivers(db, tenant, &cases).await? {
        known.insert(waiver.intention, Standing::Waived(waiver.ground));
    }
    let standing = |intention| known.get(intention).copied().unwrap_or(Standing::Missing);
    Ok(intentions.iter().map(standing).collect())
}

/// The last day whose knowledge each party has been heard about, or need not be.
///
/// A party that was heard about one thing knew what we knew that day.
pub async fn heard_until(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
    today: Day,
) -> db::Result<HashMap<CaseId, Day>> {
    let hearings = store::hearings(db, tenant, cases).await?;
    let over = hearings.iter().filter(|hearing| hearing.standing(today) == Standing::Over);
    let heard = over.map(|hearing| (hearing.intention.case, danish(hearing.opened_at)));
    let waivers = store::waivers(db, tenant, cases).await?;
    let waived = waivers.iter().map(|waiver| (waiver.intention.case, danish(waiver.at)));
    let mut until: HashMap<CaseId, Day> = HashMap::new();
    for (case, day) in heard.chain(waived) {
        let known = until.entry(case).or_insert(day);
        *known = day.max(*known);
    }
    Ok(until)
}

/// The hearings of a case, oldest first.
pub async fn of_case(db: &mut Read, tenant: Tenant, case: CaseId) -> db::Result<Vec<Hearing>> {
    store::hearings(db, tenant, &(case..=case)).await
}
