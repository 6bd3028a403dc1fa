//! The people of the town, their cases, and the papers that are on their way.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use demo_municipality::apprenticeship::Apprenticeship;
use demo_municipality::file::Fact as Told;
use demo_municipality::people::{self, Dice};
use demo_municipality::situations::ordinary;
use rust_decimal::Decimal;
use ydun::facts::Content;
use ydun::parties::Identity;
use ydun::parties::service::NewParty;
use ydun_domain::benefit::{Attribute, Fact, Scalar};
use ydun_domain::ids::{CaseId, FactId, PartyId};
use ydun_domain::{Day, Month, Period, Validity};

use crate::town::{APPRENTICES, Modules, PARENTS};

/// A case, and what the town knows of it.
#[derive(Debug)]
pub(crate) struct CaseFile {
    pub(crate) id: CaseId,
    pub(crate) benefit: &'static str,
    pub(crate) parties: BTreeMap<&'static str, PartyId>,
    pub(crate) first: Month,
    pub(crate) is_open: bool,
    /// The hours of an apprentice's weeks that the town has been told of.
    pub(crate) weeks: BTreeMap<Day, Week>,
    /// The hours granted to a parent.
    pub(crate) granted: Option<Granted>,
}

/// The hours of a week, or of its days within a month.
#[derive(Clone, Debug)]
pub(crate) struct Week {
    pub(crate) fact: FactId,
    pub(crate) days: Period,
    pub(crate) hours: Decimal,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Granted {
    pub(crate) fact: FactId,
    pub(crate) since: Day,
}

/// Papers on their way to the town.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) case: usize,
    pub(crate) contents: Vec<Content>,
}

/// Somebody who moves into the town, before there is a case.
pub(crate) struct Newcomer {
    pub(crate) parties: Vec<(&'static str, NewParty)>,
    /// Told at once.
    pub(crate) facts: Vec<Told>,
    /// Told later, each with its first possible day.
    pub(crate) requests: Vec<(Day, Vec<Told>)>,
}

const FIRMS: u64 = 5;

/// The number by which the bank and the register know a firm.
fn company(serial: u64) -> Result<NewParty> {
    let serial = usize::try_from(serial)?;
    let cvr = people::company_number(serial).parse()?;
    Ok(NewParty { name: format!("Firma {serial}"), identity: Identity::Company(cvr) })
}

fn citizen(born: Day, serial: usize, name: String) -> Result<NewParty> {
    Ok(NewParty { name, identity: Identity::Citizen(people::cpr(born, serial).parse()?) })
}

/// An apprentice, with the employer's requests of every month until the town's last.
pub(crate) fn apprentice(
    serial: usize,
    today: Day,
    last: Month,
    dice: &mut Dice,
) -> Result<Newcomer> {
    let start = today.minus_days(small(dice, 20)).monday();
    let born = Day::new(1969, 3, 4).plus_days(small(dice, 8_000));
    let months = Period::new(start, last.last())?.months().collect::<Vec<_>>();
    let told = Apprenticeship {
        born,
        start,
        end: start.plus_months(36 + small(dice, 13)).previous(),
        received: today,
        decided: today,
        background: demo_municipality::apprenticeship::Background::Unemployed {
            since: start.minus_days(400),
            schooling: demo_municipality::apprenticeship::Schooling::Unskilled,
        },
        reference: format!("L-{serial}"),
        ..ordinary(&months)
    };
    let (monthly, facts): (Vec<Told>, Vec<Told>) = told
        .facts()
        .into_iter()
        .partition(|fact| matches!(fact.kind.as_ref(), "monthly-request" | "weekly-hours"));
    let mut requests: BTreeMap<Day, Vec<Told>> = BTreeMap::new();
    for fact in monthly {
        requests.entry(fact.known_from).or_default().push(fact);
    }
    let parties = vec![
        ("apprentice", citizen(born, serial, people::name(dice))?),
        ("employer", company(dice.roll(FIRMS))?),
    ];
    Ok(Newcomer { parties, facts, requests: requests.into_iter().collect() })
}

/// A parent who stays at home with a child.
pub(crate) fn parent(serial: usize, dice: &mut Dice) -> Result<Newcomer> {
    let born = Day::new(1980, 1, 2).plus_days(small(dice, 4_000));
    let parties = vec![
        ("parent", citizen(born, serial, people::name(dice))?),
        ("child", citizen(Day::new(2015, 6, 10), serial, people::name(dice))?),
        ("atp", company(FIRMS)?),
    ];
    Ok(Newcomer { parties, facts: Vec::new(), requests: Vec::new() })
}

/// The facts of a parent, told as in the case the benefit carries along, but from `since` on.
pub(crate) fn facts_of_parent(
    modules: &Modules,
    parties: &BTreeMap<&'static str, PartyId>,
    since: Day,
    wage: i64,
) -> Result<Vec<Content>> {
    const SHOWN: &str = "a-whole-year";
    let case = modules.benefits[PARENTS].cases.iter().find(|case| case.name == SHOWN);
    let case = case.with_context(|| format!("{PARENTS} has no case '{SHOWN}'"))?;
    let ours = |told: &Attribute| {
        let value = match &told.value {
            Scalar::Who(who) => Scalar::Who(party(parties, &who.0)?.into()),
            Scalar::Text(code) if told.name == "municipality" && code.len() == 4 => {
                Scalar::Text("0999".to_owned())
            }
            Scalar::Day(day) if *day > since => Scalar::Day(since),
            Scalar::Amount(_) if told.name == "wage" => {
                Scalar::Amount(ydun_domain::Dkk::from_kroner(wage))
            }
            value => value.clone(),
        };
        Ok(Attribute::new(&told.name, value))
    };
    let content = |fact: &Fact| {
        Ok(Content {
            kind: fact.kind.clone(),
            about: party(parties, &fact.about.0)?,
            valid: Validity::new(fact.valid.first().min(since), fact.valid.last())?,
            attributes: fact.attributes.iter().map(ours).collect::<Result<_>>()?,
        })
    };
    case.dossier.facts.iter().map(content).collect()
}

/// A fact as the town writes it down.
pub(crate) fn content(told: &Told, parties: &BTreeMap<&'static str, PartyId>) -> Result<Content> {
    let value = |name: &String, value: &serde_json::Value| {
        let value = match value.get("who").and_then(serde_json::Value::as_str) {
            Some(who) => Scalar::Who(party(parties, who)?.into()),
            None => serde_json::from_value(value.clone())?,
        };
        Ok(Attribute::new(name, value))
    };
    let attributes = told.attributes.iter().map(|(name, given)| value(name, given));
    Ok(Content {
        kind: told.kind.clone().into_owned(),
        about: party(parties, &told.about)?,
        valid: told.valid,
        attributes: attributes.collect::<Result<_>>()?,
    })
}

/// The hours an employer tells of a week.
pub(crate) fn hours_of(content: &Content) -> Option<(Period, Decimal)> {
    let days = Period::new(content.valid.first(), content.valid.last()?).ok()?;
    let worked = content.attributes.iter().find(|told| told.name == "worked")?;
    let Scalar::Number(hours) = worked.value else { return None };
    (content.kind == "weekly-hours").then_some((days, hours))
}

fn party(parties: &BTreeMap<&'static str, PartyId>, role: &str) -> Result<PartyId> {
    parties.get(role).copied().with_context(|| format!("nobody is the {role}"))
}

pub(crate) fn small(dice: &mut Dice, below: u64) -> u32 {
    u32::try_from(dice.roll(below)).expect("a small number")
}

impl CaseFile {
    /// What an apprentice's hours of a month give, in øre: 45 kr. an hour (LAB § 159).
    pub(crate) fn by_hand(&self, month: Month) -> Option<i64> {
        const OERE_AN_HOUR: i64 = 45_00;
        let weeks = self.weeks.values().filter(|week| week.days.first().month() == month);
        let hours: Vec<Decimal> = weeks.map(|week| week.hours).collect();
        let oere = hours.iter().sum::<Decimal>() * Decimal::from(OERE_AN_HOUR);
        let is_told = self.benefit == APPRENTICES && !hours.is_empty();
        // A tenth of an hour is 4.50 kr., so the sum is whole.
        is_told.then(|| i64::try_from(oere.normalize().mantissa()).expect("a month's amount"))
    }
}
