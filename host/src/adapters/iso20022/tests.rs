//! The messages as a bank gets and gives them.

use std::path::Path;

use ydun_domain::Dkk;
use ydun_domain::ids::{CaseId, DecisionId, PartyId, PaymentFileId, PaymentId};

use super::*;
use crate::parties::PaymentIdentity;
use crate::payments::answer::{About, PaymentReport, Report, Word};
use crate::payments::profile::{FileFormat, PayeeTag};
use crate::payments::{Lane, Payee, State};

fn profile(payee_tag: PayeeTag) -> BankProfile {
    BankProfile {
        payee_tag,
        format: FileFormat::Iso20022,
        ..BankProfile::demo("Prøvekøbing Kommune", "29189803".parse().unwrap())
    }
}

fn payment(
    end_to_end: &str,
    name: &str,
    number: PaymentIdentity,
    oere: i64,
    message: &str,
) -> Payment {
    Payment {
        id: PaymentId::generate(),
        end_to_end: end_to_end.to_owned(),
        case_id: CaseId::generate(),
        decision_id: DecisionId::generate(),
        entitled: PartyId::generate(),
        payee: Payee { id: PartyId::generate(), name: name.to_owned(), number },
        redirection: None,
        account: None,
        lane: Lane::Almindelig,
        disposal: "2020-10-30".parse().unwrap(),
        send_by: "2020-10-26".parse().unwrap(),
        amount: Dkk::from_oere(oere),
        message: message.to_owned(),
        state: State::Planned,
        state_reason: String::new(),
        version: 1,
        file_id: None,
        drawn: false,
    }
}

fn payments() -> Vec<Payment> {
    let cvr = || "29189803".parse().unwrap();
    vec![
        payment(
            "a1",
            "Łukasz Ågård",
            PaymentIdentity::Cpr("0101901234".parse().unwrap()),
            720_050,
            "Hjælp oktober 2020",
        ),
        payment(
            "a2",
            "Smed & Søn ApS",
            PaymentIdentity::Cvr(cvr()),
            1,
            "Tilskud sag 2020-00017 ref. <4711>",
        ),
        payment(
            "a3",
            "Smed, afd. Nord",
            PaymentIdentity::Se("29189803".parse().unwrap()),
            450_000,
            "Tilskud",
        ),
        payment(
            "a4",
            "Smed, afd. Syd",
            PaymentIdentity::P("1003000000".parse().unwrap()),
            99_999_999,
            "Tilskud",
        ),
    ]
}

fn file(payments: &[Payment]) -> PaymentFile {
    PaymentFile {
        tenant: "0561".parse().unwrap(),
        id: PaymentFileId::generate(),
        message_id: "0193b2a5c0de7000800000000000001f".to_owned(),
        lane: Lane::Almindelig,
        disposal: "2020-10-30".parse().unwrap(),
        payments: i64::try_from(payments.len()).unwrap(),
        total: payments.iter().map(|payment| payment.amount).sum(),
        name: "file.xml".to_owned(),
        digest: vec![],
        made_at: "2020-10-26T08:15:30.987Z".parse().unwrap(),
        published_at: None,
    }
}

fn written(payee_tag: PayeeTag) -> String {
    let (format, payments) = (Iso20022::new(profile(payee_tag)), payments());
    let mut bytes = Vec::new();
    format.write(&file(&payments), &payments, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_file_names_payees_where_an_account_would_be() {
    insta::assert_snapshot!(written(PayeeTag::Othr));
}

#[test]
fn a_file_names_payees_by_their_identity() {
    insta::assert_snapshot!(written(PayeeTag::CdtrId));
}

#[test]
fn a_payee_that_has_named_an_account_is_paid_there_whatever_its_number() {
    for payee_tag in [PayeeTag::Othr, PayeeTag::CdtrId] {
        let (format, mut payments) = (Iso20022::new(profile(payee_tag)), payments());
        payments.truncate(1);
        payments[0].account = Some("9999 12345678".parse().unwrap());
        let mut bytes = Vec::new();
        format.write(&file(&payments), &payments, &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("0101901234"), "the number is not needed: {text}");
        assert_eq!(text.matches("<Id>99990012345678</Id>").count(), 1, "{text}");
        if let Some(schema) = schema("pain.001.001.03") {
            let errors = schema.validate(&uppsala::parse(&text).unwrap());
            assert!(errors.is_empty(), "{errors:?}");
        }
    }
}

#[test]
fn the_same_file_is_the_same_bytes() {
    assert_eq!(written(PayeeTag::Othr), written(PayeeTag::Othr));
}

/// An official schema, which is not ours to keep here.
fn schema(kind: &str) -> Option<uppsala::XsdValidator> {
    let Some(folder) = std::env::var_os("YDUN_SCHEMAS") else {
        println!("SKIPPED-XSD: set YDUN_SCHEMAS to a folder with iso20022/{kind}.xsd");
        return None;
    };
    let text = std::fs::read_to_string(Path::new(&folder).join(format!("iso20022/{kind}.xsd")));
    let schema =
        uppsala::parse(&text.unwrap()).map(|text| uppsala::XsdValidator::from_schema(&text));
    Some(schema.unwrap().unwrap())
}

#[test]
fn files_hold_to_the_official_schema() {
    let Some(schema) = schema("pain.001.001.03") else { return };
    for payee_tag in [PayeeTag::Othr, PayeeTag::CdtrId] {
        let written = written(payee_tag);
        let errors = schema.validate(&uppsala::parse(&written).unwrap());
        assert!(errors.is_empty(), "{payee_tag:?}: {errors:?}");
        let spoilt = written.replace("<PmtMtd>TRF</PmtMtd>", "<PmtMtd>XXX</PmtMtd>");
        assert!(
            !schema.validate(&uppsala::parse(&spoilt).unwrap()).is_empty(),
            "the schema is in use"
        );
    }
}

fn answer(group: &str, payments: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- from the bank -->
        <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.03\"><CstmrPmtStsRpt>
        <GrpHdr><MsgId>B-77</MsgId><CreDtTm>2020-10-26T10:20:00</CreDtTm></GrpHdr>
        <OrgnlGrpInfAndSts><OrgnlMsgId>M1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.03</OrgnlMsgNmId>{group}</OrgnlGrpInfAndSts>
        <OrgnlPmtInfAndSts><OrgnlPmtInfId>P1</OrgnlPmtInfId>{payments}</OrgnlPmtInfAndSts>
        </CstmrPmtStsRpt></Document>"
    )
}

fn read(text: &str) -> Result<Answer, String> {
    Iso20022::new(profile(PayeeTag::Othr)).read(text.as_bytes()).map_err(|NotAnAnswer(why)| why)
}

fn report(word: Word, code: Option<&str>, text: Option<&str>) -> Report {
    Report { word, code: code.map(str::to_owned), text: text.map(str::to_owned) }
}

#[test]
fn an_answer_tells_of_each_payment() {
    let payments = "<PmtInfSts>PART</PmtInfSts>
        <TxInfAndSts><OrgnlInstrId>x</OrgnlInstrId><OrgnlEndToEndId>a1</OrgnlEndToEndId><TxSts>ACSC</TxSts>
          <OrgnlTxRef><Amt><InstdAmt Ccy=\"DKK\">7200.50</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>
        <TxInfAndSts><OrgnlEndToEndId>a2</OrgnlEndToEndId><TxSts>RJCT</TxSts>
          <StsRsnInf><Rsn><Cd>AC03</Cd></Rsn><AddtlInf>Ingen &amp; NemKonto &#230;</AddtlInf></StsRsnInf></TxInfAndSts>";
    let answer = read(&answer("<GrpSts>PART</GrpSts>", payments)).unwrap();
    assert_eq!(
        (answer.message_id.as_str(), &answer.about, &answer.all),
        ("B-77", &About::Payments("M1".to_owned()), &None)
    );
    let settled = PaymentReport {
        end_to_end: "a1".to_owned(),
        report: report(Word::Settled, None, None),
        amount: Some(Dkk::from_oere(720_050)),
    };
    let rejected = PaymentReport {
        end_to_end: "a2".to_owned(),
        report: report(Word::Rejected, Some("AC03"), Some("Ingen & NemKonto æ")),
        amount: None,
    };
    assert_eq!(answer.payments, [settled, rejected]);
}

#[test]
fn an_answer_can_tell_of_all_at_once() {
    let all = |group, payments| read(&answer(group, payments)).unwrap().all;
    assert_eq!(all("<GrpSts>ACTC</GrpSts>", ""), Some(report(Word::Received, None, None)));
    assert_eq!(
        all("<GrpSts>ACTC</GrpSts>", "<PmtInfSts>ACSP</PmtInfSts>"),
        Some(report(Word::Accepted, None, None))
    );
    let twice = "<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>AM05</Cd></Rsn></StsRsnInf>";
    assert_eq!(all(twice, ""), Some(report(Word::Duplicate, Some("AM05"), None)));
    let other = "<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf>";
    assert_eq!(all(other, ""), Some(report(Word::Rejected, Some("FF01"), None)));
}

#[test]
fn what_is_no_answer_is_refused_with_a_reason() {
    #[track_caller]
    fn check(text: &str, why: &str) {
        assert_eq!(read(text), Err(why.to_owned()));
    }
    check("", "it is empty");
    check("<Document/>", "it is no message of ISO 20022");
    check(
        &answer("", "").replace("pain.002.001.03\">", "pain.002.001.12\">"),
        "it is a pain.002.001.12; what is read here is \
         pain.002.001.03, camt.029.001.10, camt.054.001.02 and camt.053.001.02",
    );
    check(&answer("", "").replace("<MsgId>B-77</MsgId>", ""), "it has no message id");
    check(&answer("<GrpSts>OKAY</GrpSts>", ""), "the status 'OKAY' is not known");
    check("<!DOCTYPE x><x/>", "it has a document type, which no bank's answer has");
    check(&answer("<GrpSts>&bomb;</GrpSts>", ""), "it has an entity that is not XML's own");
    check(&answer(&"<x>".repeat(40), ""), "its elements are nested too deeply");
    check(&answer(&"x".repeat(10_001), ""), "one of its texts is too long");
    let euro = "<TxInfAndSts><OrgnlTxRef><Amt><InstdAmt Ccy=\"EUR\">1.00</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>";
    check(&answer("", euro), "an amount in it is not in Danish kroner");
    check(
        &answer("", "<TxInfAndSts><TxSts>ACSC</TxSts></TxInfAndSts>"),
        "a payment in it has no end-to-end id",
    );
}

mod account;
mod stops;

mod broken {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = Iso20022::new(profile(PayeeTag::Othr)).read(&bytes);
        }

        #[test]
        fn a_cut_answer_is_refused(at in 0usize..400) {
            let whole = answer("<GrpSts>ACSC</GrpSts>", "");
            let cut: String = whole.chars().take(at.min(whole.len() - 1)).collect();
            prop_assert!(read(&cut).is_err());
        }
    }
}
