//! Money of ours that another system has paid, such as on account through the ERP ("a conto i Prisme").
//!
//! One person registers it with its voucher, and another confirms it. From then on it is settled: it
//! is booked against an account of its own, never the bank's; only the rest of what is due is paid;
//! and it is reported to the tax authority as a payment of the day it was paid. A registration that
//! was wrong is taken back the same way, and what it had settled is due again.

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_domain::ids::{CaseId, ElsewhereId, PartyId};
use ydun_domain::{Day, Dkk, Period};

use super::Taxation;
use crate::ledger::{Positive, Purpose};
use crate::tax::withhold::Taken;
use crate::words::words;

words! {
    /// How far a registration has come. It counts while it is confirmed, also while somebody asks
    /// that it be taken back.
    State("state of money paid elsewhere") {
        Registered = "registered",
        Confirmed = "confirmed",
        /// Another person must agree that it was wrong.
        TakeBackAsked = "take-back-asked",
        TakenBack = "taken-back",
    }
}

/// What proves a payment in another system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Voucher {
    /// Where it was paid, such as Prisme.
    pub system: String,
    /// As that system numbers it.
    pub number: String,
    pub paid_on: Day,
}

/// A payment in another system, as somebody has registered it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Elsewhere {
    pub id: ElsewhereId,
    pub case_id: CaseId,
    pub payee: PartyId,
    pub posting_code: String,
    /// The days it was paid for.
    pub period: Period,
    pub voucher: Voucher,
    /// Before tax.
    pub amount: Dkk,
    pub state: State,
    pub registered_at: DateTime<Utc>,
    pub registered_by: String,
    pub confirmed_by: Option<String>,
    /// Why somebody wants it taken back, and who.
    pub take_back: Option<TakeBack>,
}

/// A wish that a registration be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TakeBack {
    pub reason: String,
    pub asked_by: String,
}

/// What of a payment elsewhere was for one line of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub purpose: Purpose,
    /// The expense account that bears it.
    pub account: String,
    pub amount: Positive,
    /// What the other system took from it before it paid.
    pub taken: Taken,
    pub tax: Taxation,
}

/// A payment elsewhere to be registered.
#[derive(Clone, Debug)]
pub struct NewElsewhere {
    pub case_id: CaseId,
    pub payee: PartyId,
    pub posting_code: String,
    pub period: Period,
    pub voucher: Voucher,
    pub amount: Positive,
    /// They sum to the amount.
    pub parts: Vec<Part>,
}
