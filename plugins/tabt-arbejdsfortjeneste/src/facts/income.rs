//! What the parent earned before, and what came with it.

use ydun_benefit::prelude::*;

use super::Case;

/// The income before tabt arbejdsfortjeneste, from the day the benefit begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Basis<'a> {
    pub(crate) fact: FactRef<'a>,
    pub(crate) kind: BasisKind,
    /// A month's wage with everything that was normally paid.
    pub(crate) wage: Dkk,
    pub(crate) supplements: Dkk,
    /// The person's own pension contribution, where the wage includes it (principmeddelelse 4-18).
    pub(crate) own_pension: Dkk,
    /// Hours of work a week before.
    pub(crate) weekly_hours: Decimal,
    /// The hours had been cut before the application.
    pub(crate) hours_were_cut: bool,
}

/// What the income is an income from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BasisKind {
    LatestWage,
    /// Not yet on the labour market: what the person could have earned.
    ExpectedIncome,
    /// The wage of a home help, in unclear cases.
    HomeHelpWage,
    /// Accounts, disposable income or the cost of a substitute.
    SelfEmployed,
    /// Unemployment, sickness or cash benefit: never a basis.
    PublicBenefit,
}

/// Which pension the former employment had.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PensionScheme<'a> {
    /// The employer paid so much a month to a firm.
    Employer { contribution: Dkk, firm: &'a Party, reference: Option<&'a str> },
    /// A private scheme, or none: nothing is paid in.
    NotPaidIn,
    /// Nobody has told, or the employer's amount or the firm is missing.
    Unclear,
}

/// Where contributions to ATP go, and how much when it is not the municipality's amount.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Atp<'a> {
    pub(crate) fact: FactRef<'a>,
    pub(crate) receiver: &'a Party,
    pub(crate) own: Option<Dkk>,
    pub(crate) municipality: Option<Dkk>,
}

impl<'a> Basis<'a> {
    /// Those that share days with a period, oldest first.
    pub(crate) fn of(case: &Case<'a>, period: Period) -> Result<Vec<Self>, Failure> {
        let found = case.about_parent("income-basis").disjoint()?.meeting(period);
        found.iter().map(Self::read).collect()
    }

    fn read(fact: FactRef<'a>) -> Result<Self, Failure> {
        let weekly_hours = fact.number("weekly-hours")?;
        if weekly_hours <= Decimal::ZERO || weekly_hours > Decimal::from(168) {
            return Err(fact.wrong("weekly-hours", "a week has more than 0 and at most 168 hours"));
        }
        let amount = |name: &str| fact.maybe_amount(name).map(Option::unwrap_or_default);
        let basis = Self {
            fact,
            kind: fact.one_of("kind", BasisKind::CODES)?,
            wage: fact.amount("wage")?,
            supplements: amount("supplements")?,
            own_pension: amount("own-pension")?,
            weekly_hours,
            hours_were_cut: fact.flag("hours-were-cut")?,
        };
        if basis.monthly().is_negative() {
            return Err(fact.contradicts("the own pension contribution is larger than the wage"));
        }
        if basis.monthly() > Dkk::MAX {
            return Err(fact.contradicts("the wage and its supplements are larger than any wage"));
        }
        Ok(basis)
    }

    /// Supplements belong to it, the own pension contribution does not.
    pub(crate) fn monthly(&self) -> Dkk {
        self.wage + self.supplements - self.own_pension
    }

    pub(crate) fn start(&self) -> Day {
        self.fact.valid().first()
    }

    /// Hours granted, for the child and for siblings, are hours that were worked before.
    pub(crate) fn holds(&self, grant: &super::Grant<'_>) -> Result<(), Failure> {
        if grant.weekly_hours + grant.sibling_hours > self.weekly_hours {
            let why =
                format!("more hours are granted than the {} worked before", self.weekly_hours);
            return Err(grant.fact.wrong("weekly-hours", &why));
        }
        Ok(())
    }
}

impl BasisKind {
    const CODES: &[(&str, Self)] = &[
        ("latest-wage", Self::LatestWage),
        ("expected-income", Self::ExpectedIncome),
        ("home-help-wage", Self::HomeHelpWage),
        ("self-employed", Self::SelfEmployed),
        ("public-benefit", Self::PublicBenefit),
    ];

    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Self::LatestWage => "seneste løn",
            Self::ExpectedIncome => "forventet indtægt",
            Self::HomeHelpWage => "løn som hjemmehjælper",
            Self::SelfEmployed => "selvstændig virksomhed",
            Self::PublicBenefit => "offentlig forsørgelse",
        }
    }
}

impl<'a> PensionScheme<'a> {
    /// The scheme that applies on a day.
    pub(crate) fn on(case: &Case<'a>, day: Day) -> Result<Self, Failure> {
        match case.about_parent("pension-scheme").disjoint()?.on(day).only()? {
            Some(fact) => Self::read(fact),
            None => Ok(Self::Unclear),
        }
    }

    fn read(fact: FactRef<'a>) -> Result<Self, Failure> {
        let is_employers =
            fact.one_of("kind", &[("employer", true), ("private", false), ("none", false)])?;
        if !is_employers {
            return Ok(Self::NotPaidIn);
        }
        let told = not_below_zero(fact, "employer-contribution")?.zip(fact.maybe_who("firm")?);
        let Some((contribution, firm)) = told else { return Ok(Self::Unclear) };
        Ok(Self::Employer { contribution, firm, reference: fact.maybe_text("reference")? })
    }
}

impl<'a> Atp<'a> {
    /// As last told by a day, or as first told when nobody had by then.
    pub(crate) fn on(case: &Case<'a>, day: Day) -> Result<Option<Self>, Failure> {
        let facts = case.about_parent("atp");
        let by_then = facts.clone().keep(|fact| fact.valid().first() <= day);
        by_then.last().or(facts.first()).map(Self::read).transpose()
    }

    fn read(fact: FactRef<'a>) -> Result<Self, Failure> {
        Ok(Self {
            fact,
            receiver: fact.who("receiver")?,
            own: not_below_zero(fact, "own")?,
            municipality: not_below_zero(fact, "municipality")?,
        })
    }
}

/// Expenses the parent is spared, by fact: kroner a month. Fees to a union or an unemployment fund
/// are no saving.
pub(crate) fn saved_on<'a>(
    case: &Case<'a>,
    period: Period,
) -> Result<Vec<(FactRef<'a>, Dkk)>, Failure> {
    let kinds = [("commuting", true), ("day-care", true), ("other", true), ("membership", false)];
    let mut saved = vec![];
    for fact in case.about_parent("saving").meeting(period).iter() {
        if fact.one_of("kind", &kinds)? {
            not_below_zero(fact, "monthly")?;
            saved.push((fact, fact.amount("monthly")?));
        }
    }
    Ok(saved)
}

/// An amount that would take where it gives, or give where it takes, if it were below zero.
fn not_below_zero(fact: FactRef<'_>, name: &str) -> Result<Option<Dkk>, Failure> {
    let amount = fact.maybe_amount(name)?;
    match amount.filter(|amount| amount.is_negative()) {
        Some(_) => Err(fact.wrong(name, "it cannot be below zero")),
        None => Ok(amount),
    }
}
