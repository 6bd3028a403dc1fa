//! From an application to a decision: conditions, amounts, payments, and what people are asked.

use ydun_benefit::prelude::*;

use crate::facts::Case;
use crate::grants::Grant;
use crate::{check, conditions, effects, grants, payees};

/// Tests each expense, works out what help there can be, and pays what is granted.
pub(crate) fn calculate(dossier: &Dossier) -> Result<Outcome, Failure> {
    let Some(case) = Case::read(dossier)? else { return without_expense(dossier) };
    let mut file = CaseFile::new(Assessments::of(&case.facts)?);
    if case.expenses.is_empty() {
        file.condition(nothing_applied_for());
        return Ok(file.close());
    }
    conditions::test(&case, &mut file)?;
    let grants: Vec<Grant<'_, '_>> = grants::decide(&case, &mut file)?;
    for grant in &grants {
        payees::pay(&case, grant, &mut file)?;
    }
    let mut outcome = file.close();
    outcome.effects = effects::of(&case, &grants, &outcome)?;
    outcome.findings = check::check(dossier);
    Ok(outcome)
}

/// Help is for what was applied for in the days calculated. Other months of the case have their own
/// decisions, and a one-off grant runs no further.
fn nothing_applied_for() -> Tested {
    Test::new("application", "Der er søgt om hjælp", "LAS § 88").state(State::NotAssessed)
}

/// There is nothing to judge yet: what is applied for comes first.
fn without_expense(dossier: &Dossier) -> Result<Outcome, Failure> {
    let facts = Facts::of(dossier);
    let known = facts
        .iter()
        .next()
        .ok_or_else(|| Failure::Unsupported("the dossier has no fact to begin with".into()))?;
    let mut file = CaseFile::default();
    let test = Test::new("application", "Der er søgt om hjælp", "LAS § 88");
    let reason = "Det mangler, hvilke udgifter der søges om hjælp til.";
    file.condition(test.lacks(need("expense", known.about(), dossier.span, reason)));
    Ok(file.close())
}
