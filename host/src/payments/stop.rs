//! Asking the bank to stop a payment it has.
//!
//! A request waits until the bank has said that it has the payment: before, it could not find what it
//! is to stop. Then it goes in a file of its own. The first final word holds, of the bank on the
//! payment or on the request; "paid" and "stopped" are never both true.

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_domain::ids::PaymentId;
use ydun_domain::{Dkk, Tenant};

use super::PaymentFile;
use crate::words::words;

words! {
    /// Where a request to stop a payment is.
    StopState("state of a request to stop a payment") {
        /// Somebody has asked; the bank has not been asked yet.
        Asked = "asked",
        Sent = "sent",
        /// The bank is finding out whether it can.
        Pending = "pending",
        /// The payment is not paid.
        Stopped = "stopped",
        /// The bank would not or could not.
        Refused = "refused",
    }
}

impl StopState {
    /// Whether it has not come to an end.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Asked | Self::Sent | Self::Pending)
    }
}

/// A request to stop a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct StopRequest {
    #[sqlx(rename = "payment_id")]
    pub payment: PaymentId,
    #[sqlx(try_from = "String")]
    pub state: StopState,
    pub reason: String,
    pub asked_at: DateTime<Utc>,
    pub asked_by: String,
    /// Of the file it went in.
    pub message_id: Option<String>,
    pub answer: Option<String>,
}

/// A file that asks the bank to stop payments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct StopFile {
    pub tenant: Tenant,
    /// Never used for another file.
    pub message_id: String,
    pub name: String,
    #[serde(skip)]
    pub digest: Vec<u8>,
    pub made_at: DateTime<Utc>,
    pub published_at: Option<DateTime<Utc>>,
}

/// A payment the bank is asked to stop, as it went to the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopping {
    pub end_to_end: String,
    pub amount: Dkk,
    /// The file it went in.
    pub file: PaymentFile,
}
