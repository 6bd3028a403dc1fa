//! The numbers by which persons and firms are known to the public sector.

mod company;
mod cpr;

pub use company::{Cvr, NotACompanyNumber, PNumber, SeNumber};
pub use cpr::{Cpr, NotACpr};
