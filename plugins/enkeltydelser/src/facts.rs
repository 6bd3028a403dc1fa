//! The case as the module reads it: a typed view of the dossier.

mod application;
mod economy;
mod expense;
mod terms;

use ydun_benefit::prelude::*;

pub(crate) use application::{Application, Event, StudentLoan};
pub(crate) use economy::{Budget, Family, Household, Item, SpouseMeans};
pub(crate) use expense::{Answer, Expense, Nature, Purpose, short};
pub(crate) use terms::{Approval, Notice, Payee, Receipt, RentArrears, Repayment};

use crate::settings::Settings;

/// Everything the rules look at.
#[derive(Debug)]
pub(crate) struct Case<'a> {
    pub(crate) facts: Facts<'a>,
    pub(crate) rates: Rates<'a>,
    pub(crate) settings: Settings,
    pub(crate) applicant: &'a Party,
    /// What was applied for in the span, by day and number. This order never changes what was
    /// decided earlier when something more is applied for.
    pub(crate) expenses: Vec<Expense<'a>>,
}

impl<'a> Case<'a> {
    /// The case, or none when nothing was ever applied for.
    pub(crate) fn read(dossier: &'a Dossier) -> Result<Option<Self>, Failure> {
        let facts = Facts::of(dossier);
        let all = facts.kind("expense");
        let Some(first) = all.first() else { return Ok(None) };
        let applicant = first.about();
        if let Some(other) = all.iter().find(|fact| fact.about() != applicant) {
            return Err(other.contradicts("all expenses of a case have the same applicant"));
        }
        distinct_numbers(&all)?;
        let applied = all.keep(|fact| dossier.span.contains(fact.valid().first()));
        let mut expenses = applied
            .iter()
            .map(|fact| Expense::read(fact, &facts))
            .collect::<Result<Vec<_>, _>>()?;
        expenses.sort_by_key(|expense| (expense.applied(), expense.number));
        Ok(Some(Self {
            rates: Rates::of(dossier),
            settings: Settings::of(dossier)?,
            applicant,
            expenses,
            facts,
        }))
    }

    /// Facts of a kind about the applicant.
    pub(crate) fn about_applicant(&self, kind: &'static str) -> Found<'a> {
        self.facts.kind(kind).about(self.applicant)
    }

    /// Facts of a kind that name an expense by its number.
    pub(crate) fn about_expense(
        &self,
        kind: &'static str,
        expense: &Expense<'_>,
    ) -> Result<Vec<FactRef<'a>>, Failure> {
        let mut found = vec![];
        for fact in self.about_applicant(kind).iter() {
            if expense::number(fact, "expense")? == expense.number {
                found.push(fact);
            }
        }
        Ok(found)
    }

    /// The latest such fact.
    pub(crate) fn latest_about(
        &self,
        kind: &'static str,
        expense: &Expense<'_>,
    ) -> Result<Option<FactRef<'a>>, Failure> {
        Ok(self.about_expense(kind, expense)?.pop())
    }

    /// The days something was applied for, in order.
    pub(crate) fn days(&self) -> Vec<Day> {
        let mut days: Vec<Day> = self.expenses.iter().map(Expense::applied).collect();
        days.dedup();
        days
    }

    /// The applicant's age in whole years on a day, and the fact it is known from.
    pub(crate) fn age_on(&self, day: Day) -> Result<Option<(i32, FactRef<'a>)>, Failure> {
        let birth = self.about_applicant("birth").last();
        birth.map(|fact| Ok((fact.day("day")?.years_until(day), fact))).transpose()
    }
}

/// A number names one expense of the case for ever, because assessments and approvals refer to it.
fn distinct_numbers(expenses: &Found<'_>) -> Result<(), Failure> {
    let mut numbers = expenses
        .iter()
        .map(|fact| expense::number(fact, "number"))
        .collect::<Result<Vec<_>, _>>()?;
    numbers.sort_unstable();
    match numbers.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Failure::Contradiction(format!(
            "two expenses have the number {}; give each its own",
            pair[0]
        ))),
        None => Ok(()),
    }
}
