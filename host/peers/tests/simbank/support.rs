//! Order files to try with, and what an answer says.

use std::path::PathBuf;

use chrono::NaiveDate;
use tempfile::TempDir;
use ydun_peers::simbank::{Payee, Simbank};

/// A bank with new books in a folder of its own.
pub(crate) struct Bank {
    pub(crate) bank: Simbank,
    pub(crate) folder: TempDir,
}

pub(crate) fn new_bank() -> Bank {
    let folder = TempDir::new().unwrap();
    Bank { bank: Simbank::open(&folder.path().join("books.json")).unwrap(), folder }
}

impl Bank {
    /// The same bank after it was closed for the night.
    pub(crate) fn reopened(self) -> Self {
        self.bank.save().unwrap();
        let bank = Simbank::open(&self.folder.path().join("books.json")).unwrap();
        Self { bank, ..self }
    }

    pub(crate) fn process(&mut self, xml: &str, on: &str) -> Vec<String> {
        let answers = self.bank.process(xml.as_bytes(), day(on));
        answers.into_iter().map(|bytes| String::from_utf8(bytes).unwrap()).collect()
    }

    pub(crate) fn balance(&self, payee: &str) -> i64 {
        self.bank.balance(&payee.parse::<Payee>().unwrap()).0
    }
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A payment in an order file; the payee by SE number unless told otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Transfer {
    pub(crate) id: String,
    pub(crate) amount: String,
    /// The elements from `Cdtr` on.
    pub(crate) payee: String,
}

pub(crate) fn transfer(id: &str, amount: &str) -> Transfer {
    Transfer { id: id.into(), amount: amount.into(), payee: account("SE", "97000018") }
}

/// A payee in the profile `othr`.
pub(crate) fn account(scheme: &str, number: &str) -> String {
    format!(
        "<Cdtr><Nm>Prøvefirma</Nm></Cdtr><CdtrAcct><Id><Othr><Id>{number}</Id>\
         <SchmeNm><Prtry>{scheme}</Prtry></SchmeNm></Othr></Id></CdtrAcct>"
    )
}

/// A payee in the profile `cdtr-id`: `kind` is `PrvtId` or `OrgId`, `scheme` such as `<Cd>COID</Cd>`.
pub(crate) fn party(kind: &str, scheme: &str, number: &str) -> String {
    format!(
        "<Cdtr><Nm>Prøvefirma</Nm><Id><{kind}><Othr><Id>{number}</Id>\
         <SchmeNm>{scheme}</SchmeNm></Othr></{kind}></Id></Cdtr>"
    )
}

/// An order file with one block, right in every respect that its payments are right.
pub(crate) fn order(message_id: &str, execution_day: &str, transfers: &[Transfer]) -> String {
    let count = transfers.len();
    let sum = kroner(transfers.iter().map(|transfer| oere(&transfer.amount)).sum());
    let lines: String = transfers.iter().map(line).collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"><CstmrCdtTrfInitn>
<GrpHdr><MsgId>{message_id}</MsgId><CreDtTm>2021-01-28T10:15:00</CreDtTm><NbOfTxs>{count}</NbOfTxs><CtrlSum>{sum}</CtrlSum><InitgPty><Nm>Prøvekøbing</Nm></InitgPty></GrpHdr>
<PmtInf><PmtInfId>B-{message_id}</PmtInfId><PmtMtd>TRF</PmtMtd><NbOfTxs>{count}</NbOfTxs><CtrlSum>{sum}</CtrlSum><ReqdExctnDt>{execution_day}</ReqdExctnDt>
<Dbtr><Nm>Prøvekøbing</Nm></Dbtr><DbtrAcct><Id><Othr><Id>99990000000001</Id></Othr></Id><Ccy>DKK</Ccy></DbtrAcct>
<DbtrAgt><FinInstnId><BIC>SIMBDKKKXXX</BIC></FinInstnId></DbtrAgt>
{lines}</PmtInf></CstmrCdtTrfInitn></Document>"#
    )
}

fn line(transfer: &Transfer) -> String {
    let Transfer { id, amount, payee } = transfer;
    format!(
        "<CdtTrfTxInf><PmtId><InstrId>I-{id}</InstrId><EndToEndId>{id}</EndToEndId></PmtId>\
         <Amt><InstdAmt Ccy=\"DKK\">{amount}</InstdAmt></Amt>{payee}\
         <RmtInf><Ustrd>Tilskud januar 2021</Ustrd></RmtInf></CdtTrfTxInf>\n"
    )
}

/// Øre in an amount of these tests; parts of an øre are dropped.
pub(crate) fn oere(amount: &str) -> i64 {
    let (kroner, oere) = amount.split_once('.').unwrap_or((amount, "00"));
    format!("{kroner}{oere:0<2.2}").parse().unwrap()
}

fn kroner(oere: i64) -> String {
    format!("{}.{:02}", oere / 100, oere % 100)
}

/// Every text of an element, in the order of the answer.
pub(crate) fn texts<'a>(xml: &'a str, element: &str) -> Vec<&'a str> {
    let open = format!("<{element}>");
    let close = format!("</{element}>");
    xml.split(&open).skip(1).map(|rest| rest.split(&close).next().unwrap()).collect()
}

/// What an answer says in one line: group status, then reasons and payments: `PART | E1 ACSP | E2 RJCT AC03`.
pub(crate) fn gist(answer: &str) -> String {
    let (head, _) = answer.split_once("<OrgnlPmtInfAndSts>").unwrap_or((answer, ""));
    let group = ["GrpSts", "Cd"].map(|element| texts(head, element).concat());
    let mut parts = vec![group.join(" ").trim_end().to_owned()];
    for line in texts(answer, "TxInfAndSts") {
        let words = ["OrgnlEndToEndId", "TxSts", "Cd"].map(|element| texts(line, element).concat());
        parts.push(words.join(" ").trim_end().to_owned());
    }
    parts.join(" | ")
}

/// The folder of official schemas and samples, where a developer has them; they are not ours to carry.
pub(crate) fn schemas(test: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/schemas");
    let folder = std::env::var_os("YDUN_SCHEMAS").map_or(beside, PathBuf::from);
    if folder.join("iso20022").is_dir() {
        return Some(folder);
    }
    println!("SKIPPED-XSD {test}");
    None
}
