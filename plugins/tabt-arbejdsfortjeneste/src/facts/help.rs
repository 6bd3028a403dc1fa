//! The hours that are granted.

use ydun_benefit::prelude::*;

use super::Case;

/// Hours every week, for the days of the fact.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grant<'a> {
    pub(crate) fact: FactRef<'a>,
    pub(crate) weekly_hours: Decimal,
    /// Hours a week the same parent is granted for other children, in their cases.
    pub(crate) sibling_hours: Decimal,
}

/// Hours of one day, such as a visit to hospital.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SingleHours<'a> {
    pub(crate) fact: FactRef<'a>,
    pub(crate) day: Day,
    pub(crate) hours: Decimal,
    /// The employer drew them from the wage. Otherwise nothing was lost.
    pub(crate) unpaid: bool,
}

impl<'a> Grant<'a> {
    /// The grants that share days with a period, oldest first.
    pub(crate) fn of(case: &Case<'a>, period: Period) -> Result<Vec<Self>, Failure> {
        let grants = case.about_parent("hours-granted").disjoint()?.meeting(period);
        grants.iter().map(Self::read).collect()
    }

    fn read(fact: FactRef<'a>) -> Result<Self, Failure> {
        let weekly_hours = fact.number("weekly-hours")?;
        if weekly_hours <= Decimal::ZERO {
            return Err(fact.wrong("weekly-hours", "a grant is for more than 0 hours"));
        }
        let sibling_hours = fact.maybe_number("sibling-hours")?.unwrap_or_default();
        Ok(Self { fact, weekly_hours, sibling_hours })
    }
}

impl<'a> SingleHours<'a> {
    /// Those of a period, oldest first.
    pub(crate) fn of(case: &Case<'a>, period: Period) -> Result<Vec<Self>, Failure> {
        case.about_parent("single-hours").meeting(period).iter().map(Self::read).collect()
    }

    fn read(fact: FactRef<'a>) -> Result<Self, Failure> {
        let days = fact.period()?;
        if days.len() > 1 {
            return Err(fact.contradicts("single hours are told day by day"));
        }
        let hours = fact.number("hours")?;
        if hours <= Decimal::ZERO || hours > Decimal::from(24) {
            return Err(fact.wrong("hours", "a day has more than 0 and at most 24 hours"));
        }
        Ok(Self { fact, day: days.first(), hours, unpaid: fact.flag("unpaid")? })
    }
}
