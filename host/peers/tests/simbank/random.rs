//! Whatever comes in, and on whatever days: the books are what the answers say.

use std::collections::BTreeMap;

use chrono::Days;
use proptest::prelude::*;
use ydun_peers::simbank::Script;

use crate::support::{Bank, Transfer, account, day, new_bank, oere, order, texts, transfer};

const SCRIPT: &str = r#"{
    "E1": {"reject": "AC03"},
    "E2": {"pending": true, "then": "accept"},
    "E3": {"pending": true, "then": "reject"}
}"#;

#[derive(Clone, Debug)]
enum Step {
    NewFile { transfers: Vec<Transfer>, days_ahead: u64 },
    SendAgain(prop::sample::Index),
    Wait(u64),
}

fn a_transfer() -> impl Strategy<Value = Transfer> {
    let payees = ["97000018", "97000026", "97000015"]; // the last fails its check
    (0..30u8, 0..20_000u32, prop::sample::select(payees.to_vec())).prop_map(|(id, oere, number)| {
        let amount = format!("{}.{:02}", oere / 100, oere % 100);
        Transfer { payee: account("SE", number), ..transfer(&format!("E{id}"), &amount) }
    })
}

fn a_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (prop::collection::vec(a_transfer(), 1..6), 0..5u64)
            .prop_map(|(transfers, days_ahead)| Step::NewFile { transfers, days_ahead }),
        1 => any::<prop::sample::Index>().prop_map(Step::SendAgain),
        2 => (1..4u64).prop_map(Step::Wait),
    ]
}

/// What the answers alone tell of each payment: its last good status and its amount.
#[derive(Default)]
struct Told(BTreeMap<String, (String, i64)>);

impl Told {
    fn hear(&mut self, answer: &str) {
        for line in texts(answer, "TxInfAndSts") {
            let status = texts(line, "TxSts").concat();
            if matches!(status.as_str(), "ACSP" | "ACSC") {
                let (_, amount) = line.split_once(r#"<InstdAmt Ccy="DKK">"#).unwrap();
                let amount = oere(amount.split_once('<').unwrap().0);
                self.0.insert(texts(line, "OrgnlEndToEndId").concat(), (status, amount));
            }
        }
    }

    fn sum(&self, statuses: &[&str]) -> i64 {
        let told = self.0.values().filter(|(status, _)| statuses.contains(&status.as_str()));
        told.map(|(_, amount)| amount).sum()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_books_are_what_the_answers_say(steps in prop::collection::vec(a_step(), 1..14)) {
        let mut bank = with_script(new_bank());
        let mut today = day("2021-01-28");
        let mut sent: Vec<String> = Vec::new();
        let mut told = Told::default();
        for step in steps {
            match step {
                Step::Wait(days) => {
                    today = today + Days::new(days);
                    bank = with_script(bank.reopened());
                }
                Step::NewFile { transfers, days_ahead } => {
                    let execution = (today + Days::new(days_ahead)).to_string();
                    let file = order(&format!("M{}", sent.len()), &execution, &transfers);
                    bank.process(&file, &today.to_string()).iter().for_each(|answer| told.hear(answer));
                    sent.push(file);
                }
                Step::SendAgain(which) if !sent.is_empty() => {
                    for answer in bank.bank.advance(today) {
                        told.hear(&String::from_utf8(answer.xml()).unwrap());
                    }
                    let file = which.get(&sent);
                    let before = (bank.bank.total_debited(), bank.bank.total_settled());
                    let again = bank.process(file, &today.to_string());
                    prop_assert_eq!(&again, &bank.process(file, &today.to_string()));
                    prop_assert_eq!(before, (bank.bank.total_debited(), bank.bank.total_settled()));
                }
                Step::SendAgain(_) => {}
            }
            prop_assert_eq!(bank.bank.total_debited().0, told.sum(&["ACSP", "ACSC"]));
            prop_assert_eq!(bank.bank.total_settled().0, told.sum(&["ACSC"]));
        }
        let end = today + Days::new(30);
        // Once to decide what was pending, and all of it is due by then.
        for answer in bank.bank.advance(end) {
            told.hear(&String::from_utf8(answer.xml()).unwrap());
        }
        prop_assert_eq!(bank.bank.total_settled().0, told.sum(&["ACSC"]));
        prop_assert_eq!(bank.bank.total_settled(), bank.bank.total_debited());
        bank.reopened(); // books that do not add up would not open
    }
}

fn with_script(Bank { bank, folder }: Bank) -> Bank {
    Bank { bank: bank.with_script(Script::parse(SCRIPT).unwrap()), folder }
}
