//! How Danish speaks to whoever reads a letter.

use crate::parties::{Identity, Party};

/// One person is `du`, a firm is `I`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Person,
    Firm,
}

impl Reader {
    pub fn of(party: &Party) -> Self {
        match party.identity {
            Identity::Citizen(_) => Self::Person,
            Identity::Company(_) | Identity::SeUnit { .. } | Identity::PUnit { .. } => Self::Firm,
        }
    }

    /// The sentence for a person, or the one for a firm.
    pub(super) fn told<'a>(self, person: &'a str, firm: &'a str) -> &'a str {
        match self {
            Self::Person => person,
            Self::Firm => firm,
        }
    }

    pub(super) fn you(self) -> &'static str {
        self.told("du", "I")
    }

    pub(super) fn you_at_start(self) -> &'static str {
        self.told("Du", "I")
    }

    pub(super) fn your(self) -> &'static str {
        self.told("din", "jeres")
    }

    pub(super) fn your_at_start(self) -> &'static str {
        self.told("Din", "Jeres")
    }
}
