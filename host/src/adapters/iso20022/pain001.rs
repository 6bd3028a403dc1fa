//! Writes pain.001.001.03: payments to the bank.

use std::io;

use super::charset::fit;
use super::xml::Xml;
use crate::clock::{danish, danish_wall};
use crate::parties::PaymentIdentity;
use crate::payments::profile::{PayeeTag, Terms};
use crate::payments::{BankProfile, Payee, Payment, PaymentFile};

pub(super) const KIND: &str = "pain.001.001.03";
pub(super) const NAME_MAX: usize = 140;
const ROOT: &str = "CstmrCdtTrfInitn";
const REMITTANCE_MAX: usize = 140;

/// Writes a file, payment by payment, so that its size is no matter.
pub(super) fn write(
    profile: &BankProfile,
    file: &PaymentFile,
    payments: &[Payment],
    to: &mut dyn io::Write,
) -> io::Result<()> {
    let terms = profile.terms(file.lane, danish(file.made_at)).map_err(io::Error::other)?;
    let mut message = Message { profile, file, terms, xml: Xml::begin(to, KIND, ROOT)? };
    message.header()?;
    message.xml.open("PmtInf")?;
    message.block()?;
    for payment in payments {
        message.payment(payment)?;
    }
    message.xml.close(["PmtInf"])?;
    message.xml.end(ROOT)
}

/// What the one block of a file is called.
pub(super) fn block_id(file: &PaymentFile) -> String {
    format!("{}-{}", file.lane, file.disposal)
}

struct Message<'a> {
    profile: &'a BankProfile,
    file: &'a PaymentFile,
    terms: &'a Terms,
    xml: Xml<'a>,
}

impl Message<'_> {
    fn header(&mut self) -> io::Result<()> {
        let made = danish_wall(self.file.made_at).format("%Y-%m-%dT%H:%M:%S").to_string();
        self.xml.open("GrpHdr")?;
        self.xml.text("MsgId", &self.file.message_id)?;
        self.xml.text("CreDtTm", &made)?;
        self.totals()?;
        self.xml.open("InitgPty")?;
        self.xml.text("Nm", &fit(&self.profile.sender.name, NAME_MAX))?;
        self.xml.open("Id")?;
        self.xml.open("OrgId")?;
        self.xml.other(self.profile.sender.cvr.digits(), ("Cd", "COID"))?;
        self.xml.close(["OrgId", "Id", "InitgPty", "GrpHdr"])
    }

    fn totals(&mut self) -> io::Result<()> {
        self.xml.text("NbOfTxs", &self.file.payments.to_string())?;
        self.xml.text("CtrlSum", &self.file.total.plain())
    }

    /// One block: a file has one account, one lane and one day.
    fn block(&mut self) -> io::Result<()> {
        let sender = &self.profile.sender;
        self.xml.text("PmtInfId", &block_id(self.file))?;
        self.xml.text("PmtMtd", "TRF")?;
        self.xml.text("BtchBookg", "true")?;
        self.totals()?;
        self.xml.open("PmtTpInf")?;
        self.xml.open("SvcLvl")?;
        self.xml.text("Cd", &self.terms.service_level)?;
        self.xml.close(["SvcLvl", "PmtTpInf"])?;
        self.xml.text("ReqdExctnDt", &self.file.disposal.to_string())?;
        self.xml.open("Dbtr")?;
        self.xml.text("Nm", &fit(&sender.name, NAME_MAX))?;
        self.xml.close(["Dbtr"])?;
        self.xml.open("DbtrAcct")?;
        self.xml.open("Id")?;
        self.xml.other(sender.account.digits(), ("Cd", "BBAN"))?;
        self.xml.close(["Id"])?;
        self.xml.text("Ccy", "DKK")?;
        self.xml.close(["DbtrAcct"])?;
        self.xml.open("DbtrAgt")?;
        self.xml.open("FinInstnId")?;
        self.xml.text("BIC", &sender.bic)?;
        self.xml.close(["FinInstnId", "DbtrAgt"])
    }

    fn payment(&mut self, payment: &Payment) -> io::Result<()> {
        self.xml.open("CdtTrfTxInf")?;
        self.xml.open("PmtId")?;
        self.xml.text("InstrId", &payment.end_to_end)?;
        self.xml.text("EndToEndId", &payment.end_to_end)?;
        self.xml.close(["PmtId"])?;
        self.xml.open("Amt")?;
        self.xml.amount("InstdAmt", payment.amount)?;
        self.xml.close(["Amt"])?;
        match (&payment.account, self.profile.payee_tag) {
            (Some(account), _) => {
                self.account(&payment.payee.name, account.digits(), ("Cd", "BBAN"))?;
            }
            (None, PayeeTag::Othr) => self.payee_by_account(&payment.payee)?,
            (None, PayeeTag::CdtrId) => self.payee_by_identity(&payment.payee)?,
        }
        self.xml.open("Purp")?;
        self.xml.text("Cd", &self.profile.purpose)?;
        self.xml.close(["Purp"])?;
        self.xml.open("RmtInf")?;
        self.xml.text("Ustrd", &fit(&payment.message, REMITTANCE_MAX))?;
        self.xml.close(["RmtInf", "CdtTrfTxInf"])
    }

    /// The number stands where an account would.
    fn payee_by_account(&mut self, payee: &Payee) -> io::Result<()> {
        let (number, scheme) = match &payee.number {
            PaymentIdentity::Cpr(cpr) => (cpr.digits(), "CPR"),
            PaymentIdentity::Cvr(cvr) => (cvr.digits(), "CVR"),
            PaymentIdentity::Se(se) => (se.digits(), "SE"),
            PaymentIdentity::P(p) => (p.digits(), "PNR"),
        };
        self.account(&payee.name, number, ("Prtry", scheme))
    }

    fn account(&mut self, owner: &str, number: &str, scheme: (&str, &str)) -> io::Result<()> {
        self.xml.open("Cdtr")?;
        self.xml.text("Nm", &fit(owner, NAME_MAX))?;
        self.xml.close(["Cdtr"])?;
        self.xml.open("CdtrAcct")?;
        self.xml.open("Id")?;
        self.xml.other(number, scheme)?;
        self.xml.close(["Id", "CdtrAcct"])
    }

    /// The number is the payee's identity; SE and P numbers have no code of their own in ISO 20022.
    fn payee_by_identity(&mut self, payee: &Payee) -> io::Result<()> {
        let (kind, number, scheme) = match &payee.number {
            PaymentIdentity::Cpr(cpr) => ("PrvtId", cpr.digits(), ("Cd", "SOSE")),
            PaymentIdentity::Cvr(cvr) => ("OrgId", cvr.digits(), ("Cd", "COID")),
            PaymentIdentity::Se(se) => ("OrgId", se.digits(), ("Prtry", "SE")),
            PaymentIdentity::P(p) => ("OrgId", p.digits(), ("Prtry", "PNR")),
        };
        self.xml.open("Cdtr")?;
        self.xml.text("Nm", &fit(&payee.name, NAME_MAX))?;
        self.xml.open("Id")?;
        self.xml.open(kind)?;
        self.xml.other(number, scheme)?;
        self.xml.close([kind, "Id", "Cdtr"])
    }
}
