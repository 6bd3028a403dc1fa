//! Whether it is known, for every day, which rate applies.

use ydun_benefit::prelude::*;

use crate::claims::Claim;
use crate::facts::{Case, Doubt, Household};
use crate::law;

/// The employee's status as provider on every day that is asked for.
///
/// The first day in doubt is asked about, and from it on: the new fact settles the days after it.
pub(super) fn status(
    case: &Case<'_>,
    claims: &[Claim<'_>],
    file: &mut CaseFile,
) -> Result<(), Failure> {
    let household = Household::of(case)?;
    let test = Test::new(
        "provider-status",
        "Det er oplyst for alle dage, om medarbejderen er forsørger",
        law::RATES,
    )
    .rests_on_all(household.statuses().clone().meeting(case.span).iter());
    for day in claims.iter().flat_map(|claim| claim.days.iter()) {
        if let Err(doubt) = household.status_on(day)? {
            file.condition(test.lacks(lacking(case, doubt, day)));
            return Ok(());
        }
    }
    file.condition(test.is(true));
    Ok(())
}

fn lacking(case: &Case<'_>, doubt: Doubt, day: Day) -> Need {
    let rest = Period::new(day, case.span.last()).expect("the day is in the span");
    let (kind, why) = match doubt {
        Doubt::NotTold => ("provider-status", "Det mangler, om medarbejderen er forsørger"),
        Doubt::ChildrenChanged => (
            "provider-status",
            "Børnene har ændret sig. Oplys igen, om medarbejderen er forsørger,",
        ),
        Doubt::AgeNotTold => (
            "birth",
            "Alderen mangler, og satsen gælder kun til det fyldte 25. år. Den skal bruges",
        ),
        Doubt::NoLongerYoung => (
            "provider-status",
            "Medarbejderen er fyldt 25 år. Oplys, om medarbejderen er forsørger,",
        ),
    };
    need(kind, case.employee, rest, &format!("{why} fra {}.", day.in_words()))
}
