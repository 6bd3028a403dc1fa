//! A person's year: what was paid and withheld, and what the tax authority has accepted of it.

use std::fmt::Write as _;

use serde::Serialize;
use ydun_domain::ids::PartyId;
use ydun_domain::{Dkk, Tenant};

use super::store::{self, Which};
use super::{Amounts, Field, field};
use crate::db::{Read, Result};

/// The figures of a year, by the earning year of the income.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct YearStatement {
    pub party: PartyId,
    pub year: i32,
    pub lines: Vec<YearLine>,
}

/// One field of the year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct YearLine {
    pub field: Field,
    /// In Danish.
    pub title: &'static str,
    /// What was paid and withheld, less what is paid back.
    pub paid: Dkk,
    /// What the register has accepted.
    pub reported: Dkk,
}

/// The fields a person's tax rests on, as the person knows them.
const FIELDS: [(Field, &str); 6] = [
    (field::INCOME_WITH_AM_BIDRAG, "A-indkomst med AM-bidrag"),
    (field::INCOME, "A-indkomst uden AM-bidrag"),
    (field::AM_BIDRAG, "Indeholdt AM-bidrag"),
    (field::A_TAX, "Indeholdt A-skat"),
    (field::ATP, "ATP-bidrag"),
    (field::PENSION, "Obligatorisk pension"),
];

impl YearStatement {
    /// Whether the register has all of it, and no more.
    pub fn is_reported(&self) -> bool {
        self.lines.iter().all(|line| line.paid == line.reported)
    }

    /// As it is read.
    pub fn text(&self, name: &str) -> String {
        let mut text = format!("Årsopgørelse {} for {name}\n", self.year);
        let mut line = |title: &str, paid: &str, reported: &str| {
            writeln!(text, "{title:<28}{paid:>20}{reported:>20}").expect("a String takes any text");
        };
        line("", "Udbetalt", "Indberettet");
        for YearLine { title, paid, reported, .. } in &self.lines {
            line(title, &paid.to_string(), &reported.to_string());
        }
        text
    }
}

/// A person's figures of an earning year.
pub async fn statement(
    db: &mut Read,
    tenant: Tenant,
    party: PartyId,
    year: i32,
) -> Result<YearStatement> {
    let paid = store::paid(db, tenant, Which::To(party)).await?;
    let (mut due_of_year, mut reported) = (Amounts::new(), Amounts::new());
    for paid in &paid {
        for (period, amounts) in super::due::by_year(paid.period, &paid.amounts()) {
            if period.first().year() == year {
                add(&mut due_of_year, &amounts);
            }
        }
    }
    for standing in store::standing(db, tenant, Which::To(party)).await? {
        if standing.key.period.first().year() == year {
            add(&mut reported, &standing.amounts);
        }
    }
    let of = |amounts: &Amounts, field| amounts.get(&field).copied().unwrap_or_default();
    let line = |(field, title)| YearLine {
        field,
        title,
        paid: of(&due_of_year, field),
        reported: of(&reported, field),
    };
    let lines = FIELDS.into_iter().map(line);
    let lines = lines.filter(|line| !(line.paid.is_zero() && line.reported.is_zero())).collect();
    Ok(YearStatement { party, year, lines })
}

fn add(to: &mut Amounts, amounts: &Amounts) {
    for (field, amount) in amounts {
        *to.entry(*field).or_default() += *amount;
    }
}
