//! What the employer tells: the request (DP 202H) and the hours of each month.

use ydun_benefit::prelude::*;

use crate::facts::Case;

/// A request for refund; its days are those asked for, which may lie in several months.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) fact: FactRef<'a>,
    pub(crate) period: Period,
    pub(crate) received: Day,
    /// The employer's own reference, such as the number of the employee.
    pub(crate) reference: Option<&'a str>,
    /// The employer can have refund under sygedagpengeloven §§ 55 or 56 as well.
    pub(crate) declares_sickness_refund: bool,
    /// The employer asks that days be refunded although the time limit has run out.
    pub(crate) asks_exception: bool,
}

impl<'a> Request<'a> {
    /// Months before the request that are in time (BEK 1486/2019 § 2).
    const MONTHS: u32 = 3;

    /// The requests of an employer that touch the days, oldest first.
    pub(crate) fn all(
        case: &Case<'a>,
        employer: &Party,
        days: Period,
    ) -> Result<Vec<Self>, Failure> {
        let found = case.facts.kind("refund-request").about(employer).meeting(days).disjoint()?;
        found.iter().map(Self::read).collect()
    }

    fn read(fact: FactRef<'a>) -> Result<Self, Failure> {
        Ok(Self {
            fact,
            period: fact.period()?,
            received: fact.day("received")?,
            reference: fact.maybe_text("reference")?,
            declares_sickness_refund: fact.flag("sickness-refund")?,
            asks_exception: fact.flag("asks-exception")?,
        })
    }

    /// The first day in time: the same date three months earlier, or that month's last day.
    pub(crate) fn first_day_in_time(received: Day) -> Day {
        received.minus_months(Self::MONTHS)
    }
}

/// Hours and wage of a month, on the days of the course.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MonthHours<'a> {
    pub(crate) fact: FactRef<'a>,
    /// Agreed working time.
    pub(crate) normal: Decimal,
    /// Hours of absence that wages were paid for.
    pub(crate) paid: Decimal,
    /// The wage for those hours.
    pub(crate) wage: Dkk,
    pub(crate) wage_paid: Day,
}

impl<'a> MonthHours<'a> {
    pub(crate) fn of(case: &Case<'a>, month: Month) -> Result<Option<Self>, Failure> {
        let rows = case.about_employee("month-hours").meeting(month.period());
        rows.only()?.map(|fact| Self::read(fact, month)).transpose()
    }

    fn read(fact: FactRef<'a>, month: Month) -> Result<Self, Failure> {
        if !month.period().covers(fact.period()?) {
            return Err(fact.contradicts("hours are told for one calendar month at a time"));
        }
        let row = Self {
            fact,
            normal: fact.number("normal-hours")?,
            paid: fact.number("paid-hours")?,
            wage: fact.amount("wage")?,
            wage_paid: fact.day("wage-paid")?,
        };
        if row.normal <= Decimal::ZERO {
            return Err(fact.wrong("normal-hours", "a month of employment has working time"));
        }
        if row.paid < Decimal::ZERO || row.paid > row.normal {
            return Err(fact.wrong("paid-hours", "it must be from 0 to the normal hours"));
        }
        if row.wage.is_negative() {
            return Err(fact.wrong("wage", "a wage is not below zero"));
        }
        Ok(row)
    }
}
