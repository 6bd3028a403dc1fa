//! Payments as the transactions G68 that older ERPs (KMD Udbetaling) read and pay.
//!
//! A record a line: a head of fixed width, then fields as `&NNvalue` in rising order. Not verified: the
//! end of the lines (CR LF here), whether the number of records in the last line counts the first and
//! the last (it does not here), the filling of a CVR number to ten digits (zeros in front), and the code
//! of an SE number, which is why no payment to one can go this way. What the ERP answers is not known
//! either; what the bank says of the account is read as ISO 20022.

use std::io;

use super::iso20022::Iso20022;
use crate::parties::PaymentIdentity;
use crate::payments::stop::{StopFile, Stopping};
use crate::payments::{Answer, BankFormat, BankProfile, NotAnAnswer, Payment, PaymentFile};

/// The ERP that pays in the place of the bank.
#[derive(Clone, Debug)]
pub struct G68 {
    bank: Iso20022,
}

impl G68 {
    pub fn new(profile: BankProfile) -> Self {
        Self { bank: Iso20022::new(profile) }
    }
}

/// What fits in the text to the payee.
const TEXT_MAX: usize = 35;
const LINES_MAX: usize = 99_999;

impl BankFormat for G68 {
    fn extension(&self) -> &'static str {
        "g68.txt"
    }

    fn write(
        &self,
        file: &PaymentFile,
        payments: &[Payment],
        to: &mut dyn io::Write,
    ) -> io::Result<()> {
        if payments.len() > LINES_MAX {
            return Err(io::Error::other(format!(
                "G68 has room for {LINES_MAX} payments; lower 'payments-max' of the bank profile"
            )));
        }
        let made = crate::clock::danish_wall(file.made_at);
        write!(to, "Z300 {}6{:6}{}1\r\n", file.tenant, "", made.format("%j"))?;
        for (number, payment) in (1..).zip(payments) {
            write!(to, "000G68{number:05}{}011", file.tenant)?;
            write_fields(to, file, payment)?;
            write!(to, "\r\n")?;
        }
        write!(to, "SLUTD{:05}\r\n", payments.len())
    }

    fn takes_stops(&self) -> bool {
        false
    }

    fn stop_extension(&self) -> &'static str {
        "g68.stop"
    }

    fn write_stops(
        &self,
        _file: &StopFile,
        _requests: &[Stopping],
        _to: &mut dyn io::Write,
    ) -> io::Result<()> {
        Err(io::Error::other("an ERP that reads G68 takes no request to stop a payment"))
    }

    fn read(&self, answer: &[u8]) -> Result<Answer, NotAnAnswer> {
        self.bank.read(answer)
    }
}

fn write_fields(to: &mut dyn io::Write, file: &PaymentFile, payment: &Payment) -> io::Result<()> {
    if payment.account.is_some() {
        return Err(io::Error::other(
            "G68 has no known field for an account; end it with `ydun party account end`, or pay through the bank",
        ));
    }
    let (code, number) = ident(&payment.payee.number)?;
    write!(to, "&02{}&0300&08{:011}&09+", file.tenant, payment.amount.oere())?;
    write!(to, "&10{code}&11{number:0>10}")?;
    write!(to, "&12{}", file.disposal.to_string().replace('-', ""))?;
    write!(to, "&17{}&40{}", key(payment), text(&payment.message))
}

/// The code of the kind of number, and the number.
fn ident(number: &PaymentIdentity) -> io::Result<(&'static str, &str)> {
    match number {
        PaymentIdentity::Cpr(cpr) => Ok(("02", cpr.digits())),
        PaymentIdentity::Cvr(cvr) => Ok(("11", cvr.digits())),
        PaymentIdentity::P(p) => Ok(("12", p.digits())),
        PaymentIdentity::Se(_) => Err(io::Error::other(
            "G68 has no known code for SE numbers; the unit's payments must go to the bank itself",
        )),
    }
}

/// Twenty digits that no other payment has: the last of its id, most of them at random.
fn key(payment: &Payment) -> String {
    const TWENTY_DIGITS: u128 = 100_000_000_000_000_000_000;
    format!("{:020}", payment.id.0.as_u128() % TWENTY_DIGITS)
}

/// Without the sign that begins a field.
fn text(message: &str) -> String {
    message.chars().map(|sign| if sign == '&' { '+' } else { sign }).take(TEXT_MAX).collect()
}
