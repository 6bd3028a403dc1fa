//! The official schemas and the sample orders, where they are at hand.

use std::path::Path;

use ydun_peers::simbank::{Schema, Script};

use crate::support::{Bank, day, gist, new_bank, order, schemas, transfer};

fn strict_bank(folder: &Path) -> Bank {
    let schema = Schema::load(folder, "pain.001.001.03").unwrap();
    let Bank { bank, folder } = new_bank();
    Bank { bank: bank.with_schema(schema), folder }
}

/// The samples' CVR and SE numbers are invented without a check digit that fits.
#[track_caller]
fn check_sample(folder: &Path, profile: &str, expected: &str) {
    let path = folder.join(format!("nemkonto/sample-profile-{profile}.pain.001.001.03.xml"));
    let sample = std::fs::read_to_string(path).unwrap();
    let answers = strict_bank(folder).process(&sample, "2026-02-24");
    assert_eq!(gist(&answers[0]), expected);
    let right = sample.replace("12345678", "97000018").replace("87654321", "97000026");
    let answers = strict_bank(folder).process(&right, "2026-02-24");
    assert!(gist(&answers[0]).starts_with("ACCP | "), "{}", answers[0]);
}

#[test]
fn the_sample_orders_are_read_in_both_profiles() {
    let Some(folder) = schemas("the_sample_orders_are_read_in_both_profiles") else { return };
    let numbers = "OKY00000001 ACSP | OKY00000002 RJCT AC01 | OKY00000003 RJCT AC01";
    check_sample(&folder, "cdtr-id", &format!("PART | {numbers}"));
    check_sample(&folder, "othr", &format!("PART | {numbers} | OKY00000004 ACSP"));
}

#[test]
fn a_file_against_the_schema_is_refused_without_its_numbers() {
    let Some(folder) = schemas("a_file_against_the_schema_is_refused_without_its_numbers") else {
        return;
    };
    let file = order("M1", "2021-01-29", &[transfer("E1", "1.00")]);
    assert_eq!(gist(&strict_bank(&folder).process(&file, "2021-01-28")[0]), "ACCP | E1 ACSP");
    let out_of_order = file
        .replace("<PmtMtd>TRF</PmtMtd>", "")
        .replace("</PmtInf>", "<PmtMtd>TRF</PmtMtd></PmtInf>");
    assert_eq!(gist(&strict_bank(&folder).process(&out_of_order, "2021-01-28")[0]), "RJCT FF01");
    let stray = file.replace("<Ccy>DKK</Ccy>", "<Ccy>0101010000</Ccy>");
    let answer = strict_bank(&folder).process(&stray, "2021-01-28").remove(0);
    assert_eq!(gist(&answer), "RJCT FF01");
    assert!(!answer.contains("0101010000"), "{answer}");
}

#[test]
fn every_kind_of_answer_is_valid() {
    let Some(folder) = schemas("every_kind_of_answer_is_valid") else { return };
    let schema = Schema::load(&folder, "pain.002.001.03").unwrap();
    let script =
        r#"{"E2": {"reject": "AC03", "text": "Ingen NemKonto <&>"}, "E3": {"pending": true}}"#;
    let Bank { bank, folder: _books } = strict_bank(&folder);
    let mut bank = bank.with_script(Script::parse(script).unwrap());
    let mixed = order("M1", "2021-01-29", &["E1", "E2", "E3", "E1"].map(|id| transfer(id, "1.00")));
    let saturday = order("M2", "2021-01-30", &[transfer("E4", "1.00")]);
    let mut answers = Vec::new();
    for file in [mixed.as_str(), &mixed.replace("1.00", "2.00"), &saturday, "<a/>", ""] {
        answers.extend(bank.process(file.as_bytes(), day("2021-01-28")));
    }
    answers.extend(bank.advance(day("2021-01-29")).iter().map(ydun_peers::simbank::Answer::xml));
    assert_eq!(answers.len(), 6);
    for answer in answers {
        let xml = String::from_utf8(answer).unwrap();
        assert_eq!(schema.complaint(&xml), None, "{xml}");
    }
    let broken = String::from_utf8(bank.process(b"x", day("2021-02-01")).remove(0)).unwrap();
    assert!(schema.complaint(&broken.replace("RJCT", "NEIN")).is_some(), "the schema does look");
}

#[test]
fn a_folder_without_the_schema_is_told() {
    let folder = tempfile::TempDir::new().unwrap();
    let error = Schema::load(folder.path(), "pain.001.001.03").unwrap_err().to_string();
    assert!(error.contains("give --schemas the folder that has it"), "{error}");
}
