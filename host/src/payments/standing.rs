//! Where the payments of a municipality stand, as they are looked at many at a time.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use ydun_domain::Dkk;
use ydun_domain::ids::PaymentFileId;

use super::State;
use crate::words::NotAWord;

const HELD: &str = "held";

/// Where a payment stands: its state, and for one that is planned whether it is kept back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Planned, and kept back until a person has looked.
    Held,
    In(State),
}

impl Standing {
    pub fn all() -> impl Iterator<Item = Self> {
        let states = State::ALL.iter().copied().map(Self::In);
        states.flat_map(|state| match state {
            Self::In(State::Planned) => vec![state, Self::Held],
            other => vec![other],
        })
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Held => HELD,
            Self::In(state) => state.word(),
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for Standing {
    type Err = NotAWord;
    fn from_str(text: &str) -> Result<Self, NotAWord> {
        if text == HELD { Ok(Self::Held) } else { text.parse().map(Self::In) }
    }
}

impl TryFrom<String> for Standing {
    type Error = NotAWord;
    fn try_from(text: String) -> Result<Self, NotAWord> {
        text.parse()
    }
}

impl Serialize for Standing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// How many payments stand in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Sum {
    #[sqlx(try_from = "String")]
    pub standing: Standing,
    pub payments: i64,
    pub amount: Dkk,
}

/// How many payments of a file are in one state: what the bank's receipts have come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct FileSum {
    #[sqlx(rename = "file_id")]
    pub file: PaymentFileId,
    #[sqlx(try_from = "String")]
    pub state: State,
    pub payments: i64,
}
