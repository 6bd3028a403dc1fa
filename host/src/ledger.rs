//! The municipality's books for benefits: double entry, append-only.
//!
//! An [`Entry`] has a business key, so booking it twice equals booking it once. A [`Posting`] is one
//! row with a debit, a credit and an amount above zero: the books balance by construction, and
//! nothing in the store can change or remove a row. A correction is a new entry. What should be paid
//! next is a subtraction, in [`difference`].

pub mod chart;
pub mod difference;
pub mod service;
mod store;

use std::fmt;
use std::str::FromStr;

use ydun_domain::ids::{
    CaseId, DecisionId, ElsewhereId, EntryId, PartyId, PaymentFileId, PaymentId,
};
use ydun_domain::{Day, Dkk, Period};

use crate::words::words;

words! {
    /// What is taken from a person's gross and owed to somebody else.
    Withholding("withholding") {
        /// A-tax, to the tax authority.
        ATax = "a-tax",
        /// AM-bidrag, to the tax authority.
        AmBidrag = "am-bidrag",
        /// The person's own share, to ATP.
        Atp = "atp",
    }
}

/// Where money is, or what it was spent on.
///
/// The municipality's own chart of accounts changes every year; these keys do not. The expense
/// accounts are named by the benefits' manifests.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// What a benefit costs.
    Expense(String),
    /// Decided and owed to payees, not yet sent to the bank.
    Payable,
    /// Sent to the bank, whose last word we do not have.
    BankInTransit,
    /// Drawn from the municipality's account.
    Bank,
    /// Paid by another system on our behalf, which has it on an account of its own.
    Elsewhere,
    /// Money that could not be delivered. Every krone here is somebody's task.
    Clearing,
    /// Taken from payees and owed to the authorities.
    Withheld(Withholding),
}

impl Account {
    const EXPENSE: &str = "expense:";
    const WITHHELD: &str = "withheld:";
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expense(key) => write!(f, "{}{key}", Self::EXPENSE),
            Self::Payable => f.write_str("payable"),
            Self::BankInTransit => f.write_str("bank-in-transit"),
            Self::Bank => f.write_str("bank"),
            Self::Elsewhere => f.write_str("paid-elsewhere"),
            Self::Clearing => f.write_str("clearing"),
            Self::Withheld(what) => write!(f, "{}{what}", Self::WITHHELD),
        }
    }
}

/// The text names no account of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not an account of the ledger")]
pub struct NotAnAccount(String);

impl FromStr for Account {
    type Err = NotAnAccount;
    fn from_str(text: &str) -> Result<Self, NotAnAccount> {
        let refused = || NotAnAccount(text.to_owned());
        match text {
            "payable" => Ok(Self::Payable),
            "bank-in-transit" => Ok(Self::BankInTransit),
            "bank" => Ok(Self::Bank),
            "paid-elsewhere" => Ok(Self::Elsewhere),
            "clearing" => Ok(Self::Clearing),
            _ => {
                if let Some(what) = text.strip_prefix(Self::WITHHELD) {
                    return what.parse().map(Self::Withheld).map_err(|_| refused());
                }
                let key = text.strip_prefix(Self::EXPENSE).filter(|key| !key.is_empty());
                key.map(|key| Self::Expense(key.to_owned())).ok_or_else(refused)
            }
        }
    }
}

/// An amount above zero: all that can be paid or posted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Positive(Dkk);

impl Positive {
    pub fn new(amount: Dkk) -> Option<Self> {
        (amount > Dkk::ZERO).then_some(Self(amount))
    }

    pub fn dkk(self) -> Dkk {
        self.0
    }
}

impl fmt::Debug for Positive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// What money is for: one line of a case, to one payee.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purpose {
    pub case_id: CaseId,
    /// The module's name for the line, the same whenever the line is calculated again.
    pub line_key: String,
    pub payee: PartyId,
    pub posting_code: String,
    pub period: Period,
}

/// An amount moved between two accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    pub debit: Account,
    pub credit: Account,
    pub amount: Positive,
    pub purpose: Purpose,
}

/// What caused an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    Decision(DecisionId),
    /// Payments left for the bank.
    File(PaymentFileId),
    /// The bank told what became of the payments of a file.
    Answer(PaymentFileId),
    /// Somebody stopped a payment, or had it paid again.
    Payment(PaymentId),
    /// A payment by another system was registered, or taken back.
    Elsewhere(ElsewhereId),
}

/// A transaction in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: EntryId,
    /// The same event has the same key, so that it is booked once.
    pub business_key: String,
    pub cause: Cause,
    pub booked: Day,
    pub postings: Vec<Posting>,
}

impl Entry {
    pub fn new(business_key: String, cause: Cause, booked: Day, postings: Vec<Posting>) -> Self {
        Self { id: EntryId::generate(), business_key, cause, booked, postings }
    }
}

/// Whether an entry was booked now or had been before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Booking {
    Booked,
    AlreadyBooked,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_read_as_it_is_written() {
        for account in [
            Account::Expense("voksenlaerling".into()),
            Account::Payable,
            Account::BankInTransit,
            Account::Bank,
            Account::Elsewhere,
            Account::Clearing,
            Account::Withheld(Withholding::AmBidrag),
        ] {
            assert_eq!(account.to_string().parse(), Ok(account));
        }
        for text in ["", "expense:", "Payable", "expenses:x", "withheld:vat"] {
            assert!(text.parse::<Account>().is_err(), "{text}");
        }
    }

    #[test]
    fn only_more_than_nothing_can_be_posted() {
        assert!(Positive::new(Dkk::ZERO).is_none());
        assert!(Positive::new(Dkk::from_oere(-1)).is_none());
        assert!(Positive::new(Dkk::from_oere(1)).is_some());
    }
}
