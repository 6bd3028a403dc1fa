//! The smallest things a fact or a step can hold.

use std::fmt;

use rust_decimal::Decimal;

use crate::money::Dkk;
use crate::time::{Day, Validity};

/// A person or firm as a module sees it: an opaque key, never a name or a number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(transparent), cbor(transparent))]
pub struct Party(#[cfg_attr(feature = "host", n(0))] pub String);

impl Party {
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A value with its kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(
    feature = "host",
    derive(serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode)
)]
#[cfg_attr(feature = "host", serde(rename_all = "kebab-case"))]
pub enum Scalar {
    #[cfg_attr(feature = "host", n(0))]
    Flag(#[cfg_attr(feature = "host", n(0))] bool),
    #[cfg_attr(feature = "host", n(1))]
    Integer(#[cfg_attr(feature = "host", n(0))] i64),
    #[cfg_attr(feature = "host", n(2))]
    Amount(#[cfg_attr(feature = "host", n(0))] Dkk),
    #[cfg_attr(feature = "host", n(3))]
    Number(
        #[cfg_attr(
            feature = "host",
            n(0),
            cbor(with = "crate::codec::decimal"),
            serde(with = "crate::codec::decimal")
        )]
        Decimal,
    ),
    #[cfg_attr(feature = "host", n(4))]
    Day(#[cfg_attr(feature = "host", n(0))] Day),
    #[cfg_attr(feature = "host", n(5))]
    Span(#[cfg_attr(feature = "host", n(0))] Validity),
    #[cfg_attr(feature = "host", n(6))]
    Text(#[cfg_attr(feature = "host", n(0))] String),
    /// A word from a list in the manifest or the fact catalogue.
    #[cfg_attr(feature = "host", n(7))]
    Code(#[cfg_attr(feature = "host", n(0))] String),
    #[cfg_attr(feature = "host", n(8))]
    Who(#[cfg_attr(feature = "host", n(0))] Party),
}

impl Scalar {
    /// The kind's name, as manifests write it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Flag(_) => "flag",
            Self::Integer(_) => "integer",
            Self::Amount(_) => "amount",
            Self::Number(_) => "number",
            Self::Day(_) => "day",
            Self::Span(_) => "span",
            Self::Text(_) => "text",
            Self::Code(_) => "code",
            Self::Who(_) => "who",
        }
    }

    pub fn amount(&self) -> Option<Dkk> {
        if let Self::Amount(amount) = self { Some(*amount) } else { None }
    }
}

/// As a Danish reader expects it: `45,00 kr.`, `37,5`, `ja`.
impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => f.write_str(if *flag { "ja" } else { "nej" }),
            Self::Integer(integer) => write!(f, "{integer}"),
            Self::Amount(amount) => write!(f, "{amount}"),
            Self::Number(number) => f.write_str(&number.to_string().replace('.', ",")),
            Self::Day(day) => write!(f, "{day}"),
            Self::Span(span) => write!(f, "{span}"),
            Self::Text(text) | Self::Code(text) => f.write_str(text),
            Self::Who(party) => write!(f, "{party}"),
        }
    }
}
