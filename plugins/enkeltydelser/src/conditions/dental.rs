//! § 82 a: a share of the dentist's bill for those on the level of cash benefit.

use ydun_benefit::prelude::*;

use crate::dental::Terms;
use crate::facts::{Case, Expense, Purpose};
use crate::rules;

pub(super) fn test(
    case: &Case<'_>,
    expense: &Expense<'_>,
    file: &mut CaseFile,
) -> Result<(), Failure> {
    file.condition(rules::DENTAL_CARE.of(expense).is(expense.purpose == Purpose::Dental));
    if let Some(application) = expense.application {
        let level = rules::CASH_LEVEL.of(expense).rests_on(application.fact);
        file.condition(level.is(application.on_cash_benefit_level));
    }
    age(case, expense, file)
}

/// Her age chooses the terms; children's dental care is another act's.
fn age(case: &Case<'_>, expense: &Expense<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    const GROWN_UP: i32 = 18;
    let test = rules::DENTAL_AGE.of(expense);
    let Some((age, birth)) = case.age_on(expense.applied())? else {
        let day = Period::of_day(expense.applied());
        let reason = "Fødselsdagen mangler; den afgør tandtilskuddets størrelse.";
        file.condition(test.lacks(need("birth", case.applicant, day, reason)));
        return Ok(());
    };
    let test = test.rests_on(birth).note("alder", age);
    file.condition(if age >= GROWN_UP { test.is(true) } else { test.needs_human() });
    terms(case, expense, age, file);
    Ok(())
}

/// Without terms of the municipality, a person finds the amount.
fn terms(case: &Case<'_>, expense: &Expense<'_>, age: i32, file: &mut CaseFile) {
    let test = rules::DENTAL_TERMS.of(expense);
    file.condition(match Terms::of(case, age) {
        Some(terms) => test
            .note("egenbetaling", terms.own_payment)
            .note("tilskud i procent", terms.share_percent)
            .is(true),
        None => {
            test.note("årsag", "Kommunen har ikke indstillet egenbetaling og andel.").needs_human()
        }
    });
}
