//! Whom a form is about, beside the filer: their names and personal numbers.

use crate::filings::{Answers, Person, Row};
use crate::web::danish;
use crate::web::field::Field;
use crate::web::form::Fields;

/// Where the answers are kept.
pub(super) const PAGE: &str = "personer";
const NAME: &str = "navn";
const CPR: &str = "cpr";

/// One other person, as fields.
#[derive(Debug)]
pub(super) struct PersonForm {
    role: String,
    pub(super) title: String,
    pub(super) fields: Vec<Field>,
}

/// A form for each part that somebody else has.
pub(super) fn forms(roles: &[String], answers: &Answers) -> Vec<PersonForm> {
    let rows = answers.rows(PAGE);
    let form = |(place, role): (usize, &String)| {
        let number = place + 1;
        let mut fields = vec![
            Field::line(format!("p{number}-{NAME}"), NAME, "Navn", ""),
            Field::line(
                format!("p{number}-{CPR}"),
                CPR,
                "CPR-nummer",
                "Ti cifre, for eksempel 010190-1234.",
            ),
        ];
        for field in &mut fields {
            field.value = rows
                .get(place)
                .and_then(|row| row.get(&field.attribute))
                .cloned()
                .unwrap_or_default();
        }
        PersonForm { role: role.clone(), title: danish::role(role), fields }
    };
    roles.iter().enumerate().map(form).collect()
}

/// What was typed, a row for each part.
pub(super) fn rows(roles: &[String], typed: &Fields) -> Vec<Row> {
    let row = |number: usize| {
        let field =
            |name: &str| (name.to_owned(), typed.get(&format!("p{number}-{name}")).to_owned());
        Row::from([field(NAME), field(CPR)])
    };
    (1..=roles.len()).map(row).collect()
}

/// Says at the fields what is missing; those who are told as they must be.
pub(super) fn read(forms: &mut [PersonForm]) -> Vec<Person> {
    let mut persons = Vec::new();
    for PersonForm { role, fields, .. } in forms {
        let [name, number] = &mut fields[..] else { continue };
        if name.value.trim().is_empty() {
            name.problem = Some("Skriv personens navn.".to_owned());
        }
        match number.value.trim().parse() {
            Ok(cpr) if name.problem.is_none() => {
                let (role, name) = (role.clone(), name.value.trim().to_owned());
                persons.push(Person { role, cpr, name });
            }
            Ok(_) => {}
            Err(_) => {
                number.problem =
                    Some("Skriv CPR-nummeret med ti cifre, for eksempel 010190-1234.".to_owned());
            }
        }
    }
    persons
}

/// Those who were told as they must be.
pub(super) fn told(roles: &[String], answers: &Answers) -> Vec<Person> {
    read(&mut forms(roles, answers))
}
