//! The one way values are written down, so that equal content has equal bytes and one digest.
//!
//! Deterministic CBOR: every record is an array of definite length, integers have their shortest
//! form, and nothing is a float. Fields are numbered in the domain crate; a new field gets a new
//! number at the end. A dossier is put in order with [`Dossier::sort`] first.
//!
//! [`Dossier::sort`]: ydun_domain::benefit::Dossier::sort

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// The SHA-256 of some bytes; written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

/// The text is not a digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a digest of 64 hexadecimal digits")]
pub struct NotADigest(String);

/// The bytes are not what they should be.
#[derive(Debug, thiserror::Error)]
#[error("the stored bytes cannot be read back: {0}")]
pub struct Unreadable(#[from] minicbor::decode::Error);

/// The canonical bytes of a value.
pub fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    match minicbor::to_vec(value) {
        Ok(bytes) => bytes,
        Err(error) => unreachable!("writing to memory does not fail: {error}"),
    }
}

/// Reads what [`encode`] wrote, and nothing longer.
pub fn decode<T: for<'b> Decode<'b, ()>>(bytes: &[u8]) -> Result<T, Unreadable> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = decoder.decode()?;
    if decoder.position() < bytes.len() {
        return Err(minicbor::decode::Error::message("there is more after the end").into());
    }
    Ok(value)
}

/// The digest of a value's canonical bytes.
pub fn digest<T: Encode<()>>(value: &T) -> Digest {
    Digest::of(&encode(value))
}

impl Digest {
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// As [`fmt::Display`].
impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| NotADigest(text.to_owned()))?;
        Ok(Self(bytes))
    }
}

/// From a column.
impl TryFrom<Vec<u8>> for Digest {
    type Error = NotADigest;

    fn try_from(bytes: Vec<u8>) -> Result<Self, NotADigest> {
        bytes.try_into().map(Self).map_err(|bytes: Vec<u8>| NotADigest(hex::encode(bytes)))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
