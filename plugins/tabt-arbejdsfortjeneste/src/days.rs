//! The days that can be covered.

use ydun_benefit::prelude::*;

use crate::ending::Ending;
use crate::facts::Case;

/// Days as periods in order of time, none sharing a day with another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Days(Vec<Period>);

impl Days {
    fn of(period: Option<Period>) -> Self {
        Self(period.into_iter().collect())
    }

    /// Days of facts that share none.
    fn of_facts(facts: &Found<'_>, within: Period) -> Self {
        Self(facts.iter().filter_map(|fact| fact.valid().within(within)).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn contains(&self, day: Day) -> bool {
        self.0.iter().any(|period| period.contains(day))
    }

    pub(crate) fn cover(&self, period: Period) -> bool {
        Self(vec![period]).without(self).is_empty()
    }

    pub(crate) fn periods(&self) -> impl Iterator<Item = Period> {
        self.0.iter().copied()
    }

    pub(crate) fn within(&self, period: Period) -> Self {
        Self(self.0.iter().filter_map(|own| own.overlap(period)).collect())
    }

    /// Monday to Friday; public holidays are ordinary weekdays (convention P1).
    pub(crate) fn weekdays(&self) -> u32 {
        self.0.iter().map(|period| period.weekdays()).sum()
    }

    /// From the first of the days to the last.
    pub(crate) fn whole(&self) -> Option<Period> {
        let (first, last) = (self.0.first()?, self.0.last()?);
        Some(Period::new(first.first(), last.last()).expect("days are in order"))
    }

    pub(crate) fn both(&self, other: &Self) -> Self {
        Self(self.0.iter().flat_map(|period| other.within(*period).0).collect())
    }

    /// These days, and others that need not be new.
    pub(crate) fn with(mut self, others: impl Iterator<Item = Period>) -> Self {
        for other in others {
            let new = Self(vec![other]).without(&self);
            self.0.extend(new.0);
            self.0.sort_unstable();
        }
        self
    }

    pub(crate) fn without(&self, taken: &Self) -> Self {
        taken.0.iter().fold(self.clone(), |left, period| {
            Self(left.0.iter().flat_map(|own| left_of(*own, *period)).collect())
        })
    }
}

/// What is left of a period on either side of another.
fn left_of(period: Period, taken: Period) -> impl Iterator<Item = Period> {
    let before = Period::new(period.first(), period.last().min(taken.first().previous())).ok();
    let after = Period::new(period.first().max(taken.last().next()), period.last()).ok();
    before.into_iter().chain(after)
}

/// Days of a period on which help can be given at all: until it ends, while the child is at home,
/// and not on more holiday than the municipality lets keep the benefit.
pub(crate) fn eligible(case: &Case<'_>, period: Period) -> Result<Days, Failure> {
    let until = match Ending::of(case)? {
        Some(ending) => ending.until(period),
        None => Some(period),
    };
    let pauses = Days(Ending::all(case)?.into_iter().filter_map(Ending::pause).collect());
    let away = away_from_home(case, period)?;
    let holiday = holiday_beyond_limit(case, period)?;
    Ok(Days::of(until).without(&pauses).without(&away).without(&holiday))
}

/// Days on which a grant runs (and help can be given).
pub(crate) fn running(case: &Case<'_>, period: Period) -> Result<Days, Failure> {
    Ok(eligible(case, period)?.both(&granted(case, period)?))
}

/// Days that a grant of weekly hours is for, whether or not help can be given.
pub(crate) fn granted(case: &Case<'_>, period: Period) -> Result<Days, Failure> {
    Ok(Days::of_facts(&case.about_parent("hours-granted").disjoint()?, period))
}

/// Days placed outside the home, except in hospital with a parent whose presence is necessary.
pub(crate) fn away_from_home(case: &Case<'_>, period: Period) -> Result<Days, Failure> {
    let placed = Days::of_facts(&case.about_child("placement").disjoint()?, period);
    Ok(placed.without(&in_hospital(case, period, "presence-necessary")?))
}

/// Days in hospital of which a flag is true.
pub(crate) fn in_hospital(case: &Case<'_>, period: Period, flag: &str) -> Result<Days, Failure> {
    let stays = case.about_child("hospital-stay").disjoint()?;
    let mut days = vec![];
    for stay in stays.iter() {
        if stay.flag(flag)? {
            days.extend(stay.valid().within(period));
        }
    }
    Ok(Days(days))
}

/// Weekdays of holiday after those that keep the benefit in their calendar year.
fn holiday_beyond_limit(case: &Case<'_>, period: Period) -> Result<Days, Failure> {
    const WEEKDAYS: u32 = 5;
    let Some(weeks) = case.settings.holiday_weeks_kept else { return Ok(Days(vec![])) };
    let holidays = case.about_parent("holiday").disjoint()?;
    let mut beyond = vec![];
    for year in period.first().year()..=period.last().year() {
        let year = Period::new(Day::new(year, 1, 1), Day::new(year, 12, 31)).expect("a year");
        let taken = Days::of_facts(&holidays, year);
        let weekdays = taken.periods().flat_map(Period::days).filter(|day| day.is_weekday());
        let above = weekdays.skip((weeks * WEEKDAYS) as usize);
        beyond.extend(above.filter(|day| period.contains(*day)).map(Period::of_day));
    }
    Ok(Days(beyond))
}
