//! Whether the employee is a provider (forsørger), which chooses the rate.

use ydun_benefit::prelude::*;

use crate::facts::Case;

/// What the law tells apart; each has a rate of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Provider,
    NotProvider,
    /// Under 25, at home, and with nobody to maintain.
    YoungAtHome,
}

impl Status {
    const CODES: &[(&str, Self)] = &[
        ("provider", Self::Provider),
        ("not-provider", Self::NotProvider),
        ("young-at-home", Self::YoungAtHome),
    ];

    pub(crate) fn rate_key(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::NotProvider => "not-provider",
            Self::YoungAtHome => "young-at-home",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Provider => "forsørger",
            Self::NotProvider => "ikke-forsørger",
            Self::YoungAtHome => "hjemmeboende under 25 år",
        }
    }
}

/// Status, children and age, as far as they are known.
#[derive(Debug)]
pub(crate) struct Household<'a> {
    statuses: Found<'a>,
    children: Found<'a>,
    birth: Option<FactRef<'a>>,
}

/// Why the status of a day is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    NotTold,
    /// Since the status was told, a child came, went or turned 18.
    ChildrenChanged,
    AgeNotTold,
    /// The rate for the young no longer fits the age.
    NoLongerYoung,
}

impl<'a> Household<'a> {
    pub(crate) fn of(case: &Case<'a>) -> Result<Self, Failure> {
        Ok(Self {
            statuses: case.about_employee("provider-status").disjoint()?,
            children: case.facts.kind("child"),
            birth: case.about_employee("birth").only()?,
        })
    }

    pub(crate) fn statuses(&self) -> &Found<'a> {
        &self.statuses
    }

    /// The status of a day, or why it is not known.
    ///
    /// A status is told by a person for days without end. When the children or the age it rested
    /// on change, it must be told anew; nothing is changed on the strength of an event alone.
    pub(crate) fn status_on(&self, day: Day) -> Result<Result<Status, Doubt>, Failure> {
        let Some(told) = self.statuses.iter().find(|fact| fact.valid().contains(day)) else {
            return Ok(Err(Doubt::NotTold));
        };
        let status = told.one_of("status", Status::CODES)?;
        if self.provides_on(day)? != self.provides_on(told.valid().first())? {
            return Ok(Err(Doubt::ChildrenChanged));
        }
        Ok(match status {
            Status::Provider | Status::NotProvider => Ok(status),
            Status::YoungAtHome => self.is_young_on(day)?.map(|()| status),
        })
    }

    /// Whether a child that is known of is under 18 and in the employee's care.
    fn provides_on(&self, day: Day) -> Result<bool, Failure> {
        const OF_AGE: i32 = 18;
        for child in self.children.iter().filter(|child| child.valid().contains(day)) {
            if child.day("born")?.years_until(day) < OF_AGE {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_young_on(&self, day: Day) -> Result<Result<(), Doubt>, Failure> {
        const NO_LONGER_YOUNG: i32 = 25;
        let Some(birth) = self.birth else { return Ok(Err(Doubt::AgeNotTold)) };
        let is_young = birth.day("day")?.years_until(day) < NO_LONGER_YOUNG;
        Ok(if is_young { Ok(()) } else { Err(Doubt::NoLongerYoung) })
    }
}
