//! What people add to an expense: an amount, terms, payees, and what the rent arrears are about.

use ydun_benefit::prelude::*;

use super::expense::positive;
use super::{Case, Expense};

/// The amount a person has approved instead of the proposal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Approval<'a> {
    pub(crate) amount: Dkk,
    pub(crate) reason: &'a str,
}

/// The terms on which the help must be paid back (§ 93).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repayment<'a> {
    pub(crate) fact: FactRef<'a>,
    /// Why, in a caseworker's words.
    pub(crate) ground: &'static str,
    pub(crate) reason: &'a str,
    pub(crate) decided: Day,
    /// The day the help was granted, when that was before the terms.
    pub(crate) granted_before: Option<Day>,
}

/// Somebody other than the applicant who is paid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Payee<'a> {
    pub(crate) party: &'a Party,
    /// The lowest is paid first.
    pub(crate) order: i64,
    /// The bill; none takes all that is left.
    pub(crate) amount: Option<Dkk>,
    pub(crate) reference: Option<&'a str>,
}

/// The arrears that threaten the home (§ 81 a).
#[derive(Clone, Copy, Debug)]
pub(crate) struct RentArrears<'a> {
    pub(crate) fact: FactRef<'a>,
    pub(crate) notice: Notice,
    /// What the help is tied to, and whether the applicant has agreed.
    pub(crate) tie: Option<(&'static str, bool)>,
}

/// What the expense came to in the end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Receipt {
    pub(crate) amount: Dkk,
}

/// How far the landlord has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    None,
    Reminder,
    Terminated,
    BailiffsCourt,
}

impl<'a> Approval<'a> {
    pub(crate) fn of(case: &Case<'a>, expense: &Expense<'_>) -> Result<Option<Self>, Failure> {
        let Some(fact) = case.latest_about("approval", expense)? else { return Ok(None) };
        let amount = positive(fact, "amount")?;
        if amount > expense.amount {
            return Err(fact.wrong("amount", "it is more than was applied for"));
        }
        Ok(Some(Self { amount, reason: fact.text("reason")? }))
    }
}

impl<'a> Repayment<'a> {
    pub(crate) fn of(case: &Case<'a>, expense: &Expense<'_>) -> Result<Option<Self>, Failure> {
        let Some(fact) = case.latest_about("repayment", expense)? else { return Ok(None) };
        let ground = fact.one_of(
            "ground",
            &[
                ("careless-economy", "uforsvarlig økonomi"),
                ("passing-need", "forbigående behov"),
                ("other", "andet"),
            ],
        )?;
        let decided = fact.day("decided")?;
        let granted = case.latest_about("grant", expense)?;
        let granted = granted.map(|grant| grant.day("decided")).transpose()?;
        Ok(Some(Self {
            fact,
            ground,
            reason: fact.text("reason")?,
            decided,
            granted_before: granted.filter(|granted| *granted < decided),
        }))
    }
}

impl<'a> Payee<'a> {
    /// Those who are paid directly, the first in order first.
    pub(crate) fn all(case: &Case<'a>, expense: &Expense<'_>) -> Result<Vec<Self>, Failure> {
        let facts = case.about_expense("payee", expense)?;
        let mut payees = facts.into_iter().map(Self::read).collect::<Result<Vec<_>, _>>()?;
        payees.sort_by_key(|payee| payee.order);
        match payees.windows(2).find(|pair| pair[0].order == pair[1].order) {
            Some(pair) => Err(Failure::Contradiction(format!(
                "two payees of expense {} are both number {}; say who is paid first",
                expense.number, pair[0].order
            ))),
            None => Ok(payees),
        }
    }

    fn read(fact: FactRef<'a>) -> Result<Self, Failure> {
        let is_bill = fact.maybe_amount("amount")?.is_some();
        Ok(Self {
            party: fact.who("payee")?,
            order: fact.integer("order")?,
            amount: is_bill.then(|| positive(fact, "amount")).transpose()?,
            reference: fact.maybe_text("reference")?,
        })
    }
}

impl Receipt {
    pub(crate) fn of(case: &Case<'_>, expense: &Expense<'_>) -> Result<Option<Self>, Failure> {
        let fact = case.latest_about("receipt", expense)?;
        fact.map(|fact| Ok(Self { amount: fact.amount("amount")? })).transpose()
    }
}

impl<'a> RentArrears<'a> {
    pub(crate) fn of(case: &Case<'a>, expense: &Expense<'_>) -> Result<Option<Self>, Failure> {
        case.latest_about("rent-arrears", expense)?.map(Self::read).transpose()
    }

    fn read(fact: FactRef<'a>) -> Result<Self, Failure> {
        let tie = fact.one_of(
            "tie",
            &[
                ("none", None),
                ("administration", Some("aftale om administration")),
                ("moving-plan", Some("plan for at flytte")),
                ("debt-advice", Some("gældsrådgivning")),
            ],
        )?;
        let is_agreed = fact.maybe_flag("tie-agreed")?.unwrap_or_default();
        Ok(Self {
            fact,
            notice: fact.one_of(
                "notice",
                &[
                    ("none", Notice::None),
                    ("reminder", Notice::Reminder),
                    ("terminated", Notice::Terminated),
                    ("bailiffs-court", Notice::BailiffsCourt),
                ],
            )?,
            tie: tie.map(|tie| (tie, is_agreed)),
        })
    }
}
