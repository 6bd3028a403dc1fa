//! The employer: wage, other support, and aid received.

use std::cmp::Ordering;

use ydun_benefit::prelude::*;

use crate::facts::{Application, Case};
use crate::paid_days;
use crate::rules::Version;

/// At least the lowest wage of an unskilled worker in the field, on every day in question.
///
/// Too low when it was applied for is a refusal. Falling too low later is for a person: the employer is
/// heard before anything is stopped.
pub(crate) fn wage(
    case: &Case<'_>,
    version: Version,
    application: Option<Application<'_>>,
    file: &mut CaseFile,
) -> Result<(), Failure> {
    let test = Test::new(
        "wage",
        "Lønnen er mindst den laveste for ufaglærte efter overenskomsten",
        version.law("LAB kap. 23"),
    );
    let Some(asked) = paid_days::asked(case)? else { return Ok(()) };
    let wages = case.about_apprentice("wage").meeting(asked).disjoint()?;
    let test = test.rests_on_all(wages.iter());
    if let Some(uncovered) = first_gap(asked, &wages) {
        let reason = "Lønnen og den laveste løn for ufaglærte mangler.";
        file.condition(test.lacks(need("wage", case.apprentice(), uncovered, reason)));
        return Ok(());
    }
    let tested_on = application
        .map_or(case.agreement.start(), |application| application.tested_on(&case.agreement));
    let mut test = test;
    let (mut from_start, mut later) = (false, false);
    for wage in wages.iter() {
        let (paid, lowest) = (wage.amount("hourly-paid")?, wage.amount("lowest-unskilled")?);
        if paid < lowest {
            test = test.note("timeløn", paid).note("mindst", lowest);
            let is_from_start = wage.valid().first() <= tested_on;
            from_start |= is_from_start;
            later |= !is_from_start;
        }
    }
    file.condition(match (from_start, later) {
        (true, _) => test.is(false),
        (false, true) => test.needs_human(),
        (false, false) => test.is(true),
    });
    Ok(())
}

/// The first days of a period that no fact is about.
fn first_gap(period: Period, facts: &Found<'_>) -> Option<Period> {
    let mut open = period.first();
    for fact in facts.iter().filter_map(|fact| fact.valid().within(period)) {
        if fact.first() > open {
            return Period::new(open, fact.first().previous()).ok();
        }
        open = fact.last().next();
    }
    Period::new(open, period.last()).ok()
}

/// § 158, stk. 3: no other public support for the apprentice; it blocks its own days only.
pub(crate) fn other_support(
    case: &Case<'_>,
    version: Version,
    application: Option<Application<'_>>,
    file: &mut CaseFile,
) -> Result<(), Failure> {
    let test = Test::new(
        "other-support",
        "Ingen anden offentlig støtte til lærlingen",
        version.law("LAB § 158, stk. 3"),
    );
    let support = case.about_apprentice("other-support");
    let is_declared = application.is_some_and(|application| application.declares_other_support);
    if is_declared && support.is_empty() {
        let reason = "Arbejdsgiveren har oplyst anden støtte; art og periode mangler.";
        file.condition(test.lacks(need(
            "other-support",
            case.apprentice(),
            case.agreement.fact.valid(),
            reason,
        )));
        return Ok(());
    }
    let test = test
        .rests_on_all(application.map(|application| application.fact))
        .rests_on_all(support.iter());
    let blocks_all = match paid_days::asked(case)? {
        Some(asked) => paid_days::without_other_support(case, vec![asked])?.is_empty(),
        None => false,
    };
    file.condition(test.is(!blocks_all));
    Ok(())
}

/// § 159: the firm's small aid over three fiscal years, this one included, stays within the limit.
///
/// `tested_on` chooses between the limits of different years.
pub(crate) fn de_minimis(
    case: &Case<'_>,
    version: Version,
    tested_on: Day,
    file: &mut CaseFile,
) -> Result<(), Failure> {
    const HIGHER_LIMIT: Day = Day::new(2024, 1, 1);
    let limits = &case.settings.de_minimis;
    let test = Test::new(
        "de-minimis",
        "Der er plads under grænsen for de minimis-støtte",
        version.law("LAB § 159"),
    );
    let Some(declaration) = case.about_employer("de-minimis").last() else {
        let reason = "Erklæringen om de minimis-støtte mangler.";
        let lacking =
            need("de-minimis", case.agreement.employer, Period::of_day(tested_on), reason);
        file.condition(test.lacks(lacking));
        return Ok(());
    };
    let euro_rate = declaration.number("euro-rate")?;
    if euro_rate <= Decimal::ZERO || euro_rate > Decimal::ONE_HUNDRED {
        return Err(declaration.wrong("euro-rate", "a euro costs more than 0 and at most 100 kr."));
    }
    // Held against each other in kroner, so that nothing is divided.
    let received =
        declaration.number("received-eur")? * euro_rate + declaration.amount("this-aid")?.decimal();
    let is_general = declaration.one_of(
        "sector",
        &[("general", true), ("transport", false), ("agriculture", false), ("fishery", false)],
    )?;
    let limit = match is_general {
        true if tested_on < HIGHER_LIMIT => limits.limit,
        true => limits.limit_from_2024,
        false => limits.limit_of_other_sectors,
    };
    let test = test
        .rests_on(declaration)
        .note("grænse i euro", limit)
        .note("eurokurs", euro_rate)
        .note("kursdag", declaration.day("rate-date")?)
        .note("erklæret", declaration.day("declared")?);

    let covers_all_years = declaration.integer("years")? >= limits.years;
    let room = case.settings.beyond((limit * euro_rate).cmp(&received));
    file.condition(match (limit * euro_rate).cmp(&received) {
        _ if !covers_all_years || limit.is_zero() => test.needs_human(),
        // Above a limit that is not verified for these years, a person looks it up.
        Ordering::Less if tested_on >= HIGHER_LIMIT => test.needs_human(),
        _ => test.state(room.into()),
    });
    Ok(())
}
