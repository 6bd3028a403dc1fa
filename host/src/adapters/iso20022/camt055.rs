//! Writes camt.055.001.09: requests to the bank to stop payments it has.
//!
//! Every payment is asked about under the file it went in. The case's id is the message's own, so
//! that an answer to all of them can be told from an answer to another message.

use std::io;

use super::charset::fit;
use super::pain001;
use super::xml::Xml;
use crate::clock::danish_wall;
use crate::payments::stop::{StopFile, Stopping};
use crate::payments::{BankProfile, PaymentFile};

const KIND: &str = "camt.055.001.09";
const ROOT: &str = "CstmrPmtCxlReq";
/// ISO 20022: the customer asks for it.
const REASON: &str = "CUST";

/// Writes a file. The requests of a payment file stand together.
pub(super) fn write(
    profile: &BankProfile,
    file: &StopFile,
    requests: &[Stopping],
    to: &mut dyn io::Write,
) -> io::Result<()> {
    let mut message = Message { profile, file, xml: Xml::begin(to, KIND, ROOT)? };
    message.head()?;
    message.xml.open("Undrlyg")?;
    for of_file in requests.chunk_by(|one, other| one.file.id == other.file.id) {
        message.of_file(&of_file[0].file, of_file)?;
    }
    message.xml.close(["Undrlyg"])?;
    message.xml.end(ROOT)
}

struct Message<'a> {
    profile: &'a BankProfile,
    file: &'a StopFile,
    xml: Xml<'a>,
}

impl Message<'_> {
    fn head(&mut self) -> io::Result<()> {
        let made = danish_wall(self.file.made_at).format("%Y-%m-%dT%H:%M:%S").to_string();
        self.xml.open("Assgnmt")?;
        self.xml.text("Id", &self.file.message_id)?;
        self.xml.open("Assgnr")?;
        self.municipality()?;
        self.xml.close(["Assgnr"])?;
        self.xml.open("Assgne")?;
        self.xml.open("Agt")?;
        self.xml.open("FinInstnId")?;
        self.xml.text("BICFI", &self.profile.sender.bic)?;
        self.xml.close(["FinInstnId", "Agt", "Assgne"])?;
        self.xml.text("CreDtTm", &made)?;
        self.xml.close(["Assgnmt"])?;
        self.xml.open("Case")?;
        self.xml.text("Id", &self.file.message_id)?;
        self.xml.open("Cretr")?;
        self.municipality()?;
        self.xml.close(["Cretr", "Case"])
    }

    fn municipality(&mut self) -> io::Result<()> {
        self.xml.open("Pty")?;
        self.xml.text("Nm", &fit(&self.profile.sender.name, pain001::NAME_MAX))?;
        self.xml.close(["Pty"])
    }

    fn of_file(&mut self, file: &PaymentFile, requests: &[Stopping]) -> io::Result<()> {
        self.xml.open("OrgnlPmtInfAndCxl")?;
        self.xml.text("OrgnlPmtInfId", &pain001::block_id(file))?;
        self.xml.open("OrgnlGrpInf")?;
        self.xml.text("OrgnlMsgId", &file.message_id)?;
        self.xml.text("OrgnlMsgNmId", pain001::KIND)?;
        self.xml.close(["OrgnlGrpInf"])?;
        for Stopping { end_to_end, amount, .. } in requests {
            self.xml.open("TxInf")?;
            self.xml.text("CxlId", end_to_end)?;
            self.xml.text("OrgnlInstrId", end_to_end)?;
            self.xml.text("OrgnlEndToEndId", end_to_end)?;
            self.xml.amount("OrgnlInstdAmt", *amount)?;
            self.xml.open("OrgnlReqdExctnDt")?;
            self.xml.text("Dt", &file.disposal.to_string())?;
            self.xml.close(["OrgnlReqdExctnDt"])?;
            self.xml.open("CxlRsnInf")?;
            self.xml.open("Rsn")?;
            self.xml.text("Cd", REASON)?;
            self.xml.close(["Rsn", "CxlRsnInf", "TxInf"])?;
        }
        self.xml.close(["OrgnlPmtInfAndCxl"])
    }
}
