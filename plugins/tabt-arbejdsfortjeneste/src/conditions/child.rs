//! The child: age, illness, home, and the municipality it lives in.

use ydun_benefit::prelude::*;

use super::about_days;
use crate::days;
use crate::ending::eighteenth_birthday;
use crate::facts::Case;

/// The municipality the child lives in decides. Who has moved, in the span or to elsewhere, goes to
/// a person: the case is handed over without a gap.
pub(super) fn deciding_municipality(case: &Case<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    let ours = case.settings.municipality.as_str();
    let test = about_days(case, "deciding-municipality", "Barnet bor i kommunen");
    let test = test.note("kommune", ours);
    let homes = case.about_child("residence").disjoint()?.meeting(case.tested);
    if homes.is_empty() {
        let reason = "Det skal fremgå, hvilken kommune barnet bor i.";
        file.condition(test.lacks(need("residence", case.child(), case.tested, reason)));
        return Ok(());
    }
    let mut is_ours = true;
    for home in homes.iter() {
        is_ours &= home.text("municipality")? == ours;
    }
    let test = test.rests_on_all(homes.iter());
    file.condition(if is_ours { test.is(true) } else { test.needs_human() });
    Ok(())
}

/// Under 18. The right ends the day before the birthday.
pub(super) fn age(case: &Case<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    let test = about_days(case, "age", "Barnet er under 18 år");
    let Some((birth, born)) = case.birth()? else {
        let reason = "Barnets fødselsdag mangler.";
        file.condition(test.lacks(need("birth", case.child(), case.tested, reason)));
        return Ok(());
    };
    let birthday = eighteenth_birthday(born);
    let test = test.rests_on(birth).note("fylder 18", birthday);
    file.condition(test.is(case.tested.first() < birthday));
    Ok(())
}

/// Significantly and lastingly impaired, or invasive chronic or long-term illness. How grave it is,
/// a person judges; an illness expected to last less than a year is not long-term.
pub(super) fn impairment(case: &Case<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    const LONG_TERM_MONTHS: i64 = 12;
    let test = about_days(
        case,
        "impairment",
        "Betydelig og varigt nedsat funktionsevne eller indgribende kronisk eller langvarig lidelse",
    );
    let Some(illness) = case.about_child("illness").meeting(case.tested).last() else {
        let reason = "Oplysninger om barnets funktionsnedsættelse eller lidelse mangler.";
        file.condition(test.lacks(need("illness", case.child(), case.tested, reason)));
        return Ok(());
    };
    let test = test.rests_on(illness);
    let months = illness.maybe_integer("expected-months")?;
    let test = match months {
        Some(months) => test.note("forventet varighed i måneder", months),
        None => test,
    };
    let is_short = months.is_some_and(|months| months < LONG_TERM_MONTHS);
    let kinds = [
        ("significant-lasting", Illness::Lasting),
        ("chronic", Illness::Lasting),
        ("long-term", Illness::LongTerm),
        ("none", Illness::Neither),
    ];
    file.condition(match illness.one_of("kind", &kinds)? {
        Illness::Neither => test.is(false),
        Illness::LongTerm if is_short => test.is(false),
        Illness::LongTerm | Illness::Lasting => test.needs_human(),
    });
    Ok(())
}

#[derive(Clone, Copy)]
enum Illness {
    /// Significant and lasting impairment, or chronic illness.
    Lasting,
    LongTerm,
    Neither,
}

/// Maintained in the home. A placed child has it only in hospital, with a parent who must be there.
pub(super) fn in_home(case: &Case<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    let placements = case.about_child("placement").meeting(case.tested);
    let stays = case.about_child("hospital-stay").meeting(case.tested);
    let away = days::away_from_home(case, case.tested)?;
    let test = about_days(case, "in-home", "Barnet forsørges i hjemmet");
    let test = match away.whole() {
        Some(days) => test.note("anbragt uden for hjemmet", days),
        None => test,
    };
    let test = test.rests_on_all(placements.iter()).rests_on_all(stays.iter());
    file.condition(test.is(!away.cover(case.tested)));
    Ok(())
}

/// A necessary consequence of the impairment: always a person's judgement.
pub(super) fn care_at_home(case: &Case<'_>, file: &mut CaseFile) {
    let cared_for = case.about_child("day-care").meeting(case.tested);
    let test = about_days(
        case,
        "care-at-home",
        "Det er en nødvendig konsekvens af lidelsen, at barnet passes i hjemmet",
    );
    file.condition(test.rests_on_all(cared_for.iter()).needs_human());
}
