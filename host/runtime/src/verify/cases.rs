//! Step 8: the module's own cases, twice as they are and once with their rows turned around.

use serde::Serialize;
use serde_json::Value;
use ydun_domain::benefit::Dossier;
use ydun_manifest::{Case, Expected};

use crate::fault::{Code, Fault};
use crate::input::Input;
use crate::module::Module;
use crate::run::retry_once;

/// What one case cost, for spotting the version that suddenly costs more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CaseReport {
    pub name: String,
    pub fuel: u64,
    /// The fuel a dossier of this size may use.
    pub fuel_allowed: u64,
    pub memory_peak: usize,
}

pub(super) fn run(module: &Module, cases: &[Case]) -> Result<Vec<CaseReport>, Fault> {
    cases
        .iter()
        .map(|case| {
            run_one(module, case).map_err(|fault| {
                let detail = format!("case '{}': {}", case.name, fault.detail);
                Fault { detail, ..fault }
            })
        })
        .collect()
}

/// Runs one case three times, and holds the answers against what it promises and each other.
pub fn run_one(module: &Module, case: &Case) -> Result<CaseReport, Fault> {
    let input = Input::from(case.dossier.clone());
    let first = answer(module, &input)?;
    let again = answer(module, &input)?;
    let reversed = answer(module, &Input::as_given(reversed(case.dossier.clone())))?;

    same(&json(&case.expected), &first.value, Code::CaseAnswer)?;
    same(&first.value, &again.value, Code::CaseRepeat)?;
    same(&first.value, &reversed.value, Code::CaseOrder)?;
    if first.fuel != again.fuel {
        let why = format!("it used {} fuel, and {} the second time", first.fuel, again.fuel);
        return Err(Fault::new(Code::CaseRepeat, why));
    }
    let fuel_allowed = module.limits().calculate.for_rows(input.rows);
    if first.fuel > fuel_allowed / 2 {
        let why =
            format!("it used {} fuel, half of what is allowed is {}", first.fuel, fuel_allowed / 2);
        return Err(Fault::new(Code::CaseBudget, why));
    }
    Ok(CaseReport {
        name: case.name.clone(),
        fuel: first.fuel,
        fuel_allowed,
        memory_peak: first.memory_peak,
    })
}

struct Answer {
    value: Value,
    fuel: u64,
    memory_peak: usize,
}

fn answer(module: &Module, input: &Input) -> Result<Answer, Fault> {
    let run = retry_once(|| module.answer(input));
    let answer = run.answer.map_err(|fault| Fault {
        detail: fault.to_string(),
        code: Code::CaseFault,
        ..fault
    })?;
    Ok(Answer { value: json(&answer.into()), fuel: run.fuel, memory_peak: run.memory_peak })
}

/// The rows the other way around, which no order of the law survives.
pub(crate) fn reversed(mut dossier: Dossier) -> Dossier {
    dossier.sort();
    dossier.facts.reverse();
    dossier.rates.reverse();
    dossier.settings.reverse();
    for fact in &mut dossier.facts {
        fact.attributes.reverse();
    }
    dossier
}

fn json(answer: &Expected) -> Value {
    serde_json::to_value(answer).expect("an answer has text keys only")
}

fn same(one: &Value, other: &Value, code: Code) -> Result<(), Fault> {
    difference("", one, other).map_or(Ok(()), |difference| Err(Fault::new(code, difference)))
}

/// The first place where two answers differ: `lines['tilskud:2020-10'].amount: "45.00", not "46.00"`.
fn difference(path: &str, expected: &Value, found: &Value) -> Option<String> {
    match (expected, found) {
        (Value::Object(expected_fields), Value::Object(found_fields))
            if expected_fields.keys().eq(found_fields.keys()) =>
        {
            let fields = expected_fields.iter().zip(found_fields.values());
            fields.into_iter().find_map(|((name, expected), found)| {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                difference(&path, expected, found)
            })
        }
        (Value::Array(expected_rows), Value::Array(found_rows)) => {
            let pairs = expected_rows.iter().zip(found_rows).enumerate();
            let inside = |(index, (expected, found)): (usize, (&Value, &Value))| {
                difference(&format!("{path}[{}]", row_name(expected, index)), expected, found)
            };
            pairs.map(inside).find_map(|difference| difference).or_else(|| {
                let (wanted, got) = (expected_rows.len(), found_rows.len());
                (wanted != got).then(|| format!("{path}: {got} rows, not {wanted}"))
            })
        }
        _ => (expected != found).then(|| format!("{path}: {found}, not {expected}")),
    }
}

fn row_name(row: &Value, index: usize) -> String {
    let name = ["key", "id", "name"].iter().find_map(|field| row.get(field)?.as_str());
    name.map_or_else(|| index.to_string(), |name| format!("'{name}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(one: &str, other: &str, expected: Option<&str>) {
        let parse = |text| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(difference("", &parse(one), &parse(other)).as_deref(), expected);
    }

    #[test]
    fn the_first_difference_is_named_as_a_person_would_look_it_up() {
        let outcome =
            r#"{"lines": [{"key": "a", "amount": "1.00"}, {"key": "b", "amount": "2.00"}]}"#;
        check(outcome, outcome, None);
        check(
            outcome,
            &outcome.replace("2.00", "2.50"),
            Some(r#"lines['b'].amount: "2.50", not "2.00""#),
        );
        check(
            outcome,
            r#"{"lines": [{"key": "a", "amount": "1.00"}]}"#,
            Some("lines: 1 rows, not 2"),
        );
        check(
            r#"{"failure": 1}"#,
            r#"{"outcome": 1}"#,
            Some(r#": {"outcome":1}, not {"failure":1}"#),
        );
        check(
            r#"{"number": "37.50"}"#,
            r#"{"number": "37.5"}"#,
            Some(r#"number: "37.5", not "37.50""#),
        );
    }
}
