//! The months of a case without an event and with it, held against each other.

use std::collections::{BTreeMap, BTreeSet};

use ydun_domain::benefit::{Condition, Fact, State};
use ydun_domain::ids::PartyId;
use ydun_domain::{Day, Dkk, Month};

use crate::cases::Case;
use crate::db::Tx;
use crate::decisions::Ruling;
use crate::operations::CaseResult;
use crate::operations::answer::{Answer, answer};
use crate::operations::month_run::calculate::{Calculated, one_as_known, one_on};
use crate::operations::month_run::{Plan, RunError};

/// What a month gives, as far as it matters to anybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MonthGives {
    pub(super) month: Month,
    said: Said,
    conditions: Vec<(String, State)>,
    /// Of each line, by its key and payee.
    lines: BTreeMap<(String, PartyId), Dkk>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Decides(Ruling),
    /// What is asked, or that nobody is.
    Open(CaseResult),
}

impl MonthGives {
    pub(super) async fn calculate(
        tx: &mut Tx,
        plan: &Plan,
        case: &Case,
        month: Month,
        known_at: Day,
    ) -> Result<Self, RunError> {
        let calculated = one_as_known(tx, plan, case, known_at).await?;
        Ok(Self::read(plan, month, &calculated))
    }

    /// What a decided month gives on what it was decided on, and some facts more.
    pub(super) async fn decided_with(
        tx: &mut Tx,
        plan: &Plan,
        case: &Case,
        month: Month,
        facts: Vec<Fact>,
    ) -> Result<Self, RunError> {
        let calculated = one_on(tx, plan, case, facts).await?;
        Ok(Self::read(plan, month, &calculated))
    }

    fn read(plan: &Plan, month: Month, calculated: &Calculated) -> Self {
        let (run, calculation) = (&calculated.run, &calculated.calculation);
        let state = |condition: &Condition| (condition.id.clone(), condition.state);
        let conditions = match &calculation.answer {
            Ok(Ok(outcome)) => outcome.conditions.iter().map(state).collect(),
            _ => Vec::new(),
        };
        let (said, lines) = match answer(plan.tenant, plan.module.manifest(), run, calculation) {
            Answer::Proposal(proposal) => {
                let line =
                    |line: crate::decisions::DecidedLine| ((line.key, line.payee), line.amount);
                let lines = proposal.lines.into_iter().map(line).collect();
                (Said::Decides(proposal.basis.ruling), lines)
            }
            Answer::Open { result, .. } => (Said::Open(result), BTreeMap::new()),
        };
        Self { month, said, conditions, lines }
    }

    pub(super) fn total(&self) -> Dkk {
        self.lines.values().copied().sum()
    }

    fn of_payee(&self, payee: PartyId) -> Dkk {
        let own = self.lines.iter().filter(|((_, of), _)| *of == payee);
        own.map(|(_, amount)| *amount).sum()
    }

    /// Whether somebody must answer before anything can be decided.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.said, Said::Open(_))
    }
}

/// The months that come out otherwise with an event than without it.
#[derive(Clone, Debug, Default)]
pub(super) struct Weighed {
    pub(super) months: Vec<(MonthGives, MonthGives)>,
    /// Months that wait for an answer about something else, as they were decided and with the event alone.
    pub(super) alone: Vec<(MonthGives, MonthGives)>,
}

impl Weighed {
    /// The months in the same order, without the event and with it.
    pub(super) fn of(before: Vec<MonthGives>, after: Vec<MonthGives>) -> Self {
        let months = before.into_iter().zip(after).filter(|(before, after)| before != after);
        Self { months: months.collect(), alone: Vec::new() }
    }

    /// Adds months that wait for an answer about something else: what the event alone does to what was
    /// decided may still be too much to pay.
    pub(super) fn with_alone(self, alone: Vec<(MonthGives, MonthGives)>) -> Self {
        let is_known_to_differ =
            |(before, after): &(MonthGives, MonthGives)| before != after && !after.is_open();
        Self { alone: alone.into_iter().filter(is_known_to_differ).collect(), ..self }
    }

    pub(super) fn is_same(&self) -> bool {
        self.months.is_empty() && self.alone.is_empty()
    }

    fn all(&self) -> impl Iterator<Item = &(MonthGives, MonthGives)> {
        self.months.iter().chain(&self.alone)
    }

    pub(super) fn before(&self) -> Dkk {
        self.all().map(|(before, _)| before.total()).sum()
    }

    pub(super) fn after(&self) -> Dkk {
        self.all().map(|(_, after)| after.total()).sum()
    }

    /// Whoever would get too much, and in which months, oldest first. A month that waits for somebody's
    /// answer is not known to be wrong.
    pub(super) fn too_much(&self) -> BTreeMap<PartyId, Vec<Month>> {
        let mut found: BTreeMap<PartyId, Vec<Month>> = BTreeMap::new();
        for (before, after) in self.all().filter(|(_, after)| !after.is_open()) {
            let payees: BTreeSet<PartyId> = before.lines.keys().map(|(_, payee)| *payee).collect();
            for payee in payees {
                if after.of_payee(payee) < before.of_payee(payee) {
                    found.entry(payee).or_default().push(before.month);
                }
            }
        }
        found
    }
}
