//! Days in order, with gaps: where a course, an employment and a request meet.

use ydun_benefit::prelude::*;

/// Periods in order of time; no day is in two of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Days(Vec<Period>);

impl Days {
    /// The days of a period on which one of the facts holds. The facts share no day.
    pub(crate) fn of(facts: &Found<'_>, period: Period) -> Self {
        Self(facts.iter().filter_map(|fact| fact.valid().within(period)).collect())
    }

    pub(crate) fn both(&self, other: &Self) -> Self {
        let pairs = self.0.iter().flat_map(|one| other.0.iter().map(|other| one.overlap(*other)));
        Self(pairs.flatten().collect())
    }

    pub(crate) fn within(&self, period: Period) -> Self {
        Self(self.0.iter().filter_map(|days| days.overlap(period)).collect())
    }

    pub(crate) fn before(&self, day: Day) -> Self {
        let cut = |days: &Period| Period::new(days.first(), days.last().min(day.previous())).ok();
        Self(self.0.iter().filter_map(cut).collect())
    }

    pub(crate) fn from(&self, day: Day) -> Self {
        let cut = |days: &Period| Period::new(days.first().max(day), days.last()).ok();
        Self(self.0.iter().filter_map(cut).collect())
    }

    /// From the first day to the last, gaps included; none when there is no day.
    pub(crate) fn whole(&self) -> Option<Period> {
        let (first, last) = (self.0.first()?, self.0.last()?);
        Some(Period::new(first.first(), last.last()).expect("periods are in order"))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Day> {
        self.0.iter().flat_map(|period| period.days())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn count(&self) -> u32 {
        self.0.iter().map(|period| period.len()).sum()
    }

    /// Mondays to Fridays, public holidays included: what a part of a month is measured in.
    pub(crate) fn weekdays(&self) -> u32 {
        self.0.iter().map(|period| period.weekdays()).sum()
    }
}
