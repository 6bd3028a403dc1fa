//! What can be done with letters on their way: write them, send them, hear what became of them.

mod send;

use std::collections::BTreeSet;

use ydun_domain::ids::{CaseId, LetterId, MessageId, PartyId};
use ydun_domain::{Day, Tenant};

use super::{Dispatch, Fate, Reach, Said, State, Written, store};
use crate::access::{Act, Register, Right};
use crate::audit::{self, Action, Subject};
use crate::db::{Read, Result, Tx};
use crate::hearings::Channel;
use crate::jobs::{self, Topic};
use crate::letters::Draft;
use crate::parties::{self, Identity};
use crate::tasks::{self, NewTask};

pub use send::{LEASE, SendError, Sent, send};

/// Why something about a letter was not taken down.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    #[error("there is no message {0} on its way; see `ydun letter list`")]
    NotOnItsWay(MessageId),
    #[error("a letter cannot arrive or come back on {0}, which is in the future")]
    Future(Day),
    #[error("a party cannot get the letters of itself instead")]
    Itself,
    #[error("the letter could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Keeps letters of a case and puts them on their way; one that is written already is left alone.
/// Returns how many are new.
pub async fn write<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    case: CaseId,
    drafts: Vec<Draft>,
) -> Result<usize> {
    let mut new = 0;
    for draft in drafts {
        let Draft { kind, about, recipient, letter } = draft;
        let business_key = letter.id.clone();
        let written = Written { id: LetterId::generate(), case, kind, about, recipient, letter };
        if store::insert(tx, act, &written, &business_key).await? {
            put_on_its_way(tx, act, &written, &[]).await?;
            audit::record(tx, act, Action::LetterWritten, Subject::Letter(written.id), "").await?;
            new += 1;
        }
    }
    Ok(new)
}

/// Plans the next try; at the desk there is nothing to send, and somebody is asked to see to it.
async fn put_on_its_way<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    written: &Written,
    tried: &[Channel],
) -> Result<()> {
    let (to, reach) = reader(tx, act.tenant(), written.recipient).await?;
    let channel = reach.way(tried);
    let is_at_desk = channel == Channel::Desk;
    let dispatch = Dispatch {
        message: MessageId::generate(),
        letter: written.id,
        case: written.case,
        title: written.letter.title.clone(),
        kind: written.kind,
        to,
        channel,
        state: if is_at_desk { State::Sent } else { State::Planned },
        planned_at: act.at(),
        closed_on: None,
        reason: String::new(),
    };
    store::insert_dispatch(tx, act.tenant(), &dispatch).await?;
    if is_at_desk {
        return ask_the_desk(tx, act, written).await;
    }
    let key = dispatch.message.to_string();
    jobs::plan(tx, act.tenant(), Topic::SendLetter, &key, &dispatch.message, act.at())
        .await
        .map(drop)
}

async fn ask_the_desk<R: Right>(tx: &mut Tx, act: &Act<R>, written: &Written) -> Result<()> {
    let task = NewTask {
        business_key: format!("letter:{}", written.id),
        about: tasks::About::Case(written.case),
        topic: desk_topic(written.id),
        queue: "letters".to_owned(),
        title: format!("Udlevér brevet »{}«", written.letter.title),
        detail: "Modtageren har hverken Digital Post eller en adresse, vi kan sende til. Brevet ligger klar til \
                 udlevering i borgerservice. Notér det, når brevet er udleveret mod kvittering."
            .to_owned(),
        questions: vec![],
        amount: None,
        due: None,
    };
    tasks::service::ask(
        tx,
        act,
        &desk_topic(written.id),
        &(written.case..=written.case),
        vec![task],
    )
    .await
}

fn desk_topic(letter: LetterId) -> String {
    format!("letter-at-desk:{letter}")
}

/// Who gets a party's letters, and how that one can be reached.
async fn reader(db: &mut Read, tenant: Tenant, party: PartyId) -> Result<(PartyId, Reach)> {
    let reach = reach(db, tenant, party).await?;
    match reach.instead {
        Some((_, other)) => Ok((other, self::reach(db, tenant, other).await?)),
        None => Ok((party, reach)),
    }
}

/// How a party can be reached, as far as we have been told.
pub async fn reach(db: &mut Read, tenant: Tenant, party: PartyId) -> Result<Reach> {
    if let Some(reach) = store::reach(db, tenant, party).await? {
        return Ok(reach);
    }
    let found = parties::service::by_ids(db, tenant, &[party]).await?;
    let is_person = found.iter().any(|party| matches!(party.identity, Identity::Citizen(_)));
    Ok(Reach::untold(!is_person))
}

/// Takes down how a party can be reached.
pub async fn tell_reach(
    tx: &mut Tx,
    act: &Act<Register>,
    party: PartyId,
    reach: &Reach,
) -> std::result::Result<(), PostError> {
    if reach.instead.is_some_and(|(_, other)| other == party) {
        return Err(PostError::Itself);
    }
    store::tell_reach(tx, act, party, reach).await?;
    Ok(audit::record(tx, act, Action::PartyReachTold, Subject::Party(party), "").await?)
}

/// A letter that has arrived: what it is about, and how it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    pub written: Written,
    pub on: Day,
    pub channel: Channel,
}

/// Takes down what became of a message. One that came back goes another way.
pub async fn hear(
    tx: &mut Tx,
    act: &Act<Register>,
    said: &Said,
) -> std::result::Result<Option<Arrived>, PostError> {
    if said.on > crate::clock::danish(act.at()) {
        return Err(PostError::Future(said.on));
    }
    let (tenant, message) = (act.tenant(), said.message);
    let unknown = || PostError::NotOnItsWay(message);
    let written = store::letter_of(tx, tenant, message).await?.ok_or_else(unknown)?;
    let ways = store::dispatches(tx, tenant, written.case).await?;
    let ways: Vec<Dispatch> = ways.into_iter().filter(|way| way.letter == written.id).collect();
    let way = ways.iter().find(|way| way.message == message).ok_or_else(unknown)?;
    let (state, reason) = match &said.fate {
        Fate::Arrived => (State::Arrived, ""),
        Fate::Failed(reason) => (State::Failed, reason.as_str()),
    };
    if !store::close(tx, tenant, message, state, said.on, reason).await? {
        return Err(unknown());
    }
    let detail = format!("{state} on {}", said.on);
    audit::record(tx, act, Action::LetterHeard, Subject::Letter(written.id), detail).await?;
    if state == State::Failed {
        let tried: BTreeSet<Channel> = ways.iter().map(|way| way.channel).collect();
        put_on_its_way(tx, act, &written, &Vec::from_iter(tried)).await?;
        return Ok(None);
    }
    let channel = way.channel;
    if channel == Channel::Desk {
        let cases = written.case..=written.case;
        tasks::service::ask(tx, act, &desk_topic(written.id), &cases, vec![]).await?;
    }
    Ok(Some(Arrived { written, on: said.on, channel }))
}

/// The letters of a case, oldest first.
pub async fn letters(db: &mut Read, tenant: Tenant, case: CaseId) -> Result<Vec<Written>> {
    store::letters(db, tenant, case).await
}

/// The ways of the letters of a case, oldest first.
pub async fn ways(db: &mut Read, tenant: Tenant, case: CaseId) -> Result<Vec<Dispatch>> {
    store::dispatches(db, tenant, case).await
}
