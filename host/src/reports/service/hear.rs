//! Hearing what the income register says.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::access::{Act, Pay};
use crate::audit::{self, Action, Subject};
use crate::db::Tx;
use crate::reports::answer::{Answer, Remark, Severity, Verdict};
use crate::reports::{Item, NotAnAnswer, ReportFormat, State, store};

/// What an answer changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Heard {
    /// The very same answer was heard before, and nothing was done.
    pub again: bool,
    pub received: usize,
    pub accepted: usize,
    pub refused: usize,
    /// Remarks on what counts all the same.
    pub advice: Vec<String>,
    /// Ids in the answer that are not in the file.
    pub unknown: Vec<String>,
}

/// Why an answer was not heard. Keep its file.
#[derive(Debug, thiserror::Error)]
pub enum HearError {
    #[error(transparent)]
    NotAnAnswer(#[from] NotAnAnswer),
    #[error("the answer is about the file '{0}', which was not sent from here; ask whose it is")]
    UnknownFile(String),
    #[error("the register has used the id '{0}' for two different answers; ask which one holds")]
    Reused(String),
    #[error("the answer could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Hears an answer about a file. Hearing it again changes nothing; an item's first final word holds.
#[tracing::instrument(skip_all, fields(by = act.by()))]
pub async fn hear(
    tx: &mut Tx,
    act: &Act<Pay>,
    format: &dyn ReportFormat,
    bytes: &[u8],
) -> Result<Heard, HearError> {
    let answer = format.read(bytes)?;
    let digest = Sha256::digest(bytes);
    if let Some(before) = store::hear_once(tx, act, &answer.answer_id, &digest).await? {
        return if before[..] == digest[..] {
            Ok(Heard { again: true, ..Heard::default() })
        } else {
            Err(HearError::Reused(answer.answer_id))
        };
    }
    let file = store::file_by_main_id(tx, act.tenant(), &answer.file_id).await?;
    let file = file.ok_or_else(|| HearError::UnknownFile(answer.file_id.clone()))?;
    let items = store::of_file(tx, act.tenant(), file.id).await?;
    let mut heard = Heard { unknown: unknown(&answer, &items), ..Heard::default() };
    for item in &items {
        let (word, told) = word(&answer, item);
        heard.advice.extend(advice(&answer, item));
        let Some(state) = item.state.hear(word) else { continue };
        match state {
            State::Received => heard.received += 1,
            State::Accepted => heard.accepted += 1,
            _ => heard.refused += 1,
        }
        store::set_state(tx, act.tenant(), &item.report_id, state, told.as_deref()).await?;
    }
    let detail = format!("answer {}: {heard:?}", answer.answer_id);
    audit::record(tx, act, Action::ReportsAnswered, Subject::ReportFile(file.id), detail).await?;
    Ok(heard)
}

impl State {
    /// Where a word moves an item, if it does.
    fn hear(self, word: Self) -> Option<Self> {
        match (self, word) {
            (Self::Sent, Self::Received)
            | (Self::Sent | Self::Received, Self::Accepted | Self::Refused) => Some(word),
            _ => None,
        }
    }
}

/// What an answer says of an item, and why.
fn word(answer: &Answer, item: &Item) -> (State, Option<String>) {
    let mut errors = errors(answer, item);
    match (answer.verdict, errors.next()) {
        (Verdict::Refused, None) => (State::Refused, Some(answer.complaint())),
        (Verdict::Processed | Verdict::Refused, Some(error)) => {
            (State::Refused, Some(error.told()))
        }
        (Verdict::Processed, None) => (State::Accepted, None),
        (Verdict::Received, _) => (State::Received, None),
    }
}

fn errors<'a>(answer: &'a Answer, item: &'a Item) -> impl Iterator<Item = &'a Remark> {
    answer.about(&item.report_id).filter(|remark| remark.severity == Severity::Error)
}

fn advice<'a>(answer: &'a Answer, item: &'a Item) -> impl Iterator<Item = String> + 'a {
    let advice = answer.about(&item.report_id).filter(|remark| remark.severity == Severity::Advice);
    advice.map(|remark| format!("{}: {}", item.report_id, remark.told()))
}

fn unknown(answer: &Answer, items: &[Item]) -> Vec<String> {
    let is_ours = |id: &str| items.iter().any(|item| item.report_id == id);
    let named = answer.remarks.iter().filter_map(|remark| remark.report_id.clone());
    named.filter(|id| !is_ours(id)).collect()
}
