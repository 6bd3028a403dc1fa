//! What the employer asks for, month by month (form AB 505).

use ydun_benefit::prelude::*;

use crate::facts::Case;
use crate::settings::CountedAbsence;

/// The employer's request for one month.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MonthlyRequest<'a> {
    pub(crate) total_hours: Decimal,
    pub(crate) reference: Option<&'a str>,
}

/// Hours of one ISO week, or of its part in one month.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WeekHours<'a> {
    pub(crate) fact: FactRef<'a>,
    pub(crate) period: Period,
    /// In the firm, overtime included.
    pub(crate) worked: Decimal,
    /// Of the hours worked, those beyond normal working time.
    pub(crate) overtime: Decimal,
    /// At school: never paid here.
    pub(crate) school: Decimal,
    pub(crate) sick: Decimal,
    pub(crate) holiday: Decimal,
    pub(crate) other_absence: Decimal,
}

impl<'a> MonthlyRequest<'a> {
    pub(crate) fn of(case: &Case<'a>, month: Month) -> Result<Option<Self>, Failure> {
        let requests = case.about_apprentice("monthly-request").meeting(month.period());
        requests.only()?.map(|fact| Self::read(fact, month)).transpose()
    }

    fn read(fact: FactRef<'a>, month: Month) -> Result<Self, Failure> {
        if !month.period().covers(fact.period()?) {
            return Err(fact.contradicts("a request is for one calendar month"));
        }
        Ok(Self {
            total_hours: fact.number("total-hours")?,
            reference: fact.maybe_text("reference")?,
        })
    }
}

impl<'a> WeekHours<'a> {
    /// The rows of a month, oldest first.
    pub(crate) fn of(case: &Case<'a>, month: Month) -> Result<Vec<Self>, Failure> {
        let rows = case.about_apprentice("weekly-hours").meeting(month.period()).disjoint()?;
        rows.iter().map(Self::read).collect()
    }

    fn read(fact: FactRef<'a>) -> Result<Self, Failure> {
        let hours = |name: &str| fact.maybe_number(name).map(Option::unwrap_or_default);
        let row = Self {
            fact,
            period: fact.period()?,
            worked: fact.number("worked")?,
            overtime: hours("overtime")?,
            school: hours("school")?,
            sick: hours("sick")?,
            holiday: hours("holiday")?,
            other_absence: hours("other-absence")?,
        };
        row.check()
    }

    fn check(self) -> Result<Self, Failure> {
        let (first, last) = (self.period.first(), self.period.last());
        if first.monday() != last.monday() || first.month() != last.month() {
            return Err(self.fact.contradicts(
                "hours are told week by week, and a week is cut where the month ends",
            ));
        }
        if self.all().iter().any(|hours| *hours < Decimal::ZERO) {
            return Err(self.fact.contradicts("hours cannot be negative"));
        }
        if self.overtime > self.worked {
            return Err(self
                .fact
                .contradicts("overtime is part of the hours worked, and cannot be more"));
        }
        Ok(self)
    }

    fn all(&self) -> [Decimal; 6] {
        [self.worked, self.overtime, self.school, self.sick, self.holiday, self.other_absence]
    }

    pub(crate) fn absence(&self) -> Decimal {
        self.sick + self.holiday + self.other_absence
    }

    /// The absence the municipality counts as if worked.
    pub(crate) fn counted_absence(&self, counted: CountedAbsence) -> Decimal {
        let kinds = [
            (counted.sick, self.sick),
            (counted.holiday, self.holiday),
            (counted.other, self.other_absence),
        ];
        kinds.into_iter().filter_map(|(counts, hours)| counts.then_some(hours)).sum()
    }
}
