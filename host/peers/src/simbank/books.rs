//! The bank's own books: what it has taken, from whom and for whom, and what it has said.
//!
//! Two moves of money. When a payment is accepted the payer is debited; when its day has come the payee
//! is credited. In between the money is the bank's: debited = in transit + the payees' balances. What is
//! stopped in between, or comes back afterwards, is undone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::account::{Movement, PayerAccount, Report};
use super::amounts::Oere;
use super::answers::{Answer, GroupStatus, Line, LineStatus, Reason};
use super::delivery::{Held, message_id};
use super::payees::Payee;
use super::script::{Decision, Later, Stopping};
use super::stops::{Said, StopAnswer};

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Books {
    pub(crate) accounts: Accounts,
    /// By end-to-end id.
    pub(crate) payments: BTreeMap<String, Payment>,
    /// In the order they came.
    pub(crate) files: Vec<ReceivedFile>,
    answers_given: u64,
    /// By the payer's account number.
    #[serde(default)]
    pub(crate) payer_accounts: BTreeMap<String, PayerAccount>,
    #[serde(default)]
    pub(crate) stops: Stops,
    #[serde(default)]
    pub(crate) held: Held,
}

/// The requests to stop that have come in.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Stops {
    /// SHA-256 of their content.
    pub(crate) digests: BTreeSet<String>,
    /// Payments that the bank will speak of on a later day, and the case they are asked for in.
    pub(crate) pending: BTreeMap<String, (NaiveDate, Option<String>)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Accounts {
    /// By the payer's account number.
    pub(crate) payers: BTreeMap<String, Payer>,
    pub(crate) payees: BTreeMap<Payee, PayeeAccount>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payer {
    pub(crate) debited_oere: Oere,
    pub(crate) payments: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PayeeAccount {
    pub(crate) balance_oere: Oere,
    pub(crate) payments: u64,
}

/// A payment that the bank has heard of.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Payment {
    /// Which of [`Books::files`] ordered it.
    pub(crate) file: usize,
    pub(crate) execution_day: NaiveDate,
    #[serde(default)]
    pub(crate) later: Later,
    #[serde(flatten)]
    pub(crate) state: State,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub(crate) enum State {
    Pending {
        #[serde(flatten)]
        money: Money,
        since: NaiveDate,
        then: Decision,
    },
    Accepted(Money),
    Settled(Money),
    /// Came back after it was settled.
    Returned(Money),
    /// Stopped on the sender's request.
    Stopped(Money),
    /// Amount and payee are there as far as they were right.
    Rejected {
        #[serde(skip_serializing_if = "Option::is_none")]
        payee: Option<Payee>,
        #[serde(skip_serializing_if = "Option::is_none")]
        amount_oere: Option<Oere>,
        reason: Reason,
    },
}

/// From whom, to whom, how much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Money {
    pub(crate) payer: String,
    pub(crate) payee: Payee,
    pub(crate) amount_oere: Oere,
}

/// A file that came in, and every answer to it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ReceivedFile {
    pub(crate) message_id: String,
    /// SHA-256 of the content.
    pub(crate) digest: String,
    /// The names under which this content has lain in the inbox.
    pub(crate) names: BTreeSet<String>,
    pub(crate) answers: Vec<Answer>,
}

/// The books cannot be opened or kept.
#[derive(Debug, thiserror::Error)]
pub enum BooksError {
    #[error("the books {0} cannot be read; see that the file and its folder are yours")]
    Unreadable(PathBuf, #[source] io::Error),
    #[error(
        "the books {0} are no books of this bank; give --books a file of its own, or move this one away"
    )]
    Malformed(PathBuf, #[source] serde_json::Error),
    #[error("the books {0} do not add up; restore them, or move them away to begin anew")]
    OutOfBalance(PathBuf),
    #[error("the books {0} cannot be written; see that its folder exists and has room")]
    Unwritable(PathBuf, #[source] io::Error),
}

impl Accounts {
    /// Takes the money from the payer, and hands it on when the day has come.
    pub(crate) fn accept(
        &mut self,
        money: Money,
        execution_day: NaiveDate,
        day: NaiveDate,
    ) -> State {
        let payer = self.payers.entry(money.payer.clone()).or_default();
        payer.debited_oere += money.amount_oere;
        payer.payments += 1;
        if execution_day <= day { self.settle(money) } else { State::Accepted(money) }
    }

    /// Puts the money at the payee's disposal.
    fn settle(&mut self, money: Money) -> State {
        let payee = self.payees.entry(money.payee.clone()).or_default();
        payee.balance_oere += money.amount_oere;
        payee.payments += 1;
        State::Settled(money)
    }

    /// Gives the payer back what it was debited.
    fn give_back(&mut self, money: &Money) {
        let payer = self.payers.entry(money.payer.clone()).or_default();
        payer.debited_oere = payer.debited_oere - money.amount_oere;
        payer.payments -= 1;
    }

    /// Takes the money from the payee again.
    fn take_back(&mut self, money: &Money) {
        let payee = self.payees.entry(money.payee.clone()).or_default();
        payee.balance_oere = payee.balance_oere - money.amount_oere;
        payee.payments -= 1;
        self.give_back(money);
    }

    /// Forgets who has neither got nor given anything in the end.
    fn drop_untouched(&mut self) {
        self.payers.retain(|_, payer| *payer != Payer::default());
        self.payees.retain(|_, payee| *payee != PayeeAccount::default());
    }

    pub(crate) fn debited(&self) -> Oere {
        self.payers.values().map(|payer| payer.debited_oere).sum()
    }

    pub(crate) fn settled(&self) -> Oere {
        self.payees.values().map(|payee| payee.balance_oere).sum()
    }
}

impl ReceivedFile {
    pub(crate) fn new(message_id: String, digest: String) -> Self {
        Self { message_id, digest, names: BTreeSet::new(), answers: Vec::new() }
    }
}

impl State {
    pub(crate) fn status(&self) -> LineStatus {
        match self {
            Self::Pending { .. } => LineStatus::Pending,
            Self::Accepted(_) => LineStatus::Accepted,
            Self::Settled(_) | Self::Returned(_) => LineStatus::Settled,
            Self::Stopped(_) => {
                LineStatus::Rejected(Reason::new("CUST", "Standset efter anmodning"))
            }
            Self::Rejected { reason, .. } => LineStatus::Rejected(reason.clone()),
        }
    }

    pub(crate) fn amount(&self) -> Option<Oere> {
        match self {
            Self::Pending { money, .. }
            | Self::Accepted(money)
            | Self::Settled(money)
            | Self::Returned(money)
            | Self::Stopped(money) => Some(money.amount_oere),
            Self::Rejected { amount_oere, .. } => *amount_oere,
        }
    }

    /// What becomes of the payment as the bank works on `day`; nothing when it stays as it is.
    fn next(
        &self,
        accounts: &mut Accounts,
        execution_day: NaiveDate,
        day: NaiveDate,
    ) -> Option<Self> {
        match self {
            Self::Accepted(money) if execution_day <= day => Some(accounts.settle(money.clone())),
            Self::Pending { money, since, then } if *since < day => Some(match then {
                Decision::Accept => accounts.accept(money.clone(), execution_day, day),
                Decision::Reject(reason) => Self::Rejected {
                    payee: Some(money.payee.clone()),
                    amount_oere: Some(money.amount_oere),
                    reason: reason.clone(),
                },
            }),
            _ => None,
        }
    }
}

impl Books {
    /// Opens the books, or begins new ones.
    pub(crate) fn open(path: &Path) -> Result<Self, BooksError> {
        let json = match fs::read(path) {
            Ok(json) => json,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(BooksError::Unreadable(path.to_owned(), error)),
        };
        let books: Self = serde_json::from_slice(&json)
            .map_err(|error| BooksError::Malformed(path.to_owned(), error))?;
        if books.add_up() { Ok(books) } else { Err(BooksError::OutOfBalance(path.to_owned())) }
    }

    pub(crate) fn save(&self, path: &Path) -> Result<(), BooksError> {
        let json = serde_json::to_vec_pretty(self).expect("the books are plain data");
        super::folder::write_whole(path, &json)
            .map_err(|error| BooksError::Unwritable(path.to_owned(), error))
    }

    /// The accounts say what the payments, entered one by one again, amount to.
    pub(crate) fn add_up(&self) -> bool {
        let mut accounts = Accounts::default();
        for payment in self.payments.values() {
            match &payment.state {
                State::Accepted(money) => {
                    accounts.accept(money.clone(), NaiveDate::MAX, NaiveDate::MIN);
                }
                State::Settled(money) => {
                    accounts.accept(money.clone(), NaiveDate::MIN, NaiveDate::MAX);
                }
                State::Returned(money) => {
                    accounts.accept(money.clone(), NaiveDate::MIN, NaiveDate::MAX);
                    accounts.take_back(money);
                }
                State::Pending { .. } | State::Rejected { .. } | State::Stopped(_) => {}
            }
        }
        accounts.drop_untouched();
        let mut ours = self.accounts.clone();
        ours.drop_untouched();
        let drawn: Oere = self.payer_accounts.values().map(PayerAccount::balance).sum();
        accounts == ours
            && drawn == Oere::ZERO - self.accounts.settled()
            && self.payments.values().all(|payment| payment.file < self.files.len())
    }

    pub(crate) fn file_with(&mut self, digest: &str) -> Option<&mut ReceivedFile> {
        self.files.iter_mut().find(|file| file.digest == digest)
    }

    pub(crate) fn knows_message(&self, message_id: &str) -> bool {
        self.files.iter().any(|file| file.message_id == message_id)
    }

    /// Gives the answer its number, and keeps it with the file it is about.
    pub(crate) fn give(&mut self, answer: Answer, file: usize) -> Answer {
        self.answers_given += 1;
        let file = &mut self.files[file];
        let answer = answer.sealed(self.answers_given, &file.digest);
        file.answers.push(answer.clone());
        answer
    }

    /// Decides what was pending and settles what is due, and tells the senders.
    pub(crate) fn advance(&mut self, day: NaiveDate) -> Vec<Answer> {
        self.return_what_bounces(day);
        let mut moved: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        for (id, payment) in &mut self.payments {
            if let Some(next) = payment.state.next(&mut self.accounts, payment.execution_day, day) {
                payment.state = next;
                moved.entry(payment.file).or_default().insert(id.clone());
            }
        }
        for id in moved.values().flatten() {
            self.record_if_settled(id, day);
        }
        let tell = |(file, ids): (usize, BTreeSet<String>)| {
            let answer = self.follow_up(file, &ids, day);
            self.give(answer, file)
        };
        moved.into_iter().map(tell).collect()
    }

    /// The money of some payments comes back on a day after it was paid.
    fn return_what_bounces(&mut self, day: NaiveDate) {
        for (id, payment) in &mut self.payments {
            let State::Settled(money) = &payment.state else { continue };
            let Some(reason) = payment.later.returns.clone() else { continue };
            let account = self.payer_accounts.entry(money.payer.clone()).or_default();
            let paid_before =
                account.movements.iter().any(|one| one.end_to_end_id == *id && one.day < day);
            if paid_before {
                account.movements.push(Movement {
                    day,
                    end_to_end_id: id.clone(),
                    message_id: self.files[payment.file].message_id.clone(),
                    amount_oere: money.amount_oere,
                    returned: Some(reason),
                });
                self.accounts.take_back(money);
                payment.state = State::Returned(money.clone());
            }
        }
    }

    /// Draws a payment that was settled just now from the payer's account.
    pub(crate) fn record_if_settled(&mut self, id: &str, day: NaiveDate) {
        let Some(payment) = self.payments.get(id) else { return };
        let State::Settled(money) = &payment.state else { return };
        let movement = Movement {
            day,
            end_to_end_id: id.to_owned(),
            message_id: self.files[payment.file].message_id.clone(),
            amount_oere: money.amount_oere,
            returned: None,
        };
        self.payer_accounts.entry(money.payer.clone()).or_default().movements.push(movement);
    }

    /// Stops a payment if it can be stopped, and says what came of it.
    pub(crate) fn stop(&mut self, id: &str, day: NaiveDate, case_id: Option<&String>) -> Said {
        let refuse = |code, text| Said::Refused(Reason::new(code, text));
        let Some(payment) = self.payments.get_mut(id) else {
            return refuse("NOOR", "Banken kender ikke betalingen");
        };
        let money = match &payment.state {
            State::Pending { money, .. } => money.clone(),
            State::Accepted(money) => {
                let money = money.clone();
                if payment.later.stop == Stopping::Accept {
                    self.accounts.give_back(&money);
                }
                money
            }
            State::Settled(_) => return refuse("NARR", "Betalingen er udført"),
            State::Returned(_) => return refuse("ARDT", "Betalingen er kommet tilbage"),
            State::Stopped(_) => return Said::Stopped,
            State::Rejected { .. } => return refuse("ARJT", "Betalingen er afvist"),
        };
        match payment.later.stop {
            Stopping::Accept => {
                payment.state = State::Stopped(money);
                Said::Stopped
            }
            Stopping::Refuse => refuse("LEGL", "Banken standser ikke betalingen"),
            Stopping::Pending => {
                payment.later.stop = Stopping::Accept;
                self.stops.pending.insert(id.to_owned(), (day, case_id.cloned()));
                Said::Pending
            }
        }
    }

    /// Speaks of the stops that were left pending on an earlier day, by the case they were asked for in.
    pub(crate) fn decide_pending_stops(&mut self, day: NaiveDate) -> Vec<StopAnswer> {
        let ripe: Vec<(String, Option<String>)> = self
            .stops
            .pending
            .extract_if(.., |_, (since, _)| *since < day)
            .map(|(id, (_, case_id))| (id, case_id))
            .collect();
        let mut by_case: BTreeMap<Option<String>, Vec<(String, Said)>> = BTreeMap::new();
        for (id, case_id) in ripe {
            let said = self.stop(&id, day, case_id.as_ref());
            by_case.entry(case_id).or_default().push((id, said));
        }
        by_case.into_iter().map(|(case_id, payments)| StopAnswer { case_id, payments }).collect()
    }

    /// What is to be told of the payers' accounts on a day.
    pub(crate) fn account_reports(&mut self, day: NaiveDate) -> Vec<Report> {
        let accounts = &mut self.payer_accounts;
        let of_account = |(number, account): (&String, &mut PayerAccount)| {
            let mut reports = account.statements(number, day);
            reports.extend(account.advice(number, day));
            reports
        };
        accounts.iter_mut().flat_map(of_account).collect()
    }

    /// The id of the next message, that says so.
    pub(crate) fn next_id(&mut self, day: NaiveDate, said: &str) -> String {
        self.answers_given += 1;
        message_id(day, self.answers_given, said)
    }

    /// A further answer to a file: the lines that have moved, under the status of all that it ordered.
    ///
    /// A refused line in an otherwise accepted file must not read as a refused file, so the statuses of
    /// file and blocks count the lines that are not repeated here too.
    fn follow_up(&self, file: usize, moved: &BTreeSet<String>, day: NaiveDate) -> Answer {
        let mut answer = self.files[file].answers[0].clone();
        answer.day = day;
        for line in answer.blocks.iter_mut().flat_map(|block| &mut block.lines) {
            // A line refused at first may carry another payment's id.
            if !matches!(line.status, LineStatus::Rejected(_)) {
                line.status = self.payments[&line.end_to_end_id].state.status();
            }
        }
        answer.status = GroupStatus::of(answer.blocks.iter().flat_map(|block| &block.lines));
        let first = &self.files[file].answers[0];
        for (block, before) in answer.blocks.iter_mut().zip(&first.blocks) {
            block.status = GroupStatus::of(block.lines.iter());
            keep_moved(&mut block.lines, &before.lines, moved);
        }
        answer.blocks.retain(|block| !block.lines.is_empty());
        answer
    }
}

fn keep_moved(lines: &mut Vec<Line>, before: &[Line], moved: &BTreeSet<String>) {
    let mut before = before.iter();
    lines.retain(|line| {
        let was_refused =
            before.next().is_some_and(|line| matches!(line.status, LineStatus::Rejected(_)));
        !was_refused && moved.contains(&line.end_to_end_id)
    });
}
