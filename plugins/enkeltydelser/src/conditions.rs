//! The conditions of the law, each tested to met, not met, or for a person to judge.
//!
//! Those of the person decide the whole application; those of an expense decide that expense.

mod dental;
mod expense;
mod person;
mod rent;

use ydun_benefit::prelude::*;

use crate::facts::{Case, Event, Expense, StudentLoan};
use crate::rules;
use crate::section::Section;

/// Tests all that can be said before any amount is worked out.
pub(crate) fn test(case: &Case<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    person::application(case, file);
    person::alive(case, file)?;
    person::lawful_stay(case, file)?;
    person::municipality(case, file)?;
    case.expenses.iter().try_for_each(|expense| of_expense(case, expense, file))
}

fn of_expense(case: &Case<'_>, expense: &Expense<'_>, file: &mut CaseFile) -> Result<(), Failure> {
    expense::nature(expense, file);
    expense::subsidiarity(expense, file);
    expense::before_commitment(expense, file);
    expense::documented(case, expense, file);
    if expense.section.is_need_tested() {
        own_possibilities(expense, file);
    }
    match expense.section {
        Section::SingleExpense => {
            event(expense, file);
            unforeseen(expense, file);
        }
        Section::Rent => rent::test(case, expense, file)?,
        Section::Treatment => {
            file.condition(rules::NECESSARY.of(expense).needs_human());
        }
        Section::DentalGrant => dental::test(case, expense, file)?,
        Section::Contact => {
            file.condition(rules::CONTACT.of(expense).needs_human());
        }
        Section::Moving => {
            file.condition(rules::IMPROVES.of(expense).needs_human());
        }
    }
    Ok(())
}

/// What comes before help: the student's loan; and what help may not be: a sanction paid back.
fn own_possibilities(expense: &Expense<'_>, file: &mut CaseFile) {
    let Some(application) = expense.application else { return };
    let loan = rules::STUDENT_LOAN.of(expense).rests_on(application.fact);
    file.condition(match application.student_loan {
        StudentLoan::NotTaken => loan.needs_human(),
        StudentLoan::NotStudying | StudentLoan::Taken | StudentLoan::NotEntitled => loan.is(true),
    });
    let sanction = rules::SANCTION.of(expense).rests_on(application.fact);
    file.condition(if application.is_sanctioned {
        sanction.needs_human()
    } else {
        sanction.is(true)
    });
}

/// § 81: nothing has happened is a no; whether what has happened is enough is for a person.
fn event(expense: &Expense<'_>, file: &mut CaseFile) {
    let Some(application) = expense.application else { return };
    let test = rules::EVENT.of(expense).rests_on(application.fact);
    file.condition(match application.event {
        Event::None => test.is(false),
        Event::Happened => test.needs_human(),
    });
}

/// § 81: by exception an expense that could be foreseen, when it is decisive for the family's life.
fn unforeseen(expense: &Expense<'_>, file: &mut CaseFile) {
    let test = rules::UNFORESEEN.of(expense);
    file.condition(match expense.foreseeable {
        Some(false) => test.is(true),
        Some(true) => test.note("kunne forudses", true).needs_human(),
        None => test.needs_human(),
    });
}
