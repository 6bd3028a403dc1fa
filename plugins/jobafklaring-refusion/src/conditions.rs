//! The conditions of the law, each tested to met, not met, or for a person to judge.

mod authority;
mod course;
mod deadline;
mod provider;
mod question;
mod wage;

use ydun_benefit::prelude::*;

use crate::claims::Claim;
use crate::days::Days;
use crate::facts::Case;
use crate::law;

/// Who is paid, and the days there may be refund for.
#[derive(Clone, Debug)]
pub(crate) struct Entitlement<'a> {
    /// The unit that pays the wages.
    pub(crate) employer: &'a Party,
    /// Days of the span with both course and employment.
    pub(crate) days: Days,
}

/// The conditions that are there before anything is asked for.
pub(crate) fn of_case<'a>(
    case: &Case<'a>,
    file: &mut CaseFile,
) -> Result<Option<Entitlement<'a>>, Failure> {
    authority::residence(case, file)?;
    let Some(course) = course::course(case, file)? else { return Ok(None) };
    let Some((employer, days)) = course::employment(case, &course, file)? else { return Ok(None) };
    Ok(Some(Entitlement { employer, days }))
}

/// The conditions of what is asked for; they may leave out days of a month.
pub(crate) fn of_claims(
    case: &Case<'_>,
    claims: &mut [Claim<'_>],
    file: &mut CaseFile,
) -> Result<(), Failure> {
    if claims.is_empty() {
        return Ok(());
    }
    deadline::in_time(claims, file);
    wage::paid_before(claims, file);
    provider::status(case, claims, file)?;

    let test =
        Test::new("days", "Der er hverdage at give refusion for", law::request(case.span.first()));
    let test = test.rests_on_all(claims.iter().map(|claim| claim.request.fact));
    file.condition(test.is(claims.iter().any(|claim| claim.days.weekdays() > 0)));
    Ok(())
}
