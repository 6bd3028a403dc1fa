//! The applicant: who it is, and whether she is the one to do it.

use ydun_benefit::prelude::*;

use super::about_days;
use crate::days::{self, Days};
use crate::facts::{Case, Relation};
use crate::gross;

/// An application that was received before the span is over.
pub(super) fn application(case: &Case<'_>, file: &mut CaseFile) {
    let application = &case.application;
    let test = about_days(case, "application", "Der er søgt om tabt arbejdsfortjeneste");
    let test = test.rests_on(application.fact).note("modtaget", application.received);
    file.condition(test.is(true));
}

/// Mother or father, also apart and without custody; step-parents and other relatives who maintain
/// the child in the home.
pub(super) fn relation(case: &Case<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    let test = about_days(
        case,
        "relation",
        "Ansøgeren er forælder, eller stedforælder eller slægtning, der forsørger barnet i hjemmet",
    );
    let Some(relation) = Relation::of(case)? else {
        let reason = "Ansøgerens tilknytning til barnet mangler.";
        file.condition(test.lacks(need("relation", case.parent, case.tested, reason)));
        return Ok(());
    };
    file.condition(test.rests_on(relation.fact).is(relation.entitles()));
    Ok(())
}

/// Most expedient that the mother or father does it: always a person's judgement.
pub(super) fn most_suitable(case: &Case<'_>, file: &mut CaseFile) {
    let label = "Det er mest hensigtsmæssigt, at det er ansøgeren, der passer barnet";
    file.condition(about_days(case, "most-suitable", label).needs_human());
}

/// Both parents at once only while the child is in hospital and needs both. Weekly hours do not
/// say when in the week they lie, so a person looks at parents who share days at home.
pub(super) fn not_both(case: &Case<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    let own = helped_days(case)?;
    let mut shared = vec![];
    for fact in case.others.iter().filter(|fact| is_help(*fact)) {
        shared.extend(fact.valid().within(case.tested).map(|days| (fact, days)));
    }
    let hospital = days::in_hospital(case, case.tested, "both-needed")?;
    let at_home = own.without(&hospital);
    shared.retain(|(_, days)| !own.within(*days).is_empty());
    if shared.is_empty() {
        return Ok(());
    }
    let test = about_days(
        case,
        "not-both",
        "Forældrene har ikke ydelse for de samme timer, eller barnet er indlagt og har brug for begge",
    );
    let is_shared_at_home = shared.iter().any(|(_, days)| at_home.within(*days).weekdays() > 0);
    let test = test.rests_on_all(shared.into_iter().map(|(fact, _)| fact));
    file.condition(if is_shared_at_home { test.needs_human() } else { test.is(true) });
    Ok(())
}

fn is_help(fact: FactRef<'_>) -> bool {
    matches!(fact.kind(), "hours-granted" | "single-hours")
}

/// The days the applicant is helped on.
fn helped_days(case: &Case<'_>) -> Result<Days, Failure> {
    let single = gross::lost_hours(case, case.tested)?;
    let single = single.into_iter().map(|hours| Period::of_day(hours.day));
    Ok(days::running(case, case.tested)?.with(single))
}
