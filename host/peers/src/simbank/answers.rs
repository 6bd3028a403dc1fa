//! What the bank says back: a pain.002.001.03 for the sender, the same in the books.

use std::io;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::amounts::Oere;
use super::delivery::{Message, message_id};
use super::xml::{Xml, document, element, kroner, text};

const ANSWERED_MESSAGE: &str = "pain.001.001.03";

/// Why something is refused: a code of ISO 20022 and a sentence in Danish, for it may reach a caseworker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reason {
    pub(crate) code: String,
    pub(crate) text: String,
}

impl Reason {
    /// `AddtlInf` holds 105 characters; what is more is cut.
    pub(crate) fn new(code: &str, text: &str) -> Self {
        const LONGEST_TEXT: usize = 105;
        Self { code: code.to_owned(), text: text.chars().take(LONGEST_TEXT).collect() }
    }
}

/// The status of one payment, in the words of ISO 20022.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", content = "reason")]
pub(crate) enum LineStatus {
    /// Accepted, and will be executed on its day.
    #[serde(rename = "ACSP")]
    Accepted,
    /// At the payee's disposal.
    #[serde(rename = "ACSC")]
    Settled,
    #[serde(rename = "PDNG")]
    Pending,
    #[serde(rename = "RJCT")]
    Rejected(Reason),
}

impl LineStatus {
    fn code(&self) -> &'static str {
        match self {
            Self::Accepted => "ACSP",
            Self::Settled => "ACSC",
            Self::Pending => "PDNG",
            Self::Rejected(_) => "RJCT",
        }
    }

    fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Rejected(reason) => Some(reason),
            _ => None,
        }
    }
}

/// The status of a file or a block: what all its payments have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GroupStatus {
    #[serde(rename = "ACCP")]
    Accepted,
    #[serde(rename = "PART")]
    Partly,
    #[serde(rename = "PDNG")]
    Pending,
    #[serde(rename = "RJCT")]
    Rejected,
}

impl GroupStatus {
    pub fn code(self) -> &'static str {
        match self {
            Self::Accepted => "ACCP",
            Self::Partly => "PART",
            Self::Pending => "PDNG",
            Self::Rejected => "RJCT",
        }
    }

    pub(crate) fn of<'a>(lines: impl Iterator<Item = &'a Line>) -> Self {
        let each = lines.map(|line| match line.status {
            LineStatus::Accepted | LineStatus::Settled => Self::Accepted,
            LineStatus::Pending => Self::Pending,
            LineStatus::Rejected(_) => Self::Rejected,
        });
        each.reduce(|all, one| if all == one { all } else { Self::Partly })
            .unwrap_or(Self::Accepted)
    }
}

/// One answer to one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub(crate) id: String,
    pub(crate) day: NaiveDate,
    pub(crate) to_message: String,
    pub(crate) status: GroupStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<Reason>,
    pub(crate) blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Block {
    pub(crate) id: String,
    pub(crate) status: GroupStatus,
    pub(crate) lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) instruction_id: Option<String>,
    pub(crate) end_to_end_id: String,
    /// Nothing when the amount itself was wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) amount_oere: Option<Oere>,
    #[serde(flatten)]
    pub(crate) status: LineStatus,
}

impl Answer {
    /// The message id of the answer, unique for ever: its place in the bank's row, and a digest of what it
    /// says, so that books begun anew do not use an id again for something else.
    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn to_message(&self) -> &str {
        &self.to_message
    }

    pub fn status(&self) -> GroupStatus {
        self.status
    }

    /// How many payments the answer speaks of.
    pub fn line_count(&self) -> usize {
        self.blocks.iter().map(|block| block.lines.len()).sum()
    }

    /// How many payments the answer refuses.
    pub fn refusal_count(&self) -> usize {
        let lines = self.blocks.iter().flat_map(|block| &block.lines);
        lines.filter(|line| line.status.reason().is_some()).count()
    }

    /// Gives the answer its id. `number` counts the bank's answers, `file_digest` tells which file it is about.
    pub(crate) fn sealed(mut self, number: u64, file_digest: &str) -> Self {
        let said = serde_json::to_string(&self).expect("an answer is plain data");
        self.id = message_id(self.day, number, &format!("{file_digest} {said}"));
        self
    }

    /// The pain.002.001.03, the same bytes each time.
    pub fn xml(&self) -> Vec<u8> {
        document("pain.002.001.03", "CstmrPmtStsRpt", |to| {
            element(to, "GrpHdr", |to| {
                text(to, "MsgId", &self.id)?;
                text(to, "CreDtTm", &format!("{}T12:00:00", self.day))
            })?;
            element(to, "OrgnlGrpInfAndSts", |to| {
                text(to, "OrgnlMsgId", &self.to_message)?;
                text(to, "OrgnlMsgNmId", ANSWERED_MESSAGE)?;
                text(to, "GrpSts", self.status.code())?;
                why(to, self.reason.as_ref())
            })?;
            self.blocks.iter().try_for_each(|block| block.write(to))
        })
    }

    /// The answer as it goes to the sender.
    pub(crate) fn message(&self) -> Message {
        let summary = format!(
            "{}  {} payments, {} refused",
            self.status().code(),
            self.line_count(),
            self.refusal_count()
        );
        Message::new(self.id.clone(), |_| self.xml(), summary)
    }
}

impl Block {
    fn write(&self, to: &mut Xml) -> io::Result<()> {
        element(to, "OrgnlPmtInfAndSts", |to| {
            text(to, "OrgnlPmtInfId", &self.id)?;
            text(to, "PmtInfSts", self.status.code())?;
            self.lines.iter().try_for_each(|line| line.write(to))
        })
    }
}

impl Line {
    fn write(&self, to: &mut Xml) -> io::Result<()> {
        element(to, "TxInfAndSts", |to| {
            if let Some(id) = &self.instruction_id {
                text(to, "OrgnlInstrId", id)?;
            }
            text(to, "OrgnlEndToEndId", &self.end_to_end_id)?;
            text(to, "TxSts", self.status.code())?;
            why(to, self.status.reason())?;
            self.amount_oere.map_or(Ok(()), |amount| original_amount(to, amount))
        })
    }
}

fn why(to: &mut Xml, reason: Option<&Reason>) -> io::Result<()> {
    let Some(reason) = reason else { return Ok(()) };
    element(to, "StsRsnInf", |to| {
        element(to, "Rsn", |to| text(to, "Cd", &reason.code))?;
        text(to, "AddtlInf", &reason.text)
    })
}

fn original_amount(to: &mut Xml, amount: Oere) -> io::Result<()> {
    element(to, "OrgnlTxRef", |to| element(to, "Amt", |to| kroner(to, "InstdAmt", amount)))
}
