//! What a person should look at, with titles that tell it in a list.

use std::collections::BTreeMap;

use ydun_benefit::prelude::*;

use crate::calculate::QUEUE;
use crate::ending::{Ending, Reason};
use crate::facts::{Case, Grant};
use crate::gross;

/// `Tabt arbejdsfortjeneste, 20 timer om ugen`.
pub(crate) fn subject(case: &Case<'_>) -> Result<String, Failure> {
    let granted = Grant::of(case, case.span)?.pop().map(|grant| grant.weekly_hours);
    let hours = granted.or(case.application.weekly_hours).map(Scalar::Number);
    Ok(match hours {
        Some(hours) => format!("Tabt arbejdsfortjeneste, {hours} timer om ugen"),
        None => "Tabt arbejdsfortjeneste, enkelte timer".into(),
    })
}

/// Puts the applicant into the key of every task, whether or not there are others.
pub(crate) fn name(case: &Case<'_>, effects: &mut [Effect]) {
    for effect in effects {
        if let Effect::Task(task) = effect {
            task.key = format!("{}:{}", task.key, case.parent);
        }
    }
}

/// Tasks beside those about open conditions, which the case file makes.
pub(crate) fn about(case: &Case<'_>, outcome: &Outcome) -> Result<Vec<Effect>, Failure> {
    let mut tasks = hearings(case, outcome)?;
    tasks.extend(day_care(case)?);
    tasks.extend(sudden_end(case)?);
    tasks.extend(hours_without_divisor(case)?);
    tasks.extend(holidays(case)?);
    tasks.extend(paid_elsewhere(case)?);
    tell_apart(&mut tasks);
    Ok(tasks.into_iter().map(Effect::Task).collect())
}

/// Facts may repeat each other, such as two rows of one voucher: a second task of the same key has a
/// number behind it.
fn tell_apart(tasks: &mut [Task]) {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for task in tasks {
        let count = counts.entry(task.key.clone()).or_default();
        *count += 1;
        if *count > 1 {
            task.key = format!("{}:{count}", task.key);
        }
    }
}

fn task(key: String, title: String, attributes: Vec<Attribute>) -> Task {
    Task { key, queue: QUEUE.into(), title, due: None, attributes, questions: vec![] }
}

/// A benefit that runs is never stopped by a condition alone: first the parent is heard, then a
/// person decides.
fn hearings(case: &Case<'_>, outcome: &Outcome) -> Result<Vec<Task>, Failure> {
    if outcome.verdict != Verdict::Refused || !case.is_running_case() {
        return Ok(vec![]);
    }
    let subject = subject(case)?;
    let when = case.span.in_words();
    let failed = outcome.conditions.iter().filter(|condition| condition.state == State::NotMet);
    let hearing = |condition: &Condition| {
        let attributes = vec![
            told("betingelse", condition.label.as_str()),
            told("lov", condition.law.as_str()),
            told("periode", when.as_str()),
        ];
        let title =
            format!("{subject}, hør modtageren om {when}, ikke opfyldt: {}", condition.label);
        task(format!("hoer:{}:{}", condition.id, case.span.first()), title, attributes)
    };
    Ok(failed.map(hearing).collect())
}

/// Day care or school may make care at home unnecessary. Nothing stops by itself.
fn day_care(case: &Case<'_>) -> Result<Vec<Task>, Failure> {
    let kinds = [("day-care", "dagtilbud"), ("school", "skole"), ("other", "et andet tilbud")];
    let mut tasks = vec![];
    for fact in case.about_child("day-care").iter() {
        let first = fact.valid().first();
        if !case.span.contains(first) {
            continue;
        }
        let (kind, hours) = (fact.one_of("kind", &kinds)?, fact.number("weekly-hours")?);
        let title = format!(
            "{}, vurder behovet på ny: barnet begynder i {kind} {}, {} timer om ugen",
            subject(case)?,
            first.in_words(),
            Scalar::Number(hours)
        );
        let attributes =
            vec![told("tilbud", kind), told("fra", first), told("timer om ugen", hours)];
        tasks.push(task(format!("revurder:{first}"), title, attributes));
    }
    Ok(tasks)
}

/// After a death a person writes the letter. After any sudden end there may be weeks of run-off,
/// which no verified rule gives.
fn sudden_end(case: &Case<'_>) -> Result<Vec<Task>, Failure> {
    let mut tasks = vec![];
    for Ending { last_day, reason, .. } in Ending::all(case)? {
        let Some(what) = to_do_after(reason, case).filter(|_| case.span.contains(last_day)) else {
            continue;
        };
        let title = format!("{}, {what}: sidste dag {}", subject(case)?, last_day.in_words());
        let attributes = vec![told("sidste dag", last_day), told("årsag", reason.in_words())];
        tasks.push(task(format!("ophoer:{last_day}"), title, attributes));
    }
    Ok(tasks)
}

fn to_do_after(reason: Reason, case: &Case<'_>) -> Option<&'static str> {
    match reason {
        Reason::ParentDied => Some("modtageren er død, afslut sagen, og se på tillæg til boet"),
        Reason::ChildDied => {
            Some("barnet er dødt, skriv til modtageren, og vurder, om ydelsen skal afvikles")
        }
        Reason::Sudden if case.settings.run_off_weeks == 0 => {
            Some("ydelsen er ophørt pludseligt, vurder, om den skal afvikles over nogle uger")
        }
        Reason::Sudden | Reason::TurnedEighteen | Reason::Other => None,
    }
}

/// Single hours cannot be worked out before the municipality has filled in the divisor.
pub(crate) fn hours_without_divisor(case: &Case<'_>) -> Result<Option<Task>, Failure> {
    let lost = gross::lost_hours(case, case.span)?;
    if lost.is_empty() || case.settings.hour_divisor.is_some() {
        return Ok(None);
    }
    let hours: Decimal = lost.iter().map(|single| single.hours).sum();
    let when = case.span.in_words();
    let title = format!(
        "Tabt arbejdsfortjeneste, {} enkelte timer i {when} venter: indstillingen hour-divisor mangler",
        Scalar::Number(hours)
    );
    let attributes = vec![told("timer", hours), told("periode", when)];
    Ok(Some(task(format!("enkelttimer:{}", case.span.first()), title, attributes)))
}

/// How much holiday keeps the benefit is not verified; without a setting a person looks at it.
fn holidays(case: &Case<'_>) -> Result<Vec<Task>, Failure> {
    if case.settings.holiday_weeks_kept.is_some() {
        return Ok(vec![]);
    }
    let begun = case.about_parent("holiday").keep(|fact| case.span.contains(fact.valid().first()));
    let mut tasks = vec![];
    for fact in begun.iter() {
        let days = fact.period()?;
        let title =
            format!("{}, ferie {}: vurder, om ydelsen bevares", subject(case)?, days.in_words());
        tasks.push(task(format!("ferie:{}", days.first()), title, vec![told("ferie", days)]));
    }
    Ok(tasks)
}

/// Money paid in another system is set against the benefit and reported by the host, when two persons
/// have told it of the voucher.
fn paid_elsewhere(case: &Case<'_>) -> Result<Vec<Task>, Failure> {
    let mut tasks = vec![];
    for fact in case.about_parent("paid-elsewhere").meeting(case.span).iter() {
        let (amount, days) = (fact.amount("amount")?, fact.period()?);
        let (system, voucher) = (fact.text("system")?, fact.text("voucher")?);
        let title = format!(
            "Tabt arbejdsfortjeneste, {amount} for {} er betalt i {system}, bilag {voucher}: \
             registrér bilaget som betalt andetsteds, så det modregnes og indberettes",
            days.in_words()
        );
        let attributes = vec![
            told("beløb", amount),
            told("periode", days),
            told("system", system),
            told("bilag", voucher),
        ];
        tasks.push(task(
            format!("betalt-andetsteds:{}:{voucher}", days.first()),
            title,
            attributes,
        ));
    }
    Ok(tasks)
}
