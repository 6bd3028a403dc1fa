//! Writing what is to be told of many cases, and what it means that a letter has arrived.

use ydun_domain::ids::CaseId;
use ydun_domain::{Day, Period};
use ydun_typeset::Sender;

use super::delivery::{self, DeliverError};
use crate::access::{Act, Approve, Look, Register};
use crate::cases;
use crate::db::Tx;
use crate::hearings::service::{self as hearings, HearingError};
use crate::letters::About;
use crate::letters::post::Said;
use crate::letters::post::service::{self as post, Arrived, PostError};
use crate::letters::service::{self as letters, LetterError};
use crate::payments::BankProfile;

/// Who handles the post: takes it down, and lets what has arrived change payments.
#[derive(Clone, Copy, Debug)]
pub struct Clerk<'a> {
    pub register: &'a Act<Register>,
    pub approve: &'a Act<Approve>,
    pub bank: &'a BankProfile,
}

/// What was heard of a message, and what it set in motion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// The letter came back and goes another way.
    TriedAgain,
    /// It arrived, and nothing waits for that.
    Arrived,
    /// The party can answer until this day.
    HearingRuns(Day),
    /// The decision counts from now on.
    DecisionCounts,
}

/// Why what was heard was not taken down.
#[derive(Debug, thiserror::Error)]
pub enum HearError {
    #[error(transparent)]
    Post(#[from] PostError),
    #[error(transparent)]
    Hearing(#[from] HearingError),
    #[error(transparent)]
    Decision(#[from] DeliverError),
}

/// The cases in which something was decided or put to a party in some days, or is paid in them.
pub async fn touched(
    tx: &mut Tx,
    act: &Act<Look>,
    days: Period,
) -> Result<Vec<CaseId>, sqlx::Error> {
    super::store::touched(tx, act.tenant(), days).await
}

/// Writes the letters of a case that are not written yet, and puts them on their way. Returns how many.
///
/// What is only proposed is not written about, but for the hearing.
pub async fn write(
    tx: &mut Tx,
    look: &Act<Look>,
    register: &Act<Register>,
    sender: &Sender,
    case: CaseId,
) -> Result<usize, LetterError> {
    let Some(case) = cases::service::by_id(tx, look.tenant(), case).await? else { return Ok(0) };
    let mut drafts = letters::of_case(tx, look, sender, &case).await?;
    drafts.retain(|draft| draft.about != About::Nothing);
    Ok(post::write(tx, register, case.id, drafts).await?)
}

/// Takes down what became of a message, and does what waited for its arrival.
pub async fn hear(tx: &mut Tx, clerk: &Clerk<'_>, said: &Said) -> Result<Consequence, HearError> {
    match post::hear(tx, clerk.register, said).await? {
        Some(arrived) => arrive(tx, clerk, &arrived).await,
        None => Ok(Consequence::TriedAgain),
    }
}

/// A hearing's clock runs, and a decision that gives less counts, from the day the letter arrived. Where
/// somebody has said so before, that stands.
async fn arrive(
    tx: &mut Tx,
    clerk: &Clerk<'_>,
    arrived: &Arrived,
) -> Result<Consequence, HearError> {
    let Arrived { written, on, channel } = arrived;
    match written.about {
        About::Hearing(hearing) => {
            let of = (written.case, hearing);
            match hearings::deliver(tx, clerk.register, of, *on, *channel).await {
                Ok(delivery) => Ok(Consequence::HearingRuns(delivery.deadline)),
                Err(HearingError::NotWaiting) => Ok(Consequence::Arrived),
                Err(error) => Err(error.into()),
            }
        }
        About::Decision(decision) => {
            let of = (written.case, decision);
            match delivery::deliver(tx, clerk.approve, clerk.bank, of, *on, *channel).await {
                Ok(_) => Ok(Consequence::DecisionCounts),
                Err(DeliverError::NotHeld(_)) => Ok(Consequence::Arrived),
                Err(error) => Err(error.into()),
            }
        }
        About::Payment(_) | About::Nothing => Ok(Consequence::Arrived),
    }
}
