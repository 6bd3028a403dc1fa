//! One type of id for each thing that has one, so that they cannot be mixed up.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id; ids made later sort later.
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// A citizen, a company or a unit of one.
    PartyId,
    /// One person's matter under one benefit.
    CaseId,
    FactId,
    /// A calculation that was made.
    RunId,
    /// A month's calculation of all cases of a benefit.
    MonthRunId,
    ActivationId,
    DecisionId,
    /// A transaction in the ledger.
    EntryId,
    PaymentId,
    /// Money that another system has paid.
    ElsewhereId,
    /// An account that a payee has named for a benefit.
    PayeeAccountId,
    /// Money that goes to somebody else for its payee.
    RedirectionId,
    PaymentFileId,
    NoticeId,
    JobId,
    CorrectionId,
    HearingId,
    TaskId,
    /// Stored dossiers calculated by two versions.
    ReplayId,
    /// New rates on their way to every case.
    CampaignId,
    /// Rates for all municipalities.
    PublicationId,
    /// A file of reports to the income register.
    ReportFileId,
    /// A file of postings for the municipality's own ledger.
    PostingExportId,
    /// A file of registrations for the common benefit index.
    IndexFileId,
    /// What a register told.
    EventId,
    /// A caseworker's word that a kind of event means nothing in a case.
    IgnoreId,
    /// A message that could not be read.
    UnreadId,
    /// A payee's money kept back.
    HoldId,
    /// Something that was sent in.
    DocumentId,
    /// A form that somebody fills in for themselves.
    FilingId,
    LetterId,
    /// A try to get a letter to its reader, as the postal service calls it.
    MessageId,
    /// Days on which something is not done.
    FreezeId,
    /// Fences off whoever held a lease before.
    LeaseToken,
}

impl From<PartyId> for crate::benefit::Party {
    fn from(id: PartyId) -> Self {
        Self(id.0.simple().to_string())
    }
}

impl TryFrom<&crate::benefit::Party> for PartyId {
    type Error = uuid::Error;
    fn try_from(party: &crate::benefit::Party) -> Result<Self, uuid::Error> {
        party.0.parse()
    }
}

/// A municipality, by its code in the register of authorities: 101 to 860.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "u16", into = "u16")]
pub struct Tenant(u16);

/// The number is no municipality's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a municipality code such as 0561")]
pub struct NotATenant(String);

impl Tenant {
    pub fn code(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for Tenant {
    type Error = NotATenant;
    fn try_from(code: u16) -> Result<Self, NotATenant> {
        if (101..=999).contains(&code) { Ok(Self(code)) } else { Err(NotATenant(code.to_string())) }
    }
}

impl From<Tenant> for u16 {
    fn from(tenant: Tenant) -> Self {
        tenant.0
    }
}

impl FromStr for Tenant {
    type Err = NotATenant;
    fn from_str(text: &str) -> Result<Self, NotATenant> {
        text.parse::<u16>().map_err(|_| NotATenant(text.to_owned()))?.try_into()
    }
}

/// `0561`
impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

impl fmt::Debug for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_key_finds_its_way_back() {
        let id = PartyId::generate();
        assert_eq!(PartyId::try_from(&crate::benefit::Party::from(id)), Ok(id));
    }

    #[test]
    fn a_municipality_has_a_code_of_three_or_four_digits() {
        assert_eq!("0561".parse::<Tenant>(), "561".parse());
        for text in ["0", "100", "1000", "-561", "Esbjerg", ""] {
            assert!(text.parse::<Tenant>().is_err(), "{text}");
        }
    }
}
