//! Reports to the tax authority's income register (eIndkomst), which also carry the state's refund.
//!
//! What should be reported follows from what was paid; what is reported follows from what the
//! register has accepted. What to send next is their [`difference`]: nothing, a supplementary report
//! of plus and minus, or reversals and new reports. So a correction, a stop and a repayment are all
//! reported by asking again, and a payment that was stopped before it was reported never is.
//!
//! Each item of a file is one person's income of some days on one refund account, with an id of its
//! own: a refusal or a reversal then touches nobody else. A format implements [`ReportFormat`]; see
//! `adapters`.
//!
//! An employer's money is nobody's income and is not reported. Wage subsidies had to be reported by
//! the municipalities from July 2019, but what their two amounts (fields 215 and 216) hold is not
//! verified, so they are not reported from here.

pub mod answer;
pub mod difference;
mod due;
pub mod service;
mod store;
pub mod told;
pub mod year;

use std::collections::BTreeMap;
use std::{fmt, io};

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_domain::ids::{ElsewhereId, PartyId, PaymentId, ReportFileId};
use ydun_domain::{Cpr, Day, Dkk, Period};

use crate::words::words;

pub use answer::{Answer, NotAnAnswer};

words! {
    /// How far an item has come. What is reported moves only when it is accepted.
    State("state of a report") {
        Prepared = "prepared",
        Sent = "sent",
        /// The register has the file and can read it.
        Received = "received",
        Accepted = "accepted",
        /// Nothing of it counts, and somebody must look at it.
        Refused = "refused",
        /// It was refused, and what it should have said is sent anew.
        Replaced = "replaced",
    }
}

/// The number of an amount field.
pub type Field = u16;

/// Amounts by field; none is zero.
pub type Amounts = BTreeMap<Field, Dkk>;

/// The fields that are sent.
pub mod field {
    use super::Field;

    pub const INCOME_WITH_AM_BIDRAG: Field = 13;
    pub const INCOME: Field = 14;
    pub const A_TAX: Field = 15;
    pub const AM_BIDRAG: Field = 16;
    pub const ATP: Field = 46;
    pub const PENSION: Field = 47;
    /// Text: the municipal refund account.
    pub const REFUND_ACCOUNT: Field = 115;
    pub const REFUNDABLE_BENEFIT: Field = 214;
    pub const CITIZEN_SUBSIDY: Field = 215;
}

/// Where money was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "paid-as", content = "id", rename_all = "kebab-case")]
pub enum Source {
    Payment(PaymentId),
    /// By another system.
    Elsewhere(ElsewhereId),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Payment(id) => write!(f, "betalingen {id}"),
            Self::Elsewhere(id) => write!(f, "det, der er betalt andetsteds som {id}"),
        }
    }
}

/// What amounts are reported under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub cpr: Cpr,
    pub party: PartyId,
    /// The days the income is for, within one year.
    pub period: Period,
    /// Two digits.
    pub income_type: String,
    /// Four digits, or nothing.
    pub income_kind: String,
    /// The refund account, or nothing.
    pub account: String,
}

/// A report, or the reversal of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub report_id: String,
    /// The report that is reversed.
    pub reverses: Option<String>,
    pub key: Key,
    /// The day the money was at the person's disposal.
    pub disposal: Day,
    /// Corrects an earlier year, without the fields of tax (the mark R).
    pub earlier_period: bool,
    pub amounts: Amounts,
    pub state: State,
    /// What the register said of it.
    pub answer: Option<String>,
}

/// A file of reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct ReportFile {
    pub id: ReportFileId,
    pub main_id: String,
    pub se_number: String,
    pub made_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
}

impl ReportFile {
    /// Its name in the folder it is fetched from; nothing in it tells of a person.
    pub fn name(&self) -> String {
        format!("eindkomst-{}.txt", self.main_id)
    }
}

/// How a register is written to, and how its answers are read.
pub trait ReportFormat: fmt::Debug + Send + Sync {
    /// Writes a file. The same file and items give the same bytes.
    fn write(&self, file: &ReportFile, items: &[Item], to: &mut dyn io::Write) -> io::Result<()>;

    fn read(&self, answer: &[u8]) -> Result<Answer, NotAnAnswer>;
}
