//! What happens as days go by: settlement, waiting, refusals by script.

use ydun_peers::simbank::{Oere, Script};

use crate::support::{Bank, day, gist, new_bank, order, schemas, texts, transfer};

fn scripted(script: &str) -> Bank {
    let Bank { bank, folder } = new_bank();
    Bank { bank: bank.with_script(Script::parse(script).unwrap()), folder }
}

fn advance(bank: &mut Bank, on: &str) -> Vec<String> {
    let answers = bank.bank.advance(day(on));
    answers.iter().map(|answer| gist(&String::from_utf8(answer.xml()).unwrap())).collect()
}

#[test]
fn money_is_in_transit_until_its_day() {
    let mut bank = new_bank();
    bank.process(&order("M1", "2021-02-01", &[transfer("E1", "100.00")]), "2021-01-28");
    assert_eq!(bank.bank.total_debited(), Oere(10_000));
    assert_eq!(bank.balance("SE:97000018"), 0);
    assert_eq!(advance(&mut bank, "2021-01-29"), [""; 0]);
    let mut bank = bank.reopened();
    assert_eq!(advance(&mut bank, "2021-02-02"), ["ACCP | E1 ACSC"]); // a day late is soon enough
    assert_eq!(bank.balance("SE:97000018"), 10_000);
    assert_eq!(advance(&mut bank, "2021-02-03"), [""; 0]);
    assert_eq!(bank.bank.total_settled(), bank.bank.total_debited());
}

#[test]
fn a_file_brings_out_what_was_due_before_it() {
    let mut bank = new_bank();
    let first = bank.process(&order("M1", "2021-01-29", &[transfer("E1", "100.00")]), "2021-01-28");
    let second = bank.process(&order("M2", "2021-02-01", &[transfer("E2", "1.00")]), "2021-01-29");
    let gists: Vec<String> = second.iter().map(|answer| gist(answer)).collect();
    assert_eq!(gists, ["ACCP | E1 ACSC", "ACCP | E2 ACSP"]);
    let mut ids: Vec<&str> =
        first.iter().chain(&second).flat_map(|answer| texts(answer, "MsgId")).collect();
    assert!(ids.is_sorted(), "the names of the answers follow their order: {ids:?}");
    ids.dedup();
    assert_eq!(ids.len(), 3);
}

#[test]
fn the_script_refuses_a_payee_or_a_payment() {
    let script = r#"{"SE:97000018": {"reject": "AC03", "text": "Ingen NemKonto"}, "E2": {"reject": "AC04"}}"#;
    let mut bank = scripted(script);
    let other = |id: &str| {
        let mut transfer = transfer(id, "1.00");
        transfer.payee = transfer.payee.replace("97000018", "97000026");
        transfer
    };
    let transfers = [transfer("E1", "1.00"), other("E2"), other("E3")];
    let answer = bank.process(&order("M1", "2021-01-29", &transfers), "2021-01-28").remove(0);
    assert_eq!(gist(&answer), "PART | E1 RJCT AC03 | E2 RJCT AC04 | E3 ACSP");
    assert_eq!(texts(&answer, "AddtlInf")[0], "Ingen NemKonto");
    assert_eq!(bank.bank.total_debited(), Oere(100));
}

#[test]
fn a_pending_payment_is_decided_on_a_later_day() {
    let script = r#"{"E1": {"pending": true, "then": "accept"}, "E3": {"pending": true},
                     "E2": {"pending": true, "then": "reject", "reject": "AC06", "text": "Spærret"}}"#;
    let mut bank = scripted(script);
    let transfers = [transfer("E1", "1.00"), transfer("E2", "2.00")];
    let first = bank.process(&order("M1", "2021-02-01", &transfers), "2021-01-28").remove(0);
    let second =
        bank.process(&order("M2", "2021-01-28", &[transfer("E3", "4.00")]), "2021-01-28").remove(0);
    assert_eq!(gist(&first), "PDNG | E1 PDNG | E2 PDNG");
    assert_eq!(gist(&second), "PDNG | E3 PDNG");
    assert_eq!(bank.bank.total_debited(), Oere::ZERO);
    // The decision is the bank's from now on; the script is no longer needed.
    let mut bank = bank.reopened();
    assert_eq!(advance(&mut bank, "2021-01-28"), [""; 0]);
    assert_eq!(
        advance(&mut bank, "2021-01-29"),
        ["PART | E1 ACSP | E2 RJCT AC06", "ACCP | E3 ACSC"]
    );
    assert_eq!(advance(&mut bank, "2021-02-01"), ["PART | E1 ACSC"]);
    assert_eq!(bank.bank.total_debited(), Oere(500));
    assert_eq!(bank.bank.total_settled(), Oere(500));
}

#[test]
fn a_refused_line_alone_in_a_later_answer_does_not_refuse_the_file() {
    let mut bank = scripted(r#"{"E2": {"pending": true, "then": "reject"}}"#);
    let transfers = [transfer("E1", "1.00"), transfer("E2", "2.00")];
    bank.process(&order("M1", "2021-02-01", &transfers), "2021-01-28");
    let later = bank.bank.advance(day("2021-01-29")).remove(0);
    let later = String::from_utf8(later.xml()).unwrap();
    assert_eq!(gist(&later), "PART | E2 RJCT MS03");
    assert_eq!(texts(&later, "PmtInfSts"), ["PART"]);
}

#[test]
fn the_bank_days_are_those_of_the_national_bank() {
    let Some(folder) = schemas("the_bank_days_are_those_of_the_national_bank") else { return };
    let list = std::fs::read_to_string(folder.join("bankdays/banklukkedage.csv")).unwrap();
    let closed: Vec<&str> =
        list.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    let weekdays = day("2026-01-01").iter_days().take_while(|each| *each <= day("2027-12-31"));
    for each in weekdays.filter(|day| !matches!(day.format("%u").to_string().as_str(), "6" | "7")) {
        let listed = closed.contains(&each.to_string().as_str());
        assert_eq!(ydun_peers::simbank::is_bank_day(each), !listed, "{each}");
    }
}
