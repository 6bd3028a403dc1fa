//! ISO 20022 towards the municipality's bank.
//!
//! `pain001` writes payments and `camt055` requests to stop them; `pain002`, `camt029` and `entries`
//! read what the bank says to either, and of the account. `charset` holds the letters banks take.
//! Amounts and days get their outside form here and nowhere else.

mod camt029;
mod camt055;
mod charset;
mod document;
mod entries;
mod pain001;
mod pain002;
#[cfg(test)]
mod tests;
mod xml;

use std::io;

use document::Document;

use crate::payments::stop::{StopFile, Stopping};
use crate::payments::{Answer, BankFormat, BankProfile, NotAnAnswer, Payment, PaymentFile};

/// The messages as one bank wants them.
#[derive(Clone, Debug)]
pub struct Iso20022 {
    profile: BankProfile,
}

impl Iso20022 {
    pub fn new(profile: BankProfile) -> Self {
        Self { profile }
    }
}

impl BankFormat for Iso20022 {
    fn extension(&self) -> &'static str {
        "pain.001.001.03.xml"
    }

    fn write(
        &self,
        file: &PaymentFile,
        payments: &[Payment],
        to: &mut dyn io::Write,
    ) -> io::Result<()> {
        pain001::write(&self.profile, file, payments, to)
    }

    fn stop_extension(&self) -> &'static str {
        "camt.055.001.09.xml"
    }

    fn write_stops(
        &self,
        file: &StopFile,
        requests: &[Stopping],
        to: &mut dyn io::Write,
    ) -> io::Result<()> {
        camt055::write(&self.profile, file, requests, to)
    }

    fn read(&self, answer: &[u8]) -> Result<Answer, NotAnAnswer> {
        let document = Document::new(answer)?;
        match document.kind()?.as_str() {
            pain002::KIND => pain002::read(document),
            camt029::KIND => camt029::read(document),
            entries::ADVICE => entries::read_advice(document),
            entries::STATEMENT => entries::read_statement(document),
            other => Err(NotAnAnswer(format!(
                "it is a {other}; what is read here is {}, {}, {} and {}",
                pain002::KIND,
                camt029::KIND,
                entries::ADVICE,
                entries::STATEMENT
            ))),
        }
    }
}
