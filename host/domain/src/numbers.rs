//! The numbers by which persons and firms are known to the public sector.

mod account;
mod company;
mod cpr;

pub use account::{AccountNumber, NotAnAccount};
pub use company::{Cvr, NotACompanyNumber, PNumber, SeNumber};
pub use cpr::{Cpr, NotACpr};
