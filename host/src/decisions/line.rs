//! A line of a decision: money to one payee for one period.

use serde::Serialize;
use ydun_domain::benefit::{Attribute, Line, Party};
use ydun_domain::ids::PartyId;
use ydun_domain::{Dkk, Period};

/// A line as it is decided. The steps that led to it are in the run's outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecidedLine {
    pub key: String,
    pub payee: PartyId,
    /// The person it concerns, when that is not the payee.
    pub about: Option<PartyId>,
    pub period: Period,
    pub amount: Dkk,
    pub posting: String,
    pub reference: Option<String>,
    pub details: Vec<Attribute>,
}

/// A module named a party that is none of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the line '{line}' names the party '{party}', which the case does not have")]
pub struct Stranger {
    pub line: String,
    pub party: Party,
}

impl DecidedLine {
    pub(super) fn of(line: &Line) -> Result<Self, Stranger> {
        let ours = |party: &Party| {
            PartyId::try_from(party)
                .map_err(|_| Stranger { line: line.key.clone(), party: party.clone() })
        };
        Ok(Self {
            key: line.key.clone(),
            payee: ours(&line.payee)?,
            about: line.about.as_ref().map(ours).transpose()?,
            period: line.period,
            amount: line.amount,
            posting: line.posting.clone(),
            reference: line.reference.clone(),
            details: line.details.clone(),
        })
    }

    /// As a module reads it among earlier lines.
    pub fn to_line(&self) -> Line {
        Line {
            key: self.key.clone(),
            payee: self.payee.into(),
            about: self.about.map(Party::from),
            period: self.period,
            amount: self.amount,
            posting: self.posting.clone(),
            reference: self.reference.clone(),
            details: self.details.clone(),
            steps: vec![],
        }
    }
}
