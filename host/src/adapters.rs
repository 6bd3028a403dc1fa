//! Formats of the outside world. Each implements the small trait of the component that needs it.

pub mod amqp;
pub mod eindkomst;
pub mod erp;
pub mod g68;
pub mod iso20022;
pub mod oidc;
pub mod post;
pub mod ydelsesindeks;

use crate::payments::profile::FileFormat;
use crate::payments::{BankFormat, BankProfile};

/// The format that a municipality's payments go in.
pub fn bank_format(profile: BankProfile) -> Box<dyn BankFormat> {
    match profile.format {
        FileFormat::Iso20022 => Box::new(iso20022::Iso20022::new(profile)),
        FileFormat::G68 => Box::new(g68::G68::new(profile)),
    }
}
