//! Some days' income as it was paid, held against what the register has accepted of it.

use std::collections::BTreeMap;

use ydun_domain::ids::PartyId;
use ydun_domain::{Dkk, Period};

use super::difference::Standing;
use super::due::{self, Paid};
use super::{Amounts, Field, field};
use crate::tax::Settings;

/// A person's days as they were paid and as they were told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub party: PartyId,
    pub period: Period,
    /// By benefit.
    pub paid: BTreeMap<String, PaidSums>,
    /// What the register has accepted of the income, and of what the refund rests on.
    pub reported: Dkk,
    pub refund_reported: Dkk,
}

/// What a benefit paid of a person's days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaidSums {
    pub income: Dkk,
    /// What the state's refund rests on.
    pub refundable: Dkk,
    /// Income of which no manifest says how it is reported.
    pub unreportable: Dkk,
}

impl Told {
    /// Puts what is reported and no longer paid under the benefits that once paid the person.
    pub(super) fn name_benefits(&mut self, benefits: &[(PartyId, String)]) {
        if self.paid.is_empty() {
            let own = benefits.iter().filter(|(party, _)| *party == self.party);
            self.paid = own.map(|(_, benefit)| (benefit.clone(), PaidSums::default())).collect();
        }
    }

    /// Income that is paid and not reported; below zero, reported and not paid.
    pub fn not_reported(&self) -> Dkk {
        self.paid.values().map(|paid| paid.income).sum::<Dkk>() - self.reported
    }

    /// As [`Told::not_reported`], of what the refund rests on.
    pub fn not_refundable(&self) -> Dkk {
        self.paid.values().map(|paid| paid.refundable).sum::<Dkk>() - self.refund_reported
    }
}

const INCOME: [Field; 2] = [field::INCOME_WITH_AM_BIDRAG, field::INCOME];
const REFUND: [Field; 2] = [field::REFUNDABLE_BENEFIT, field::CITIZEN_SUBSIDY];

fn sum(amounts: &Amounts, fields: [Field; 2]) -> Dkk {
    fields.iter().filter_map(|field| amounts.get(field).copied()).sum()
}

/// What ends within some days, by person and days.
pub(super) fn told(
    paid: &[Paid],
    standing: &[Standing],
    settings: &Settings,
    days: Period,
) -> Vec<Told> {
    let mut all: BTreeMap<(PartyId, Period), Told> = BTreeMap::new();
    let mut of = |party, period, add: &mut dyn FnMut(&mut Told)| {
        if days.contains(Period::last(period)) {
            let new = || Told {
                party,
                period,
                paid: BTreeMap::new(),
                reported: Dkk::ZERO,
                refund_reported: Dkk::ZERO,
            };
            add(all.entry((party, period)).or_insert_with(new));
        }
    };
    for paid in paid {
        for (period, amounts) in due::by_year(paid.period, &due::told_amounts(paid, settings)) {
            of(paid.party, period, &mut |told| {
                let sums = told.paid.entry(paid.benefit.clone()).or_default();
                let income = sum(&amounts, INCOME);
                if paid.report.is_some() {
                    sums.income += income;
                    sums.refundable += sum(&amounts, REFUND);
                } else {
                    sums.unreportable += income;
                }
            });
        }
    }
    for one in standing {
        of(one.key.party, one.key.period, &mut |told| {
            told.reported += sum(&one.amounts, INCOME);
            told.refund_reported += sum(&one.amounts, REFUND);
        });
    }
    all.into_values().collect()
}
