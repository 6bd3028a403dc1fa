//! Requests to stop, and the bank's answers to them.

use super::*;
use crate::payments::stop::{StopFile, Stopping};

fn requests() -> Vec<Stopping> {
    let payments = payments();
    let (first, second) = (file(&payments), file(&payments));
    let other = PaymentFile {
        message_id: "0193b2a5c0de70008000000000000020".to_owned(),
        lane: Lane::DagTilDag,
        ..second
    };
    let of = |number: usize, file: &PaymentFile| Stopping {
        end_to_end: payments[number].end_to_end.clone(),
        amount: payments[number].amount,
        file: file.clone(),
    };
    vec![of(0, &first), of(1, &first), of(3, &other)]
}

fn written() -> String {
    let stop_file = StopFile {
        tenant: "0561".parse().unwrap(),
        message_id: "0193b2a5c0de7000800000000000002a".to_owned(),
        name: "stop.xml".to_owned(),
        digest: vec![],
        made_at: "2020-10-27T09:15:30.987Z".parse().unwrap(),
        published_at: None,
    };
    let mut bytes = Vec::new();
    let format = Iso20022::new(profile(PayeeTag::Othr));
    format.write_stops(&stop_file, &requests(), &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_request_names_each_payment_under_its_file() {
    insta::assert_snapshot!(written());
}

#[test]
fn a_request_holds_to_the_official_schema() {
    let Some(schema) = schema("camt.055.001.09") else { return };
    let errors = schema.validate(&uppsala::parse(&written()).unwrap());
    assert!(errors.is_empty(), "{errors:?}");
    let spoilt = written().replace("BICFI", "BIC");
    assert!(!schema.validate(&uppsala::parse(&spoilt).unwrap()).is_empty(), "the schema is in use");
}

fn resolution(case: &str, whole: &str, payments: &str) -> String {
    let assignment = "<Assgnmt><Id>B-81</Id><Assgnr><Agt><FinInstnId><BICFI>SIMBDKKKXXX</BICFI></FinInstnId></Agt></Assgnr>
        <Assgne><Pty><Nm>Prøvekøbing</Nm></Pty></Assgne><CreDtTm>2020-10-27T13:06:00</CreDtTm></Assgnmt>";
    let text = format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.029.001.10\"><RsltnOfInvstgtn>
        {assignment}<RslvdCase><Id>{case}</Id><Cretr><Pty><Nm>Prøvekøbing</Nm></Pty></Cretr></RslvdCase>
        <Sts><Conf>{whole}</Conf></Sts>{payments}</RsltnOfInvstgtn></Document>"
    );
    if let Some(schema) = schema("camt.029.001.10") {
        let errors = schema.validate(&uppsala::parse(&text).unwrap());
        assert!(errors.is_empty(), "{errors:?}");
    }
    text
}

fn of_payment(end_to_end: &str, says: &str) -> String {
    format!("<TxInfAndSts><OrgnlEndToEndId>{end_to_end}</OrgnlEndToEndId>{says}</TxInfAndSts>")
}

#[test]
fn an_answer_tells_of_each_request() {
    let refused = "<TxCxlSts>RJCR</TxCxlSts><CxlStsRsnInf><Rsn><Cd>LEGL</Cd></Rsn></CxlStsRsnInf>";
    let payments = [
        of_payment("a1", "<TxCxlSts>ACCR</TxCxlSts>"),
        of_payment("a2", refused),
        of_payment("a3", "<TxCxlSts>PDCR</TxCxlSts>"),
    ];
    let details = format!(
        "<CxlDtls><OrgnlPmtInfAndSts><OrgnlPmtInfId>P1</OrgnlPmtInfId>{}</OrgnlPmtInfAndSts></CxlDtls>",
        payments.concat()
    );
    let answer = read(&resolution("M7", "PECR", &details)).unwrap();
    assert_eq!((answer.message_id.as_str(), answer.about), ("B-81", About::Named));
    let words: Vec<_> = answer
        .payments
        .iter()
        .map(|told| (told.end_to_end.as_str(), told.report.word, told.report.code.as_deref()))
        .collect();
    assert_eq!(
        words,
        [
            ("a1", Word::Stopped, None),
            ("a2", Word::StopRefused, Some("LEGL")),
            ("a3", Word::StopPending, None)
        ]
    );
}

#[test]
fn an_answer_without_payments_is_about_all_that_were_asked_for() {
    let answer = read(&resolution("M7", "CNCL", "")).unwrap();
    assert_eq!(answer.about, About::Stops("M7".to_owned()));
    assert_eq!(answer.all, Some(report(Word::Stopped, None, None)));
    let inherited = format!("<CxlDtls>{}</CxlDtls>", of_payment("a1", ""));
    let answer = read(&resolution("M7", "RJCR", &inherited)).unwrap();
    assert_eq!(answer.payments[0].report, report(Word::StopRefused, None, None));
}

#[test]
fn an_answer_that_says_too_little_is_refused() {
    let vague = read(&resolution("M7", "PECR", ""));
    assert_eq!(vague, Err("it does not say which payments it is about".to_owned()));
    let undecided = format!("<CxlDtls>{}</CxlDtls>", of_payment("a1", ""));
    let undecided = read(&resolution("M7", "PECR", &undecided));
    assert_eq!(undecided, Err("it does not say whether a payment is stopped".to_owned()));
    assert_eq!(
        read(&resolution("M7", "XXXX", "")),
        Err("the status 'XXXX' is not known".to_owned())
    );
}
