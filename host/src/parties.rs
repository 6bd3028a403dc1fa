//! Citizens, companies and the units of companies: everybody a case can concern or pay.

mod name;
pub mod service;
mod store;

use std::fmt;

use ydun_domain::ids::PartyId;
use ydun_domain::{Cpr, Cvr, PNumber, SeNumber};

pub use name::SortName;

/// Somebody a case concerns or pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    pub id: PartyId,
    pub name: String,
    pub identity: Identity,
}

/// What a party is, and the number that says which one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    Citizen(Cpr),
    Company(Cvr),
    /// A unit of a company as the tax authority counts them.
    SeUnit {
        se: SeNumber,
        company: PartyId,
    },
    /// A place of production as the business register counts them.
    PUnit {
        p: PNumber,
        company: PartyId,
    },
}

/// How a payee is named to the bank, which finds the NemKonto by it. Also how a party is looked up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PaymentIdentity {
    Cpr(Cpr),
    Cvr(Cvr),
    Se(SeNumber),
    P(PNumber),
}

impl Identity {
    pub fn for_payment(&self) -> PaymentIdentity {
        match self {
            Self::Citizen(cpr) => PaymentIdentity::Cpr(*cpr),
            Self::Company(cvr) => PaymentIdentity::Cvr(cvr.clone()),
            Self::SeUnit { se, .. } => PaymentIdentity::Se(se.clone()),
            Self::PUnit { p, .. } => PaymentIdentity::P(p.clone()),
        }
    }

    /// The company a unit belongs to.
    pub fn company(&self) -> Option<PartyId> {
        match self {
            Self::Citizen(_) | Self::Company(_) => None,
            Self::SeUnit { company, .. } | Self::PUnit { company, .. } => Some(*company),
        }
    }
}

impl PaymentIdentity {
    /// The number itself, for files and look-ups; never for people or logs.
    pub fn digits(&self) -> &str {
        match self {
            Self::Cpr(cpr) => cpr.digits(),
            Self::Cvr(cvr) => cvr.digits(),
            Self::Se(se) => se.digits(),
            Self::P(p) => p.digits(),
        }
    }
}

/// `CPR 010190-••••`, `CVR 29189803`
impl fmt::Display for PaymentIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpr(cpr) => write!(f, "CPR {cpr}"),
            Self::Cvr(cvr) => write!(f, "CVR {cvr}"),
            Self::Se(se) => write!(f, "SE {se}"),
            Self::P(p) => write!(f, "P {p}"),
        }
    }
}
