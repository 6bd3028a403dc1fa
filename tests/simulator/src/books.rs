//! The simulator's own books: what was signed, what has arrived, and what people did.
//!
//! Plain on purpose. A decision counts as soon as it is signed, or when it has reached the party if
//! it takes something from a payee. Nothing here is read from what the host has worked out of it.

use std::collections::{BTreeMap, BTreeSet};

use ydun_domain::Day;
use ydun_domain::ids::{CaseId, DecisionId, HearingId, PartyId, PaymentId};
use ydun_runtime::Digest;

/// A line of a case to a payee.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Owed {
    pub(crate) case: CaseId,
    pub(crate) line: String,
    pub(crate) payee: PartyId,
}

/// What is decided about: the days of a case that begin on one day.
pub(crate) type Days = (CaseId, Day);

/// Øre by line, in the order of the lines.
pub(crate) type Lines = BTreeMap<Owed, i64>;

/// A proposal as the approver saw it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) id: DecisionId,
    pub(crate) days: Days,
    pub(crate) lines: Lines,
    /// How the host names what is intended, when it takes something away.
    pub(crate) intention: Option<Digest>,
    pub(crate) proposed_by: String,
}

/// A hearing of one payee about what is intended for some days.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) days: Days,
    pub(crate) payee: PartyId,
    pub(crate) intended: Intended,
    pub(crate) way: Way,
}

/// What a payee is heard about.
#[derive(Clone, Debug)]
pub(crate) enum Intended {
    Lines(Lines),
    /// What a month would bring that is not run yet: the host's name of it is all there is.
    Ahead(Digest),
}

/// How far a hearing has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Begun(HearingId),
    /// With the last day to answer.
    Arrived(HearingId, Day),
    Answered,
    Waived,
}

/// What came of a signature, by the rules alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) approved: usize,
    pub(crate) held: usize,
    pub(crate) waiting: usize,
}

/// The books.
#[derive(Debug, Default)]
pub(crate) struct Books {
    /// What is in effect.
    pub(crate) effective: BTreeMap<Days, Lines>,
    /// The newest decision on some days, which may wait to reach the party.
    newest: BTreeMap<Days, DecisionId>,
    pub(crate) waiting: BTreeMap<DecisionId, Seen>,
    pub(crate) hearings: Vec<Heard>,
    /// Payments that somebody wanted stopped.
    pub(crate) stopped: BTreeSet<PaymentId>,
    /// Øre that people have paid back to the municipality's account.
    pub(crate) repaid: i64,
    /// Who proposed each decision, and who signed it.
    pub(crate) signed_by: BTreeMap<DecisionId, (String, String)>,
}

impl Books {
    /// The payees from whom a proposal takes something, beside what is in effect.
    fn losers(&self, seen: &Seen) -> Vec<PartyId> {
        let none = Lines::new();
        let before = by_payee(self.effective.get(&seen.days).unwrap_or(&none));
        let after = by_payee(&seen.lines);
        let loses = |(payee, before): (&PartyId, &i64)| {
            (after.get(payee).copied().unwrap_or_default() < *before).then_some(*payee)
        };
        before.iter().filter_map(loses).collect()
    }

    fn is_heard(&self, seen: &Seen, payee: PartyId, today: Day) -> bool {
        self.hearings.iter().any(|heard| {
            let same = heard.days == seen.days && heard.payee == payee;
            let over = match heard.way {
                Way::Begun(_) => false,
                Way::Arrived(_, deadline) => today > deadline,
                Way::Answered | Way::Waived => true,
            };
            let about_it = match &heard.intended {
                Intended::Lines(lines) => *lines == seen.lines,
                Intended::Ahead(intention) => Some(*intention) == seen.intention,
            };
            same && over && about_it
        })
    }

    /// Whether the law lets a proposal be decided today.
    pub(crate) fn may_be_decided(&self, seen: &Seen, today: Day) -> bool {
        self.losers(seen).iter().all(|payee| self.is_heard(seen, *payee, today))
    }

    /// Writes down what a second person has signed, and says what should have come of it.
    pub(crate) fn sign(&mut self, seen: Vec<Seen>, by: &str, today: Day) -> Expected {
        let mut expected = Expected::default();
        for seen in seen {
            if !self.may_be_decided(&seen, today) {
                expected.waiting += 1;
                continue;
            }
            expected.approved += 1;
            self.signed_by.insert(seen.id, (seen.proposed_by.clone(), by.to_owned()));
            self.newest.insert(seen.days, seen.id);
            if self.losers(&seen).is_empty() {
                self.effective.insert(seen.days, seen.lines);
            } else {
                expected.held += 1;
                self.waiting.insert(seen.id, seen);
            }
        }
        expected
    }

    /// A decision has reached the party. One whose place another has taken changes nothing; answers
    /// whether it does.
    pub(crate) fn arrive(&mut self, decision: DecisionId) -> bool {
        let Some(seen) = self.waiting.remove(&decision) else { return false };
        let counts = self.newest.get(&seen.days) == Some(&decision);
        if counts {
            self.effective.insert(seen.days, seen.lines);
        }
        counts
    }

    /// What payees are heard about who can answer until a day, and not longer.
    pub(crate) fn ends_on(&self, day: Day) -> BTreeSet<Days> {
        let ends =
            |heard: &&Heard| matches!(heard.way, Way::Arrived(_, deadline) if deadline == day);
        self.hearings.iter().filter(ends).map(|heard| heard.days).collect()
    }

    /// What was signed last, whether or not it has reached the party.
    pub(crate) fn decided(&self) -> Lines {
        let mut decided = self.effective.clone();
        let newest = |(id, seen): &(&DecisionId, &Seen)| self.newest.get(&seen.days) == Some(*id);
        for (_, seen) in self.waiting.iter().filter(newest) {
            decided.insert(seen.days, seen.lines.clone());
        }
        sums(&decided)
    }

    /// What everybody has a right to.
    pub(crate) fn due(&self) -> Lines {
        sums(&self.effective)
    }
}

fn sums(days: &BTreeMap<Days, Lines>) -> Lines {
    let mut sums = Lines::new();
    for (owed, oere) in days.values().flatten() {
        *sums.entry(owed.clone()).or_default() += oere;
    }
    sums
}

fn by_payee(lines: &Lines) -> BTreeMap<PartyId, i64> {
    let mut sums = BTreeMap::new();
    for (owed, oere) in lines {
        *sums.entry(owed.payee).or_default() += oere;
    }
    sums
}
