//! What is withheld from one payment to one person.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use ydun_domain::{Day, Dkk, Month, Period, Rounding};

use super::settings::{AtBackPayment, Rules};
use super::share::share;
use super::{Card, settings};

/// An income before anything is taken from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Income {
    pub amount: Dkk,
    pub period: Period,
    /// Whether AM-bidrag is taken (field 13), or not (field 14).
    pub am_bidrag: bool,
    /// Whether the person's own share of ATP is taken.
    pub atp: bool,
    /// Whether it gives obligatory pension, on top.
    pub pension: bool,
}

/// What a payment is taxed by.
#[derive(Clone, Debug)]
pub struct Basis<'a> {
    pub rules: &'a Rules,
    pub card: Option<Card>,
    /// The day the money is at the person's disposal.
    pub paid: Day,
    /// What other payments have used: of the month's allowance, or of the year's on a free card.
    pub allowance_used: Dkk,
    /// The person's own share of ATP taken before, by the month it was taken for.
    pub atp_taken: BTreeMap<Month, Dkk>,
}

/// What is taken from one income.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    pub atp: Dkk,
    pub am_bidrag: Dkk,
    pub a_tax: Dkk,
    /// Obligatory pension. It is not taken from the income but paid on top of it.
    pub pension: Dkk,
}

impl Taken {
    pub fn total(&self) -> Dkk {
        self.atp + self.am_bidrag + self.a_tax
    }
}

/// What is withheld from a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// For each income, in the same order.
    pub taken: Vec<Taken>,
    pub allowance_used: Dkk,
    /// The percentage of A-tax that was used.
    pub percent: u8,
}

/// Works out what is withheld from a payment's incomes.
///
/// First the person's own ATP, then AM-bidrag of what is left, then A-tax of what is left above the
/// allowance. AM-bidrag and A-tax are found for the whole payment and shared out to the incomes.
pub fn withhold(basis: &Basis<'_>, incomes: &[Income]) -> Withheld {
    let atp = own_atp(basis, incomes);
    let fields: Vec<Dkk> =
        incomes.iter().zip(&atp).map(|(income, atp)| income.amount - *atp).collect();
    let am_bidrag = am_bidrag(basis.rules, incomes, &fields);
    let taxable: Vec<Dkk> = fields.iter().zip(&am_bidrag).map(|(field, am)| *field - *am).collect();
    let freed = freed(basis, incomes, &taxable);
    let taxed: Vec<Dkk> =
        taxable.iter().zip(&freed).map(|(taxable, freed)| *taxable - *freed).collect();
    let percent = basis.percent();
    let total = basis.rules.of_percent(percent.into(), taxed.iter().copied().sum());
    let a_tax = share(total, &taxed);
    let taken = incomes.iter().enumerate().map(|(place, income)| Taken {
        atp: atp[place],
        am_bidrag: am_bidrag[place],
        a_tax: a_tax[place],
        pension: pension(basis.rules, income),
    });
    Withheld { taken: taken.collect(), allowance_used: freed.into_iter().sum(), percent }
}

impl Basis<'_> {
    fn percent(&self) -> u8 {
        self.card.and_then(|card| card.percent()).unwrap_or(self.rules.percent_without_card)
    }

    fn allowance_left(&self) -> Dkk {
        let allowance = self.card.and_then(|card| card.allowance()).unwrap_or_default();
        (allowance - self.allowance_used).max(Dkk::ZERO)
    }

    /// Whether the allowance may be used for an income. A free card has no month to belong to.
    fn may_use_allowance(&self, income: &Income) -> bool {
        match self.rules.allowance_at_back_payment {
            AtBackPayment::Used => true,
            AtBackPayment::NotUsed => {
                matches!(self.card, Some(Card::Free { .. })) || !self.is_back_payment(income)
            }
        }
    }

    /// Whether the income is for days so long ago that paying it now is a back payment.
    fn is_back_payment(&self, income: &Income) -> bool {
        let months = self.rules.back_payment_after_months;
        income.period.last().month().first().plus_months(months) < self.paid.month().first()
    }
}

/// The person's own share of ATP: once for each month, by the month the income ends in.
fn own_atp(basis: &Basis<'_>, incomes: &[Income]) -> Vec<Dkk> {
    let mut taken = basis.atp_taken.clone();
    let mut take = |income: &Income| {
        if !income.atp {
            return Dkk::ZERO;
        }
        let taken = taken.entry(income.period.last().month()).or_default();
        let atp = (basis.rules.atp_own_share - *taken).max(Dkk::ZERO).min(income.amount);
        *taken += atp;
        atp
    };
    incomes.iter().map(&mut take).collect()
}

fn am_bidrag(rules: &Rules, incomes: &[Income], fields: &[Dkk]) -> Vec<Dkk> {
    let owes = |(income, field): (&Income, &Dkk)| if income.am_bidrag { *field } else { Dkk::ZERO };
    let base: Vec<Dkk> = incomes.iter().zip(fields).map(owes).collect();
    share(rules.of_percent(rules.am_percent, base.iter().copied().sum()), &base)
}

/// What of each income the allowance frees from A-tax.
fn freed(basis: &Basis<'_>, incomes: &[Income], taxable: &[Dkk]) -> Vec<Dkk> {
    let may = |(income, taxable): (&Income, &Dkk)| {
        if basis.may_use_allowance(income) { *taxable } else { Dkk::ZERO }
    };
    let freeable: Vec<Dkk> = incomes.iter().zip(taxable).map(may).collect();
    share(basis.allowance_left().min(freeable.iter().copied().sum()), &freeable)
}

fn pension(rules: &Rules, income: &Income) -> Dkk {
    if !income.pension {
        return Dkk::ZERO;
    }
    let raw = income.amount.decimal() * rules.pension_percent / Decimal::ONE_HUNDRED;
    Dkk::round(raw, Rounding::NearestOere).expect("a share of a payable amount is payable")
}

impl Rules {
    /// A percentage of a base, rounded as withheld tax is.
    fn of_percent(&self, percent: Decimal, base: Dkk) -> Dkk {
        let raw = base.decimal() * percent / Decimal::ONE_HUNDRED;
        let how = match self.rounding {
            settings::WithheldRounding::DownToKrone => Rounding::DownToKrone,
            settings::WithheldRounding::NearestOere => Rounding::NearestOere,
        };
        Dkk::round(raw, how).expect("a share of a payable amount is payable")
    }
}

#[cfg(test)]
mod tests;
