//! The guiding disposable amount (vejledende rådighedsbeløb): what a household should have left.
//!
//! It is the municipality's own, and may be departed from. The amount of the case comes first, then
//! the municipality's settings for the days calculated; where neither says anything, it is asked for.

use ydun_benefit::prelude::*;

use crate::facts::{Case, Family, Household};

/// The amount for a household on a day, and how it is put together.
#[derive(Clone, Debug)]
pub(crate) struct Guide<'a> {
    /// The fact it is known from, when it is the case's own.
    pub(crate) fact: Option<FactRef<'a>>,
    pub(crate) parts: Vec<Attribute>,
    pub(crate) amount: Dkk,
}

/// Why there is no amount.
#[derive(Debug)]
pub(crate) enum NoGuide {
    Lacks(Need),
    Fails(Failure),
}

impl From<Failure> for NoGuide {
    fn from(failure: Failure) -> Self {
        Self::Fails(failure)
    }
}

/// An amount for one household, and whom it is for.
type Base = (&'static str, Dkk);

impl<'a> Guide<'a> {
    pub(crate) fn on(
        case: &Case<'a>,
        household: &Household<'a>,
        day: Day,
    ) -> Result<Self, NoGuide> {
        match case.about_applicant("guide-amount").on(day).last() {
            Some(fact) => Ok(Self::of_the_case(fact)?),
            None => Self::of_the_municipality(case, household, day),
        }
    }

    fn of_the_case(fact: FactRef<'a>) -> Result<Self, Failure> {
        Ok(Self {
            fact: Some(fact),
            parts: vec![told("kilde", fact.text("source")?)],
            amount: fact.amount("amount")?,
        })
    }

    fn of_the_municipality(
        case: &Case<'a>,
        household: &Household<'a>,
        day: Day,
    ) -> Result<Self, NoGuide> {
        let (whom, base) = base(case, household, day)?;
        if base.is_zero() {
            return Err(lacking(case, whom, day));
        }
        let a_child = a_child(case, household);
        if household.children > 0 && a_child.is_zero() {
            return Err(lacking(case, "for børn", day));
        }
        let mut parts = vec![told("kilde", "kommunens indstilling"), told(whom, base)];
        if household.children > 0 {
            parts.extend([told("børn", household.children), told("for hvert barn", a_child)]);
        }
        let children = a_child.decimal() * Decimal::from(household.children);
        let amount = Dkk::round(base.decimal() + children, Rounding::NearestOere)
            .map_err(|error| household.fact.contradicts(&error.to_string()))?;
        Ok(Self { fact: None, parts, amount })
    }
}

fn base(case: &Case<'_>, household: &Household<'_>, day: Day) -> Result<Base, NoGuide> {
    let guide = &case.settings.guide;
    match household.family {
        Family::Married => Ok(("for par", guide.couple)),
        Family::Cohabiting => Ok(("for samlevende", guide.cohabiting)),
        Family::Single => Ok(young(case, household, day)?.unwrap_or(("for enlige", guide.single))),
    }
}

/// The amount of somebody young without children, where the municipality has one for the young.
fn young(case: &Case<'_>, household: &Household<'_>, day: Day) -> Result<Option<Base>, NoGuide> {
    let guide = &case.settings.guide;
    let (whom, amount) = if household.lives_with_parents {
        ("for unge, der bor hos forældre", guide.young_with_parents)
    } else {
        ("for unge, der bor ude", guide.young_alone)
    };
    if amount.is_zero() || household.children > 0 {
        return Ok(None);
    }
    let Some((age, _)) = case.age_on(day)? else {
        let reason = "Fødselsdagen mangler; den afgør det vejledende rådighedsbeløb.";
        let lacking = need("birth", case.applicant, Period::of_day(day), reason);
        return Err(NoGuide::Lacks(lacking));
    };
    Ok(case.settings.is_young(age).then_some((whom, amount)))
}

fn a_child(case: &Case<'_>, household: &Household<'_>) -> Dkk {
    match household.family {
        Family::Married => case.settings.guide.child_of_couple,
        Family::Single | Family::Cohabiting => case.settings.guide.child_of_single,
    }
}

fn lacking(case: &Case<'_>, whom: &str, day: Day) -> NoGuide {
    let reason = format!(
        "Kommunen har ikke indstillet et vejledende rådighedsbeløb {whom}, der gælder den {}.",
        day.in_words()
    );
    NoGuide::Lacks(need("guide-amount", case.applicant, Period::of_day(day), &reason))
}
