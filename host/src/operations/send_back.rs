//! Sending a proposal back: to the very fact, condition or step that is wrong, as a task on the case.

use ydun_domain::ids::{CaseId, DecisionId};

use crate::access::{Act, Approve};
use crate::cases::service as cases;
use crate::db::Tx;
use crate::decisions::Objection;
use crate::decisions::service::{self as decisions, ApproveError, open_of_case};
use crate::tasks::{self, About, NewTask};

/// Where caseworkers find what an approver has sent back.
const QUEUE: &str = "returned";

/// What is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrong<'a> {
    pub objection: Objection,
    /// The fact, condition or step it is about, as the calculation calls it in Danish.
    pub place: &'a str,
    /// In Danish, for whoever proposed it.
    pub text: &'a str,
}

/// Why a proposal was not sent back.
#[derive(Debug, thiserror::Error)]
pub enum SendBackError {
    #[error("say what is wrong, for whoever proposed it")]
    NoText,
    #[error(transparent)]
    Decision(#[from] ApproveError),
    #[error("the proposal could not be sent back")]
    Store(#[from] sqlx::Error),
}

/// Rejects a proposal, and puts what is wrong with it to the caseworkers. When it is put right, the next run of
/// the days proposes anew.
pub async fn send_back(
    tx: &mut Tx,
    act: &Act<Approve>,
    (case, id): (CaseId, DecisionId),
    wrong: Wrong<'_>,
) -> Result<(), SendBackError> {
    let text = wrong.text.trim();
    if text.is_empty() {
        return Err(SendBackError::NoText);
    }
    let open = open_of_case(tx, act.tenant(), case).await?;
    let proposal = open.into_iter().find(|open| open.id == id).ok_or(ApproveError::NotOpen(id))?;
    let reason = format!("{}: {text}", wrong.place);
    decisions::reject(tx, act, (case, id), wrong.objection, &reason).await?;
    let number = cases::by_id(tx, act.tenant(), case).await?.ok_or(sqlx::Error::RowNotFound)?;
    let topic = format!("{QUEUE}/{id}");
    let task = NewTask {
        business_key: topic.clone(),
        about: About::Case(case),
        topic: topic.clone(),
        queue: QUEUE.to_owned(),
        title: format!(
            "{number}: sendt tilbage, {} i {}",
            wrong.place,
            proposal.basis.period.in_words()
        ),
        detail: format!(
            "{} har sendt afgørelsen tilbage: {text}\nRet det, og beregn perioden igen.",
            act.by()
        ),
        questions: Vec::new(),
        amount: Some(proposal.total),
        due: None,
    };
    tasks::service::ask(tx, act, &topic, &(case..=case), vec![task]).await?;
    Ok(())
}
