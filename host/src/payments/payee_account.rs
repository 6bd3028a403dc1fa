//! Accounts a payee has named for one benefit ("specifik konto"), instead of the NemKonto.
//!
//! Whoever changes an account can take somebody's money, so two persons change it: one with the
//! payee's own wish in hand, and another who has looked at what speaks against it. Until the second
//! has said yes the money goes where it went. It is decided when a payment leaves, so that an account
//! named after the approval is used at once, and one that was ended is not.

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_domain::AccountNumber;
use ydun_domain::ids::{PartyId, PayeeAccountId};

use crate::words::words;

words! {
    /// How far a wish for an account has come.
    State("state of a payee's account") {
        Asked = "asked",
        /// The payee's money of the benefit goes there.
        Confirmed = "confirmed",
        Refused = "refused",
        /// Another account took its place, or the money goes to the NemKonto again.
        Ended = "ended",
    }
}

/// An account a payee wants a benefit paid to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct PayeeAccount {
    pub id: PayeeAccountId,
    pub payee: PartyId,
    pub benefit: String,
    pub account: AccountNumber,
    /// What proves that the payee wants it, such as a form and its date.
    pub source: String,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub asked_at: DateTime<Utc>,
    pub asked_by: String,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub confirmed_by: Option<String>,
    /// Why it was confirmed although something spoke against it.
    pub despite: Option<String>,
    pub closed_reason: Option<String>,
}

/// An account to be asked for.
#[derive(Clone, Debug)]
pub struct NewPayeeAccount {
    pub payee: PartyId,
    pub benefit: String,
    pub account: AccountNumber,
    pub source: String,
}

/// What speaks against paying to an account. Whoever confirms it all the same says why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    #[error("{0} other payees are paid to the same account")]
    Shared(i64),
    #[error(
        "the payee's account for this benefit was changed on {0} too, which is less than 30 days ago"
    )]
    ChangedLately(ydun_domain::Day),
}
