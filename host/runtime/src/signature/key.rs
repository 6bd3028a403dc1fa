//! Keys of ed25519, and how they are written.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes};
use ed25519_dalek::{Signer as _, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

const ALGORITHM: &str = "ed25519:";

/// The text is no key of the kind wanted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAKey {
    #[error("'{0}' is not a public key such as ed25519: and 64 hexadecimal digits")]
    Public(String),
    #[error("'{0}' is not the id of a key, which has 16 hexadecimal digits")]
    Id(String),
    #[error("'{0}' is not a signature of 128 hexadecimal digits")]
    Signature(String),
    #[error("this is not a private ed25519 key in PKCS #8 (BEGIN PRIVATE KEY)")]
    Private,
}

/// A publisher's public key, written `ed25519:` and 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey(VerifyingKey);

/// Names a key: the first 8 bytes of the SHA-256 of the public key, as 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyId([u8; 8]);

/// The 64 bytes of a signature, in hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Signed([u8; 64]);

/// A private key. It is wiped from memory when it is dropped, and never shown.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl PublicKey {
    pub fn id(&self) -> KeyId {
        let digest = Sha256::digest(self.0.as_bytes());
        KeyId(digest[..8].try_into().expect("a digest has more than 8 bytes"))
    }

    /// Strict: of the texts one signature could be stretched to, only the signed one counts.
    pub(super) fn has_signed(&self, text: &str, signature: &Signed) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        self.0.verify_strict(text.as_bytes(), &signature).is_ok()
    }
}

impl SigningKey {
    /// The key that these 32 random bytes are.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// Reads a file as OpenSSL writes it: PKCS #8 in PEM, not encrypted.
    pub fn from_pem(pem: &str) -> Result<Self, NotAKey> {
        ed25519_dalek::SigningKey::from_pkcs8_pem(pem).map(Self).map_err(|_| NotAKey::Private)
    }

    /// As a file that OpenSSL reads too, which knows only the form without the public key.
    pub fn to_pem(&self) -> String {
        let bytes = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        let pem = bytes.to_pkcs8_pem(LineEnding::LF).expect("a key of 32 bytes fits its format");
        (*pem).clone()
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(super) fn sign(&self, text: &str) -> Signed {
        Signed(self.0.sign(text.as_bytes()).to_bytes())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public().id())
    }
}

impl FromStr for PublicKey {
    type Err = NotAKey;

    /// Refuses the few points that would take any text for signed.
    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let read = || {
            let bytes = from_hex(text.strip_prefix(ALGORITHM)?)?;
            VerifyingKey::from_bytes(&bytes).ok().filter(|key| !key.is_weak())
        };
        read().map(Self).ok_or_else(|| NotAKey::Public(text.to_owned()))
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{ALGORITHM}{}", hex::encode(self.0.as_bytes()))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl TryFrom<String> for PublicKey {
    type Error = NotAKey;

    fn try_from(text: String) -> Result<Self, NotAKey> {
        text.parse()
    }
}

impl TryFrom<String> for KeyId {
    type Error = NotAKey;

    fn try_from(text: String) -> Result<Self, NotAKey> {
        from_hex(&text).map(Self).ok_or(NotAKey::Id(text))
    }
}

impl TryFrom<String> for Signed {
    type Error = NotAKey;

    fn try_from(text: String) -> Result<Self, NotAKey> {
        from_hex(&text).map(Self).ok_or(NotAKey::Signature(text))
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_string()
    }
}

impl From<KeyId> for String {
    fn from(id: KeyId) -> Self {
        id.to_string()
    }
}

impl From<Signed> for String {
    fn from(signed: Signed) -> Self {
        hex::encode(signed.0)
    }
}

fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok().map(|()| bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first example of RFC 8032, section 7.1: a seed and its public key.
    const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    const PUBLIC: &str = "ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    #[test]
    fn a_key_survives_its_file() {
        let key = SigningKey::from_seed(&from_hex(SEED).unwrap());
        assert_eq!(key.public().to_string(), PUBLIC);
        let again = SigningKey::from_pem(&key.to_pem()).unwrap();
        assert_eq!(again.public(), PUBLIC.parse().unwrap());
        assert!(key.to_pem().starts_with("-----BEGIN PRIVATE KEY-----\n"));
        assert_eq!(SigningKey::from_pem(PUBLIC).unwrap_err(), NotAKey::Private);
    }

    #[test]
    fn a_private_key_is_not_shown() {
        let key = SigningKey::from_seed(&from_hex(SEED).unwrap());
        assert_eq!(format!("{key:?}"), format!("SigningKey({})", key.public().id()));
    }

    #[test]
    fn a_key_that_takes_anything_for_signed_is_none() {
        let neutral = format!("{ALGORITHM}01{}", "0".repeat(62));
        for text in [neutral.as_str(), &PUBLIC[8..], &PUBLIC[..70], ""] {
            assert_eq!(text.parse::<PublicKey>(), Err(NotAKey::Public(text.to_owned())));
        }
    }
}
