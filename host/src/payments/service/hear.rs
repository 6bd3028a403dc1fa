//! Hearing the bank's answers.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

use serde::Serialize;
use sha2::{Digest, Sha256};
use ydun_domain::Dkk;
use ydun_domain::ids::{CaseId, PaymentId};

use super::moves::{ask_about_troubled, carry_out, post};
use crate::access::{Act, Pay};
use crate::audit::{self, Action, Subject};
use crate::clock::danish;
use crate::db::Tx;
use crate::ledger::{self, Account, Cause, Entry, Posting};
use crate::payments::answer::{Answer, PaymentReport, Report};
use crate::payments::state::Stuck;
use crate::payments::store::{self, Move, Part};
use crate::payments::{BankFormat, NotAnAnswer, Payment, PaymentFile, State};
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
    /// End-to-end ids in the answer that are not in the file it is about.
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

/// Hears an answer of the bank about a file. Hearing it again changes nothing.
///
/// Rejected money is parked on the clearing account and becomes a task. What contradicts what is
/// known moves nothing and becomes a task too.
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
    let file = store::find_by_message(tx, act.tenant(), &answer.about).await?;
    let file = file.ok_or_else(|| HearError::UnknownFile(answer.about.clone()))?;
    let payments = store::lock_file(tx, act.tenant(), file.id).await?;
    let understood = understand(&answer, &payments);

    book(tx, act, &answer, &file, &understood.moves).await?;
    carry_out(tx, act, &understood.moves).await?;
    if let Some(cases) = range(&payments) {
        ask_about_troubled(tx, act, &cases).await?;
    }
    raise(tx, act, &answer, &understood.alarms).await?;
    let heard = understood.heard();
    let detail = format!("answer {}: {heard:?}", answer.message_id);
    audit::record(tx, act, Action::BankAnswerHeard, Subject::PaymentFile(file.id), detail).await?;
    Ok(heard)
}

/// What an answer says of the payments of its file.
#[derive(Default)]
struct Understood<'a> {
    moves: Vec<Move>,
    alarms: Vec<Alarm<'a>>,
    unknown: Vec<String>,
}

/// Something in an answer that does not fit.
struct Alarm<'a> {
    payment: &'a Payment,
    text: String,
}

impl Understood<'_> {
    fn heard(self) -> Heard {
        let mut moved = BTreeMap::new();
        for step in &self.moves {
            *moved.entry(step.to).or_insert(0) += 1;
        }
        let alarms = self
            .alarms
            .into_iter()
            .map(|alarm| format!("{}: {}", alarm.payment.end_to_end, alarm.text));
        Heard { again: false, moved, unknown: self.unknown, alarms: alarms.collect() }
    }
}

/// What is said of a payment by name holds before what is said of all.
fn understand<'a>(answer: &Answer, payments: &'a [Payment]) -> Understood<'a> {
    let mut named: HashMap<&str, &PaymentReport> =
        answer.payments.iter().map(|report| (report.end_to_end.as_str(), report)).collect();
    let mut understood = Understood::default();
    for payment in payments {
        let report = named.remove(payment.end_to_end.as_str());
        let amount = report.and_then(|report| report.amount);
        let Some(report) = report.map(|named| &named.report).or(answer.all.as_ref()) else {
            continue;
        };
        match next(payment, report, amount) {
            Ok(to) if to == payment.state => {}
            Ok(to) => {
                let (payment, version, cause) =
                    (payment.id, payment.version, cause(report, answer));
                understood.moves.push(Move { payment, version, to, cause });
            }
            Err(text) => understood.alarms.push(Alarm { payment, text }),
        }
    }
    understood.unknown = named.into_keys().map(str::to_owned).collect();
    understood.unknown.sort();
    understood
}

/// The state a payment moves to, or what is wrong, in Danish.
fn next(payment: &Payment, report: &Report, amount: Option<Dkk>) -> Result<State, String> {
    if let Some(amount) = amount.filter(|amount| *amount != payment.amount) {
        return Err(format!("Banken har beløbet {amount}, men der er sendt {}", payment.amount));
    }
    payment.state.hear(report.word).map_err(|stuck: Stuck| {
        format!(
            "Banken melder '{}' om en betaling, der er '{}' ({stuck})",
            report.word, payment.state
        )
    })
}

fn cause(report: &Report, answer: &Answer) -> String {
    let reason = report.reason();
    let separator = if reason.is_empty() { "" } else { ". " };
    format!("{reason}{separator}Bankens svar {}", answer.message_id)
}

fn range(payments: &[Payment]) -> Option<RangeInclusive<CaseId>> {
    let cases = || payments.iter().map(|payment| payment.case_id);
    Some(cases().min()?..=cases().max()?)
}

/// Settled money has left the bank account; rejected money is parked.
async fn book(
    tx: &mut Tx,
    act: &Act<Pay>,
    answer: &Answer,
    file: &PaymentFile,
    moves: &[Move],
) -> Result<(), HearError> {
    let to = |state| match state {
        State::Settled => Some(Account::Bank),
        State::Rejected => Some(Account::Clearing),
        _ => None,
    };
    let credits: HashMap<PaymentId, Account> =
        moves.iter().filter_map(|step| Some((step.payment, to(step.to)?))).collect();
    if credits.is_empty() {
        return Ok(());
    }
    let parts = store::parts_of_file(tx, act.tenant(), file.id).await?;
    let posting = |part: &Part| -> Option<Posting> {
        post(part, Account::BankInTransit, credits.get(&part.payment)?.clone())
    };
    let postings = parts.iter().filter_map(posting).collect();
    let key = format!("answer:{SOURCE}:{}", answer.message_id);
    let entry = Entry::new(key, Cause::Answer(file.id), danish(act.at()), postings);
    ledger::service::book(tx, act, &[entry]).await?;
    Ok(())
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
        case: alarm.payment.case_id,
        topic: topic.clone(),
        queue: super::moves::QUEUE.to_owned(),
        title: format!("Bankens svar passer ikke med udbetalingen på {}", alarm.payment.amount),
        detail: format!(
            "{}. {}. Spørg banken, hvad der gælder.",
            alarm.payment.message, alarm.text
        ),
        due: None,
    };
    tasks::service::ask(tx, act, &topic, &(first..=last), alarms.iter().map(task).collect())
        .await?;
    Ok(())
}
