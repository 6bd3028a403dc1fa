//! Reads pain.002.001.03: what the bank says of a file.
//!
//! The file comes from outside, so it is held to limits, and entities or a DTD are refused.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use ydun_domain::Dkk;

use crate::payments::NotAnAnswer;
use crate::payments::answer::{Answer, PaymentReport, Report, Word};

const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.03";
const BYTES_MAX: usize = 256 << 20;
const DEPTH_MAX: usize = 32;
const TEXT_MAX: usize = 10_000;

/// Reads an answer.
pub(super) fn read(bytes: &[u8]) -> Result<Answer, NotAnAnswer> {
    if bytes.len() > BYTES_MAX {
        return Err(refuse("it is larger than 256 MB"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| refuse("it is not UTF-8"))?;
    let mut reader = Reader::from_str(text);
    let mut reading = Reading::default();
    loop {
        match reader.read_event().map_err(|error| refuse(&error.to_string()))? {
            Event::Start(start) => reading.open(&start)?,
            Event::Empty(start) => {
                reading.open(&start)?;
                reading.close()?;
            }
            Event::End(_) => reading.close()?,
            Event::Text(text) => reading.text(&text.xml10_content())?,
            Event::CData(text) => reading.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => reading.text(&resolve(&reference)?)?,
            Event::DocType(_) => {
                return Err(refuse("it has a document type, which no bank's answer has"));
            }
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => return reading.finish(),
        }
    }
}

fn refuse(why: &str) -> NotAnAnswer {
    NotAnAnswer(why.to_owned())
}

/// One of the five entities of XML itself, or a letter by its number.
fn resolve(reference: &BytesRef<'_>) -> Result<String, NotAnAnswer> {
    let unknown = || refuse("it has an entity that is not XML's own");
    if let Some(letter) = reference.resolve_char_ref().map_err(|_| unknown())? {
        return Ok(letter.to_string());
    }
    let name = reference.xml10_content();
    quick_xml::escape::resolve_xml_entity(&name).map(str::to_owned).ok_or_else(unknown)
}

/// A status with its reason, as far as it is read.
#[derive(Default)]
struct Status {
    code: Option<String>,
    reason: Option<String>,
    text: Option<String>,
}

#[derive(Default)]
struct Transaction {
    end_to_end: Option<String>,
    status: Status,
    amount: Option<Dkk>,
    currency: Option<String>,
}

/// What is read so far.
#[derive(Default)]
struct Reading {
    path: Vec<String>,
    text: String,
    message_id: Option<String>,
    about: Option<String>,
    group: Status,
    block: Status,
    transaction: Transaction,
    payments: Vec<PaymentReport>,
}

impl Reading {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), NotAnAnswer> {
        if self.path.len() == DEPTH_MAX {
            return Err(refuse("its elements are nested too deeply"));
        }
        if self.path.is_empty() && !is_document(start) {
            return Err(refuse("it is not a pain.002.001.03"));
        }
        let name = start.local_name().into_inner().to_owned();
        if name == "InstdAmt" {
            self.transaction.currency = attribute(start, "Ccy");
        }
        self.path.push(name);
        self.text.clear();
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), NotAnAnswer> {
        self.text.push_str(text);
        if self.text.len() > TEXT_MAX {
            Err(refuse("one of its texts is too long"))
        } else {
            Ok(())
        }
    }

    fn close(&mut self) -> Result<(), NotAnAnswer> {
        let text = std::mem::take(&mut self.text).trim().to_owned();
        let path: Vec<&str> = self.path.iter().skip(2).map(String::as_str).collect();
        match path[..] {
            ["GrpHdr", "MsgId"] => self.message_id = Some(text),
            ["OrgnlGrpInfAndSts", "OrgnlMsgId"] => self.about = Some(text),
            ["OrgnlGrpInfAndSts", "GrpSts"] => self.group.code = Some(text),
            ["OrgnlGrpInfAndSts", "StsRsnInf", ref rest @ ..] => self.group.because(rest, text),
            ["OrgnlPmtInfAndSts", "PmtInfSts"] => self.block.code = Some(text),
            ["OrgnlPmtInfAndSts", "StsRsnInf", ref rest @ ..] => self.block.because(rest, text),
            ["OrgnlPmtInfAndSts", "TxInfAndSts", "OrgnlEndToEndId"] => {
                self.transaction.end_to_end = Some(text);
            }
            ["OrgnlPmtInfAndSts", "TxInfAndSts", "TxSts"] => {
                self.transaction.status.code = Some(text);
            }
            ["OrgnlPmtInfAndSts", "TxInfAndSts", "StsRsnInf", ref rest @ ..] => {
                self.transaction.status.because(rest, text);
            }
            ["OrgnlPmtInfAndSts", "TxInfAndSts", "OrgnlTxRef", "Amt", "InstdAmt"] => {
                self.transaction.amount =
                    Some(amount(&text, self.transaction.currency.as_deref())?);
            }
            ["OrgnlPmtInfAndSts", "TxInfAndSts"] => self.keep_transaction()?,
            _ => {}
        }
        self.path.pop();
        Ok(())
    }

    /// A payment without a status of its own has that of all.
    fn keep_transaction(&mut self) -> Result<(), NotAnAnswer> {
        let Transaction { end_to_end, status, amount, .. } = std::mem::take(&mut self.transaction);
        let Some(report) = status.report()? else { return Ok(()) };
        let end_to_end =
            end_to_end.ok_or_else(|| refuse("a payment in it has no end-to-end id"))?;
        self.payments.push(PaymentReport { end_to_end, report, amount });
        Ok(())
    }

    fn finish(self) -> Result<Answer, NotAnAnswer> {
        if !self.path.is_empty() {
            return Err(refuse("it ends before its elements do"));
        }
        Ok(Answer {
            message_id: self.message_id.ok_or_else(|| refuse("it has no message id"))?,
            about: self.about.ok_or_else(|| refuse("it does not say which message it is about"))?,
            all: self.block.report()?.or(self.group.report()?),
            payments: self.payments,
        })
    }
}

impl Status {
    fn because(&mut self, path: &[&str], text: String) {
        match path {
            ["Rsn", "Cd" | "Prtry"] => self.reason = Some(text),
            ["AddtlInf"] => self.text = Some(text),
            _ => {}
        }
    }

    /// Nothing when there is no status, or one that says that the payments differ.
    fn report(self) -> Result<Option<Report>, NotAnAnswer> {
        let Some(code) = self.code.as_deref() else { return Ok(None) };
        let word = match (code, self.reason.as_deref()) {
            ("PART", _) => return Ok(None),
            ("RCVD" | "ACTC", _) => Word::Received,
            ("ACCP" | "ACSP" | "ACWC", _) => Word::Accepted,
            ("ACSC", _) => Word::Settled,
            ("PDNG", _) => Word::Pending,
            ("RJCT", Some("AM05")) => Word::Duplicate,
            ("RJCT", _) => Word::Rejected,
            _ => return Err(refuse(&format!("the status '{code}' is not known"))),
        };
        Ok(Some(Report { word, code: self.reason, text: self.text }))
    }
}

fn amount(text: &str, currency: Option<&str>) -> Result<Dkk, NotAnAnswer> {
    if currency != Some("DKK") {
        return Err(refuse("an amount in it is not in Danish kroner"));
    }
    Dkk::parse_plain(text).map_err(|error| refuse(&error.to_string()))
}

fn is_document(start: &BytesStart<'_>) -> bool {
    let declares = |attribute: quick_xml::events::attributes::Attribute<'_>| {
        attribute.key.into_inner().starts_with("xmlns") && *attribute.value == *NAMESPACE
    };
    start.local_name().into_inner() == "Document" && start.attributes().flatten().any(declares)
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok()??;
    Some(attribute.value.into_owned())
}
