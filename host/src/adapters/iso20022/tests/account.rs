//! What the bank tells of the account.

use super::*;
use crate::payments::answer::{Entry, EntryLine, Statement};

fn entry(amount: &str, side: &str, details: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"DKK\">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>BOOK</Sts>
         <BookgDt><Dt>2020-10-30</Dt></BookgDt><AcctSvcrRef>R1</AcctSvcrRef>
         <BkTxCd><Prtry><Cd>X</Cd></Prtry></BkTxCd>{details}</Ntry>"
    )
}

fn line(end_to_end: &str, rest: &str) -> String {
    format!("<TxDtls><Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>{rest}</TxDtls>")
}

fn amount(kroner: &str) -> String {
    format!("<AmtDtls><TxAmt><Amt Ccy=\"DKK\">{kroner}</Amt></TxAmt></AmtDtls>")
}

fn account(kind: &str, root: &str, report: &str, balances: &str, entries: &[String]) -> String {
    let text = format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:{kind}\"><{root}>
         <GrpHdr><MsgId>B-95</MsgId><CreDtTm>2020-10-30T18:00:00</CreDtTm></GrpHdr>
         <{report}><Id>K-1</Id><ElctrncSeqNb>7</ElctrncSeqNb><CreDtTm>2020-10-30T18:00:00</CreDtTm>
         <Acct><Id><Othr><Id>99990000000001</Id></Othr></Id></Acct>{balances}{}</{report}></{root}></Document>",
        entries.concat()
    );
    if let Some(schema) = schema(kind) {
        let errors = schema.validate(&uppsala::parse(&text).unwrap());
        assert!(errors.is_empty(), "{errors:?}");
    }
    text
}

fn advice(entries: &[String]) -> String {
    account("camt.054.001.02", "BkToCstmrDbtCdtNtfctn", "Ntfctn", "", entries)
}

fn balance(kind: &str, kroner: &str, side: &str, day: &str) -> String {
    format!(
        "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"DKK\">{kroner}</Amt>
         <CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )
}

fn statement(balances: &[String], entries: &[String]) -> String {
    account("camt.053.001.02", "BkToCstmrStmt", "Stmt", &balances.concat(), entries)
}

fn told(text: &str) -> Vec<(String, Word, Option<String>, Option<i64>)> {
    let answer = read(text).unwrap();
    assert_eq!(answer.about, About::Named);
    let told = |told: PaymentReport| {
        (told.end_to_end, told.report.word, told.report.code, told.amount.map(Dkk::oere))
    };
    answer.payments.into_iter().map(told).collect()
}

#[test]
fn an_advice_tells_what_was_paid_and_what_came_back() {
    let both = [line("a1", &amount("1.00")), line("a2", &amount("2.00"))].concat();
    let back = line("a2", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Lukket</AddtlInf></RtrInf>");
    let entries = [
        entry("3.00", "DBIT", &format!("<NtryDtls>{both}</NtryDtls>")),
        entry("2.00", "CRDT", &format!("<NtryDtls>{back}</NtryDtls>")),
    ];
    let expected = [
        ("a1".to_owned(), Word::Settled, None, Some(100)),
        ("a2".to_owned(), Word::Settled, None, Some(200)),
        ("a2".to_owned(), Word::Returned, Some("AC04".to_owned()), Some(200)),
    ];
    assert_eq!(told(&advice(&entries)), expected);
}

#[test]
fn a_reversed_debit_came_back_and_another_credit_says_nothing_of_payments() {
    let of_a1 = format!("<NtryDtls>{}</NtryDtls>", line("a1", ""));
    let reversed = entry("1.00", "CRDT", &of_a1).replace("<Sts>", "<RvslInd>true</RvslInd><Sts>");
    assert_eq!(told(&advice(&[reversed])), [("a1".to_owned(), Word::Returned, None, Some(100))]);
    assert!(told(&advice(&[entry("1.00", "CRDT", &of_a1)])).is_empty());
    let nameless = format!("<NtryDtls>{}</NtryDtls>", line("NOTPROVIDED", ""));
    assert!(told(&advice(&[entry("1.00", "DBIT", &nameless)])).is_empty());
}

#[test]
fn what_is_only_announced_is_not_heard() {
    let details = format!("<NtryDtls>{}</NtryDtls>", line("a1", ""));
    let announced = entry("1.00", "DBIT", &details).replace("BOOK", "PDNG");
    assert!(told(&advice(&[announced])).is_empty());
}

#[test]
fn a_statement_has_balances_and_entries() {
    let balances = [
        balance("OPBD", "10.00", "CRDT", "2020-10-30"),
        balance("CLBD", "4.50", "DBIT", "2020-10-30"),
        balance("CLAV", "99.00", "CRDT", "2020-10-30"),
    ];
    let batch = "<NtryDtls><Btch><MsgId>M1</MsgId><NbOfTxs>2</NbOfTxs></Btch></NtryDtls>";
    let single = format!("<NtryDtls>{}</NtryDtls>", line("a1", ""));
    let text =
        statement(&balances, &[entry("12.50", "DBIT", batch), entry("2.00", "DBIT", &single)]);
    let day = "2020-10-30".parse().unwrap();
    let of = |oere, batch: Option<&str>, lines| Entry {
        amount: Dkk::from_oere(oere),
        booked: Some(day),
        reference: Some("R1".to_owned()),
        batch: batch.map(str::to_owned),
        lines,
    };
    let line = EntryLine { end_to_end: Some("a1".to_owned()), amount: Some(Dkk::from_oere(-200)) };
    let expected = Statement {
        id: "K-1".to_owned(),
        number: Some(7),
        account: "99990000000001".to_owned(),
        day,
        opening: Dkk::from_oere(1_000),
        closing: Dkk::from_oere(-450),
        entries: vec![of(-1_250, Some("M1"), vec![]), of(-200, None, vec![line])],
    };
    assert_eq!(read(&text).unwrap().statements, [expected]);
    assert_eq!(told(&text), [("a1".to_owned(), Word::Settled, None, Some(200))]);
}

#[test]
fn a_statement_without_balances_is_refused() {
    let opening = balance("OPBD", "10.00", "CRDT", "2020-10-30");
    let closing = balance("CLBD", "10.00", "CRDT", "2020-10-30");
    let refused = |balance: String| read(&statement(&[balance], &[])).unwrap_err();
    assert_eq!(refused(opening), "a statement in it has no closing balance (CLBD)");
    assert_eq!(refused(closing), "a statement in it has no opening balance (OPBD)");
}
