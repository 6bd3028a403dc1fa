//! The figures of the books, for people and for programs.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::amounts::Oere;
use super::books::{Books, State};
use super::payees::Payee;

/// What the books say. As JSON the payees have their whole numbers, shown to people they are masked.
#[derive(Debug, Serialize)]
pub struct Statement {
    /// Taken from the payers: what is in transit and what is settled.
    pub debited_oere: Oere,
    /// Accepted, the day has not come.
    pub in_transit_oere: Oere,
    pub settled_oere: Oere,
    pub files: usize,
    pub states: States,
    pub payees: BTreeMap<Payee, Balance>,
}

/// How many payments are in each state.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct States {
    pub pending: usize,
    pub accepted: usize,
    pub settled: usize,
    pub rejected: usize,
    pub returned: usize,
    pub stopped: usize,
}

/// One payee.
#[derive(Debug, Serialize)]
pub struct Balance {
    pub balance_oere: Oere,
    pub payments: u64,
}

impl Statement {
    pub(crate) fn of(books: &Books) -> Self {
        let mut states = States::default();
        for payment in books.payments.values() {
            match payment.state {
                State::Pending { .. } => states.pending += 1,
                State::Accepted(_) => states.accepted += 1,
                State::Settled(_) => states.settled += 1,
                State::Rejected { .. } => states.rejected += 1,
                State::Returned(_) => states.returned += 1,
                State::Stopped(_) => states.stopped += 1,
            }
        }
        let accounts = &books.accounts;
        let balance = |(payee, account): (&Payee, &super::books::PayeeAccount)| {
            let balance =
                Balance { balance_oere: account.balance_oere, payments: account.payments };
            (payee.clone(), balance)
        };
        Self {
            debited_oere: accounts.debited(),
            in_transit_oere: accounts.debited() - accounts.settled(),
            settled_oere: accounts.settled(),
            files: books.files.len(),
            states,
            payees: accounts.payees.iter().map(balance).collect(),
        }
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<20}{:>16}{:>10}", "payee", "balance DKK", "payments")?;
        for (payee, account) in &self.payees {
            writeln!(f, "{payee:<20}{:>16}{:>10}", account.balance_oere, account.payments)?;
        }
        writeln!(f, "{:<20}{:>16}", "settled", self.settled_oere)?;
        writeln!(f, "{:<20}{:>16}", "in transit", self.in_transit_oere)?;
        writeln!(f, "{:<20}{:>16}", "debited the payers", self.debited_oere)?;
        let States { pending, accepted, settled, rejected, returned, stopped } = &self.states;
        write!(
            f,
            "{} files; payments: {pending} pending, {accepted} accepted, {settled} settled, {rejected} rejected, \
             {returned} returned, {stopped} stopped",
            self.files
        )
    }
}
