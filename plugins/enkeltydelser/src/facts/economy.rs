//! The household, and what it has to live on in a month.

use ydun_benefit::prelude::*;

use super::Case;

/// Who lives together, on a day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Household<'a> {
    pub(crate) fact: FactRef<'a>,
    pub(crate) family: Family,
    /// Children who live there.
    pub(crate) children: u32,
    pub(crate) lives_with_parents: bool,
    spouse: Option<&'a Party>,
}

/// Only the married maintain each other; one who cohabits is tested alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Single,
    Married,
    Cohabiting,
}

/// The applicant's money in a month, after tax.
#[derive(Clone, Debug)]
pub(crate) struct Budget<'a> {
    pub(crate) fact: FactRef<'a>,
    pub(crate) incomes: Vec<Item>,
    /// Fixed expenses, without instalments on debt.
    pub(crate) expenses: Vec<Item>,
    pub(crate) instalments: Vec<Item>,
    /// Cash, savings and what is soon turned into money.
    pub(crate) assets: Dkk,
}

/// A line of the budget, as a step tells it.
pub(crate) type Item = (&'static str, Dkk);

/// The spouse's money in the same month.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SpouseMeans<'a> {
    pub(crate) fact: FactRef<'a>,
    pub(crate) net_income: Dkk,
    pub(crate) assets: Dkk,
}

impl<'a> Household<'a> {
    pub(crate) fn on(case: &Case<'a>, day: Day) -> Result<Option<Self>, Failure> {
        case.about_applicant("household").on(day).last().map(Self::read).transpose()
    }

    fn read(fact: FactRef<'a>) -> Result<Self, Failure> {
        let children = fact.integer("children")?;
        Ok(Self {
            fact,
            family: fact.one_of(
                "family",
                &[
                    ("single", Family::Single),
                    ("married", Family::Married),
                    ("cohabiting", Family::Cohabiting),
                ],
            )?,
            children: u32::try_from(children)
                .map_err(|_| fact.wrong("children", "it is a number of children"))?,
            lives_with_parents: fact.maybe_flag("lives-with-parents")?.unwrap_or_default(),
            spouse: fact.maybe_who("spouse")?,
        })
    }

    /// The spouse, or the applicant to ask while the spouse is not known.
    pub(crate) fn spouse_or(&self, applicant: &'a Party) -> &'a Party {
        self.spouse.unwrap_or(applicant)
    }
}

impl<'a> Budget<'a> {
    /// Attributes that may be left out, and what a step calls them.
    const OTHER_INCOMES: &'static [(&'static str, &'static str)] = &[
        ("child-benefits", "børneydelser og børnebidrag"),
        ("housing-benefit", "boligstøtte"),
        ("other-income", "andre indtægter"),
    ];
    const EXPENSES: &'static [(&'static str, &'static str)] = &[
        ("rent", "husleje eller boligudgift"),
        ("heat-and-power", "varme, el og vand"),
        ("insurance", "forsikringer"),
        ("transport", "transport"),
        ("childcare", "daginstitution"),
        ("medicine", "fast medicin"),
        ("maintenance", "børnebidrag, der betales"),
        ("other-expenses", "andre godkendte udgifter"),
    ];
    const INSTALMENTS: &'static [(&'static str, &'static str)] =
        &[("debt-instalments", "afdrag på gæld")];

    pub(crate) fn of(case: &Case<'a>, month: Month) -> Result<Option<Self>, Failure> {
        let told = case.about_applicant("budget").meeting(month.period());
        told.only()?.map(Self::read).transpose()
    }

    fn read(fact: FactRef<'a>) -> Result<Self, Failure> {
        let mut incomes = vec![("løn, ydelser og pension efter skat", fact.amount("net-income")?)];
        incomes.extend(items(fact, Self::OTHER_INCOMES)?);
        Ok(Self {
            fact,
            incomes,
            expenses: items(fact, Self::EXPENSES)?,
            instalments: items(fact, Self::INSTALMENTS)?,
            assets: fact.amount("assets")?,
        })
    }
}

/// The lines of the budget that were filled in.
fn items(fact: FactRef<'_>, names: &[(&str, &'static str)]) -> Result<Vec<Item>, Failure> {
    let mut items = vec![];
    for (name, title) in names {
        items.extend(fact.maybe_amount(name)?.map(|amount| (*title, amount)));
    }
    Ok(items)
}

impl<'a> SpouseMeans<'a> {
    pub(crate) fn of(case: &Case<'a>, month: Month) -> Result<Option<Self>, Failure> {
        let told = case.facts.kind("spouse-means").meeting(month.period());
        told.only()?.map(Self::read).transpose()
    }

    fn read(fact: FactRef<'a>) -> Result<Self, Failure> {
        Ok(Self { fact, net_income: fact.amount("net-income")?, assets: fact.amount("assets")? })
    }
}
