//! The two ways of naming a payee, and what the bank asks of the number.

use crate::support::{Transfer, account, gist, new_bank, order, party, transfer};

/// The balance that a payment of one krone leaves with `key`, or the refusal's code.
#[track_caller]
fn check(payee: &str, expected: Result<&str, &str>) {
    let mut bank = new_bank();
    let transfer = Transfer { payee: payee.to_owned(), ..transfer("E1", "1.00") };
    let answer = bank.process(&order("M1", "2021-01-28", &[transfer]), "2021-01-28").remove(0);
    match expected {
        Ok(key) => {
            assert_eq!(gist(&answer), "ACCP | E1 ACSC", "{payee}");
            assert_eq!(bank.balance(key), 100);
        }
        Err(code) => {
            assert_eq!(gist(&answer), format!("RJCT | E1 RJCT {code}"), "{payee}");
            assert_eq!(bank.bank.total_debited().0, 0);
        }
    }
}

#[test]
fn a_payee_may_stand_as_an_account() {
    check(&account("CPR", "0101010000"), Ok("CPR:0101010000"));
    check(&account("CVR", "97000018"), Ok("CVR:97000018"));
    check(&account("SE", "97000018"), Ok("SE:97000018"));
    check(&account("PNR", "9900000001"), Ok("PNR:9900000001"));
    let bban = account("CPR", "99990000000002").replace("<Prtry>CPR</Prtry>", "<Cd>BBAN</Cd>");
    check(&bban, Ok("BBAN:99990000000002"));
}

#[test]
fn a_payee_may_stand_as_a_party() {
    check(&party("PrvtId", "<Cd>SOSE</Cd>", "0101010000"), Ok("CPR:0101010000"));
    check(&party("OrgId", "<Cd>COID</Cd>", "97000018"), Ok("CVR:97000018"));
    check(&party("OrgId", "<Prtry>SE</Prtry>", "97000018"), Ok("SE:97000018"));
    check(&party("OrgId", "<Prtry>PNR</Prtry>", "9900000001"), Ok("PNR:9900000001"));
}

#[test]
fn a_number_of_the_wrong_form_is_refused() {
    check(&account("CPR", "3201010000"), Err("AC01"));
    check(&account("CPR", "010101000"), Err("AC01"));
    check(&account("CVR", "97000015"), Err("AC01"));
    check(&account("SE", "9700001"), Err("AC01"));
    check(&account("SE", "97-00014"), Err("AC01"));
    check(&account("PNR", "97000018"), Err("AC01"));
}

#[test]
fn a_number_of_an_unknown_kind_is_refused() {
    check(&account("EAN", "97000018"), Err("AC01"));
    check(&account("cvr", "97000018"), Err("AC01"));
    check(&party("PrvtId", "<Cd>CCPT</Cd>", "0101010000"), Err("AC01"));
    check(&party("OrgId", "<Cd>CUST</Cd>", "97000018"), Err("AC01"));
    check(&party("OrgId", "<Prtry>CPR</Prtry>", "0101010000"), Err("AC01"));
    check("<Cdtr><Nm>Prøvefirma</Nm></Cdtr>", Err("AC01"));
    check("<CdtrAcct><Id><IBAN>DK5000400440116243</IBAN></Id></CdtrAcct>", Err("AC01"));
}

#[test]
fn a_payee_named_twice_has_to_be_the_same() {
    let twice = |number: &str| {
        let account = account("SE", number);
        let account = account.split_once("</Cdtr>").unwrap().1.to_owned();
        party("OrgId", "<Prtry>SE</Prtry>", "97000018") + &account
    };
    check(&twice("97000018"), Ok("SE:97000018"));
    check(&twice("97000026"), Err("AC01"));
}
