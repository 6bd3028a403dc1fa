//! Any benefit's own case tables, as cases of invented people in the municipality.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use ydun_domain::benefit::{Attribute, Dossier, Fact as Told, Party, Scalar};
use ydun_domain::{Day, Month};
use ydun_manifest::case::Expected;
use ydun_manifest::{Case as Table, Manifest, PayeeKind};

use crate::apprenticeship::HERE;
use crate::file::{self, Case, Fact, File};
use crate::people::{self, Dice};

/// The tables about exactly one month, in which nothing was paid before.
///
/// `serial` is where the invented numbers begin; another benefit needs another one.
pub fn cases(manifest: &Manifest, tables: &[Table], month: Month, serial: usize) -> File {
    let firms = firms(manifest, tables);
    let wanted =
        |table: &&Table| table.dossier.span == month.period() && table.dossier.prior.is_empty();
    let mut file = crate::empty_municipality();
    file.workers.clear();
    let mut numbers = Numbers { next: serial, dice: Dice::new(serial as u64) };
    for table in tables.iter().filter(wanted) {
        let names = names(&table.dossier);
        let party = |name: &String| numbers.party(table, name, firms.contains(name));
        file.parties.extend(names.iter().map(party));
        file.cases.push(case(manifest, table, &names));
    }
    file
}

/// Who is paid and can be no citizen: nobody knows a fact about them, or the benefit pays firms only.
fn firms(manifest: &Manifest, tables: &[Table]) -> BTreeSet<String> {
    let facts = || tables.iter().flat_map(|table| &table.dossier.facts);
    let told_of: BTreeSet<&str> = facts().map(|fact| fact.about.0.as_str()).collect();
    let named = facts().flat_map(whom).filter(|name| !told_of.contains(name.as_str()));
    let paid = tables.iter().flat_map(payees);
    let pays_citizens = manifest.payees.contains(&PayeeKind::Citizen);
    named.chain(paid.filter(|_| !pays_citizens)).collect()
}

fn payees(table: &Table) -> Vec<String> {
    match &table.expected {
        Expected::Outcome(outcome) => {
            outcome.lines.iter().map(|line| line.payee.0.clone()).collect()
        }
        Expected::Failure(_) => vec![],
    }
}

/// The parties of a case by the names its table gives them.
fn names(dossier: &Dossier) -> BTreeSet<String> {
    let about = dossier.facts.iter().map(|fact| fact.about.0.clone());
    about.chain(dossier.facts.iter().flat_map(whom)).collect()
}

/// The parties a fact names beside the one it is about.
fn whom(fact: &Told) -> impl Iterator<Item = String> {
    fact.attributes.iter().filter_map(|attribute| match &attribute.value {
        Scalar::Who(party) => Some(party.0.clone()),
        _ => None,
    })
}

fn key(table: &Table, name: &str) -> String {
    format!("{}/{name}", table.name)
}

fn case(manifest: &Manifest, table: &Table, names: &BTreeSet<String>) -> Case {
    let mut roles: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in names {
        let role = role(manifest, table, name);
        roles.entry(role).or_default().push(key(table, name));
    }
    Case {
        key: format!("{}/{}", manifest.id, table.name),
        benefit: manifest.id.clone(),
        opened: table.dossier.span.first(),
        roles,
        facts: table.dossier.facts.iter().map(|fact| told(table, fact)).collect(),
    }
}

/// What the benefit calls whom its facts are about; anybody else is called as in the table.
fn role(manifest: &Manifest, table: &Table, name: &str) -> String {
    let fact = table.dossier.facts.iter().find(|fact| fact.about.0 == name);
    let kind = fact.and_then(|fact| manifest.fact(&fact.kind));
    kind.map_or_else(|| name.to_owned(), |kind| kind.about.clone())
}

fn told(table: &Table, fact: &Told) -> Fact {
    let value = |scalar: &Scalar| match scalar {
        Scalar::Who(party) => Scalar::Who(Party::new(key(table, &party.0))),
        own if is_own_code(&table.dossier, own) => Scalar::Text(HERE.into()),
        other => other.clone(),
    };
    let attribute = |attribute: &Attribute| {
        let value = serde_json::to_value(value(&attribute.value)).expect("a value is plain JSON");
        (attribute.name.clone(), value)
    };
    let attributes: Map<String, Value> = fact.attributes.iter().map(attribute).collect();
    Fact {
        kind: fact.kind.clone().into(),
        about: key(table, &fact.about.0).into(),
        valid: fact.valid,
        attributes,
        source: "Ydelsens egen prøvesag".into(),
        known_from: table.dossier.known_at,
    }
}

/// Whether a text is the code of the municipality the table is set in, which here is ours.
fn is_own_code(dossier: &Dossier, scalar: &Scalar) -> bool {
    dossier.settings.iter().any(|chosen| chosen.name == "municipality" && chosen.value == *scalar)
}

/// Gives each party numbers that nobody has.
struct Numbers {
    next: usize,
    dice: Dice,
}

impl Numbers {
    fn party(&mut self, table: &Table, name: &str, is_firm: bool) -> file::Party {
        self.next += 1;
        let key = key(table, name);
        if is_firm {
            let (name, _) = people::firm(&mut self.dice, self.next);
            return file::Party::Company { key, name, cvr: people::company_number(self.next) };
        }
        let birthday = born(&table.dossier, name).unwrap_or_else(|| self.adult());
        let cpr = people::cpr(birthday, self.next);
        file::Party::Citizen { key, name: people::name(&mut self.dice), cpr }
    }

    fn adult(&mut self) -> Day {
        let days = u32::try_from(self.dice.roll(7_000)).expect("a small number");
        Day::new(1970, 1, 1).plus_days(days)
    }
}

/// The birthday a fact tells.
fn born(dossier: &Dossier, name: &str) -> Option<Day> {
    let told = dossier.facts.iter().filter(|fact| fact.about.0 == name);
    let days = told.flat_map(|fact| &fact.attributes).filter(|told| told.name == "born");
    let birthdays = days.filter_map(|attribute| match attribute.value {
        Scalar::Day(day) => Some(day),
        _ => None,
    });
    birthdays.min()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn enkeltydelser() -> File {
        let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/enkeltydelser");
        let manifest = std::fs::read(package.join("manifest.json")).unwrap();
        let manifest: Manifest = serde_json::from_slice(&manifest).unwrap();
        let tables = ydun_build::cases::read_folder(&package.join("cases"), &manifest).unwrap();
        cases(&manifest, &tables, "2026-03".parse().unwrap(), 40_000)
    }

    #[test]
    fn everybody_a_table_names_is_there_once_with_a_number_of_their_own() {
        let file = enkeltydelser();
        let mut numbers = BTreeMap::new();
        for party in &file.parties {
            let (key, number) = match party {
                file::Party::Citizen { key, cpr, .. } => (key, cpr),
                file::Party::Company { key, cvr, .. } => (key, cvr),
                other => panic!("neither citizen nor company: {other:?}"),
            };
            assert_eq!(numbers.insert(number.clone(), key.clone()), None);
        }
        let keys: BTreeSet<&String> = numbers.values().collect();
        for case in &file.cases {
            assert!(case.roles["applicant"].iter().all(|key| keys.contains(key)));
            assert!(case.facts.iter().all(|fact| keys.contains(&fact.about.to_string())));
        }
    }

    #[test]
    fn who_only_gets_money_is_a_firm() {
        let file = enkeltydelser();
        let dentist = file.parties.iter().find(|party| match party {
            file::Party::Company { key, .. } => key == "dentist-is-paid-directly/dentist",
            _ => false,
        });
        assert!(dentist.is_some());
    }

    #[test]
    fn who_lives_in_the_tables_municipality_lives_in_ours() {
        let lives = |fact: &&Fact| fact.kind == "residence";
        let file = enkeltydelser();
        let case = file.cases.iter().find(|case| case.key.ends_with("/one-of-each-section"));
        let home = case.unwrap().facts.iter().find(lives).unwrap();
        assert_eq!(home.attributes["municipality"], serde_json::json!({ "text": HERE }));
    }
}
