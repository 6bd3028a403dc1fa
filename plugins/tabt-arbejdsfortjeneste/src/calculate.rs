//! The case of one applicant, from conditions to lines.

use ydun_benefit::prelude::*;

use crate::days;
use crate::ending::Ending;
use crate::facts::{Basis, Case, Grant};
use crate::gross::Gross;
use crate::{conditions, law, letters, lines, supplements, tasks};

/// Where all tasks go.
pub(crate) const QUEUE: &str = "tabt-arbejdsfortjeneste";

/// Tests the conditions, pays the months, and adds what follows from an end.
pub(crate) fn calculate(case: &Case<'_>) -> Result<Outcome, Failure> {
    match Ending::is_over(case)? {
        Some(ending) => after_the_end(case, ending),
        None => while_it_runs(case),
    }
}

fn while_it_runs(case: &Case<'_>) -> Result<Outcome, Failure> {
    let mut file = CaseFile::new(Assessments::of(&case.facts)?);
    conditions::test(case, &mut file)?;
    if file.all_met() {
        let mut gross = Gross::default();
        note_what_is_cut(case, &mut file)?;
        for days in case.span.by_month() {
            if let Some(month) = gross.of(case, days, &mut file)? {
                lines::pay(case, &month, &mut file)?;
            }
        }
        supplements::pay(case, &supplements::due(case)?, &mut gross, &mut file)?;
        tell_full_months(case, &mut gross, &mut file)?;
    }
    let mut outcome = file.close_asking(&Asking {
        queue: QUEUE,
        subject: &tasks::subject(case)?,
        about: case.parent,
        span: case.span,
    });
    outcome.effects.extend(tasks::about(case, &outcome)?);
    tasks::name(case, &mut outcome.effects);
    outcome.effects.extend(letters::about(case, &outcome)?);
    Ok(outcome)
}

/// The benefit has ended; only a supplement can still be due.
fn after_the_end(case: &Case<'_>, ending: Ending) -> Result<Outcome, Failure> {
    let mut file = CaseFile::default();
    let due = supplements::due(case)?;
    let test = Test::new(
        "supplement-due",
        "Ydelsen er ophørt, og et tillæg skal udbetales i perioden",
        law::Act::on(case.span.first()).end_supplement(),
    );
    let test = test.note("sidste dag", ending.last_day).note("årsag", ending.reason.in_words());
    file.condition(test.is(!due.is_empty()));
    supplements::pay(case, &due, &mut Gross::default(), &mut file)?;
    Ok(file.close())
}

/// Fewer hours than applied for, or days of the grant that cannot be covered, are a part only.
fn note_what_is_cut(case: &Case<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    let granted = days::granted(case, case.span)?;
    let grants = Grant::of(case, case.span)?;
    let asked = case.application.weekly_hours.unwrap_or_default();
    let fewer_hours = grants.iter().any(|grant| grant.weekly_hours < asked);
    if fewer_hours
        || tasks::hours_without_divisor(case)?.is_some()
        || days::running(case, case.span)? != granted
    {
        file.partly();
    }
    Ok(())
}

/// A step for each day in the span on which a full month's benefit becomes another: a grant or an
/// income begins, or the year does. Letters tell it.
fn tell_full_months(
    case: &Case<'_>,
    gross: &mut Gross,
    file: &mut CaseFile,
) -> Result<(), Failure> {
    for day in days_of_change(case)? {
        let today = Period::of_day(day);
        let (grant, basis) = (Grant::of(case, today)?.pop(), Basis::of(case, today)?.pop());
        let (Some(grant), Some(basis)) = (grant, basis) else { continue };
        let monthly = gross.monthly.of(case, &basis, day.year(), file)?;
        let exact = monthly.value.decimal() * grant.weekly_hours / basis.weekly_hours;
        let id = letters::full_month_step(day);
        file.step(&id, "Bruttoydelse for en hel måned", law::section(day))
            .from("månedsbeløb", &monthly)
            .input("bevilgede timer om ugen", grant.weekly_hours)
            .input("arbejdstid om ugen før", basis.weekly_hours)
            .gives_amount(exact, Rounding::NearestOere)?;
    }
    Ok(())
}

fn days_of_change(case: &Case<'_>) -> Result<Vec<Day>, Failure> {
    let grants = Grant::of(case, case.span)?.into_iter().map(|grant| grant.fact);
    let bases = Basis::of(case, case.span)?.into_iter().map(|basis| basis.fact);
    let facts = grants.chain(bases).map(|fact| fact.valid().first());
    let years = case.span.first().year()..=case.span.last().year();
    let mut days: Vec<Day> = facts.chain(years.map(|year| Day::new(year, 1, 1))).collect();
    let running = days::running(case, case.span)?;
    days.retain(|day| running.contains(*day));
    days.sort_unstable();
    days.dedup();
    Ok(days)
}
