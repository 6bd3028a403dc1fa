//! What a bank says about a file, whatever the format it says it in.

use ydun_domain::Dkk;

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
    }
}

/// An answer about one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The bank's own, by which the same answer is known again.
    pub message_id: String,
    /// Of the file it is about.
    pub about: String,
    /// What holds for every payment that is not named.
    pub all: Option<Report>,
    /// What holds for single payments.
    pub payments: Vec<PaymentReport>,
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
