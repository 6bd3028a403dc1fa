//! The amounts of a month: rate, hours and days, less what sygedagpengeloven gives, and the
//! supplement beside it.
//!
//! A whole month gives the whole monthly rate, however long the month is; it is never built from
//! weeks. A part of a month is measured in its Mondays to Fridays.

mod deduction;
mod fraction;
mod supplement;

use ydun_benefit::explain::NewStep;
use ydun_benefit::prelude::*;

use crate::claims::Claim;
use crate::facts::{Case, Household, Status};
use crate::law;
use fraction::Fraction;

/// The posting code of the refund.
pub(crate) const REFUND: &str = "refusion";
/// The posting code of the supplement.
pub(crate) const SUPPLEMENT: &str = "tillaeg";

/// Pays a month to the employer: the refund, and the supplement as a line of its own.
pub(crate) fn pay(
    case: &Case<'_>,
    employer: &Party,
    household: &Household<'_>,
    claim: &Claim<'_>,
    file: &mut CaseFile,
) -> Result<(), Failure> {
    let Some(period) = claim.days.whole().filter(|_| claim.days.weekdays() > 0) else {
        return Ok(());
    };
    let parts = parts(case, household, claim, file)?;
    let gross = gross(claim, &parts, file)?;
    let capped = under_wage(case, claim, gross, file)?;
    let refund = deduction::deduct(case, claim, &capped, file)?;
    let details = details(claim, &parts);
    let line = |posting, amount, details| PaymentLine {
        key: format!("{posting}:{}", claim.month),
        payee: employer,
        about: Some(case.employee),
        period,
        amount,
        posting,
        reference: claim.request.reference,
        details,
    };
    if !refund.value.is_zero() {
        file.pay(line(REFUND, &refund, details));
    }
    if let Some(supplement) = supplement::of(case, claim, &capped, &refund, file)?
        && !supplement.amount.value.is_zero()
    {
        let details = vec![month(claim), told("procent", supplement.percent)];
        file.pay(line(SUPPLEMENT, &supplement.amount, details));
    }
    Ok(())
}

/// An amount on its way: exact for calculating on, rounded for the reader.
struct Unfinished {
    exact: Fraction,
    shown: Explained<Dkk>,
}

impl Unfinished {
    fn of(exact: Fraction, step: NewStep<'_>) -> Result<Self, Failure> {
        Ok(Self { exact, shown: step.gives_amount(exact.value(), Rounding::NearestOere)? })
    }
}

/// The days of a month with one status, and its rate.
struct Part {
    status: Status,
    weekdays: u32,
    rate: Explained<Dkk>,
}

/// The month's days by status.
///
/// The rate is that of the month's last day: a month has one rate, although the year of rates began
/// on 5 January in 2015 and on 2 January in 2017.
fn parts(
    case: &Case<'_>,
    household: &Household<'_>,
    claim: &Claim<'_>,
    file: &mut CaseFile,
) -> Result<Vec<Part>, Failure> {
    let mut counted: Vec<(Status, u32)> = vec![];
    for day in claim.days.iter() {
        let status = household.status_on(day)?.expect("a condition has seen to every day");
        let one = u32::from(day.is_weekday());
        match counted.iter_mut().find(|(counted, _)| *counted == status) {
            Some((_, weekdays)) => *weekdays += one,
            None => counted.push((status, one)),
        }
    }
    let mut parts = vec![];
    for (status, weekdays) in counted.into_iter().filter(|(_, weekdays)| *weekdays > 0) {
        let rate = case.rates.amount(status.rate_key(), claim.month.last())?;
        let label = format!("Sats pr. måned, {}", status.name());
        let rate = file
            .step(&format!("sats:{}", claim.month), label, law::RATES)
            .input("kilde", rate.source)
            .input("gælder", rate.valid)
            .gives(rate.value);
        parts.push(Part { status, weekdays, rate });
    }
    Ok(parts)
}

/// Rate times the share of the month times the share of the hours.
fn gross(claim: &Claim<'_>, parts: &[Part], file: &mut CaseFile) -> Result<Unfinished, Failure> {
    let days = days(claim, file);
    let share = share(claim, file);
    let month_weekdays = Decimal::from(claim.month.period().weekdays());
    let rates: Decimal =
        parts.iter().map(|part| part.rate.value.decimal() * Decimal::from(part.weekdays)).sum();
    let gross = Fraction::new(rates, month_weekdays).times(claim.hours.paid, claim.hours.normal);

    let month = claim.month;
    let label = format!("Refusion for {} efter sats, dage og timer", month.in_words());
    let mut step = file.step(&format!("beregnet:{month}"), label, law::right(month.first()));
    for part in parts {
        step = step
            .from(&format!("sats, {}", part.status.name()), &part.rate)
            .input(&format!("hverdage, {}", part.status.name()), part.weekdays);
    }
    let step = step
        .from("dage", &days)
        .from("andel", &share)
        .input("hverdage i måneden", claim.month.period().weekdays());
    Unfinished::of(gross, step)
}

/// Which days of the month count, and why others do not.
fn days(claim: &Claim<'_>, file: &mut CaseFile) -> Explained<u32> {
    let month = claim.month;
    let period = claim.days.whole().expect("there are days to refund");
    let label = format!("Hverdage med refusion i {}", month.in_words());
    file.step(&format!("dage:{month}"), label, law::request(month.first()))
        .input("anmodet om", claim.request.period)
        .input("modtaget", claim.request.received)
        .input("første dag", period.first())
        .input("sidste dag", period.last())
        .gives(claim.days.weekdays())
}

fn share(claim: &Claim<'_>, file: &mut CaseFile) -> Explained<Decimal> {
    const SHOWN_DECIMALS: u32 = 4;
    let month = claim.month;
    let share = Fraction::new(claim.hours.paid, claim.hours.normal);
    file.step(
        &format!("andel:{month}"),
        "Andel af den normale arbejdstid",
        law::right(month.first()),
    )
    .input("fraværstimer med løn", claim.hours.paid)
    .input("normale timer", claim.hours.normal)
    .gives(share.shown(SHOWN_DECIMALS))
}

/// Not more than the wage, where the municipality has chosen so. The wage was paid for the whole
/// course in the month, so of cut days it has their part.
fn under_wage(
    case: &Case<'_>,
    claim: &Claim<'_>,
    gross: Unfinished,
    file: &mut CaseFile,
) -> Result<Unfinished, Failure> {
    if !case.settings.never_above_wage {
        return Ok(gross);
    }
    let (refunded, course) = (claim.days.weekdays(), claim.course.weekdays());
    let wage = Fraction::new(claim.hours.wage.decimal() * Decimal::from(refunded), course.into());
    let month = claim.month;
    let step = file
        .step(&format!("loft:{month}"), "Højst den løn, der er betalt", law::right(month.first()))
        .from("beregnet", &gross.shown)
        .input("betalt løn", claim.hours.wage)
        .input("hverdage med refusion", refunded)
        .input("hverdage med løn", course);
    Unfinished::of(gross.exact.lesser(wage), step)
}

/// What the employer is told beside the refund: hours and rate, so that the money can be placed.
fn details(claim: &Claim<'_>, parts: &[Part]) -> Vec<Attribute> {
    let mut details = vec![
        month(claim),
        told("fraværstimer med løn", claim.hours.paid.normalize()),
        told("normale timer", claim.hours.normal.normalize()),
    ];
    let rate = |part: &Part| told(&format!("sats, {}", part.status.name()), part.rate.value);
    details.extend(parts.iter().map(rate));
    details
}

fn month(claim: &Claim<'_>) -> Attribute {
    told("måned", claim.month)
}
