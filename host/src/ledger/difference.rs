//! What to do next: what is due minus what is settled.
//!
//! A zero amount, a gap, a split, a changed payee, a raise and a pull-back are all the same
//! subtraction, and doing it again after the answer is booked gives nothing.

use std::collections::BTreeMap;

use ydun_domain::ids::{CaseId, PartyId};
use ydun_domain::{Dkk, Period};

use super::{Positive, Purpose};

/// An amount for a purpose, and the expense account that bears it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    pub purpose: Purpose,
    pub account: String,
    /// Due, or settled. Zero says that nothing is.
    pub amount: Dkk,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Pay {
        purpose: Purpose,
        account: String,
        amount: Positive,
    },
    /// The payee has the money already, but another posting bears it now. Nothing is paid.
    Rebook {
        from: Bearer,
        to: Bearer,
        amount: Positive,
    },
    /// The payee has more than is due. It is not taken back here: that takes a decision of its own.
    Overpaid {
        line: Line,
        amount: Positive,
    },
}

/// A posting that bears an amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    pub purpose: Purpose,
    pub account: String,
}

/// A line of a case, to one payee: what one owes the other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line {
    pub case_id: CaseId,
    pub line_key: String,
    pub payee: PartyId,
}

impl From<&Purpose> for Line {
    fn from(purpose: &Purpose) -> Self {
        Self { case_id: purpose.case_id, line_key: purpose.line_key.clone(), payee: purpose.payee }
    }
}

/// The amounts of one posting within a line.
#[derive(Debug)]
struct Balance {
    /// The latest days known of the posting: those due, else those settled.
    period: Period,
    due: Dkk,
    settled: Dkk,
}

/// Posting code and account.
type PostingKey = (String, String);

/// The steps from what is settled to what is due, in the order of cases, lines and payees.
///
/// Lines settled and no longer due must be among `settled`, or nobody will find that they are paid.
pub fn difference(due: &[Share], settled: &[Share]) -> Vec<Step> {
    let lines = balances(due, settled);
    lines.into_iter().flat_map(|(line, balances)| steps(&line, &balances)).collect()
}

/// What is due less what is settled for each posting where they differ, below zero when it is too much.
pub fn gaps(due: &[Share], settled: &[Share]) -> Vec<(Bearer, Dkk)> {
    let lines = balances(due, settled);
    let gaps = lines.iter().flat_map(|(line, balances)| {
        let gap = |(posting, balance)| (bearer(line, posting, balance), balance.open());
        balances.iter().map(gap)
    });
    gaps.filter(|(_, open)| !open.is_zero()).collect()
}

type Balances = BTreeMap<Line, BTreeMap<PostingKey, Balance>>;

fn balances(due: &[Share], settled: &[Share]) -> Balances {
    let mut lines = Balances::new();
    for share in settled {
        balance(&mut lines, share).settled += share.amount;
    }
    for share in due {
        let balance = balance(&mut lines, share);
        balance.due += share.amount;
        balance.period = share.purpose.period;
    }
    lines
}

impl Balance {
    fn open(&self) -> Dkk {
        self.due - self.settled
    }
}

fn bearer(line: &Line, (posting_code, account): &PostingKey, balance: &Balance) -> Bearer {
    let Line { case_id, line_key, payee } = line.clone();
    let (posting_code, period) = (posting_code.clone(), balance.period);
    let purpose = Purpose { case_id, line_key, payee, posting_code, period };
    Bearer { purpose, account: account.clone() }
}

fn balance<'a>(lines: &'a mut Balances, share: &Share) -> &'a mut Balance {
    let purpose = &share.purpose;
    let posting = (purpose.posting_code.clone(), share.account.clone());
    let new = || Balance { period: purpose.period, due: Dkk::ZERO, settled: Dkk::ZERO };
    lines.entry(purpose.into()).or_default().entry(posting).or_insert_with(new)
}

/// An amount too little or too much at a posting, as far as it is not yet dealt with.
struct Gap {
    bearer: Bearer,
    open: Dkk,
}

/// Within a line, money moves from postings that bear too much to those that bear too little; the
/// rest is paid, or is too much.
fn steps(line: &Line, balances: &BTreeMap<PostingKey, Balance>) -> Vec<Step> {
    let (mut lacking, mut excess) = (Vec::new(), Vec::new());
    for (posting, balance) in balances {
        let (bearer, open) = (bearer(line, posting, balance), balance.open());
        let gaps = if open.is_negative() { &mut excess } else { &mut lacking };
        gaps.push(Gap { bearer, open: open.abs() });
    }
    let mut steps = rebook(&mut lacking, &mut excess);
    steps.extend(lacking.into_iter().filter_map(|Gap { bearer, open }| {
        let amount = Positive::new(open)?;
        Some(Step::Pay { purpose: bearer.purpose, account: bearer.account, amount })
    }));
    let too_much = excess.iter().map(|gap| gap.open).sum();
    steps.extend(
        Positive::new(too_much).map(|amount| Step::Overpaid { line: line.clone(), amount }),
    );
    steps
}

fn rebook(lacking: &mut [Gap], excess: &mut [Gap]) -> Vec<Step> {
    let mut steps = Vec::new();
    for to in lacking {
        for from in excess.iter_mut() {
            if let Some(amount) = Positive::new(to.open.min(from.open)) {
                to.open -= amount.dkk();
                from.open -= amount.dkk();
                steps.push(Step::Rebook {
                    from: from.bearer.clone(),
                    to: to.bearer.clone(),
                    amount,
                });
            }
        }
    }
    steps
}

#[cfg(test)]
mod tests;
