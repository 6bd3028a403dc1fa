//! The month's close: decided = booked = paid = reported = ready for refund, for each benefit.
//!
//! A month is the lines whose last day is in it, whenever they are booked. [`service::check`] reads
//! the rows of the month once and names every line that differs. A difference is put right, or a
//! person explains it and another agrees; only then can the month be closed. What is booked later
//! for a closed month stands in the open month's books, and [`service::later`] says which month it
//! belongs to.
//!
//! A decision that gives less counts when it has reached the party. Until then the one before it is
//! booked, paid and reported: such a line is no difference, it is [`Waiting`] and named.

mod agreement;
pub mod refund;
pub mod service;
mod store;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ydun_domain::ids::PartyId;
use ydun_domain::{Dkk, Month};

use crate::words::words;

words! {
    /// Which two of the five do not agree.
    Kind("kind of difference") {
        /// More is decided than booked: a payment was stopped and not made again.
        NotBooked = "not-booked",
        /// More is booked than decided: somebody has got too much.
        Overpaid = "overpaid",
        /// It is booked and has not reached the payee.
        NotPaid = "not-paid",
        /// More was paid than is booked.
        NotInBooks = "not-in-books",
        /// What was paid as income and what the register has accepted differ.
        NotReported = "not-reported",
        /// No manifest says how an income is reported.
        Unreportable = "unreportable",
        /// What the state's refund rests on and what the register has accepted of it differ.
        NotRefundable = "not-refundable",
    }
}

impl Kind {
    /// What the difference is called.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::NotBooked => "besluttet, ikke bogført",
            Self::Overpaid => "bogført, ikke besluttet",
            Self::NotPaid => "bogført, ikke udbetalt",
            Self::NotInBooks => "udbetalt, ikke bogført",
            Self::NotReported => "udbetalt og indberettet er forskellige",
            Self::Unreportable => "kan ikke indberettes",
            Self::NotRefundable => "refusion og indberetning er forskellige",
        }
    }

    /// What to do about it.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::NotBooked => "udbetal det standsede igen, eller afgør måneden på ny",
            Self::Overpaid => "tag stilling til, om det skal kræves tilbage",
            Self::NotPaid => {
                "send betalingen, læs bankens svar, eller udbetal igen det, der kom tilbage"
            }
            Self::NotInBooks => "få driften til at undersøge bogføringen",
            Self::NotReported => "indberet (ydun report income), læs svaret, eller ret det afviste",
            Self::Unreportable => "få en ny version af modulet, der siger, hvordan det indberettes",
            Self::NotRefundable => "indberet igen (ydun report income); kontoen følger med",
        }
    }
}

/// A line, or a person's days, that does not agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The same difference has the same key.
    pub key: String,
    pub benefit: String,
    pub kind: Kind,
    /// The case's number, where it is about one case.
    pub case: Option<String>,
    /// The line's key, or the days that are reported together.
    pub of: String,
    pub payee: PartyId,
    /// More at the first of the two than at the second.
    pub amount: Dkk,
    pub explanation: Option<Explanation>,
}

impl Difference {
    /// Whether two persons have said why it may stand as it is.
    pub fn is_explained(&self) -> bool {
        self.explanation.as_ref().is_some_and(|explanation| {
            explanation.amount == self.amount && explanation.accepted_by.is_some()
        })
    }
}

/// A line that an approved decision changes when it reaches the party, and not before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// The case's number.
    pub case: String,
    pub line_key: String,
    pub payee: PartyId,
    /// What is in effect until then less what is decided.
    pub amount: Dkk,
}

/// Why a difference may stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The difference it was given for.
    pub amount: Dkk,
    pub reason: String,
    pub explained_by: String,
    pub accepted_by: Option<String>,
}

/// What a benefit's month comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Totals {
    pub lines: u64,
    pub decided: Dkk,
    /// What stays in effect beside it until decisions reach their parties.
    #[serde(default)] // months that were closed before it was counted
    pub waiting: Dkk,
    pub booked: Dkk,
    /// What has reached the payees, before tax, here and elsewhere.
    pub paid: Dkk,
    /// Of what was paid, that which is income.
    pub income: Dkk,
    /// Of the income, that which the register has accepted.
    pub reported: Dkk,
    /// What the state's refund rests on, of the postings that are told with a refund account.
    pub refundable: Dkk,
    /// Of that, what the register has accepted.
    pub refund_reported: Dkk,
}

/// Whether a benefit's month agrees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Match {
    pub benefit: String,
    pub month: Month,
    pub totals: Totals,
    pub differences: Vec<Difference>,
    /// What blocks nothing, as the law lets it wait.
    pub waiting: Vec<Waiting>,
    pub closed: Option<Closed>,
}

impl Match {
    /// The differences nobody has explained.
    pub fn open(&self) -> impl Iterator<Item = &Difference> {
        self.differences.iter().filter(|difference| !difference.is_explained())
    }
}

/// A month that was closed, and what it came to then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Closed {
    pub at: DateTime<Utc>,
    pub by: String,
    pub totals: Totals,
    pub explained: i64,
}

/// What was booked after a month was closed and belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Later {
    /// The month in whose books it stands.
    pub booked: Month,
    /// What it changed the month's cost by.
    pub cost: Dkk,
    pub postings: i64,
}
