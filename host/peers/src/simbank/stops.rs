//! Requests to stop payments (camt.055.001.09), and what the bank says to them (camt.029.001.10).

use std::io;

use serde::{Deserialize, Serialize};

use super::answers::Reason;
use super::orders::{self, Take};
use super::xml::{Xml, document, element, text};

const MESSAGE: &str = "camt.055.001.09";
const REQUEST: &str = "Document/CstmrPmtCxlReq/";
const PAYMENT: &str = "Undrlyg/OrgnlPmtInfAndCxl/TxInf";

/// A request, as far as the bank works with it.
#[derive(Debug, Default)]
pub(crate) struct Request {
    pub(crate) message_id: String,
    pub(crate) case_id: Option<String>,
    /// The payments' end-to-end ids.
    pub(crate) payments: Vec<String>,
}

/// What the bank says of one payment it is to stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "said", content = "reason", rename_all = "kebab-case")]
pub(crate) enum Said {
    Stopped,
    /// It will say later.
    Pending,
    Refused(Reason),
}

/// The answer to a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StopAnswer {
    pub(crate) case_id: Option<String>,
    pub(crate) payments: Vec<(String, Said)>,
}

/// Reads a request; a file that is none is refused with the reason.
pub(crate) fn read(bytes: &[u8]) -> Result<Request, Reason> {
    let mut request = Request::default();
    orders::walk(orders::text_of(bytes)?, MESSAGE, &mut request)?;
    let missing = |what: &str| Reason::new("FF01", &format!("Anmodningen mangler {what}"));
    if request.message_id.is_empty() {
        return Err(missing("Assgnmt/Id"));
    }
    if request.payments.is_empty() || request.payments.iter().any(String::is_empty) {
        return Err(missing("OrgnlEndToEndId"));
    }
    Ok(request)
}

/// Whether a file is a request to stop, as far as its beginning tells.
pub(crate) fn is_request(bytes: &[u8]) -> bool {
    orders::text_of(bytes).is_ok_and(|text| {
        text.find("<Document").is_some_and(|at| {
            let head = &text[at..];
            head[..head.find('>').unwrap_or(0)].contains(MESSAGE)
        })
    })
}

impl Take for Request {
    fn begin(&mut self, path: &str) -> Result<(), Reason> {
        if path.strip_prefix(REQUEST) == Some(PAYMENT) {
            self.payments.push(String::new());
        }
        Ok(())
    }

    fn take(&mut self, path: &str, text: &str, _currency: Option<String>) -> Result<(), Reason> {
        match path.strip_prefix(REQUEST) {
            Some("Assgnmt/Id") => text.clone_into(&mut self.message_id),
            Some("Case/Id") => self.case_id = Some(text.to_owned()),
            Some("Undrlyg/OrgnlPmtInfAndCxl/TxInf/OrgnlEndToEndId") => {
                if let Some(payment) = self.payments.last_mut() {
                    text.clone_into(payment);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

impl StopAnswer {
    pub(crate) fn summary(&self) -> String {
        let stopped = self.payments.iter().filter(|(_, said)| *said == Said::Stopped).count();
        format!("stopped {stopped} of {} payments", self.payments.len())
    }

    pub(crate) fn xml(&self, id: &str, day: chrono::NaiveDate) -> Vec<u8> {
        document("camt.029.001.10", "RsltnOfInvstgtn", |to| {
            element(to, "Assgnmt", |to| {
                text(to, "Id", id)?;
                element(to, "Assgnr", the_bank)?;
                element(to, "Assgne", the_customer)?;
                text(to, "CreDtTm", &format!("{day}T12:00:00"))
            })?;
            if let Some(case_id) = &self.case_id {
                element(to, "RslvdCase", |to| {
                    text(to, "Id", case_id)?;
                    element(to, "Cretr", the_customer)
                })?;
            }
            element(to, "Sts", |to| text(to, "Conf", self.whole()))?;
            element(to, "CxlDtls", |to| {
                self.payments.iter().try_for_each(|(id, said)| {
                    element(to, "TxInfAndSts", |to| write_payment(to, id, said))
                })
            })
        })
    }

    /// The status of the request as a whole.
    fn whole(&self) -> &'static str {
        let mut codes = self.payments.iter().map(|(_, said)| match said {
            Said::Stopped => "CNCL",
            Said::Pending => "PDCR",
            Said::Refused(_) => "RJCR",
        });
        let first = codes.next().unwrap_or("RJCR");
        if codes.all(|code| code == first) { first } else { "PECR" }
    }
}

fn the_bank(to: &mut Xml) -> io::Result<()> {
    element(to, "Agt", |to| element(to, "FinInstnId", |to| text(to, "BICFI", "SIMBDKKKXXX")))
}

fn the_customer(to: &mut Xml) -> io::Result<()> {
    element(to, "Pty", |to| text(to, "Nm", "Kunden"))
}

fn write_payment(to: &mut Xml, id: &str, said: &Said) -> io::Result<()> {
    text(to, "OrgnlEndToEndId", id)?;
    match said {
        Said::Stopped => text(to, "TxCxlSts", "ACCR"),
        Said::Pending => text(to, "TxCxlSts", "PDCR"),
        Said::Refused(Reason { code, text: why }) => {
            text(to, "TxCxlSts", "RJCR")?;
            element(to, "CxlStsRsnInf", |to| {
                element(to, "Rsn", |to| text(to, "Cd", code))?;
                text(to, "AddtlInf", why)
            })
        }
    }
}
