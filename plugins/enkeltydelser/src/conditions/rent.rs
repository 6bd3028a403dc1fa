//! § 81 a: temporary help to those who face eviction for arrears.

use ydun_benefit::prelude::*;

use crate::facts::{Case, Expense, Notice, RentArrears};
use crate::rules;

pub(super) fn test(
    case: &Case<'_>,
    expense: &Expense<'_>,
    file: &mut CaseFile,
) -> Result<(), Failure> {
    let eviction = rules::EVICTION.of(expense);
    let Some(arrears) = RentArrears::of(case, expense)? else {
        let reason = format!("Oplysninger om restancen mangler: {}", expense.in_words());
        let day = Period::of_day(expense.applied());
        file.condition(eviction.lacks(need("rent-arrears", case.applicant, day, &reason)));
        return Ok(());
    };
    let eviction = eviction.rests_on(arrears.fact);
    file.condition(match arrears.notice {
        Notice::BailiffsCourt | Notice::Terminated => eviction.is(true),
        Notice::Reminder => eviction.note("skridt", "påkrav").needs_human(),
        Notice::None => eviction.is(false),
    });
    file.condition(rules::TEMPORARY.of(expense).rests_on(arrears.fact).needs_human());
    file.condition(tie(expense, &arrears));
    Ok(())
}

/// The municipality may tie the help to an agreement. Then it is there before the landlord is paid.
fn tie(expense: &Expense<'_>, arrears: &RentArrears<'_>) -> Tested {
    let test = rules::TIE.of(expense).rests_on(arrears.fact);
    match arrears.tie {
        None => test.state(State::NotAssessed),
        Some((tie, true)) => test.note("vilkår", tie).is(true),
        Some((tie, false)) => test.note("vilkår", tie).needs_human(),
    }
}
