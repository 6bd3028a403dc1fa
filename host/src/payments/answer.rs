//! What a bank says about a file, whatever the format it says it in.

use ydun_domain::{Day, Dkk};

use crate::words::words;

words! {
    /// What the bank says of a payment.
    Word("word of the bank") {
        Received = "received",
        Accepted = "accepted",
        Settled = "settled",
        /// Wait.
        Pending = "pending",
        Rejected = "rejected",
        /// It was sent before. What became of the first is in another answer.
        Duplicate = "duplicate",
        /// It was paid, and the money came back.
        Returned = "returned",
        /// Asked to stop it, the bank has: it will not be paid.
        Stopped = "stopped",
        /// Asked to stop it, the bank will not.
        StopRefused = "stop-refused",
        /// Asked to stop it, the bank is finding out whether it can.
        StopPending = "stop-pending",
    }
}

/// An answer of the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The bank's own, by which the same answer is known again.
    pub message_id: String,
    pub about: About,
    /// What holds for every payment that is not named.
    pub all: Option<Report>,
    /// What holds for single payments, in the order the bank tells it.
    pub payments: Vec<PaymentReport>,
    pub statements: Vec<Statement>,
}

/// Which payments an answer is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// Those of the file with this message id.
    Payments(String),
    /// Those that the message with this id asked to stop.
    Stops(String),
    /// Those it names.
    Named,
}

/// A day of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The bank's own.
    pub id: String,
    /// One higher for each statement of the account, when the bank numbers them.
    pub number: Option<i64>,
    pub account: String,
    /// The day of the closing balance.
    pub day: Day,
    pub opening: Dkk,
    pub closing: Dkk,
    pub entries: Vec<Entry>,
}

/// An amount that moved on the account. What left it is below zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub amount: Dkk,
    pub booked: Option<Day>,
    /// The bank's own.
    pub reference: Option<String>,
    /// The message whose payments are booked as one amount.
    pub batch: Option<String>,
    /// What the amount is made of, as far as the bank tells.
    pub lines: Vec<EntryLine>,
}

/// A part of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryLine {
    pub end_to_end: Option<String>,
    pub amount: Option<Dkk>,
}

/// What the bank says, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub word: Word,
    /// The bank's code, such as `AC03`.
    pub code: Option<String>,
    pub text: Option<String>,
}

/// What the bank says of one payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentReport {
    pub end_to_end: String,
    pub report: Report,
    /// As the bank has it, when it says.
    pub amount: Option<Dkk>,
}

impl Report {
    /// In Danish, for tasks and the payment's history: `Modtageren har ingen konto (AC03)`.
    pub fn reason(&self) -> String {
        let meaning = self.text.as_deref().or_else(|| meaning(self.code.as_deref()?));
        match (meaning, &self.code) {
            (Some(meaning), Some(code)) => format!("{meaning} ({code})"),
            (Some(meaning), None) => meaning.to_owned(),
            (None, Some(code)) => format!("kode {code}"),
            (None, None) => String::new(),
        }
    }
}

/// What a code of the ISO 20022 list of reasons means, in Danish.
fn meaning(code: &str) -> Option<&'static str> {
    Some(match code {
        "AC01" => "Kontonummeret er forkert",
        "AC03" => "Modtageren har ingen konto, der kan bruges",
        "AC04" => "Kontoen er lukket",
        "AC06" => "Kontoen er spærret",
        "AM05" => "Betalingen er sendt før",
        "DT01" => "Datoen kan ikke bruges",
        "ARDT" => "Betalingen er allerede kommet tilbage",
        "CUST" => "Betaleren har bedt om det",
        "LEGL" => "Lovgivningen forhindrer det",
        "MD07" => "Modtageren er død",
        "NOOR" => "Banken kender ikke betalingen",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_told_in_words_and_by_its_code() {
        let reason = |code: Option<&str>, text: Option<&str>| {
            let (code, text) = (code.map(str::to_owned), text.map(str::to_owned));
            Report { word: Word::Rejected, code, text }.reason()
        };
        assert_eq!(reason(Some("AC04"), None), "Kontoen er lukket (AC04)");
        assert_eq!(reason(Some("AC04"), Some("Lukket i går")), "Lukket i går (AC04)");
        assert_eq!(reason(Some("XX99"), None), "kode XX99");
        assert_eq!(reason(None, None), "");
    }
}
