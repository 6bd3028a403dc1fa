//! The gross benefit of a month: granted hours' share of working time, for the days covered.

use ydun_benefit::prelude::*;

use crate::days::{self, Days};
use crate::facts::{Basis, Case, Grant, SingleHours};
use crate::income::MonthlyAmounts;
use crate::law;

/// The gross benefit of a month, or of the part of it that was asked for.
#[derive(Clone, Debug)]
pub(crate) struct MonthGross {
    pub(crate) month: Month,
    /// From the first day that is covered to the last.
    pub(crate) period: Period,
    pub(crate) amount: Explained<Dkk>,
    pub(crate) parts: Vec<Part>,
    /// Days with granted weekly hours.
    pub(crate) days: Days,
}

/// A part of a month with the same hours and the same income.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// The share, in words.
    told: Explained<String>,
    /// In kroner, not rounded.
    pub(crate) gross: Decimal,
    /// The share of a month's pension contribution by the former employer that belongs to it.
    pub(crate) pension_share: Decimal,
}

/// Months already worked out, since a year's gross is needed again when the benefit ends.
#[derive(Debug, Default)]
pub(crate) struct Gross {
    pub(crate) monthly: MonthlyAmounts,
    known: Vec<(Period, Option<MonthGross>)>,
}

impl Gross {
    /// None when nothing is given for any of the days, which lie in one month.
    pub(crate) fn of(
        &mut self,
        case: &Case<'_>,
        asked: Period,
        file: &mut CaseFile,
    ) -> Result<Option<MonthGross>, Failure> {
        if let Some((_, known)) = self.known.iter().find(|(days, _)| *days == asked) {
            return Ok(known.clone());
        }
        let gross = self.calculate(case, asked, file)?;
        self.known.push((asked, gross.clone()));
        Ok(gross)
    }

    fn calculate(
        &mut self,
        case: &Case<'_>,
        asked: Period,
        file: &mut CaseFile,
    ) -> Result<Option<MonthGross>, Failure> {
        let month = asked.first().month();
        let running = days::running(case, asked)?;
        let mut parts = self.running(case, &running, month, file)?;
        let single = payable_hours(case, asked)?;
        for hours in &single {
            parts.push(self.single_hours(case, hours, file)?);
        }
        let covered = running.periods().chain(single.iter().map(|hours| Period::of_day(hours.day)));
        let Some(period) = covered.reduce(hull).filter(|_| !parts.is_empty()) else {
            return Ok(None);
        };
        let sum: Decimal = parts.iter().map(|part| part.gross).sum();
        let label = format!("Bruttoydelse for {}", month.in_words());
        let step = file.step(&format!("brutto:{month}"), label, law::section(month.first()));
        let step = parts.iter().fold(step, |step, part| step.from("andel", &part.told));
        let amount = step.gives_amount(sum, Rounding::NearestOere)?;
        Ok(Some(MonthGross { month, period, amount, parts, days: running }))
    }

    /// One part for each grant and each income that days of the month have.
    fn running(
        &mut self,
        case: &Case<'_>,
        running: &Days,
        month: Month,
        file: &mut CaseFile,
    ) -> Result<Vec<Part>, Failure> {
        let mut parts = vec![];
        let Some(whole) = running.whole() else { return Ok(parts) };
        for grant in Grant::of(case, whole)? {
            for basis in Basis::of(case, whole)? {
                let days =
                    grant.fact.valid().within(whole).and_then(|own| basis.fact.valid().within(own));
                let days = days.map(|days| running.within(days)).filter(|days| days.weekdays() > 0);
                if let Some(days) = days {
                    parts.push(self.part(case, (&grant, &basis), &days, month, file)?);
                }
            }
        }
        Ok(parts)
    }

    /// Month's amount times granted hours out of all hours, times weekdays out of the month's.
    fn part(
        &mut self,
        case: &Case<'_>,
        (grant, basis): (&Grant<'_>, &Basis<'_>),
        days: &Days,
        month: Month,
        file: &mut CaseFile,
    ) -> Result<Part, Failure> {
        let monthly = self.monthly.of(case, basis, month.year(), file)?;
        let (covered, all) = (days.weekdays(), month.period().weekdays());
        let of_month = |value: Decimal| value * Decimal::from(covered) / Decimal::from(all);
        let gross = of_month(monthly.value.decimal() * grant.weekly_hours) / basis.weekly_hours;
        let first = days.whole().map_or(month.first(), Period::first);
        let told = file
            .step(&format!("andel:{first}"), "Bevilgede timer og dage", law::section(first))
            .from("månedsbeløb", &monthly)
            .input("bevilgede timer om ugen", grant.weekly_hours)
            .input("arbejdstid om ugen før", basis.weekly_hours)
            .input("hverdage", format!("{covered} af {all}"))
            .gives(format!(
                "{} af {} timer, {covered} af {all} hverdage",
                Scalar::Number(grant.weekly_hours),
                Scalar::Number(basis.weekly_hours)
            ));
        let pension_share = if case.settings.scales_pension_limit {
            of_month(grant.weekly_hours) / basis.weekly_hours
        } else {
            of_month(Decimal::ONE)
        };
        Ok(Part { told, gross, pension_share })
    }

    /// Hours out of a full-time month's, where the month is as long as the former working time.
    fn single_hours(
        &mut self,
        case: &Case<'_>,
        single: &PayableHours<'_>,
        file: &mut CaseFile,
    ) -> Result<Part, Failure> {
        let PayableHours { day, hours, basis, divisor } = single;
        let monthly = self.monthly.of(case, basis, day.year(), file)?;
        let month_hours = divisor * basis.weekly_hours / case.settings.full_time_hours;
        let gross = monthly.value.decimal() * hours / month_hours;
        let told = file
            .step(&format!("enkelttimer:{day}"), "Enkelte timer", law::section(*day))
            .from("månedsbeløb", &monthly)
            .input("dag", *day)
            .input("timer", *hours)
            .input("divisor ved fuld tid (indstillingen hour-divisor)", *divisor)
            .input("arbejdstid om ugen før", basis.weekly_hours)
            .gives(format!("{} timer {}", Scalar::Number(*hours), day.in_words()));
        Ok(Part { told, gross, pension_share: hours / month_hours })
    }
}

fn hull(one: Period, other: Period) -> Period {
    Period::new(one.first().min(other.first()), one.last().max(other.last()))
        .expect("the hull of two periods runs forward")
}

/// Single hours that give something.
struct PayableHours<'a> {
    day: Day,
    hours: Decimal,
    basis: Basis<'a>,
    divisor: Decimal,
}

/// Hours drawn from the wage, on days help can be given. Without a divisor a task is made instead.
fn payable_hours<'a>(case: &Case<'a>, asked: Period) -> Result<Vec<PayableHours<'a>>, Failure> {
    let Some(divisor) = case.settings.hour_divisor else { return Ok(vec![]) };
    let mut payable = vec![];
    for single in lost_hours(case, asked)? {
        if let Some(basis) = Basis::of(case, Period::of_day(single.day))?.pop() {
            payable.push(PayableHours { day: single.day, hours: single.hours, basis, divisor });
        }
    }
    Ok(payable)
}

/// Single hours drawn from the wage on days help can be given.
pub(crate) fn lost_hours<'a>(
    case: &Case<'a>,
    asked: Period,
) -> Result<Vec<SingleHours<'a>>, Failure> {
    let eligible = days::eligible(case, asked)?;
    let mut hours = SingleHours::of(case, asked)?;
    hours.retain(|single| single.unpaid && eligible.contains(single.day));
    Ok(hours)
}
