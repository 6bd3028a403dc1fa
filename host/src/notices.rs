//! Notices: what a payee is told about a payment.
//!
//! Whoever gets the money is told what it is for: whom it concerns, which days, the payee's own
//! reference, and how the amount comes about. What is kept is the content; names are looked up when
//! a notice is written out, so that none is kept twice. `letters` writes it.

pub mod service;
mod store;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ydun_domain::benefit::Scalar;
use ydun_domain::ids::{CaseId, DecisionId, NoticeId, PartyId, PaymentId};
use ydun_domain::{AccountNumber, Day, Dkk, Period};

/// A notice as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    pub id: NoticeId,
    pub recipient: PartyId,
    pub case_id: CaseId,
    pub payment_id: PaymentId,
    /// The bank day the money is there.
    pub disposal: Day,
    /// The account the money was sent to, where that is not the NemKonto.
    pub account: Option<AccountNumber>,
    pub content: Content,
    /// When the payment was stopped before it left.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

/// A notice to be kept.
#[derive(Clone, Debug)]
pub struct NewNotice {
    pub recipient: PartyId,
    pub case_id: CaseId,
    pub payment_id: PaymentId,
    pub disposal: Day,
    pub content: Content,
}

/// What a notice says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Content {
    pub benefit: String,
    pub case_number: String,
    /// What is paid: the lines less the deductions.
    pub amount: Dkk,
    pub decision: DecisionId,
    pub decided_on: Day,
    /// Initials.
    pub decided_by: String,
    pub lines: Vec<Line>,
    /// What is taken from the lines before the rest is paid, in the order it is taken.
    #[serde(default)]
    pub deductions: Vec<Deduction>,
    /// What was paid to others for the payee at the same time, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_others: Vec<ToOther>,
    /// Whose money it is, when the recipient gets it for somebody else and is told nothing more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PartyId>,
}

/// Money that was paid to somebody else for the payee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ToOther {
    pub receiver: PartyId,
    /// What the receiver knows it by.
    pub reference: String,
    pub amount: Dkk,
}

/// Something taken from a gross, such as A-tax.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Deduction {
    /// In Danish.
    pub title: String,
    pub amount: Dkk,
}

/// A line of the payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Line {
    pub title: String,
    /// The person it concerns, when that is not the payee.
    pub about: Option<PartyId>,
    pub period: Period,
    /// The payee's own.
    pub reference: Option<String>,
    pub details: Vec<Detail>,
    /// What the line gives in all.
    pub decided: Dkk,
    /// What of it is paid now; the rest was paid before, or goes to others.
    pub paid: Dkk,
    /// What of it is paid to others for the payee, before anything is deducted.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub to_others: Dkk,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
pub(crate) fn is_nothing(amount: &Dkk) -> bool {
    amount.is_zero()
}

/// A figure the amount rests on, such as hours or rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Detail {
    /// In Danish.
    pub label: String,
    pub value: Scalar,
}
