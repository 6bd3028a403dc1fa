//! An expense applied for.

use ydun_benefit::prelude::*;

use super::Application;
use crate::section::Section;

/// One expense. It is judged on its own, and everything about it names its number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expense<'a> {
    pub(crate) fact: FactRef<'a>,
    pub(crate) number: u32,
    pub(crate) application: Option<Application<'a>>,
    pub(crate) purpose: Purpose,
    pub(crate) section: Section,
    pub(crate) amount: Dkk,
    /// The cheapest suitable offer, where one was obtained.
    pub(crate) cheapest_offer: Option<Dkk>,
    /// What insurance or others pay of it.
    pub(crate) covered: Dkk,
    pub(crate) other_law: Answer,
    pub(crate) nature: Nature,
    /// The day the applicant bought, ordered or signed.
    pub(crate) committed: Option<Day>,
    pub(crate) documents: i64,
    pub(crate) foreseeable: Option<bool>,
    /// Own payment for dental care that is already made.
    pub(crate) own_payment_made: Dkk,
    /// The spouse or child it is for, when that is not the applicant.
    concerns: Option<&'a Party>,
}

/// What the money is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Dental,
    Medicine,
    Treatment,
    Glasses,
    Furniture,
    Clothing,
    Contact,
    Moving,
    Rent,
    Other,
}

/// What kind of expense it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    Single,
    /// It comes again and again, as food and rent do.
    Running,
    /// Owed to the public.
    PublicDebt,
}

/// A question that may be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    Unclear,
}

impl Purpose {
    const CODES: &[(&str, Self)] = &[
        ("dental", Self::Dental),
        ("medicine", Self::Medicine),
        ("treatment", Self::Treatment),
        ("glasses", Self::Glasses),
        ("furniture", Self::Furniture),
        ("clothing", Self::Clothing),
        ("contact", Self::Contact),
        ("moving", Self::Moving),
        ("rent", Self::Rent),
        ("other", Self::Other),
    ];

    /// As it stands in a title: `tandlæge 4.200 kr.`
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dental => "tandlæge",
            Self::Medicine => "medicin",
            Self::Treatment => "behandling",
            Self::Glasses => "briller",
            Self::Furniture => "indbo",
            Self::Clothing => "tøj",
            Self::Contact => "samvær med børn",
            Self::Moving => "flytning",
            Self::Rent => "husleje",
            Self::Other => "anden udgift",
        }
    }

    /// The section it is tried under when nobody has chosen another.
    fn section(self, on_cash_benefit_level: bool) -> Section {
        match self {
            Self::Dental if on_cash_benefit_level => Section::DentalGrant,
            Self::Dental | Self::Medicine | Self::Treatment | Self::Glasses => Section::Treatment,
            Self::Contact => Section::Contact,
            Self::Moving => Section::Moving,
            Self::Rent => Section::Rent,
            Self::Furniture | Self::Clothing | Self::Other => Section::SingleExpense,
        }
    }
}

impl<'a> Expense<'a> {
    pub(super) fn read(fact: FactRef<'a>, facts: &Facts<'a>) -> Result<Self, Failure> {
        let application = Application::received_on(facts, fact.valid().first())?;
        let purpose = fact.one_of("purpose", Purpose::CODES)?;
        let on_level = application.is_some_and(|application| application.on_cash_benefit_level);
        let section = match fact.maybe_code("section")? {
            Some(_) => fact.one_of("section", Section::CODES)?,
            None => purpose.section(on_level),
        };
        let or_nothing = |name| not_below_zero(fact, name).map(Option::unwrap_or_default);
        Ok(Self {
            fact,
            number: number(fact, "number")?,
            application,
            purpose,
            section,
            amount: positive(fact, "amount")?,
            cheapest_offer: not_below_zero(fact, "cheapest-offer")?,
            covered: or_nothing("covered")?,
            other_law: fact.one_of(
                "other-law",
                &[("no", Answer::No), ("yes", Answer::Yes), ("unclear", Answer::Unclear)],
            )?,
            nature: fact.one_of(
                "nature",
                &[
                    ("single", Nature::Single),
                    ("running", Nature::Running),
                    ("public-debt", Nature::PublicDebt),
                ],
            )?,
            committed: fact.maybe_day("committed")?,
            documents: fact.integer("documents")?,
            foreseeable: fact.maybe_flag("foreseeable")?,
            own_payment_made: or_nothing("own-payment-made")?,
            concerns: fact.maybe_who("concerns")?,
        })
    }

    /// The day it was applied for, which everything about it is tested as of.
    pub(crate) fn applied(&self) -> Day {
        self.fact.valid().first()
    }

    pub(crate) fn month(&self) -> Month {
        self.applied().month()
    }

    /// Whom it is for.
    pub(crate) fn concerns(&self) -> &'a Party {
        self.concerns.unwrap_or_else(|| self.fact.about())
    }

    /// `tandlæge 4.200 kr.`, as titles and letters name it.
    pub(crate) fn in_words(&self) -> String {
        format!("{} {}", self.purpose.name(), short(self.amount))
    }

    /// `Udgift 1 (tandlæge): Forslag til hjælp`, so that each of several expenses is told apart.
    pub(crate) fn titled(&self, text: &str) -> String {
        format!("Udgift {} ({}): {text}", self.number, self.purpose.name())
    }

    /// The price help can be given for: no more than the cheapest suitable offer.
    pub(crate) fn price(&self) -> Dkk {
        self.cheapest_offer.map_or(self.amount, |offer| offer.min(self.amount))
    }
}

/// An amount without øre when there are none: `4.200 kr.`
pub(crate) fn short(amount: Dkk) -> String {
    amount.to_string().replace(",00 kr.", " kr.")
}

/// The number of an expense, as its own fact or another names it.
pub(super) fn number(fact: FactRef<'_>, name: &str) -> Result<u32, Failure> {
    let number = u32::try_from(fact.integer(name)?).ok().filter(|number| *number > 0);
    number.ok_or_else(|| fact.wrong(name, "expenses are numbered from 1"))
}

/// An amount that would make the help larger, or none of it, if it were below zero.
fn not_below_zero(fact: FactRef<'_>, name: &str) -> Result<Option<Dkk>, Failure> {
    let amount = fact.maybe_amount(name)?;
    match amount.filter(|amount| amount.is_negative()) {
        Some(_) => Err(fact.wrong(name, "it cannot be below zero")),
        None => Ok(amount),
    }
}

/// An amount there must be something of.
pub(super) fn positive(fact: FactRef<'_>, name: &str) -> Result<Dkk, Failure> {
    let amount = fact.amount(name)?;
    if amount > Dkk::ZERO { Ok(amount) } else { Err(fact.wrong(name, "it must be above zero")) }
}
