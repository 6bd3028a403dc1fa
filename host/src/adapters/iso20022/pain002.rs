//! Reads pain.002.001.03: what the bank says of a file.

use ydun_domain::Dkk;

use super::document::{Document, Element, Reading, refuse};
use crate::payments::NotAnAnswer;
use crate::payments::answer::{About, Answer, PaymentReport, Report, Word};

pub(super) const KIND: &str = "pain.002.001.03";

/// Reads an answer.
pub(super) fn read(document: Document<'_>) -> Result<Answer, NotAnAnswer> {
    let mut status = StatusReport::default();
    document.walk(&mut status)?;
    status.finish()
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
}

/// What is read so far.
#[derive(Default)]
struct StatusReport {
    message_id: Option<String>,
    about: Option<String>,
    group: Status,
    block: Status,
    transaction: Transaction,
    payments: Vec<PaymentReport>,
}

impl Reading for StatusReport {
    fn end(&mut self, path: &[&str], element: Element) -> Result<(), NotAnAnswer> {
        match *path {
            ["GrpHdr", "MsgId"] => self.message_id = Some(element.text),
            ["OrgnlGrpInfAndSts", "OrgnlMsgId"] => self.about = Some(element.text),
            ["OrgnlGrpInfAndSts", "GrpSts"] => self.group.code = Some(element.text),
            ["OrgnlGrpInfAndSts", "StsRsnInf", ref rest @ ..] => self.group.because(rest, element),
            ["OrgnlPmtInfAndSts", "PmtInfSts"] => self.block.code = Some(element.text),
            ["OrgnlPmtInfAndSts", "StsRsnInf", ref rest @ ..] => self.block.because(rest, element),
            ["OrgnlPmtInfAndSts", "TxInfAndSts"] => self.keep_transaction()?,
            ["OrgnlPmtInfAndSts", "TxInfAndSts", ref rest @ ..] => {
                self.transaction.end(rest, element)?;
            }
            _ => {}
        }
        Ok(())
    }
}

impl StatusReport {
    /// A payment without a status of its own has that of all.
    fn keep_transaction(&mut self) -> Result<(), NotAnAnswer> {
        let Transaction { end_to_end, status, amount } = std::mem::take(&mut self.transaction);
        let Some(report) = status.report()? else { return Ok(()) };
        let end_to_end =
            end_to_end.ok_or_else(|| refuse("a payment in it has no end-to-end id"))?;
        self.payments.push(PaymentReport { end_to_end, report, amount });
        Ok(())
    }

    fn finish(self) -> Result<Answer, NotAnAnswer> {
        let about =
            self.about.ok_or_else(|| refuse("it does not say which message it is about"))?;
        Ok(Answer {
            message_id: self.message_id.ok_or_else(|| refuse("it has no message id"))?,
            about: About::Payments(about),
            all: self.block.report()?.or(self.group.report()?),
            payments: self.payments,
            statements: Vec::new(),
        })
    }
}

impl Transaction {
    fn end(&mut self, path: &[&str], element: Element) -> Result<(), NotAnAnswer> {
        match *path {
            ["OrgnlEndToEndId"] => self.end_to_end = Some(element.text),
            ["TxSts"] => self.status.code = Some(element.text),
            ["StsRsnInf", ref rest @ ..] => self.status.because(rest, element),
            ["OrgnlTxRef", "Amt", "InstdAmt"] => self.amount = Some(element.amount()?),
            _ => {}
        }
        Ok(())
    }
}

impl Status {
    fn because(&mut self, path: &[&str], element: Element) {
        match path {
            ["Rsn", "Cd" | "Prtry"] => self.reason = Some(element.text),
            ["AddtlInf"] => self.text = Some(element.text),
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
