//! The case as the module reads it: a typed view of the dossier.

mod household;
mod request;

use ydun_benefit::prelude::*;

pub(crate) use household::{Doubt, Household, Status};
pub(crate) use request::{MonthHours, Request};

use crate::settings::Settings;

/// Everything the rules look at.
#[derive(Debug)]
pub(crate) struct Case<'a> {
    pub(crate) span: Period,
    pub(crate) facts: Facts<'a>,
    pub(crate) rates: Rates<'a>,
    pub(crate) settings: Settings<'a>,
    /// Who is ill, and whom the case is about.
    pub(crate) employee: &'a Party,
}

impl<'a> Case<'a> {
    /// Kinds of facts that are about somebody else.
    const ABOUT_OTHERS: [&'static str; 2] = ["refund-request", "child"];

    pub(crate) fn read(dossier: &'a Dossier) -> Result<Self, Failure> {
        let facts = Facts::of(dossier);
        let is_about_employee = |fact: &FactRef<'_>| !Self::ABOUT_OTHERS.contains(&fact.kind());
        let employee = facts.iter().find(is_about_employee).ok_or_else(|| {
            Failure::Unsupported("the dossier has no fact about the employee to begin with".into())
        })?;
        Ok(Self {
            span: whole_months(dossier.span)?,
            rates: Rates::of(dossier),
            settings: Settings::of(dossier)?,
            employee: employee.about(),
            facts,
        })
    }

    /// Facts of a kind about the employee.
    pub(crate) fn about_employee(&self, kind: &'static str) -> Found<'a> {
        self.facts.kind(kind).about(self.employee)
    }
}

/// Refund is settled by the calendar month, so a part of one is no question to put.
fn whole_months(span: Period) -> Result<Period, Failure> {
    let (first, last) = (span.first().month().first(), span.last().month().last());
    if (span.first(), span.last()) == (first, last) {
        Ok(span)
    } else {
        let why = format!("refund is settled in whole calendar months, and {span} cuts one");
        Err(Failure::Unsupported(why))
    }
}
