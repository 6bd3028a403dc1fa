//! What is asked of every expense, whatever its section.

use ydun_benefit::prelude::*;

use crate::facts::{Answer, Case, Expense, Nature};
use crate::rules;

/// Neither running support nor debt to the public.
pub(super) fn nature(expense: &Expense<'_>, file: &mut CaseFile) {
    let test = rules::NATURE.of(expense);
    file.condition(match expense.nature {
        Nature::Single => test.is(true),
        Nature::Running => test.note("årsag", "løbende udgift").is(false),
        Nature::PublicDebt => test.note("årsag", "gæld til det offentlige").is(false),
    });
}

/// Other law, and others who pay, come first.
pub(super) fn subsidiarity(expense: &Expense<'_>, file: &mut CaseFile) {
    let test = rules::SUBSIDIARITY
        .of(expense)
        .note("pris", expense.price())
        .note("dækkes af andre", expense.covered);
    let is_covered = expense.covered >= expense.price();
    file.condition(match expense.other_law {
        Answer::Yes => test.note("anden lov dækker", true).is(false),
        _ if is_covered => test.is(false),
        Answer::Unclear => test.needs_human(),
        Answer::No => test.is(true),
    });
}

/// § 88: normally no help with what was taken on before the application; the day itself is in time.
/// An exception is for a person.
pub(super) fn before_commitment(expense: &Expense<'_>, file: &mut CaseFile) {
    let test = rules::BEFORE_COMMITMENT.of(expense).note("søgt", expense.applied());
    file.condition(match expense.committed {
        Some(day) if day < expense.applied() => {
            test.note("afholdt eller aftalt", day).needs_human()
        }
        Some(day) => test.note("afholdt eller aftalt", day).is(true),
        None => test.is(true),
    });
}

/// Without a document there is nothing to judge, so it is asked for.
pub(super) fn documented(case: &Case<'_>, expense: &Expense<'_>, file: &mut CaseFile) {
    let test = rules::DOCUMENTED.of(expense).note("bilag", expense.documents);
    file.condition(if expense.documents > 0 {
        test.is(true)
    } else {
        let reason = format!("Regning, tilbud eller overslag mangler: {}", expense.in_words());
        test.lacks(need("expense", case.applicant, Period::of_day(expense.applied()), &reason))
    });
}
