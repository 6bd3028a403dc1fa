//! Who stands behind a module: detached signatures over a small statement.
//!
//! `voksenlaerling-1.0.0.sig.json` lies beside `voksenlaerling-1.0.0.wasm`. What is signed is not the
//! file but a text of a few lines that names the file by its digest ([`Statement::text`]), so that a
//! signature can be read by a person and checked with any tool that knows ed25519. Several may sign:
//! the developer, and the publisher who has tried the module out.

mod key;
mod trust;

use serde::{Deserialize, Serialize};
use ydun_domain::Day;

pub use self::key::{KeyId, NotAKey, PublicKey, SigningKey};
pub use self::trust::{Publisher, Reach, TrustStore};
use crate::canonical::Digest;
use crate::fault::{Code, Fault};
use crate::manifest::Manifest;

/// What a signer says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Statement {
    /// The manifest's id.
    pub benefit: String,
    pub version: semver::Version,
    /// The version of `ydun:benefit` it is built for.
    pub interface: semver::Version,
    /// Of the whole file, manifest and cases included.
    pub component: Digest,
    pub key: KeyId,
    /// By the signer's own calendar: it informs, and nothing is decided by it.
    pub signed_on: Day,
}

/// A statement and the signature that makes it binding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    pub statement: Statement,
    signature: key::Signed,
}

/// The content of a `.sig.json` file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signatures {
    pub signatures: Vec<Signature>,
}

impl Statement {
    /// The text that is signed: one value a line, ended by a line break.
    ///
    /// Only `benefit` could hold a line break of its own. The host compares it with the manifest's id,
    /// which cannot.
    pub fn text(&self) -> String {
        let Self { benefit, version, interface, component, key, signed_on } = self;
        format!(
            "ydun module signature 1\nbenefit {benefit}\nversion {version}\ninterface {interface}\n\
             component sha256:{component}\nkey {key}\nsigned on {signed_on}\n"
        )
    }

    /// Whether it is about the module that describes itself so.
    pub(crate) fn names(&self, manifest: &Manifest) -> bool {
        let Self { benefit, version, interface, component: _, key: _, signed_on: _ } = self;
        (benefit, version, interface) == (&manifest.id, &manifest.version, &manifest.interface)
    }
}

impl Signature {
    /// Signs a component that has this manifest.
    pub fn new(key: &SigningKey, component: &[u8], manifest: &Manifest, signed_on: Day) -> Self {
        let statement = Statement {
            benefit: manifest.id.clone(),
            version: manifest.version.clone(),
            interface: manifest.interface.clone(),
            component: Digest::of(component),
            key: key.public().id(),
            signed_on,
        };
        let signature = key.sign(&statement.text());
        Self { statement, signature }
    }

    /// Whether the holder of the key said this, word for word.
    pub fn is_by(&self, key: &PublicKey) -> bool {
        self.statement.key == key.id() && key.has_signed(&self.statement.text(), &self.signature)
    }
}

impl Signatures {
    /// Reads a `.sig.json` file.
    pub fn read(json: &[u8]) -> Result<Self, Fault> {
        serde_json::from_slice(json).map_err(|error| Fault::new(Code::SignatureFormat, error))
    }

    /// Adds a signature in place of an earlier one by the same key.
    pub fn add(&mut self, signature: Signature) {
        self.signatures.retain(|other| other.statement.key != signature.statement.key);
        self.signatures.push(signature);
    }
}
