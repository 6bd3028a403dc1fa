//! How the bank's messages reach the sender: at once, a working day late, twice, or not at all.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A message for the sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    id: String,
    xml: String,
    /// What it is about, in one line for people.
    summary: String,
}

impl Message {
    /// `xml` is told the id, so that it can have it.
    pub(crate) fn new(id: String, xml: impl FnOnce(&str) -> Vec<u8>, summary: String) -> Self {
        let xml = String::from_utf8(xml(&id)).expect("what the bank writes is text");
        Self { id, xml, summary }
    }

    /// Unique for ever, and later messages sort later.
    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn xml(&self) -> Vec<u8> {
        self.xml.clone().into_bytes()
    }

    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// The same said again, under an id of its own.
    fn again(&self) -> Self {
        let id = format!("{}-2", self.id);
        Self { xml: self.xml.replacen(&self.id, &id, 1), summary: self.summary.clone(), id }
    }
}

/// An id from a message's place in the bank's row and a digest of what it says, so that books begun
/// anew do not use an id again for something else.
pub(crate) fn message_id(day: NaiveDate, number: u64, said: &str) -> String {
    const HASH_CHARACTERS: usize = 10;
    let hash = hex::encode(Sha256::digest(said));
    format!("SB-{}-{number:06}-{}", day.format("%Y%m%d"), &hash[..HASH_CHARACTERS])
}

/// What becomes of the messages of a day's work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    #[default]
    AtOnce,
    /// When the bank works on a later day.
    Late,
    Twice,
    /// Answers to orders are lost; what the bank says of the account and of stops comes through.
    Lost,
}

/// Messages written and not yet sent.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Held(Vec<(NaiveDate, Message)>);

impl Held {
    /// What is sent on a day: what was held back earlier, and of the new what is not held or lost.
    pub(crate) fn deliver(
        &mut self,
        answers: Vec<Message>,
        others: Vec<Message>,
        delivery: Delivery,
        day: NaiveDate,
    ) -> Vec<Message> {
        let due = |(since, _): &mut (NaiveDate, Message)| *since < day;
        let mut sent: Vec<Message> = self.0.extract_if(.., due).map(|(_, held)| held).collect();
        let answers = if delivery == Delivery::Lost { Vec::new() } else { answers };
        let new = answers.into_iter().chain(others);
        match delivery {
            Delivery::AtOnce | Delivery::Lost => sent.extend(new),
            Delivery::Twice => sent.extend(new.flat_map(|new| [new.again(), new])),
            Delivery::Late => self.0.extend(new.map(|new| (day, new))),
        }
        sent
    }
}
