//! Hearing the bank's answers.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::Serialize;
use sha2::{Digest, Sha256};
use ydun_domain::ids::{CaseId, PaymentFileId, PaymentId};

use super::moves::{ask_about_troubled, carry_out, post};
use super::statement;
use super::stopped::{answer_requests, let_go};
use super::understand::{Alarm, Requests, Step, understand};
use super::withdraw::{Withdrawal, by_payment, withdraw};
use crate::access::{Act, Pay};
use crate::audit::{self, Action, Subject};
use crate::clock::danish;
use crate::db::Tx;
use crate::ledger::{self, Account, Cause, Entry, Posting};
use crate::payments::answer::{About, Answer};
use crate::payments::store::{self, Move, Part};
use crate::payments::{BankFormat, NotAnAnswer, Payment, State};
use crate::tasks::{self, NewTask};

/// Under which name answers are remembered.
const SOURCE: &str = "bank";

/// What an answer changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Heard {
    /// The very same answer was heard before, and nothing was done.
    pub again: bool,
    /// How many payments moved where.
    pub moved: BTreeMap<State, usize>,
    /// End-to-end ids in the answer that are none of ours, or not in the file it is about.
    pub unknown: Vec<String>,
    /// What does not fit with what we know. Each has become a task; no payment was moved by it.
    pub alarms: Vec<String>,
}

/// Why an answer was not heard. Keep its file.
#[derive(Debug, thiserror::Error)]
pub enum HearError {
    #[error(transparent)]
    NotAnAnswer(#[from] NotAnAnswer),
    #[error(
        "the answer is about the message '{0}', which was not sent from here; ask the bank whose it is"
    )]
    UnknownFile(String),
    #[error(
        "the bank has used the message id '{0}' for two different answers; ask which one holds"
    )]
    Reused(String),
    #[error("the answer could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Hears an answer of the bank. Hearing it again changes nothing.
///
/// Money that is refused or comes back is parked on the clearing account and becomes a task, unless
/// somebody wanted it stopped anyway. What contradicts what is known moves nothing and becomes a task
/// too.
#[tracing::instrument(skip_all, fields(by = act.by()))]
pub async fn hear(
    tx: &mut Tx,
    act: &Act<Pay>,
    format: &dyn BankFormat,
    bytes: &[u8],
) -> Result<Heard, HearError> {
    let answer = format.read(bytes)?;
    let digest = Sha256::digest(bytes);
    if let Some(before) = store::hear_once(tx, act, SOURCE, &answer.message_id, &digest).await? {
        return if before[..] == digest[..] {
            Ok(Heard { again: true, ..Heard::default() })
        } else {
            Err(HearError::Reused(answer.message_id))
        };
    }
    let payments = concerned(tx, act, &answer).await?;
    let ids: Vec<PaymentId> = payments.iter().map(|payment| payment.id).collect();
    let requests: Requests = store::requests(tx, act.tenant(), &ids)
        .await?
        .into_iter()
        .map(|request| (request.payment, request))
        .collect();
    let understood = understand(&answer, &payments, &requests);

    for round in 0.. {
        let steps: Vec<_> = understood.steps.iter().filter(|step| step.round == round).collect();
        if steps.is_empty() {
            break;
        }
        take(tx, act, &answer, round, &steps).await?;
    }
    answer_requests(tx, act, &requests, &understood).await?;
    let_go(tx, act, &requests, &understood.steps).await?;
    if let Some(cases) = range(&payments) {
        ask_about_troubled(tx, act, &cases).await?;
    }
    raise(tx, act, &answer, &understood.alarms).await?;
    statement::keep(tx, act, &answer, &payments).await?;
    let heard = understood.heard();
    let detail = format!("answer {}: {heard:?}", answer.message_id);
    audit::record(tx, act, Action::BankAnswerHeard, subject(&payments), detail).await?;
    Ok(heard)
}

/// The payments an answer is about, which nobody else can change meanwhile.
async fn concerned(
    tx: &mut Tx,
    act: &Act<Pay>,
    answer: &Answer,
) -> Result<Vec<Payment>, HearError> {
    let tenant = act.tenant();
    match &answer.about {
        About::Payments(message_id) => {
            let file = store::find_by_message(tx, tenant, message_id).await?;
            let file = file.ok_or_else(|| HearError::UnknownFile(message_id.clone()))?;
            Ok(store::lock_file(tx, tenant, file.id).await?)
        }
        About::Stops(message_id) => {
            let payments = store::stopped_by(tx, tenant, message_id).await?;
            if payments.is_empty() {
                return Err(HearError::UnknownFile(message_id.clone()));
            }
            Ok(store::lock_all(tx, tenant, &payments).await?)
        }
        About::Named => {
            let names: Vec<&str> =
                answer.payments.iter().map(|report| report.end_to_end.as_str()).collect();
            Ok(store::lock_named(tx, tenant, &names).await?)
        }
    }
}

/// The file, when the answer is about one.
fn subject(payments: &[Payment]) -> Subject {
    let mut files = payments.iter().filter_map(|payment| payment.file_id);
    match files.next() {
        Some(file) if files.all(|other| other == file) => Subject::PaymentFile(file),
        _ => Subject::Municipality,
    }
}

fn range(payments: &[Payment]) -> Option<RangeInclusive<CaseId>> {
    let cases = || payments.iter().map(|payment| payment.case_id);
    Some(cases().min()?..=cases().max()?)
}

/// Takes one step with each of some payments, and books what it means.
async fn take(
    tx: &mut Tx,
    act: &Act<Pay>,
    answer: &Answer,
    round: usize,
    steps: &[&Step<'_>],
) -> Result<(), HearError> {
    let ids: Vec<PaymentId> = steps.iter().map(|step| step.payment.id).collect();
    let mut parts = by_payment(store::parts_of_payments(tx, act.tenant(), &ids).await?);
    let (stopped, others): (Vec<&Step<'_>>, Vec<&Step<'_>>) =
        steps.iter().copied().partition(|step| step.to == State::Stopped);
    let entries = entries(act, answer, round, &others, &parts);
    ledger::service::book(tx, act, &entries).await?;
    let step = |step: &&Step<'_>| {
        let version = parts[&step.payment.id][0].version;
        Move { payment: step.payment.id, version, to: step.to, cause: step.cause.clone() }
    };
    carry_out(tx, act, &others.iter().map(step).collect::<Vec<_>>()).await?;
    let withdrawal = |step: &Step<'_>| {
        let parts = parts.remove(&step.payment.id)?;
        Some(Withdrawal { parts, cause: format!("standset i banken. {}", step.cause) })
    };
    let withdrawals = stopped.into_iter().filter_map(withdrawal).collect();
    withdraw(tx, act, withdrawals).await?;
    Ok(())
}

/// One entry for each file, of what its payments' steps move.
fn entries(
    act: &Act<Pay>,
    answer: &Answer,
    round: usize,
    steps: &[&Step<'_>],
    parts: &BTreeMap<PaymentId, Vec<Part>>,
) -> Vec<Entry> {
    let mut postings: BTreeMap<PaymentFileId, Vec<Posting>> = BTreeMap::new();
    for step in steps {
        let Some(file) = step.payment.file_id else { continue };
        for (debit, credit) in legs(step.from, step.to) {
            let of_part = |part: &Part| post(part, debit.clone(), credit.clone());
            let moved = parts[&step.payment.id].iter().filter_map(of_part);
            postings.entry(file).or_default().extend(moved);
        }
    }
    let entry = |(file, postings)| {
        let key = format!("answer:{SOURCE}:{}:{file}:{round}", answer.message_id);
        Entry::new(key, Cause::Answer(file), danish(act.at()), postings)
    };
    postings.into_iter().map(entry).collect()
}

/// Debit and credit of what a step means for the money. What came back was drawn first, so that the
/// bank account shows what the bank's does.
fn legs(from: State, to: State) -> Vec<(Account, Account)> {
    let drawn = (Account::BankInTransit, Account::Bank);
    let came_back = (Account::Bank, Account::Clearing);
    match (from, to) {
        (_, State::Settled) => vec![drawn],
        (_, State::Rejected) => vec![(Account::BankInTransit, Account::Clearing)],
        (State::Settled, State::Returned) => vec![came_back],
        (_, State::Returned) => vec![drawn, came_back],
        _ => vec![],
    }
}

/// Makes tasks of alarms. The topic is the answer's own, so that no other answer closes them.
async fn raise(
    tx: &mut Tx,
    act: &Act<Pay>,
    answer: &Answer,
    alarms: &[Alarm<'_>],
) -> Result<(), HearError> {
    let cases = || alarms.iter().map(|alarm| alarm.payment.case_id);
    let (Some(first), Some(last)) = (cases().min(), cases().max()) else { return Ok(()) };
    let topic = format!("answer:{}", answer.message_id);
    let task = |alarm: &Alarm<'_>| NewTask {
        business_key: format!("payment:{}:{topic}", alarm.payment.id),
        about: tasks::About::Case(alarm.payment.case_id),
        topic: topic.clone(),
        queue: super::moves::QUEUE.to_owned(),
        title: format!("Bankens svar passer ikke med udbetalingen på {}", alarm.payment.amount),
        detail: format!(
            "{}. {}. Spørg banken, hvad der gælder.",
            alarm.payment.message, alarm.text
        ),
        questions: Vec::new(),
        amount: Some(alarm.payment.amount),
        due: None,
    };
    tasks::service::ask(tx, act, &topic, &(first..=last), alarms.iter().map(task).collect())
        .await?;
    Ok(())
}
