//! Every mistake is told with its place and what to do.

use serde_json::{Value, json};
use ydun::intake::Mode;

use super::{file, try_import, with};
use crate::support::each_engine;

/// Where the file has something else, what it has there, and what is said about it.
type Mistake = (&'static str, Value, &'static str);

async fn check(mistakes: &[Mistake]) {
    each_engine(|db| async move {
        for (place, value, expected) in mistakes {
            let wrong = with(file(), place, value.clone());
            let report = try_import(&db, "abc", &wrong, Mode::Strict).await.unwrap();
            let told = report.refused.first().map(ToString::to_string);
            assert_eq!(told.as_deref(), Some(*expected), "{place} = {value}");
        }
    })
    .await;
}

#[tokio::test]
async fn mistakes_in_parties_are_told() {
    check(&[
        (
            "/parties/0/cpr",
            json!("300290-1234"),
            "parties[0] 'bo': the first six digits of the personal number are not a birthday",
        ),
        (
            "/parties/0/cpr",
            json!("123"),
            "parties[0] 'bo': a personal number has ten digits, such as 010190-••••",
        ),
        ("/parties/0/name", json!(" "), "parties[0] 'bo': the party has no name; give one"),
        (
            "/parties/0/type",
            json!("person"),
            "parties[0] 'bo': unknown variant `person`, expected one of `citizen`, `company`, `unit-by-se`, `unit-by-p`",
        ),
        (
            "/parties/3/cvr",
            json!("29189804"),
            "parties[3] 'dam': '29189804' is not a CVR number: the check digit is wrong, so a digit was mistyped",
        ),
        (
            "/parties/1/company",
            json!("bo"),
            "parties[1] 'ribe': its company 'bo' is not among the companies of the file; add it there",
        ),
        (
            "/parties/1/key",
            json!("bo"),
            "parties[1] 'bo': parties[0] has the same key; give each party its own",
        ),
    ])
    .await;
}

#[tokio::test]
async fn mistakes_in_cases_are_told() {
    check(&[
        (
            "/cases/0/benefit",
            json!("dagpenge"),
            "cases[0] 'VL-1': no module for the benefit 'dagpenge' is in use; there are modules for: proeveydelse",
        ),
        (
            "/cases/0/opened",
            json!("2020-08-32"),
            "cases[0] 'VL-1': '2020-08-32' is not a day such as 2020-10-31",
        ),
        (
            "/cases/0/opened",
            Value::Null,
            "cases[0] 'VL-1': a case has either \"key\", \"benefit\" and \"opened\", or only \"case\" when it is there already; give one or the other",
        ),
        (
            "/cases/0/key",
            json!(""),
            "cases[0] '': the key is empty; give one that finds the case again",
        ),
        (
            "/cases/0/roles/employer",
            json!("mester"),
            "cases[0] 'VL-1': part 'employer': there is no party 'mester' in the file; add it under \"parties\"",
        ),
        (
            "/cases/0/roles/employer",
            json!(7),
            "cases[0] 'VL-1': a part is had by the key of a party, or a list of keys",
        ),
        (
            "/cases/0",
            json!({ "case": "2020-00099" }),
            "cases[0] '2020-00099': there is no case with the number or key '2020-00099'; look it up",
        ),
        (
            "/cases/0",
            json!({ "key": "VL-1", "benefitt": "x" }),
            "cases[0] 'VL-1': unknown field `benefitt`, expected one of `key`, `case`, `benefit`, `opened`, `roles`, `facts`",
        ),
    ])
    .await;
}

#[tokio::test]
async fn mistakes_in_facts_are_told() {
    check(&[
        (
            "/cases/0/facts/0/kind",
            json!("wage"),
            "cases[0] 'VL-1': facts[0]: new case, fact 'wage': the benefit reads no such fact; it reads hours, agreement",
        ),
        (
            "/cases/0/facts/0/about",
            json!("employer"),
            "cases[0] 'VL-1': facts[0]: new case, fact 'hours': it must be about the case's apprentice; name a party that has that part in the case",
        ),
        (
            "/cases/0/facts/0/about",
            json!("mester"),
            "cases[0] 'VL-1': facts[0]: fact 'hours': nobody is 'mester' in the case, and there is no party 'mester' in the file; add it under \"parties\"",
        ),
        (
            "/cases/0/facts/0/valid",
            json!("2020-10-31..2020-10-01"),
            "cases[0] 'VL-1': facts[0]: '2020-10-31..2020-10-01' is not a period such as 2020-10-01..2020-10-31",
        ),
        (
            "/cases/0/facts/0/valid",
            json!("2020-10-01.."),
            "cases[0] 'VL-1': facts[0]: new case, fact 'hours': the days 2020-10-01.. have no end, but this fact is about a limited time; give the days as first..last",
        ),
        (
            "/cases/0/facts/0/attributes/worked",
            json!({ "numbr": "1" }),
            "cases[0] 'VL-1': facts[0]: fact 'hours', field 'worked': unknown variant `numbr`, expected one of `flag`, `integer`, `amount`, `number`, `day`, `span`, `text`, `code`, `who`; a value is written as its type and itself, such as {\"number\": \"37.5\"}",
        ),
        (
            "/cases/0/facts/0/attributes/worked",
            json!({ "number": "999" }),
            "cases[0] 'VL-1': facts[0]: new case, fact 'hours', field 'worked': 999 is too large; the largest allowed is 250",
        ),
        (
            "/cases/0/facts/0/attributes/paid-by",
            json!({ "who": "0707614285" }),
            "cases[0] 'VL-1': facts[0]: fact 'hours', field 'paid-by': nobody is '070761-••••' in the case, and there is no party '070761-••••' in the file; add it under \"parties\"",
        ),
    ])
    .await;
}
