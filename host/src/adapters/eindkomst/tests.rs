use ydun_domain::Month;
use ydun_domain::ids::{PartyId, ReportFileId};

use super::*;
use crate::reports::{Key, State};

fn file() -> ReportFile {
    ReportFile {
        id: ReportFileId::generate(),
        main_id: "0000000000000001".to_owned(),
        se_number: "29189803".to_owned(),
        made_at: "2026-02-25T09:15:00Z".parse().unwrap(),
        sent_at: None,
    }
}

fn item(reverses: Option<&str>) -> Item {
    let amounts = [(14, 1_255_000), (15, -312_005), (214, 1_255_000)];
    Item {
        report_id: "A".repeat(16),
        reverses: reverses.map(str::to_owned),
        key: Key {
            cpr: "0101901234".parse().unwrap(),
            party: PartyId::generate(),
            period: "2026-02".parse::<Month>().unwrap().period(),
            income_type: "06".to_owned(),
            income_kind: "0041".to_owned(),
            account: "urn:oio:kommune:konto:0000".to_owned(),
        },
        disposal: "2026-02-27".parse().unwrap(),
        earlier_period: false,
        amounts: amounts.map(|(field, oere)| (field, Dkk::from_oere(oere))).into(),
        state: State::Prepared,
        answer: None,
    }
}

fn written(items: &[Item]) -> Vec<String> {
    let mut bytes = Vec::new();
    Eindkomst { purpose: Purpose::Test }.write(&file(), items, &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.ends_with("\r\n"));
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_report_is_written_where_each_field_belongs() {
    insta::assert_snapshot!(written(&[item(None)]).join("|\n"), @r"
    0000001100020260225101500291898030000000001     0YDUN                0.0.0               00000000000000012.0T                                E|
    00000022001                29189803    |
    00000035000 AAAAAAAAAAAAAAAA                202602012026022820260227 B00006|
    00000046000        010190123400000000                                            00410000000000|
    0000005600100140000012550000000+|
    0000006600100150000003120050000-|
    0000007600102140000012550000000+|
    000000860040115urn:oio:kommune:konto:0000                                |
    000000999990000009
    ");
}

#[test]
fn a_reversal_names_the_report_and_the_person() {
    let lines = written(&[item(Some("BBBBBBBBBBBBBBBB"))]);
    assert_eq!(lines[2], "00000034101AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBB X0101901234");
    assert_eq!(lines.len(), 4);
}

#[test]
fn what_does_not_fit_is_refused_and_not_cut() {
    let mut item = item(None);
    item.key.account = "x".repeat(59);
    let written = Eindkomst { purpose: Purpose::Test }.write(&file(), &[item], &mut Vec::new());
    assert!(written.unwrap_err().to_string().contains("does not fit"));
}

#[test]
fn an_answer_is_read_and_anything_else_refused() {
    let format = Eindkomst { purpose: Purpose::Test };
    let answer = br#"{"answer-id": "S1", "file-id": "0000000000000001", "verdict": "processed",
        "remarks": [{"report-id": "A", "severity": "error", "code": "E07", "text": "nej"}]}"#;
    assert_eq!(format.read(answer).unwrap().remarks[0].told(), "E07: nej");
    assert!(format.read(b"<xml/>").is_err());
}

/// A file of the golden samples, which are not ours to keep, as its lines.
fn sample(name: &str) -> Option<Vec<String>> {
    let schemas = std::env::var_os("YDUN_SCHEMAS")?;
    let path = std::path::Path::new(&schemas).join("eindkomst").join(name);
    let text = std::fs::read_to_string(path).expect("YDUN_SCHEMAS has the samples");
    Some(text.lines().map(|line| line.trim_end().to_owned()).collect())
}

/// Writes what a sample says, and compares all but the head: it names another system.
#[track_caller]
fn check_sample(name: &str, items: &[Item]) {
    let Some(sample) = sample(name) else { return };
    let ours: Vec<String> = written(items).iter().map(|l| l.trim_end().to_owned()).collect();
    let theirs = sample.iter().map(|line| line.replace("0101010000", "0101901234"));
    assert_eq!(&ours[2..], &theirs.collect::<Vec<_>>()[2..]);
}

fn of_sample(report_id: &str, amounts: &[(u16, i64)]) -> Item {
    let amounts = amounts.iter().map(|(field, oere)| (*field, Dkk::from_oere(*oere)));
    Item { report_id: report_id.to_owned(), amounts: amounts.collect(), ..item(None) }
}

#[test]
fn our_records_are_those_of_the_samples() {
    let first = [(14, 1_255_000), (15, 312_000), (46, 9_465)];
    let first = of_sample("OKY0000000000001", &first);
    check_sample("sample-1-foerste-indberetning.txt", &[first]);
    let less = of_sample("OKY0000000000002", &[(14, -50_000), (15, -12_500)]);
    check_sample("sample-2-supplerende-korrektion.txt", &[less]);
    let mut reversal = of_sample("OKY0000000000003", &[]);
    reversal.reverses = Some("OKY0000000000001".to_owned());
    let anew = [(14, 1_100_000), (15, 273_300), (46, 9_465)];
    let anew = of_sample("OKY0000000000004", &anew);
    check_sample("sample-3-tilbagefoersel-og-ny.txt", &[reversal, anew]);
}
