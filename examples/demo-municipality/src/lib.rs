//! An invented municipality with invented people and real rules, as a file that `ydun import` reads.
//!
//! The first cases are the situations the law tells apart ([`situations`]); the rest are ordinary
//! cases in realistic variation. The same number of cases gives the same file on every machine.

pub mod apprenticeship;
pub mod benefit;
pub mod file;
pub mod people;
pub mod situations;

use rust_decimal::Decimal;
use ydun_domain::{Day, Dkk, Month, Period};

use apprenticeship::{Apprenticeship, Background, HERE, Schooling};
use file::{Case, File, Municipality, Party, Worker};
use people::Dice;

/// How many apprentices a firm has, on average.
const CASES_PER_FIRM: usize = 5;

/// The municipality alone and those who work in it: what must be there before a module is switched on.
pub fn empty_municipality() -> File {
    File { municipality: ours(), workers: workers(), parties: vec![], cases: vec![] }
}

/// A municipality with so many voksenlærling cases and requests for the months given.
pub fn municipality(cases: usize, months: &[Month]) -> File {
    let mut dice = Dice::new(2021);
    let firms: Vec<Firm> =
        (0..cases.div_ceil(CASES_PER_FIRM)).map(|number| Firm::found(number, &mut dice)).collect();
    let mut parties: Vec<Party> = firms.iter().flat_map(|firm| firm.parties.clone()).collect();
    let situations = situations::all(months);
    let mut all = vec![];
    for number in 0..cases {
        let firm = &firms[number % firms.len()];
        let mut case = match situations.get(number) {
            Some(situation) => situation.case.clone(),
            None => vary(situations::ordinary(months), firm, &mut dice),
        };
        let apprentice = format!("laerling-{:05}", number + 1);
        case.reference = format!("L-{:05}", 4_000 + number);
        parties.push(Party::Citizen {
            key: apprentice.clone(),
            name: people::name(&mut dice),
            cpr: people::cpr(case.born, number),
        });
        all.push(Case {
            key: format!("vl-{:05}", number + 1),
            benefit: "voksenlaerling".into(),
            opened: case.received,
            roles: [("apprentice", apprentice), ("employer", firm.unit(number).to_owned())]
                .map(|(role, key)| (role.to_owned(), vec![key]))
                .into(),
            facts: case.facts(),
        });
    }
    File { municipality: ours(), workers: workers(), parties, cases: all }
}

fn ours() -> Municipality {
    Municipality {
        code: HERE.into(),
        name: "Prøvekøbing Kommune".into(),
        cvr: people::company_number(0),
    }
}

/// Two caseworkers, since nobody approves what she has proposed herself.
fn workers() -> Vec<Worker> {
    let worker = |id: &str, name: &str, rights: &[&str]| Worker {
        id: id.into(),
        name: name.into(),
        rights: rights.iter().map(ToString::to_string).collect(),
    };
    vec![
        worker("anna", "Anna Skriver", &["look", "register", "propose"]),
        worker("bo", "Bo Godkender", &["look", "approve"]),
        worker("ida", "Ida Regnskab", &["look", "pay"]),
        worker("drift", "Driften", &["look", "administer"]),
    ]
}

/// A company and the units it is paid through.
struct Firm {
    education: &'static str,
    parties: Vec<Party>,
    payees: Vec<String>,
}

impl Firm {
    /// Every fourth firm has no units; the others have one to three, by SE or P number.
    fn found(number: usize, dice: &mut Dice) -> Self {
        let (name, education) = people::firm(dice, number);
        let company = format!("firma-{:04}", number + 1);
        let cvr = people::company_number(1_000 + number * 4);
        let mut parties = vec![Party::Company { key: company.clone(), name: name.clone(), cvr }];
        let units = if number % 4 == 3 { 0 } else { 1 + number % 3 };
        let mut payees = vec![];
        for unit in 0..units {
            let key = format!("{company}-enhed-{}", unit + 1);
            let name = people::unit_name(&name, number + unit);
            payees.push(key.clone());
            parties.push(if unit == 1 {
                Party::UnitByP {
                    key,
                    name,
                    company: company.clone(),
                    p: people::place_number(number * 4 + unit),
                }
            } else {
                let se = people::company_number(100_000 + number * 4 + unit);
                Party::UnitBySe { key, name, company: company.clone(), se }
            });
        }
        if payees.is_empty() {
            payees.push(company);
        }
        Self { education, parties, payees }
    }

    fn unit(&self, case: usize) -> &str {
        &self.payees[case / CASES_PER_FIRM % self.payees.len()]
    }
}

/// An ordinary case with its own dates, hours, school stays and absence.
fn vary(ordinary: Apprenticeship, firm: &Firm, dice: &mut Dice) -> Apprenticeship {
    let start = Day::new(2020, 2, 3).plus_days(small(dice, 34) * 7);
    let received = start.plus_days(3 + small(dice, 20));
    let school = (dice.roll(3) == 0).then(|| {
        let first = Day::new(2020, 10, 5).plus_days(small(dice, 10) * 7);
        Period::new(first, first.plus_days(11)).expect("two weeks")
    });
    let from_work = dice.roll(4) == 0;
    Apprenticeship {
        born: Day::new(1968, 2, 2).plus_days(small(dice, 9_400)),
        start,
        end: start.plus_months(36 + small(dice, 13)).previous(),
        education: firm.education.into(),
        on_positive_list: from_work.then_some(true),
        weekly_hours: *dice.pick(&[
            Decimal::from(37),
            Decimal::from(37),
            Decimal::from(37),
            Decimal::from(32),
        ]),
        received,
        decided: received.plus_days(10),
        background: if from_work {
            Background::Employed { schooling: Schooling::Unskilled }
        } else {
            Background::Unemployed {
                since: start.minus_days(200 + small(dice, 300)),
                schooling: Schooling::Unskilled,
            }
        },
        hourly_wage: Dkk::from_kroner(125 + i64::from(small(dice, 30))),
        aid_received_eur: i64::from(small(dice, 120_000)),
        school: school.into_iter().collect(),
        overtime_a_week: Decimal::from(if dice.roll(6) == 0 { 1 + small(dice, 4) } else { 0 }),
        sick_a_week: Decimal::new(if dice.roll(7) == 0 { 74 } else { 0 }, 1),
        ..ordinary
    }
}

fn small(dice: &mut Dice, below: u64) -> u32 {
    u32::try_from(dice.roll(below)).expect("a small number")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_size_gives_the_same_municipality() {
        let months: Vec<Month> = vec!["2020-10".parse().unwrap()];
        let file = || serde_json::to_string(&municipality(60, &months)).unwrap();
        assert_eq!(file(), file());
    }

    #[test]
    fn every_situation_has_its_case() {
        let months: Vec<Month> = vec!["2020-10".parse().unwrap()];
        let situations = situations::all(&months).len();
        assert!(municipality(200, &months).cases.len() > situations);
    }
}
