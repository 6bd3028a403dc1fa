//! What letters there are to write: gathers what is decided, intended and paid, and has it composed.

use std::collections::{BTreeMap, BTreeSet};

use ydun_domain::ids::{HearingId, PartyId};
use ydun_domain::{Dkk, Period, Tenant};
use ydun_typeset::Sender;

use super::decision::{Change, Matter};
use super::hearing::Intended;
use super::{About, Draft, Frame, Nameless, payment};
use crate::access::{Act, Look};
use crate::audit::{self, Subject};
use crate::cases::Case;
use crate::clock::danish;
use crate::db::{self, Read, Tx};
use crate::decisions::explain::{self, ExplainError, Explanation};
use crate::decisions::{Decision, Status, gate, service as decisions};
use crate::hearings::{Hearing, service as hearings};
use crate::notices::{Notice, service as notices};
use crate::parties::{self, Party};

/// Why there is no letter.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    #[error(transparent)]
    Unexplained(#[from] ExplainError),
    #[error(transparent)]
    Nameless(#[from] Nameless),
    #[error("there is no hearing {0} in the case; see `ydun hearing list`")]
    NoHearing(HearingId),
    #[error(
        "no decision of the case is what hearing {0} is about; calculate the days, or write the letter by hand"
    )]
    NotProposed(HearingId),
    #[error("the letter could not be read")]
    Store(#[from] sqlx::Error),
}

/// The letters about what is decided for some days of a case; else about what is proposed or was last
/// calculated. The look is recorded.
pub async fn about_days(
    tx: &mut Tx,
    act: &Act<Look>,
    sender: &Sender,
    case: &Case,
    days: Period,
) -> Result<Vec<Draft>, LetterError> {
    let explanation = explain::explain(tx, act, case.id, days).await?;
    let history = decisions::of_case(tx, act, case.id).await?;
    about(tx, act, sender, &explanation, &history).await
}

/// Every letter of a case: about what is decided and proposed, to be heard about, and paid. The look is
/// recorded.
pub async fn of_case(
    tx: &mut Tx,
    act: &Act<Look>,
    sender: &Sender,
    case: &Case,
) -> Result<Vec<Draft>, LetterError> {
    let history = decisions::of_case(tx, act, case.id).await?;
    let mut letters = Vec::new();
    let is_there = |decision: &&Decision| !matches!(decision.status, Status::Rejected { .. });
    for decision in history.iter().filter(is_there) {
        let explanation = explain::explain_decision(tx, act.tenant(), decision.clone()).await?;
        letters.extend(about(tx, act, sender, &explanation, &history).await?);
    }
    for hearing in hearings::of_case(tx, act.tenant(), case.id).await? {
        match about_hearing(tx, act, sender, case, hearing.id).await {
            Ok(letter) => letters.push(letter),
            Err(LetterError::NotProposed(_)) => {}
            Err(error) => return Err(error),
        }
    }
    letters.extend(about_payments(tx, act, sender, case).await?);
    let mut known = BTreeSet::new();
    letters.retain(|draft| known.insert(draft.letter.id.clone()));
    Ok(letters)
}

async fn about(
    db: &mut Read,
    act: &Act<Look>,
    sender: &Sender,
    explanation: &Explanation,
    history: &[Decision],
) -> Result<Vec<Draft>, LetterError> {
    let decision = explanation.decision.as_ref();
    let changes = decision.map_or_else(BTreeMap::new, |decision| changes(history, decision));
    let parties = told(db, act.tenant(), explanation, &changes).await?;
    let frame = frame(sender, explanation, act);
    Ok(Matter { explanation, changes: &changes, parties: &parties }.letters(&frame))
}

/// The letter that hears a party about what is proposed. The look is recorded.
pub async fn about_hearing(
    tx: &mut Tx,
    act: &Act<Look>,
    sender: &Sender,
    case: &Case,
    id: HearingId,
) -> Result<Draft, LetterError> {
    let tenant = act.tenant();
    let found = hearings::of_case(tx, tenant, case.id).await?;
    let hearing = found.into_iter().find(|hearing| hearing.id == id);
    let hearing = hearing.ok_or(LetterError::NoHearing(id))?;
    let history = decisions::of_case(tx, act, case.id).await?;
    let intended = intended(&history, &hearing).ok_or(LetterError::NotProposed(id))?;
    let party = party(tx, tenant, hearing.intention.party).await?;
    let change = changes(&history, intended).get(&party.id).copied();
    let change = change.ok_or(LetterError::NotProposed(id))?;
    let explanation = explain::explain_decision(tx, tenant, intended.clone()).await?;
    let number = case.to_string();
    let date = danish(hearing.opened_at);
    let frame = Frame { sender, date, case_number: &number, by: &hearing.opened_by };
    let intended = Intended { hearing: &hearing, party: &party, change, explanation: &explanation };
    Ok(intended.letter(&frame))
}

/// The letters about what is paid in a case, oldest first: to be sent from the day the money is there, as a
/// payment can be stopped or come later until then. The look is recorded.
pub async fn about_payments(
    tx: &mut Tx,
    act: &Act<Look>,
    sender: &Sender,
    case: &Case,
) -> Result<Vec<Draft>, LetterError> {
    let mut of_case = notices::of_case(tx, act.tenant(), case.id).await?;
    of_case.retain(|notice| notice.withdrawn_at.is_none());
    let named = of_case.iter().flat_map(payment::named).collect();
    let parties = by_ids(tx, act.tenant(), named).await?;
    audit::record_look(tx, act, Subject::Case(case.id), "payment letters").await?;
    let number = case.to_string();
    let today = danish(act.at());
    let letter = |notice: &Notice| -> Result<Draft, LetterError> {
        let content = &notice.content;
        let date = content.decided_on;
        let frame = Frame { sender, date, case_number: &number, by: &content.decided_by };
        let draft = payment::letter(&frame, notice, &parties)?;
        let is_paid = notice.disposal <= today;
        Ok(if is_paid { draft } else { Draft { about: About::Nothing, ..draft } })
    };
    of_case.iter().map(letter).collect()
}

/// A decision's letter has the day and the initials of its approval; what is not decided, today's.
fn frame<'a>(sender: &'a Sender, explanation: &'a Explanation, act: &'a Act<Look>) -> Frame<'a> {
    let (date, by) = match explanation.decision.as_ref().map(|decision| &decision.status) {
        Some(Status::Approved(mark) | Status::Superseded(mark)) => (danish(mark.at), &*mark.by),
        _ => (danish(act.at()), act.by()),
    };
    Frame { sender, date, case_number: &explanation.case, by }
}

/// The decision that a hearing is about, whatever has become of it.
fn intended<'a>(history: &'a [Decision], hearing: &Hearing) -> Option<&'a Decision> {
    history.iter().rev().find(|decision| gate::intends(decision, &hearing.intention))
}

/// What each payee got for the days of a decision by the one before it, where that is another amount.
fn changes(history: &[Decision], decision: &Decision) -> BTreeMap<PartyId, Change> {
    let was_decided = |earlier: &&Decision| {
        matches!(earlier.status, Status::Approved(_) | Status::Superseded(_))
            && earlier.basis.period.first() == decision.basis.period.first()
            && earlier.id < decision.id
    };
    let Some(before) = history.iter().filter(was_decided).max_by_key(|earlier| earlier.id) else {
        return BTreeMap::new();
    };
    let (before, after) = (gate::by_payee(&before.lines), gate::by_payee(&decision.lines));
    let of = |sums: &BTreeMap<PartyId, Dkk>, party: PartyId| {
        sums.get(&party).copied().unwrap_or_default()
    };
    let parties: BTreeSet<PartyId> = before.keys().chain(after.keys()).copied().collect();
    let change = |party: PartyId| {
        let change = Change { before: of(&before, party), after: of(&after, party) };
        (change.before != change.after).then_some((party, change))
    };
    parties.into_iter().filter_map(change).collect()
}

/// Everybody the letters about a calculation can be to.
async fn told(
    db: &mut Read,
    tenant: Tenant,
    explanation: &Explanation,
    changes: &BTreeMap<PartyId, Change>,
) -> db::Result<BTreeMap<PartyId, Party>> {
    let lines = explanation.decision.iter().flat_map(|decision| &decision.lines);
    let by_benefit = explanation.words.letters.iter().map(|words| words.recipient);
    let named = lines.map(|line| line.payee).chain(by_benefit).chain(changes.keys().copied());
    by_ids(db, tenant, named.collect()).await
}

async fn by_ids(
    db: &mut Read,
    tenant: Tenant,
    ids: BTreeSet<PartyId>,
) -> db::Result<BTreeMap<PartyId, Party>> {
    let found = parties::service::by_ids(db, tenant, &Vec::from_iter(ids)).await?;
    Ok(found.into_iter().map(|party| (party.id, party)).collect())
}

async fn party(db: &mut Read, tenant: Tenant, id: PartyId) -> Result<Party, LetterError> {
    let found = parties::service::by_ids(db, tenant, &[id]).await?;
    Ok(found.into_iter().next().ok_or(Nameless(id))?)
}
