//! What a full month at full working time is worth: the former income, under the cap, regulated.

use ydun_benefit::prelude::*;

use crate::facts::{Basis, Case};
use crate::law;
use crate::rates;

/// The amount of a full month at full working time, year by year, worked out once for each.
#[derive(Debug, Default)]
pub(crate) struct MonthlyAmounts(Vec<Known>);

#[derive(Debug)]
struct Known {
    /// The id of the basis.
    basis: String,
    year: i32,
    amount: Explained<Dkk>,
}

impl MonthlyAmounts {
    /// In the basis's first year the income under the cap. On each 1 January after, what it was
    /// raised by the year's percentage, again under the cap.
    pub(crate) fn of(
        &mut self,
        case: &Case<'_>,
        basis: &Basis<'_>,
        year: i32,
        file: &mut CaseFile,
    ) -> Result<Explained<Dkk>, Failure> {
        let id = basis.fact.id();
        let known = self.0.iter().find(|known| known.basis == id && known.year == year);
        if let Some(known) = known {
            return Ok(known.amount.clone());
        }
        let amount = if year == basis.start().year() {
            let income = income(basis, file);
            capped(case, "Indtægt før tabt arbejdsfortjeneste", &income, year, file)?
        } else {
            let before = self.of(case, basis, year - 1, file)?;
            let regulated = regulated(case, &before, year, file)?;
            capped(case, "Reguleret månedsbeløb", &regulated, year, file)?
        };
        self.0.push(Known { basis: id.to_owned(), year, amount: amount.clone() });
        Ok(amount)
    }
}

fn income(basis: &Basis<'_>, file: &mut CaseFile) -> Explained<Dkk> {
    let start = basis.start();
    file.step(&format!("indtaegt:{start}"), "Månedlig indtægt før", law::section(start))
        .input("grundlag", basis.kind.in_words())
        .input("løn", basis.wage)
        .input("faste tillæg", basis.supplements)
        .input("eget pensionsbidrag, som ikke tæller med", basis.own_pension)
        .gives(basis.monthly())
}

/// The amount in force rises by the percentage and is rounded to øre.
fn regulated(
    case: &Case<'_>,
    before: &Explained<Dkk>,
    year: i32,
    file: &mut CaseFile,
) -> Result<Explained<Dkk>, Failure> {
    const HUNDRED: Decimal = Decimal::ONE_HUNDRED;
    let percent = rates::regulation(case, year)?;
    let raised = before.value.decimal() * (HUNDRED + percent.value) / HUNDRED;
    let label = format!("Regulering 1. januar {year}");
    file.step(&format!("regulering:{year}"), label, section_of(year))
        .from("månedsbeløb før", before)
        .input("procent", percent.value)
        .input("kilde", percent.source)
        .gives_amount(raised, Rounding::NearestOere)
}

fn capped(
    case: &Case<'_>,
    name: &str,
    amount: &Explained<Dkk>,
    year: i32,
    file: &mut CaseFile,
) -> Result<Explained<Dkk>, Failure> {
    let label = format!("Månedsbeløb ved fuld arbejdstid i {year}");
    let id = format!("maanedsbeloeb:{year}");
    if case.is_from_before_2011() {
        let step = file.step(&id, label, section_of(year)).from(name, amount);
        return Ok(step.input("loft", "intet; søgt før 1. januar 2011").gives(amount.value));
    }
    let cap = rates::cap(case, year)?;
    let cap = file
        .step(&format!("loft:{year}"), format!("Loft pr. måned i {year}"), section_of(year))
        .input("kilde", cap.source)
        .gives(cap.value);
    let step = file.step(&id, label, section_of(year)).from(name, amount).from("loft", &cap);
    Ok(step.gives(amount.value.min(cap.value)))
}

fn section_of(year: i32) -> &'static str {
    law::section(Day::new(year, 1, 1))
}
