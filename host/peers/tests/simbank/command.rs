//! The program, with its folders.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::{Transfer, account, gist, order, transfer};

const CPR: &str = "0101010000";

fn set_up() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    fs::create_dir(folder.path().join("out")).unwrap();
    let to_citizen = Transfer { payee: account("CPR", CPR), ..transfer("E1", "100.00") };
    let file = order("M1", "2021-01-29", &[to_citizen, transfer("E2", "50.00")]);
    fs::write(folder.path().join("in/a.xml"), file).unwrap();
    folder
}

fn simbank(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_simbank"));
    command.current_dir(folder).args(arguments).output().unwrap()
}

/// Works on a day; nothing that the program says has a personal number in it.
#[track_caller]
fn process(folder: &Path, day: &str) {
    let folders =
        ["process", "--inbox", "in", "--outbox", "out", "--books", "books.json", "--day", day];
    let output = simbank(folder, &folders);
    assert!(output.status.success(), "{output:?}");
    assert!(!format!("{output:?}").contains(CPR));
}

fn answers(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder.join("out")).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = entries.collect();
    paths.sort();
    assert!(!format!("{paths:?}").contains(CPR));
    let texts = paths.iter().map(|path| fs::read_to_string(path).unwrap());
    texts.filter(|text| text.contains("pain.002.001.03")).map(|text| gist(&text)).collect()
}

#[test]
fn each_file_is_answered_once_and_settled_on_its_day() {
    let folder = set_up();
    process(folder.path(), "2021-01-28");
    process(folder.path(), "2021-01-28");
    assert_eq!(answers(folder.path()), ["ACCP | E1 ACSP | E2 ACSP"]);
    process(folder.path(), "2021-01-29");
    assert_eq!(answers(folder.path()), ["ACCP | E1 ACSP | E2 ACSP", "ACCP | E1 ACSC | E2 ACSC"]);
    fs::write(folder.path().join("in/b.xml"), "broken").unwrap();
    fs::write(folder.path().join("in/c.xml.tmp"), "half written").unwrap();
    process(folder.path(), "2021-02-01");
    process(folder.path(), "2021-02-01");
    assert_eq!(answers(folder.path())[2..], ["RJCT FF01"]);
}

#[test]
fn a_file_sent_again_under_another_name_is_answered_again() {
    let folder = set_up();
    process(folder.path(), "2021-01-28");
    let name = fs::read_dir(folder.path().join("out")).unwrap().next().unwrap().unwrap().path();
    let first = fs::read(&name).unwrap();
    fs::remove_file(&name).unwrap();
    fs::copy(folder.path().join("in/a.xml"), folder.path().join("in/again.xml")).unwrap();
    process(folder.path(), "2021-01-28");
    assert_eq!(fs::read(&name).unwrap(), first);
}

#[test]
fn killed_before_the_books_were_kept_it_says_the_same_again() {
    let folder = set_up();
    process(folder.path(), "2021-01-28");
    fs::remove_file(folder.path().join("books.json")).unwrap(); // as if it had never been written
    process(folder.path(), "2021-01-28");
    assert_eq!(answers(folder.path()), ["ACCP | E1 ACSP | E2 ACSP"]);
}

#[test]
fn the_books_are_shown_masked_and_told_to_programs_in_full() {
    let folder = set_up();
    process(folder.path(), "2021-01-29");
    let shown = simbank(folder.path(), &["books", "--books", "books.json"]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("CPR:010101****") && !shown.contains(CPR), "{shown}");
    assert!(shown.contains("0 pending, 0 accepted, 2 settled, 0 rejected"), "{shown}");
    let told = simbank(folder.path(), &["books", "--books", "books.json", "--json"]);
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(told["payees"]["CPR:0101010000"]["balance_oere"], 10_000);
    assert_eq!(told["debited_oere"], 15_000);
    assert_eq!(told["states"]["settled"], 2);
}

#[track_caller]
fn check_error(folder: &Path, arguments: &[&str], complaint: &str) {
    let output = simbank(folder, arguments);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(error.contains(complaint), "{error}");
}

#[test]
fn a_wrong_call_is_told_the_next_step() {
    let folder = set_up();
    let process = |last: [&'static str; 4]| {
        let mut all = vec!["process", "--outbox", "out", "--day", "2021-01-28"];
        all.extend(last);
        all
    };
    check_error(
        folder.path(),
        &process(["--inbox", "nowhere", "--books", "books.json"]),
        "see that it exists",
    );
    check_error(
        folder.path(),
        &process(["--inbox", "in", "--books", "none/books.json"]),
        "see that its folder exists",
    );
    check_error(
        folder.path(),
        &process(["--inbox", "in", "--books", "in/a.xml"]),
        "no books of this bank",
    );
    check_error(folder.path(), &["books", "--books", "books.json"], "run simbank process first");
    let tampered = r#"{"accounts": {"payers": {"1": {"debited_oere": 5, "payments": 1}}, "payees": {}},
                       "payments": {}, "files": [], "answers_given": 0}"#;
    fs::write(folder.path().join("books.json"), tampered).unwrap();
    check_error(folder.path(), &["books", "--books", "books.json"], "do not add up");
}
