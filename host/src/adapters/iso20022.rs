//! ISO 20022 towards the municipality's bank: pain.001.001.03 out, pain.002.001.03 in.
//!
//! `pain001` writes and `pain002` reads; `charset` holds the letters banks take. Amounts and days
//! get their outside form here and nowhere else.

mod charset;
mod pain001;
mod pain002;
#[cfg(test)]
mod tests;

use std::io;

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

    fn read(&self, answer: &[u8]) -> Result<Answer, NotAnAnswer> {
        pain002::read(answer)
    }
}
