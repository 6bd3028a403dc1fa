//! § 82 a: what is left of the bill after the own payment, times the share.

use ydun_benefit::prelude::*;

use crate::facts::{Case, Expense};

/// Own payment and share, which the municipality has set because neither is verified.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) own_payment: Dkk,
    pub(crate) share_percent: Decimal,
}

impl Terms {
    /// The terms for an age; none while the municipality has not set a share.
    pub(crate) fn of(case: &Case<'_>, age: i32) -> Option<Self> {
        let dental = &case.settings.dental;
        let terms = if case.settings.is_young(age) { dental.young } else { dental.older };
        (!terms.share_percent.is_zero()).then_some(terms)
    }
}

/// The grant by the rule, or none when the municipality has no terms.
pub(crate) fn proposal(
    case: &Case<'_>,
    expense: &Expense<'_>,
    base: &Explained<Dkk>,
    file: &mut CaseFile,
) -> Result<Option<Explained<Dkk>>, Failure> {
    let Some((age, _)) = case.age_on(expense.applied())? else { return Ok(None) };
    let Some(terms) = Terms::of(case, age) else { return Ok(None) };
    let left = (terms.own_payment - expense.own_payment_made).max(Dkk::ZERO);
    let above = (base.value - left).max(Dkk::ZERO);
    let number = expense.number;
    let own = file
        .step(
            &format!("egenbetaling:{number}"),
            expense.titled("Del af regningen over egenbetalingen"),
            "LAS § 82 a",
        )
        .from("udgift", base)
        .input("alder", age)
        .input("egenbetaling efter kommunens indstilling", terms.own_payment)
        .input("allerede betalt", expense.own_payment_made)
        .gives(above);
    let share = terms.share_percent * Decimal::new(1, 2);
    file.step(&format!("forslag:{number}"), expense.titled("Tandtilskud"), "LAS § 82 a")
        .from("over egenbetalingen", &own)
        .input("tilskud i procent", terms.share_percent)
        .gives_amount(own.value.decimal() * share, Rounding::NearestOere)
        .map(Some)
}
