//! What should happen beside paying: tasks for people, letters, and claims on help to be paid back.

mod claims;
mod letters;
mod tasks;

use ydun_benefit::prelude::*;

use crate::facts::Case;
use crate::grants::Grant;

pub(crate) fn of(
    case: &Case<'_>,
    grants: &[Grant<'_, '_>],
    outcome: &Outcome,
) -> Result<Vec<Effect>, Failure> {
    let mut effects = tasks::to_judge(case, outcome);
    effects.extend(tasks::cheaper_than_granted(case, outcome)?);
    effects.extend(letters::of(case, grants, outcome));
    effects.extend(claims::of(case, grants, outcome));
    Ok(effects)
}

/// The conditions of an expense: their ids end in its number.
fn conditions_of(outcome: &Outcome, number: u32) -> impl Iterator<Item = &Condition> {
    let ending = format!(":{number}");
    outcome.conditions.iter().filter(move |condition| {
        crate::rules::Rule::named(&condition.id).is_some() && condition.id.ends_with(&ending)
    })
}

/// The conditions of the application as a whole.
fn conditions_of_all(outcome: &Outcome) -> impl Iterator<Item = &Condition> {
    outcome.conditions.iter().filter(|condition| !condition.id.contains(':'))
}
