//! What an answer of the bank says of payments, before anything is done about it.

use std::collections::{BTreeMap, HashMap};

use ydun_domain::Dkk;
use ydun_domain::ids::PaymentId;

use super::hear::Heard;
use crate::payments::answer::{Answer, PaymentReport, Report, Word};
use crate::payments::stop::{StopRequest, StopState};
use crate::payments::{Payment, State};

/// What an answer says of the payments it is about.
#[derive(Default)]
pub(super) struct Understood<'a> {
    pub(super) steps: Vec<Step<'a>>,
    pub(super) stops: Vec<StopWord<'a>>,
    pub(super) alarms: Vec<Alarm<'a>>,
    unknown: Vec<String>,
}

/// A payment moves.
#[derive(Clone)]
pub(super) struct Step<'a> {
    pub(super) payment: &'a Payment,
    /// Which of the payment's steps in this answer it is; an account's day can tell several.
    pub(super) round: usize,
    pub(super) from: State,
    pub(super) to: State,
    pub(super) cause: String,
}

/// The bank's word on a request to stop a payment, which does not move the payment.
pub(super) struct StopWord<'a> {
    pub(super) payment: &'a Payment,
    pub(super) to: StopState,
    pub(super) cause: String,
}

/// Something in an answer that does not fit.
pub(super) struct Alarm<'a> {
    pub(super) payment: &'a Payment,
    pub(super) text: String,
}

/// The requests to stop some of the payments.
pub(super) type Requests = HashMap<PaymentId, StopRequest>;

/// What is said of a payment by name holds before what is said of all.
pub(super) fn understand<'a>(
    answer: &Answer,
    payments: &'a [Payment],
    requests: &Requests,
) -> Understood<'a> {
    let mut named: HashMap<&str, Vec<&PaymentReport>> = HashMap::new();
    for report in &answer.payments {
        named.entry(&report.end_to_end).or_default().push(report);
    }
    let mut understood = Understood::default();
    for payment in payments {
        let is_asked = requests.contains_key(&payment.id);
        let mut reading = Following { answer, is_asked, now: payment.clone(), of: payment };
        match named.remove(payment.end_to_end.as_str()) {
            Some(reports) => reports
                .iter()
                .for_each(|told| reading.hear(&told.report, told.amount, &mut understood)),
            None => {
                if let Some(report) = &answer.all {
                    reading.hear(report, None, &mut understood);
                }
            }
        }
    }
    understood.unknown = named.into_keys().map(str::to_owned).collect();
    understood.unknown.sort();
    understood
}

/// A payment, followed through what one answer says of it.
struct Following<'a, 'b> {
    answer: &'b Answer,
    /// Whether somebody has asked to stop it.
    is_asked: bool,
    of: &'a Payment,
    now: Payment,
}

impl<'a> Following<'a, '_> {
    fn hear(&mut self, report: &Report, amount: Option<Dkk>, understood: &mut Understood<'a>) {
        let cause = self.cause(report);
        match self.next(report.word, amount) {
            Err(text) => understood.alarms.push(Alarm { payment: self.of, text }),
            Ok(to) if to == self.now.state => {
                let to = match report.word {
                    Word::StopRefused => StopState::Refused,
                    Word::StopPending => StopState::Pending,
                    _ => return,
                };
                understood.stops.push(StopWord { payment: self.of, to, cause });
            }
            Ok(to) => {
                let round = understood.rounds_of(self.of);
                let from = self.now.state;
                understood.steps.push(Step { payment: self.of, round, from, to, cause });
                self.now.state = to;
                self.now.drawn |= matches!(to, State::Settled | State::Returned);
            }
        }
    }

    /// The state the payment moves to, or what is wrong, in Danish.
    ///
    /// That the bank has stopped what nobody asked it to stop is a refusal to pay.
    fn next(&self, word: Word, amount: Option<Dkk>) -> Result<State, String> {
        let sent = self.now.amount;
        if let Some(amount) = amount.filter(|amount| *amount != sent) {
            return Err(format!("Banken har beløbet {amount}, men der er sendt {sent}"));
        }
        let word = if word == Word::Stopped && !self.is_asked { Word::Rejected } else { word };
        let state = self.now.state;
        self.now.hear(word).map_err(|stuck| {
            format!("Banken melder '{word}' om en betaling, der er '{state}' ({stuck})")
        })
    }

    fn cause(&self, report: &Report) -> String {
        let reason = report.reason();
        let separator = if reason.is_empty() { "" } else { ". " };
        format!("{reason}{separator}Bankens svar {}", self.answer.message_id)
    }
}

impl Understood<'_> {
    fn rounds_of(&self, payment: &Payment) -> usize {
        self.steps.iter().rev().take_while(|step| step.payment.id == payment.id).count()
    }

    pub(super) fn heard(self) -> Heard {
        let mut moved = BTreeMap::new();
        for step in &self.steps {
            *moved.entry(step.to).or_insert(0) += 1;
        }
        let alarms = self
            .alarms
            .into_iter()
            .map(|alarm| format!("{}: {}", alarm.payment.end_to_end, alarm.text));
        Heard { again: false, moved, unknown: self.unknown, alarms: alarms.collect() }
    }
}
