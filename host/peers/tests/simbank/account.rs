//! What the bank does after it has answered: it tells of the account, gives back, stops, and is late.

use ydun_peers::simbank::{Message, Schema, Script, Simbank};

use crate::support::{Bank, day, new_bank, order, schemas, texts, transfer};

/// Works on a day, and returns what is said, as text.
fn work(bank: &mut Bank, script: &str, files: &[&str], on: &str) -> Vec<String> {
    let again = Simbank::open(&bank.folder.path().join("books.json")).unwrap();
    bank.bank = again.with_script(Script::parse(script).unwrap());
    let files: Vec<(String, Vec<u8>)> =
        files.iter().map(|file| (file.len().to_string(), file.as_bytes().to_vec())).collect();
    let messages = bank.bank.work(&files, day(on));
    bank.bank.save().unwrap();
    messages.iter().map(told).collect()
}

/// A message, when it holds to its schema.
fn told(message: &Message) -> String {
    let xml = String::from_utf8(message.xml()).unwrap();
    if let Some(folder) = schemas("told") {
        let (_, kind) = xml.split_once("tech:xsd:").unwrap();
        let schema = Schema::load(&folder, kind.split('"').next().unwrap()).unwrap();
        assert_eq!(schema.complaint(&xml), None, "{xml}");
    }
    assert!(xml.contains(message.id()) && !message.summary().is_empty());
    xml
}

/// The messages of a kind.
fn of_kind<'a>(messages: &'a [String], kind: &str) -> Vec<&'a String> {
    messages.iter().filter(|xml| xml.contains(kind)).collect()
}

fn stop_request(id: &str, payments: &[&str]) -> String {
    let payment =
        |payment: &&str| format!("<TxInf><OrgnlEndToEndId>{payment}</OrgnlEndToEndId></TxInf>");
    let payments: String = payments.iter().map(payment).collect();
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.055.001.09\"><CstmrPmtCxlReq>
         <Assgnmt><Id>{id}</Id></Assgnmt><Case><Id>{id}</Id></Case><Undrlyg><OrgnlPmtInfAndCxl>
         {payments}</OrgnlPmtInfAndCxl></Undrlyg></CstmrPmtCxlReq></Document>"
    )
}

fn said(messages: &[String]) -> Vec<String> {
    let of_stop = |xml: &String| {
        let words = |line: &str| {
            let words =
                ["OrgnlEndToEndId", "TxCxlSts", "Cd"].map(|name| texts(line, name).concat());
            words.join(" ").trim_end().to_owned()
        };
        texts(xml, "TxInfAndSts").into_iter().map(words).collect::<Vec<_>>()
    };
    of_kind(messages, "camt.029").into_iter().flat_map(of_stop).collect()
}

#[test]
fn a_file_is_one_amount_on_the_account_and_a_return_is_its_own() {
    let mut bank = new_bank();
    let orders = order("M1", "2021-01-28", &[transfer("E1", "100.00"), transfer("E2", "2.50")]);
    let script = r#"{"E2": {"return": "AC04"}}"#;
    let first = work(&mut bank, script, &[&orders], "2021-01-28");
    let advice = of_kind(&first, "camt.054")[0];
    assert_eq!(texts(advice, "EndToEndId"), ["E1", "E2"]);
    assert!(advice.contains("<Amt Ccy=\"DKK\">102.50</Amt>") && !advice.contains("RtrInf"));
    let second = work(&mut bank, "{}", &[], "2021-01-29");
    let credit = of_kind(&second, "camt.054")[0];
    assert_eq!(
        (texts(credit, "EndToEndId"), texts(credit, "CdtDbtInd")),
        (vec!["E2"], vec!["CRDT"])
    );
    let statement = of_kind(&second, "camt.053")[0];
    assert_eq!(texts(statement, "ElctrncSeqNb"), ["1"]);
    assert_eq!(bank.balance("SE:97000018"), 10_000);
    let third = work(&mut bank, "{}", &[], "2021-02-01");
    let statement = of_kind(&third, "camt.053")[0];
    assert_eq!(
        statement.matches("<Amt Ccy=\"DKK\">102.50</Amt>").count(),
        1,
        "the opening balance"
    );
    assert_eq!(
        statement.matches("<Amt Ccy=\"DKK\">100.00</Amt>").count(),
        1,
        "the closing balance"
    );
    assert!(work(&mut bank, "{}", &[], "2021-02-02").is_empty());
}

#[test]
fn what_is_not_paid_yet_is_stopped_once() {
    let mut bank = new_bank();
    let orders = order("M1", "2021-02-01", &["E1", "E2"].map(|id| transfer(id, "1.00")));
    work(&mut bank, "{}", &[&orders], "2021-01-28");
    let request = stop_request("S1", &["E1", "E9"]);
    let answers = work(&mut bank, "{}", &[&orders, &request], "2021-01-29");
    assert_eq!(said(&answers), ["E1 ACCR", "E9 RJCR NOOR"]);
    assert!(work(&mut bank, "{}", &[&orders, &request], "2021-01-29").is_empty(), "said once");
    assert_eq!(bank.bank.total_debited().0, 100);
    work(&mut bank, "{}", &[], "2021-02-01");
    assert_eq!(bank.balance("SE:97000018"), 100);
    let late = work(&mut bank, "{}", &[&stop_request("S2", &["E1", "E2"])], "2021-02-01");
    assert_eq!(said(&late), ["E1 ACCR", "E2 RJCR NARR"]);
    let states = bank.bank.statement().states;
    assert_eq!((states.settled, states.stopped), (1, 1));
}

#[test]
fn a_stop_is_refused_or_left_pending_as_the_script_says() {
    let mut bank = new_bank();
    let script =
        r#"{"E1": {"stop": "refuse"}, "E2": {"stop": "pending"}, "E3": {"stop": "pending"}}"#;
    let soon = order("M1", "2021-01-29", &["E1", "E2"].map(|id| transfer(id, "1.00")));
    let later = order("M22", "2021-02-01", &[transfer("E3", "1.00")]);
    work(&mut bank, script, &[&soon, &later], "2021-01-28");
    let request = stop_request("S1", &["E1", "E2", "E3"]);
    let answers = work(&mut bank, "{}", &[&request], "2021-01-28");
    assert_eq!(said(&answers), ["E1 RJCR LEGL", "E2 PDCR", "E3 PDCR"]);
    let answers = work(&mut bank, "{}", &[&request], "2021-01-29");
    assert_eq!(said(&answers), ["E2 RJCR NARR", "E3 ACCR"], "the first was paid meanwhile");
}

#[test]
fn messages_come_late_twice_or_not_at_all() {
    let file = |id: &str| order(id, "2021-01-29", &[transfer(&format!("E{id}"), "1.00")]);
    let mut bank = new_bank();
    assert!(
        work(&mut bank, r#"{"*": {"delivery": "late"}}"#, &[&file("1")], "2021-01-28").is_empty()
    );
    assert!(work(&mut bank, "{}", &[], "2021-01-28").is_empty(), "not on the same day");
    let late = work(&mut bank, r#"{"*": {"delivery": "lost"}}"#, &[], "2021-01-29");
    assert_eq!(of_kind(&late, "pain.002").len(), 1, "the late one; that it is paid is lost");
    assert_eq!(of_kind(&late, "camt.054").len(), 1, "what the account says comes through");
    let twice = work(&mut bank, r#"{"*": {"delivery": "twice"}}"#, &[&file("22")], "2021-01-29");
    let ids: Vec<&str> =
        of_kind(&twice, "pain.002").iter().map(|xml| texts(xml, "MsgId")[0]).collect();
    assert!(ids.len() == 2 && ids[0] != ids[1], "{ids:?}");
}
