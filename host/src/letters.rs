//! Letters: what parties are told of what is asked, intended, decided and paid.
//!
//! A letter is made of what is there already: the conditions and steps of the calculation, the lines of
//! the decision, the payment's notice, and the benefit's own words. Nothing in it is calculated anew, so
//! letter, decision and payment cannot differ. It holds neither the name nor the address of whoever gets
//! it: those belong to the sending.
//!
//! To add a kind: a line in [`Kind`], a file beside `decision.rs` that composes it, and its text as a
//! snapshot in that file's tests.

mod appeal;
pub mod decision;
pub mod export;
pub mod hearing;
pub mod payment;
pub mod post;
mod reader;
mod reasons;
#[cfg(test)]
mod samples;
pub mod service;
mod specification;
mod stationery;
mod value;

use ydun_domain::Day;
use ydun_domain::ids::{DecisionId, HearingId, PartyId, PaymentId};
use ydun_runtime::manifest::LetterKind;
use ydun_typeset::{Block, Letter, Sender, Signature};

use crate::words::words;

pub use self::reader::Reader;
pub use self::stationery::{NoPdf, Stationery};

words! {
    /// What a letter does.
    Kind("kind of letter") {
        Acknowledgement = "acknowledgement",
        Request = "request-for-information",
        Hearing = "hearing",
        Decision = "decision",
        Payment = "payment-notice",
        Information = "information",
    }
}

impl From<LetterKind> for Kind {
    fn from(kind: LetterKind) -> Self {
        match kind {
            LetterKind::Acknowledgement => Self::Acknowledgement,
            LetterKind::RequestForInformation => Self::Request,
            LetterKind::Hearing => Self::Hearing,
            LetterKind::DecisionGranted
            | LetterKind::DecisionPartlyGranted
            | LetterKind::DecisionRefused
            | LetterKind::DecisionChanged
            | LetterKind::DecisionStopped => Self::Decision,
            LetterKind::PaymentNotice => Self::Payment,
            LetterKind::Information => Self::Information,
        }
    }
}

/// A letter names a party that is not registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the letter names the party {0}, which is not registered")]
pub struct Nameless(pub PartyId);

/// What a letter tells of, where something of ours waits for its arrival or is its cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Only shown: a proposal is not written about, nor money that is not there yet.
    Nothing,
    Decision(DecisionId),
    Hearing(HearingId),
    Payment(PaymentId),
}

/// A letter to one party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub kind: Kind,
    pub about: About,
    pub recipient: PartyId,
    pub letter: Letter,
}

/// What every letter about a case has in common.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    pub sender: &'a Sender,
    pub date: Day,
    pub case_number: &'a str,
    /// Initials of whoever answers for it.
    pub by: &'a str,
}

impl Frame<'_> {
    /// A letter that ends by saying where to ask.
    fn letter(&self, id: String, title: String, reader: Reader, mut blocks: Vec<Block>) -> Letter {
        blocks.push(Block::Paragraph(format!(
            "Har {} spørgsmål, så kontakt os og oplys sagsnummer {}.",
            reader.you(),
            self.case_number
        )));
        Letter {
            id,
            sender: self.sender.clone(),
            date: self.date,
            case_number: self.case_number.to_owned(),
            title,
            blocks,
            signature: Signature {
                lines: vec![format!("Sagsbehandler {}", self.by), self.sender.municipality.clone()],
            },
        }
    }
}
