//! Who gets the money: those who are paid directly, in order, and the applicant the rest.

use ydun_benefit::prelude::*;

use crate::facts::{Case, Expense, Payee};
use crate::grants::Grant;

/// The key of an expense's line to the applicant; those to others add their order.
fn key(expense: &Expense<'_>) -> String {
    format!("hjaelp:{}", expense.number)
}

/// Whether a line pays for an expense.
pub(crate) fn is_for(line: &Line, expense: &Expense<'_>) -> bool {
    line.key
        .strip_prefix(&key(expense))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

/// Pays a grant. The lines of an expense add up to the grant, to the øre.
pub(crate) fn pay(
    case: &Case<'_>,
    grant: &Grant<'_, '_>,
    file: &mut CaseFile,
) -> Result<(), Failure> {
    let payees = Payee::all(case, grant.expense)?;
    let mut left = grant.amount.value;
    for payee in &payees {
        let share = payee.amount.unwrap_or(left).min(left);
        left -= share;
        if !share.is_zero() {
            pay_directly(grant, payee, share, file);
        }
    }
    if payees.is_empty() {
        line(grant, None, &grant.amount, file);
    } else if !left.is_zero() {
        let rest = file
            .step(
                &format!("resten:{}", grant.expense.number),
                grant.expense.titled("Resten til ansøgeren"),
                grant.expense.section.law(),
            )
            .from("bevilget", &grant.amount)
            .gives(left);
        line(grant, None, &rest, file);
    }
    Ok(())
}

fn pay_directly(grant: &Grant<'_, '_>, payee: &Payee<'_>, share: Dkk, file: &mut CaseFile) {
    let id = format!("andel:{}:{}", grant.expense.number, payee.order);
    let step = file
        .step(&id, grant.expense.titled("Betales direkte"), grant.expense.section.law())
        .from("bevilget", &grant.amount)
        .input("rækkefølge", payee.order);
    let step = match payee.amount {
        Some(bill) => step.input("regning", bill),
        None => step,
    };
    line(grant, Some(payee), &step.gives(share), file);
}

fn line(
    grant: &Grant<'_, '_>,
    payee: Option<&Payee<'_>>,
    amount: &Explained<Dkk>,
    file: &mut CaseFile,
) {
    let expense = grant.expense;
    let applicant = expense.fact.about();
    let (concerns, receiver) = (expense.concerns(), payee.map_or(applicant, |payee| payee.party));
    file.pay(PaymentLine {
        key: match payee {
            Some(payee) => format!("{}:{}", key(expense), payee.order),
            None => key(expense),
        },
        payee: receiver,
        about: (concerns != receiver).then_some(concerns),
        period: Period::of_day(expense.applied()),
        amount,
        posting: expense.section.posting(grant.is_repayable),
        reference: payee.and_then(|payee| payee.reference),
        details: vec![
            told("udgift", expense.purpose.name()),
            told("søgt", expense.amount),
            told("bevilget i alt", grant.amount.value),
        ],
    });
}
