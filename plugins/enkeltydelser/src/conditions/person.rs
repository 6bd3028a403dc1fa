//! The applicant: an application, a life, a lawful stay, and our municipality.

use ydun_benefit::prelude::*;

use crate::facts::Case;
use crate::rules::CHAPTER;

/// Each expense came with an application, which tells what is the same for all of them.
pub(super) fn application(case: &Case<'_>, file: &mut CaseFile) {
    let test = Test::new("application", "Der er søgt om hjælp", "LAS § 88");
    let missing = case.expenses.iter().find(|expense| expense.application.is_none());
    file.condition(if let Some(expense) = missing {
        let reason = "Ansøgningen, som udgiften hører til, mangler.";
        let day = Period::of_day(expense.applied());
        test.lacks(need("application", case.applicant, day, reason))
    } else {
        let received = case.expenses.iter().filter_map(|expense| expense.application);
        test.rests_on_all(received.map(|application| application.fact)).is(true)
    });
}

/// Help to one who has died is never paid by itself, not even to the estate.
pub(super) fn alive(case: &Case<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    let test = Test::new("alive", "Ansøgeren lever, når hjælpen gives", CHAPTER);
    let tested = match case.about_applicant("death").last() {
        Some(death) => test.rests_on(death).note("død", death.day("day")?).needs_human(),
        None => test.is(true),
    };
    file.condition(tested);
    Ok(())
}

pub(super) fn lawful_stay(case: &Case<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    let test = Test::new("lawful-stay", "Ansøgeren har lovligt ophold i Danmark", CHAPTER);
    let stays = match on_each_day(case, "stay", "Grundlaget for opholdet mangler.") {
        Ok(stays) => stays,
        Err(lacking) => {
            file.condition(test.lacks(lacking));
            return Ok(());
        }
    };
    let states = stays
        .iter()
        .map(|stay| {
            stay.one_of(
                "basis",
                &[
                    ("danish", State::Met),
                    ("nordic", State::Met),
                    ("permit", State::Met),
                    ("eu", State::NeedsHuman),
                    ("unclear", State::NeedsHuman),
                    ("none", State::NotMet),
                ],
            )
        })
        .collect::<Result<Vec<_>, _>>()?;
    let worst = [State::NotMet, State::NeedsHuman].into_iter().find(|state| states.contains(state));
    file.condition(test.rests_on_all(stays).state(worst.unwrap_or(State::Met)));
    Ok(())
}

/// Another municipality's citizen is for a person: the application may have to be sent on.
pub(super) fn municipality(case: &Case<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    let ours = case.settings.municipality.as_str();
    let test = Test::new("municipality", "Ansøgeren bor i kommunen", CHAPTER).note("kommune", ours);
    let places = match on_each_day(case, "residence", "Ansøgerens kommune mangler.") {
        Ok(places) => places,
        Err(lacking) => {
            file.condition(test.lacks(lacking));
            return Ok(());
        }
    };
    let mut is_ours = true;
    for place in &places {
        is_ours &= place.text("municipality")? == ours;
    }
    let test = test.rests_on_all(places);
    file.condition(if is_ours { test.is(true) } else { test.needs_human() });
    Ok(())
}

/// What is known on every day something was applied for, or what is lacking on the first without.
fn on_each_day<'a>(
    case: &Case<'a>,
    kind: &'static str,
    reason: &str,
) -> Result<Vec<FactRef<'a>>, Need> {
    let known = |day: Day| {
        let found = case.about_applicant(kind).on(day).last();
        found.ok_or_else(|| need(kind, case.applicant, Period::of_day(day), reason))
    };
    case.days().into_iter().map(known).collect()
}
