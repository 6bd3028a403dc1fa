//! Reads camt.029.001.10: what the bank says to a request to stop payments.

use super::document::{Document, Element, Reading, refuse};
use crate::payments::NotAnAnswer;
use crate::payments::answer::{About, Answer, PaymentReport, Report, Word};

pub(super) const KIND: &str = "camt.029.001.10";

/// Reads an answer.
pub(super) fn read(document: Document<'_>) -> Result<Answer, NotAnAnswer> {
    let mut resolution = Resolution::default();
    document.walk(&mut resolution)?;
    resolution.finish()
}

/// What is read so far.
#[derive(Default)]
struct Resolution {
    message_id: Option<String>,
    /// The message that asked.
    case: Option<String>,
    whole: Option<String>,
    payment: Payment,
    payments: Vec<Payment>,
}

#[derive(Default)]
struct Payment {
    end_to_end: Option<String>,
    status: Option<String>,
    code: Option<String>,
    text: Option<String>,
}

impl Reading for Resolution {
    fn end(&mut self, path: &[&str], element: Element) -> Result<(), NotAnAnswer> {
        match *path {
            ["Assgnmt", "Id"] => self.message_id = Some(element.text),
            ["RslvdCase", "Id"] => self.case = Some(element.text),
            ["Sts", "Conf"] => self.whole = Some(element.text),
            ["CxlDtls", "TxInfAndSts"] | ["CxlDtls", "OrgnlPmtInfAndSts", "TxInfAndSts"] => {
                self.payments.push(std::mem::take(&mut self.payment));
            }
            ["CxlDtls", "TxInfAndSts", ref rest @ ..]
            | ["CxlDtls", "OrgnlPmtInfAndSts", "TxInfAndSts", ref rest @ ..] => {
                self.payment.end(rest, element);
            }
            _ => {}
        }
        Ok(())
    }
}

impl Payment {
    fn end(&mut self, path: &[&str], element: Element) {
        match *path {
            ["OrgnlEndToEndId"] => self.end_to_end = Some(element.text),
            ["TxCxlSts"] => self.status = Some(element.text),
            ["CxlStsRsnInf", "Rsn", "Cd" | "Prtry"] => self.code = Some(element.text),
            ["CxlStsRsnInf", "AddtlInf"] => self.text = Some(element.text),
            _ => {}
        }
    }

    /// A payment without a status of its own has that of the whole.
    fn report(self, whole: Option<Word>) -> Result<PaymentReport, NotAnAnswer> {
        let word = match self.status.as_deref() {
            Some("ACCR") => Word::Stopped,
            Some("RJCR") => Word::StopRefused,
            Some("PDCR") => Word::StopPending,
            Some(other) => return Err(refuse(&format!("the status '{other}' is not known"))),
            None => whole.ok_or_else(|| refuse("it does not say whether a payment is stopped"))?,
        };
        let end_to_end =
            self.end_to_end.ok_or_else(|| refuse("a payment in it has no end-to-end id"))?;
        let report = Report { word, code: self.code, text: self.text };
        Ok(PaymentReport { end_to_end, report, amount: None })
    }
}

/// Nothing when the payments of a request differ.
fn of_whole(code: &str) -> Result<Option<Word>, NotAnAnswer> {
    match code {
        "CNCL" => Ok(Some(Word::Stopped)),
        "RJCR" => Ok(Some(Word::StopRefused)),
        "PDCR" => Ok(Some(Word::StopPending)),
        "PECR" | "INFO" => Ok(None),
        _ => Err(refuse(&format!("the status '{code}' is not known"))),
    }
}

impl Resolution {
    fn finish(self) -> Result<Answer, NotAnAnswer> {
        let message_id = self.message_id.ok_or_else(|| refuse("it has no message id"))?;
        let whole = self.whole.as_deref().map(of_whole).transpose()?.flatten();
        if self.payments.is_empty() {
            let vague = || refuse("it does not say which payments it is about");
            let (case, word) = self.case.zip(whole).ok_or_else(vague)?;
            let all = Some(Report { word, code: None, text: None });
            let about = About::Stops(case);
            return Ok(Answer { message_id, about, all, payments: vec![], statements: vec![] });
        }
        let payments = self.payments.into_iter().map(|payment| payment.report(whole));
        let payments = payments.collect::<Result<_, _>>()?;
        Ok(Answer { message_id, about: About::Named, all: None, payments, statements: vec![] })
    }
}
