//! The case of one applicant as the module reads it: a typed view of the dossier.

mod application;
mod help;
mod income;

use ydun_benefit::prelude::*;

pub(crate) use application::{Application, Relation};
pub(crate) use help::{Grant, SingleHours};
pub(crate) use income::{Atp, Basis, BasisKind, PensionScheme, saved_on};

use crate::ending::Ending;
use crate::law;
use crate::settings::Settings;

/// Everything the rules look at for one applicant.
#[derive(Debug)]
pub(crate) struct Case<'a> {
    /// Facts about the child and this applicant.
    pub(crate) facts: Facts<'a>,
    /// Facts about the other applicants of the case.
    pub(crate) others: Facts<'a>,
    pub(crate) rates: Rates<'a>,
    pub(crate) settings: Settings,
    pub(crate) span: Period,
    /// The days of the span until the benefit ends, which the conditions are about.
    pub(crate) tested: Period,
    pub(crate) parent: &'a Party,
    pub(crate) application: Application<'a>,
}

impl<'a> Case<'a> {
    /// The case of an applicant, of all who have applied.
    pub(crate) fn read(
        dossier: &'a Dossier,
        parent: &'a Party,
        applicants: &[&'a Party],
    ) -> Result<Self, Failure> {
        let is_other =
            |fact: &FactRef<'a>| fact.about() != parent && applicants.contains(&fact.about());
        let facts = Facts::of(dossier).keep(|fact| !is_other(fact));
        let application = facts.kind("application").about(parent);
        // A renewed application counts once it is there.
        let in_time = application.clone().keep(|fact| fact.valid().first() <= dossier.span.last());
        let application = in_time.last().or(application.first());
        let application = application.expect("an applicant is one who has applied");
        let mut case = Self {
            others: Facts::of(dossier).keep(is_other),
            rates: Rates::of(dossier),
            settings: Settings::of(dossier)?,
            span: dossier.span,
            tested: dossier.span,
            parent,
            application: Application::read(application)?,
            facts,
        };
        if let Some(ending) = Ending::of(&case)? {
            case.tested = ending.until(case.span).unwrap_or(case.span);
        }
        Ok(case)
    }

    pub(crate) fn child(&self) -> &'a Party {
        self.application.child
    }

    pub(crate) fn about_child(&self, kind: &'static str) -> Found<'a> {
        self.facts.kind(kind).about(self.child())
    }

    /// The fact about the child's birth, and the day, which is no day to come.
    pub(crate) fn birth(&self) -> Result<Option<(FactRef<'a>, Day)>, Failure> {
        let Some(birth) = self.about_child("birth").only()? else { return Ok(None) };
        let day = birth.day("day")?;
        if day > self.span.last() {
            return Err(birth.wrong("day", "it is after the days calculated"));
        }
        Ok(Some((birth, day)))
    }

    pub(crate) fn about_parent(&self, kind: &'static str) -> Found<'a> {
        self.facts.kind(kind).about(self.parent)
    }

    /// The section that governs the days tested.
    pub(crate) fn section(&self) -> &'static str {
        law::section_over(self.tested)
    }

    /// Applied for before 2011: no cap, and another regulation.
    pub(crate) fn is_from_before_2011(&self) -> bool {
        self.application.received < law::FIRST_DAY_OF_CAP
    }

    /// What has been granted: hours every week, or single hours.
    pub(crate) fn helped(&self) -> impl Iterator<Item = FactRef<'a>> {
        let weekly = self.about_parent("hours-granted");
        let single = self.about_parent("single-hours");
        weekly.iter().chain(single.iter()).collect::<Vec<_>>().into_iter()
    }

    /// Whether help had been given before the span, so that this is no longer the first decision.
    pub(crate) fn is_running_case(&self) -> bool {
        self.helped().any(|fact| fact.valid().first() < self.span.first())
    }
}
