//! The amount of each expense: what the rules propose, and what a person has approved.

use ydun_benefit::prelude::*;

use crate::dental;
use crate::facts::{Approval, Case, Expense, Repayment};
use crate::need_test::{self, OwnShare};
use crate::rules::{self, CHAPTER};

/// Help with an expense whose conditions are met.
#[derive(Clone, Debug)]
pub(crate) struct Grant<'c, 'a> {
    pub(crate) expense: &'c Expense<'a>,
    pub(crate) amount: Explained<Dkk>,
    /// It must be paid back (§ 93).
    pub(crate) is_repayable: bool,
}

/// Works out every expense that is not refused already, month by month.
pub(crate) fn decide<'c, 'a>(
    case: &'c Case<'a>,
    file: &mut CaseFile,
) -> Result<Vec<Grant<'c, 'a>>, Failure> {
    let mut grants = vec![];
    for expenses in case.expenses.chunk_by(|a, b| a.month() == b.month()) {
        let standing: Vec<&Expense<'a>> =
            expenses.iter().filter(|expense| !file.part_refused(expense.number)).collect();
        let mut own = household_of(case, &standing, file)?;
        for expense in standing {
            grants.extend(of_expense(case, expense, own.as_mut(), file)?);
        }
    }
    Ok(grants)
}

/// What the household of the month's first need-tested expense can pay itself.
fn household_of(
    case: &Case<'_>,
    standing: &[&Expense<'_>],
    file: &mut CaseFile,
) -> Result<Option<OwnShare>, Failure> {
    match standing.iter().find(|expense| expense.section.is_need_tested()) {
        Some(first) => need_test::own_share(case, first.applied(), file),
        None => Ok(None),
    }
}

fn of_expense<'c, 'a>(
    case: &'c Case<'a>,
    expense: &'c Expense<'a>,
    own: Option<&mut OwnShare>,
    file: &mut CaseFile,
) -> Result<Option<Grant<'c, 'a>>, Failure> {
    let base = base(expense, file);
    let amount = if expense.section.is_need_tested() {
        need_tested(case, expense, &base, own, file)?
    } else {
        let proposal = dental::proposal(case, expense, &base, file)?;
        let amount = approved(case, expense, proposal, file)?;
        is_something(case, expense, amount.as_ref(), file);
        amount
    };
    let is_repayable = repayment(case, expense, file)?;
    let Some(amount) = amount.filter(|_| file.part_met(expense.number)) else { return Ok(None) };
    if amount.value < expense.amount {
        file.partly();
    }
    Ok(Some(Grant { expense, amount, is_repayable }))
}

/// The price help is given for, less what others pay.
fn base(expense: &Expense<'_>, file: &mut CaseFile) -> Explained<Dkk> {
    let label = expense.titled("Pris, der kan gives hjælp til");
    let mut step = file
        .step(&format!("udgift:{}", expense.number), label, expense.section.law())
        .input("søgt", expense.amount);
    if let Some(offer) = expense.cheapest_offer {
        step = step.input("billigste egnede tilbud", offer);
    }
    step.input("dækkes af andre", expense.covered).gives(expense.price() - expense.covered)
}

/// Whether the household can pay is for a person, who has the proposal before her.
fn need_tested(
    case: &Case<'_>,
    expense: &Expense<'_>,
    base: &Explained<Dkk>,
    own: Option<&mut OwnShare>,
    file: &mut CaseFile,
) -> Result<Option<Explained<Dkk>>, Failure> {
    let means = rules::MEANS.of(expense);
    let Some(own) = own else {
        file.condition(means.state(State::NotAssessed)); // the money is being asked for
        return Ok(None);
    };
    let proposal = proposal(expense, base, own, file);
    let means = means
        .note("rådighedsbeløb", own.disposable)
        .note("vejledende rådighedsbeløb", own.guide)
        .note("husstanden kan selv betale", own.total.value)
        .note("forslag til hjælp", proposal.value);
    if file.condition(means.needs_human()) == State::NotMet {
        return Ok(None);
    }
    let amount = approved(case, expense, Some(proposal), file)?;
    is_something(case, expense, amount.as_ref(), file);
    let granted = amount.as_ref().map_or(Dkk::ZERO, |amount| amount.value);
    own.take(base.value - granted);
    Ok(amount)
}

/// The expense, less what the household can pay and has not paid of another.
fn proposal(
    expense: &Expense<'_>,
    base: &Explained<Dkk>,
    own: &OwnShare,
    file: &mut CaseFile,
) -> Explained<Dkk> {
    let number = expense.number;
    let share = file
        .step(
            &format!("egenandel:{number}"),
            expense.titled("Heraf betaler husstanden selv"),
            CHAPTER,
        )
        .from("udgift", base)
        .from("husstanden kan selv betale", &own.total)
        .input("brugt på andre udgifter i måneden", own.used())
        .gives(own.of(base.value));
    file.step(
        &format!("forslag:{number}"),
        expense.titled("Forslag til hjælp"),
        expense.section.law(),
    )
    .from("udgift", base)
    .from("husstanden betaler", &share)
    .gives(base.value - share.value)
}

/// The proposal, or what a person has approved instead of it.
fn approved(
    case: &Case<'_>,
    expense: &Expense<'_>,
    proposal: Option<Explained<Dkk>>,
    file: &mut CaseFile,
) -> Result<Option<Explained<Dkk>>, Failure> {
    let Some(approval) = Approval::of(case, expense)? else { return Ok(proposal) };
    let id = format!("bevilget:{}", expense.number);
    let step = file.step(&id, expense.titled("Bevilget efter vurdering"), expense.section.law());
    let step = match &proposal {
        Some(proposal) => step.from("forslag", proposal),
        None => step,
    };
    Ok(Some(step.input("begrundelse", approval.reason).gives(approval.amount)))
}

/// There is an amount to grant. A guiding amount refuses nobody: when it leaves nothing, and the rest
/// is met, the person who judged so says the amount.
fn is_something(
    case: &Case<'_>,
    expense: &Expense<'_>,
    amount: Option<&Explained<Dkk>>,
    file: &mut CaseFile,
) {
    let test = rules::AMOUNT.of(expense);
    let is_nothing = amount.is_none_or(|amount| amount.value.is_zero());
    let is_by_rule = amount.is_some() && !expense.section.is_need_tested();
    file.condition(if !is_nothing {
        test.is(true)
    } else if !file.part_met(expense.number) {
        test.state(State::NotAssessed)
    } else if is_by_rule {
        test.is(false)
    } else {
        let reason = format!("Beløbet, der bevilges, mangler: {}", expense.in_words());
        test.lacks(need("approval", case.applicant, Period::of_day(expense.applied()), &reason))
    });
}

/// § 93: whether the help must be paid back, which is decided when it is granted and never after.
///
/// The question refuses nothing: without the terms it is ordinary help.
fn repayment(case: &Case<'_>, expense: &Expense<'_>, file: &mut CaseFile) -> Result<bool, Failure> {
    const ANSWER: &str = "skal betales tilbage";
    let Some(terms) = Repayment::of(case, expense)? else { return Ok(false) };
    let test = rules::REPAYMENT
        .of(expense)
        .rests_on(terms.fact)
        .note("grund", terms.ground)
        .note("begrundelse", terms.reason);
    if let Some(granted) = terms.granted_before {
        let test = test.note("bevilget", granted).note("vilkår afgjort", terms.decided);
        file.condition(test.note(ANSWER, false).is(true));
        return Ok(false);
    }
    let judged = file.judgement_of_part(rules::REPAYMENT.id, expense.number);
    let is_repayable = judged.as_ref().is_some_and(|judged| judged.met);
    file.condition(match judged {
        Some(judged) => test.judged(&judged).note(ANSWER, is_repayable).is(true),
        None => test.needs_human(),
    });
    Ok(is_repayable)
}
