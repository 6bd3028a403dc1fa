//! The register refuses what the tax authority refuses, and remembers what it has accepted.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::BTreeMap;
use std::path::Path;

use ydun_peers::simskat::{Answer, Simskat, Verdict};

const SE: &str = "12345678";
const CPR: &str = "0101901234";

/// A file put together sign by sign.
struct File {
    lines: Vec<String>,
}

impl File {
    fn new(main_id: &str) -> Self {
        let mut file = Self { lines: vec![] };
        let head = format!(
            "{:<8}{:<6}{SE}{:08}01{:5}0{:<20}{:<20}{main_id:<16}2.0T{:32}E",
            "20260225", "101500", 1, "", "PRØVE", "1", ""
        );
        file.line("1000", &head);
        file.line("2001", &format!("{:16}{SE}", ""));
        file
    }

    fn line(&mut self, record: &str, rest: &str) {
        let number = self.lines.len() + 1;
        self.lines.push(format!("{number:07}{record}{rest}"));
    }

    fn report(self, id: &str, amounts: &[(u16, &str)]) -> Self {
        self.report_of("2026-02", " ", id, amounts, &[])
    }

    fn report_of(
        mut self,
        month: &str,
        mark: &str,
        id: &str,
        amounts: &[(u16, &str)],
        texts: &[(u16, &str)],
    ) -> Self {
        let month = month.replace('-', "");
        let head = format!("{mark}{id:<16}{:16}{month}01{month}2820260227 B00006", "");
        self.line("5000", &head);
        self.line("6000", &format!("{:8}{CPR}{:08}{:15}{:29}0041{:010}", "", 0, "", "", 0));
        for (field, amount) in amounts {
            let (sign, digits) = amount.split_at(1);
            let (kroner, oere) = digits.split_once('.').unwrap();
            let kroner: u64 = kroner.parse().unwrap();
            self.line("6001", &format!("{field:04}{kroner:010}{oere}0000{sign}"));
        }
        for (field, text) in texts {
            self.line("6004", &format!("{field:04}{text:<58}"));
        }
        self
    }

    fn reversal(mut self, id: &str, of: &str) -> Self {
        self.line("4101", &format!("{id:<16}{of:<16} X{CPR}"));
        self
    }

    fn bytes(mut self) -> Vec<u8> {
        let records = self.lines.len() + 1;
        self.line("9999", &format!("{records:07}"));
        let byte = |sign: char| u8::try_from(u32::from(sign)).unwrap();
        self.lines.join("\r\n").chars().map(byte).collect()
    }
}

fn register() -> Simskat {
    Simskat::open(Path::new("/there/are/no/books/here.json")).unwrap()
}

/// The code of the first remark of the last answer, or the verdict.
fn said(answers: &[Answer]) -> String {
    let last = answers.last().unwrap();
    let code = last.remarks.first().map(|remark| remark.code.clone());
    code.unwrap_or_else(|| format!("{:?}", last.verdict))
}

fn year(register: &Simskat) -> BTreeMap<u16, i64> {
    register.books().year_of(SE, CPR, "2026")
}

#[test]
fn reports_supplements_and_reversals_add_up_to_the_year() {
    let mut register = register();
    let first = File::new("F1").report("R1", &[(14, "+12550.00"), (15, "+3120.50")]).bytes();
    assert_eq!(said(&register.receive(&first)), "Processed");
    let less = File::new("F2").report("R2", &[(14, "-550.00")]).bytes();
    assert_eq!(said(&register.receive(&less)), "Processed");
    assert_eq!(year(&register), BTreeMap::from([(14, 1_200_000), (15, 312_050)]));
    let anew = File::new("F3").reversal("T2", "R2").reversal("T1", "R1").bytes();
    assert_eq!(said(&register.receive(&anew)), "Processed");
    assert_eq!(year(&register), BTreeMap::new());
}

#[test]
fn the_same_content_is_answered_alike_and_counted_once() {
    let mut register = register();
    let file = File::new("F1").report("R1", &[(14, "+1.00")]).bytes();
    let answers = register.receive(&file);
    assert_eq!(answers[0].verdict, Verdict::Received);
    assert_eq!(register.receive(&file), answers);
    assert_eq!(year(&register), BTreeMap::from([(14, 100)]));
    let other = File::new("F1").report("R2", &[(14, "+2.00")]).bytes();
    assert_eq!(said(&register.receive(&other)), "E02");
    assert_eq!(year(&register), BTreeMap::from([(14, 100)]));
}

#[test]
fn what_cannot_be_is_refused_and_the_rest_counts() {
    let mut register = register();
    let good = File::new("F1").report("R1", &[(14, "+100.00")]).bytes();
    register.receive(&good);
    let account = (115, "urn:oio:kommune:konto:1");
    let mut files = 1;
    let mut refused = |report: fn(File) -> File| {
        files += 1;
        let file = report(File::new(&format!("F{files}")));
        said(&register.receive(&file.bytes()))
    };
    assert_eq!(refused(|file| file.report("R1", &[(14, "+1.00")])), "E02");
    assert_eq!(refused(|file| file.report("R2", &[(14, "-100.01")])), "E07");
    assert_eq!(refused(|file| file.report("R2", &[(99, "+1.00")])), "E08");
    assert_eq!(refused(|file| file.report("R2", &[(14, "+1.00"), (14, "+1.00")])), "E08");
    assert_eq!(refused(|file| file.reversal("T1", "R9")), "E12");
    assert_eq!(refused(|file| file.reversal("T1", "R1").reversal("T2", "R1")), "E12");
    let with = |texts: &[(u16, &str)], amounts: &[(u16, &str)], id: &str| {
        File::new(id).report_of("2026-02", " ", id, amounts, texts).bytes()
    };
    let both = with(&[(114, "a"), account], &[(14, "+1.00"), (214, "+1.00")], "B1");
    assert_eq!(said(&register.receive(&both)), "E09");
    let without = with(&[account], &[(14, "+1.00")], "B2");
    assert_eq!(said(&register.receive(&without)), "E10");
    let complete = with(&[account], &[(14, "+1.00"), (214, "+1.00")], "B3");
    assert_eq!(said(&register.receive(&complete)), "Processed");
}

#[test]
fn the_mark_of_an_earlier_period_looks_at_the_year_and_takes_no_tax() {
    let mut register = register();
    register.receive(&File::new("F1").report("R1", &[(14, "+100.00"), (15, "+40.00")]).bytes());
    let marked = |id: &str, amounts: &[(u16, &str)]| {
        File::new(id).report_of("2026-01", "R", id, amounts, &[]).bytes()
    };
    assert_eq!(said(&register.receive(&marked("M1", &[(14, "-100.00")]))), "Processed");
    assert_eq!(said(&register.receive(&marked("M2", &[(14, "-0.01")]))), "E07");
    assert_eq!(said(&register.receive(&marked("M3", &[(15, "-1.00")]))), "E11");
    assert_eq!(year(&register), BTreeMap::from([(15, 4_000)]));
}

#[test]
fn a_file_that_does_not_hang_together_is_refused_whole() {
    let mut register = register();
    let good = || File::new("F1").report("R1", &[(14, "+1.00")]).bytes();
    let text = |bytes: Vec<u8>| bytes.iter().map(|byte| char::from(*byte)).collect::<String>();
    for (from, to, code) in [
        ("99990000006", "99990000007", "E03"),
        ("00000022001", "00000062001", "E01"),
        ("00000035000", "00000045000", "E01"),
        ("00000035000", "00000035001", "E01"),
        ("20260227", "20260230", "E05"),
        ("0000000001000000+", "000000000100000x+", "E04"),
    ] {
        let spoilt = text(good()).replacen(from, to, 1);
        assert_ne!(spoilt, text(good()), "{from} is not in the file");
        let byte = |sign: char| u8::try_from(u32::from(sign)).unwrap();
        let bytes: Vec<u8> = spoilt.chars().map(byte).collect();
        let answers = register.receive(&bytes);
        assert_eq!(answers.last().unwrap().verdict, Verdict::Refused);
        assert_eq!(said(&answers), code, "{from} -> {to}");
    }
    assert_eq!(year(&register), BTreeMap::new());
    assert_eq!(said(&register.receive(b"")), "E01");
}
