//! What is given on top for holiday, and when the benefit ends.

use ydun_benefit::prelude::*;

use crate::days;
use crate::ending::{Ending, Reason};
use crate::facts::Case;
use crate::gross::Gross;
use crate::law::{self, Act};
use crate::rates::{self, Figure};

/// A supplement that is due in the span.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Due<'a> {
    /// The day it is paid for.
    pub(crate) day: Day,
    kind: Kind,
    /// The calendar year whose gross benefit it is a percentage of.
    year: i32,
    percent: Figure<'a, Decimal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// § 15: of last year's gross benefit, while the benefit runs.
    Holiday,
    /// § 16, stk. 1: of the year before, when the benefit ends.
    EndYearBefore,
    /// § 16, stk. 2: of the year it ends in, when the holiday year begins.
    EndSameYear,
}

impl Kind {
    fn posting(self) -> &'static str {
        match self {
            Self::Holiday => "ferietillaeg",
            Self::EndYearBefore => "ophoerstillaeg",
            Self::EndSameYear => "ophoerstillaeg-aaret",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Holiday => "Ferietillæg",
            Self::EndYearBefore => "Tillæg ved ophør, året før",
            Self::EndSameYear => "Tillæg ved ophør, ophørsåret",
        }
    }

    fn law(self, day: Day) -> &'static str {
        match self {
            Self::Holiday => Act::on(day).holiday_supplement(),
            Self::EndYearBefore | Self::EndSameYear => Act::on(day).end_supplement(),
        }
    }
}

/// The supplements due in the span, in order of time.
pub(crate) fn due<'a>(case: &Case<'a>) -> Result<Vec<Due<'a>>, Failure> {
    let mut due = holiday(case)?;
    due.extend(at_end(case)?);
    due.retain(|due| case.span.contains(due.day));
    due.sort_by_key(|due| due.day);
    Ok(due)
}

/// Paid while the benefit runs, on the first of the month the municipality has chosen.
fn holiday<'a>(case: &Case<'a>) -> Result<Vec<Due<'a>>, Failure> {
    let Some(number) = case.settings.holiday_supplement_month else { return Ok(vec![]) };
    let mut due = vec![];
    for month in case.span.months().filter(|month| month.number() == number) {
        let day = month.first();
        if case.span.contains(day) && days::running(case, Period::of_day(day))?.contains(day) {
            let percent = rates::holiday_supplement(case, day)?;
            due.push(Due { day, kind: Kind::Holiday, year: day.year() - 1, percent });
        }
    }
    Ok(due)
}

/// Of the calendar year before the end and of its own. To a dead parent nothing is paid; a person
/// looks at it.
fn at_end<'a>(case: &Case<'a>) -> Result<Vec<Due<'a>>, Failure> {
    let mut due = vec![];
    for Ending { last_day, reason, .. } in Ending::all(case)? {
        let later = holiday_year_after(last_day, case.settings.holiday_year_month);
        let is_asked = case.span.contains(last_day) || case.span.contains(later);
        if reason == Reason::ParentDied || !is_asked {
            continue;
        }
        let (percent, year) = (rates::end_supplement(case, last_day)?, last_day.year());
        due.push(Due { day: last_day, kind: Kind::EndYearBefore, year: year - 1, percent });
        due.push(Due { day: later, kind: Kind::EndSameYear, year, percent });
    }
    Ok(due)
}

/// The first day of the first holiday year that begins after a day.
fn holiday_year_after(day: Day, month: u32) -> Day {
    let same_year = Day::new(day.year(), month, 1);
    if day < same_year { same_year } else { same_year.plus_months(12) }
}

/// Writes a line for each supplement that is due and is of something.
pub(crate) fn pay(
    case: &Case<'_>,
    due: &[Due<'_>],
    gross: &mut Gross,
    file: &mut CaseFile,
) -> Result<(), Failure> {
    due.iter().try_for_each(|due| due.pay(case, gross, file))
}

impl Due<'_> {
    fn pay(&self, case: &Case<'_>, gross: &mut Gross, file: &mut CaseFile) -> Result<(), Failure> {
        let Some(year) = of_year(case, self.year, gross, file)? else { return Ok(()) };
        let Self { day, kind, percent, .. } = *self;
        let exact = year.value.decimal() * percent.value / Decimal::ONE_HUNDRED;
        let amount = file
            .step(&format!("{}:{day}", kind.posting()), kind.title(), kind.law(day))
            .from("bruttoydelse i året", &year)
            .input("procent", percent.value)
            .input("kilde", percent.source)
            .gives_amount(exact, Rounding::NearestOere)?;
        if !amount.value.is_zero() {
            file.pay(PaymentLine {
                key: format!("{}:{}:{day}", kind.posting(), case.parent),
                payee: case.parent,
                about: None,
                period: Period::of_day(day),
                amount: &amount,
                posting: kind.posting(),
                reference: None,
                details: vec![told("bruttoydelse i året", year.value), told("år", self.year)],
            });
        }
        Ok(())
    }
}

/// The gross benefit of a calendar year, supplements not included; none when there was none.
fn of_year(
    case: &Case<'_>,
    year: i32,
    gross: &mut Gross,
    file: &mut CaseFile,
) -> Result<Option<Explained<Dkk>>, Failure> {
    let days = Period::new(Day::new(year, 1, 1), Day::new(year, 12, 31)).expect("a year");
    let mut months = vec![];
    for month in days.months() {
        months.extend(gross.of(case, month.period(), file)?);
    }
    if months.is_empty() {
        return Ok(None);
    }
    let sum: Dkk = months.iter().map(|month| month.amount.value).sum();
    let label = format!("Bruttoydelse i {year}");
    let section = law::section(days.first());
    let step = file.step(&format!("brutto-aar:{year}"), label, section);
    let step =
        months.iter().fold(step, |step, month| step.from(&month.month.in_words(), &month.amount));
    Ok(Some(step.gives(sum)))
}
