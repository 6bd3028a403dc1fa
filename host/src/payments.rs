//! Payments: from an approved decision to the bank's last word.
//!
//! A [`Payment`] is what one decision gives one payee. Its business key keeps it from being made
//! twice, its end-to-end id from being paid twice. Its [`State`] moves only by the functions of
//! that type, and every move is an event that stays. A format for a bank implements [`BankFormat`];
//! see `adapters`.
//!
//! To add something that can happen to a payment, add the move to `state`, a file in `service`, and
//! say what it books.

pub mod answer;
pub mod calendar;
pub mod elsewhere;
pub mod hold;
pub mod message;
pub mod outbox;
pub mod payee_account;
pub mod profile;
pub mod reconcile;
pub mod redirection;
pub mod service;
pub mod standing;
pub mod state;
pub mod stop;
mod store;

use std::fmt;
use std::io;

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_domain::ids::{
    CaseId, DecisionId, ElsewhereId, PartyId, PaymentFileId, PaymentId, RedirectionId,
};
use ydun_domain::{AccountNumber, Day, Dkk, Period, Tenant};
use ydun_runtime::manifest::{IncomeReport, TaxTreatment};

use crate::ledger::difference::Line;
use crate::notices::Detail;
use crate::parties::PaymentIdentity;
use crate::words::words;

pub use answer::{Answer, Report, Word};
pub use profile::BankProfile;
pub use state::State;
use state::Stuck;
use stop::{StopFile, Stopping};

words! {
    /// How quickly a payment goes: the three payout forms of the tender for KY.
    Lane("lane") {
        /// Ordinary: time to stop it after the approval.
        Almindelig = "almindelig",
        /// From one bank day to the next.
        DagTilDag = "dag-til-dag",
        /// On the same bank day.
        Straks = "straks",
    }
}

impl<'de> serde::Deserialize<'de> for Lane {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <String as serde::Deserialize>::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Who gets money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payee {
    pub id: PartyId,
    pub name: String,
    /// The number by which the NemKonto is found.
    pub number: PaymentIdentity,
}

/// An approved decision, as far as paying it goes.
#[derive(Clone, Debug)]
pub struct Approved {
    pub case_id: CaseId,
    /// What people call the case.
    pub case_number: String,
    pub decision_id: DecisionId,
    /// The days decided on. Lines settled for these days and not decided again are no longer due.
    pub period: Period,
    /// As the payee knows the benefit, in Danish.
    pub benefit: String,
    pub lines: Vec<ApprovedLine>,
    pub lane: Lane,
    /// The day the law or the municipality's promise says the money is there.
    pub due: Day,
    pub occasion: Occasion,
}

/// Why a decision is settled. Each occasion settles it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// It was approved, or has arrived.
    Decided,
    /// What another system has paid of it came to count, or counts no more.
    Elsewhere {
        id: ElsewhereId,
        state: elsewhere::State,
        /// Only the lines of whoever got that money are settled.
        payee: PartyId,
    },
}

impl Approved {
    /// Its business key: the same decision is settled once for each occasion.
    pub fn business_key(&self) -> String {
        let decision = format!("decision:{}", self.decision_id);
        match self.occasion {
            Occasion::Decided => decision,
            Occasion::Elsewhere { id, state, .. } => format!("elsewhere:{id}:{state}:{decision}"),
        }
    }

    /// Whether what a payee gets is settled now.
    pub(crate) fn concerns(&self, payee: PartyId) -> bool {
        match self.occasion {
            Occasion::Decided => true,
            Occasion::Elsewhere { payee: only, .. } => payee == only,
        }
    }
}

/// A line of an approved decision.
#[derive(Clone, Debug)]
pub struct ApprovedLine {
    /// The same whenever the line is calculated again.
    pub key: String,
    pub payee: PartyId,
    /// The person it concerns, when that is not the payee.
    pub about: Option<PartyId>,
    pub period: Period,
    pub amount: Dkk,
    pub posting_code: String,
    /// Key of the expense account that bears it, from the manifest's posting.
    pub account: String,
    /// What the line is, on the notice and in Danish.
    pub title: String,
    /// The payee's own reference.
    pub reference: Option<String>,
    pub details: Vec<Detail>,
    pub tax: Taxation,
}

/// How a line is taxed and reported, from the manifest's posting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taxation {
    pub treatment: TaxTreatment,
    pub report: Option<IncomeReport>,
}

/// A payment as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    pub id: PaymentId,
    /// The key in every answer from the bank.
    pub end_to_end: String,
    pub case_id: CaseId,
    pub decision_id: DecisionId,
    /// Whose money it is.
    pub entitled: PartyId,
    /// Who gets it, as it was when the payment was decided.
    pub payee: Payee,
    /// Why that is somebody else than whose money it is.
    pub redirection: Option<RedirectionId>,
    /// The account it was sent to; none before that, and where it went to the NemKonto.
    pub account: Option<AccountNumber>,
    pub lane: Lane,
    /// The bank day the money is at the payee's disposal.
    pub disposal: Day,
    /// The bank day it must leave to be there in time.
    pub send_by: Day,
    /// What the payee gets; the parts say what it costs.
    pub amount: Dkk,
    /// What stands on the payee's statement.
    pub message: String,
    pub state: State,
    pub state_reason: String,
    pub(crate) version: i64,
    pub file_id: Option<PaymentFileId>,
    /// Whether the bank has drawn it from the municipality's account, also when it gave it back since.
    pub drawn: bool,
}

impl Payment {
    /// The state in which it is after the bank's word.
    ///
    /// One that came back and was dealt with since is stopped; that the bank tells again how it was
    /// paid and came back is no news.
    pub fn hear(&self, word: Word) -> Result<State, Stuck> {
        let is_known = self.drawn && matches!(word, Word::Settled | Word::Returned);
        if self.state == State::Stopped && is_known {
            Ok(self.state)
        } else {
            self.state.hear(word)
        }
    }
}

/// One state a payment has been in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Event {
    pub number: i64,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub at: DateTime<Utc>,
    pub moved_by: String,
    pub cause: String,
}

/// A file of payments for the bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct PaymentFile {
    pub tenant: Tenant,
    pub id: PaymentFileId,
    /// Never used for another file.
    pub message_id: String,
    #[sqlx(try_from = "String")]
    pub lane: Lane,
    pub disposal: Day,
    pub payments: i64,
    pub total: Dkk,
    pub name: String,
    #[serde(skip)]
    pub digest: Vec<u8>,
    pub made_at: DateTime<Utc>,
    pub published_at: Option<DateTime<Utc>>,
}

/// Money a payee has got and is no longer due.
///
/// An open, named item: it becomes a claim only by a decision on a ground of law.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Overpayment {
    pub case_id: CaseId,
    pub decision_id: DecisionId,
    pub line_key: String,
    pub payee: PartyId,
    pub amount: Dkk,
    pub found_at: DateTime<Utc>,
}

impl Overpayment {
    pub(crate) fn line(&self) -> Line {
        Line { case_id: self.case_id, line_key: self.line_key.clone(), payee: self.payee }
    }
}

/// How a bank is written to, and how its answers are read.
pub trait BankFormat: fmt::Debug + Send + Sync {
    /// The last part of a file's name.
    fn extension(&self) -> &'static str;

    /// Writes a file. The same file and payments give the same bytes.
    fn write(
        &self,
        file: &PaymentFile,
        payments: &[Payment],
        to: &mut dyn io::Write,
    ) -> io::Result<()>;

    /// Whether whoever pays can be asked to stop a payment it has.
    fn takes_stops(&self) -> bool {
        true
    }

    /// The last part of the name of a file that asks to stop payments.
    fn stop_extension(&self) -> &'static str;

    /// Writes a file that asks to stop payments. The same requests give the same bytes.
    fn write_stops(
        &self,
        file: &StopFile,
        requests: &[Stopping],
        to: &mut dyn io::Write,
    ) -> io::Result<()>;

    /// Reads an answer.
    fn read(&self, answer: &[u8]) -> Result<Answer, NotAnAnswer>;
}

/// The bytes are no answer of the bank.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file is not an answer of the bank that we can read: {0}")]
pub struct NotAnAnswer(pub String);
