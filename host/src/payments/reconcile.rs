//! Whether three tellings of the same money agree: what we sent and what the bank acknowledged, what it
//! acknowledged and what its statements say, what the ledger holds and what decisions entitle to.
//!
//! What does not agree is a [`Break`] with an owner, from the day it was found until it is gone.

use serde::Serialize;
use ydun_domain::ids::CaseId;
use ydun_domain::{Day, Dkk};

use crate::words::words;

words! {
    /// What does not agree.
    Kind("kind of break") {
        /// Sent on an earlier day, and the bank has not answered, or not clearly.
        Unanswered = "unanswered",
        /// The bank would have paid by now, and has not said so.
        Unsettled = "unsettled",
        /// The bank said one thing and its statements say another.
        OffStatement = "off-statement",
        /// Moved on the account, and is no payment of ours.
        Stranger = "stranger",
        /// A statement does not begin where the one before ended, or its entries are not its difference.
        Gap = "gap",
        /// Decided and not paid.
        Unpaid = "unpaid",
        /// Paid, not decided, and not named as overpaid.
        Overpaid = "overpaid",
        /// An account of the ledger is not what the payments come to.
        Books = "books",
    }
}

/// Something that does not agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Break {
    /// The same break has the same key.
    pub key: String,
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    pub case_id: Option<CaseId>,
    /// Of the first telling less the second.
    pub amount: Dkk,
    /// In Danish.
    pub title: String,
    /// A worker's initials.
    pub owner: String,
    pub found_on: Day,
}

impl Break {
    /// Days it has been open.
    pub fn age(&self, on: Day) -> i64 {
        (on.date() - self.found_on.date()).num_days()
    }
}
