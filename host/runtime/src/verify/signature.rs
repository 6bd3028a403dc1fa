//! Step 2: somebody this host believes stands behind exactly these bytes.

use serde::{Deserialize, Serialize};
use ydun_domain::Day;

use crate::canonical::Digest;
use crate::fault::{Code, Fault};
use crate::manifest::Manifest;
use crate::signature::{KeyId, Signature, Signatures, TrustStore};

/// Whether a module must be signed.
#[derive(Clone, Copy, Debug)]
pub enum Signing<'a> {
    /// On a developer's own machine, which has just built the module.
    NotAsked,
    /// By a publisher of the trust store.
    Required { trust: &'a TrustStore, signatures: &'a Signatures },
}

/// Whose word a module was accepted on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Signer {
    pub publisher: String,
    pub key: KeyId,
    pub signed_on: Day,
}

/// A signature that counts.
#[derive(Debug)]
pub(super) struct Accepted<'a> {
    signature: &'a Signature,
    pub(super) signer: Signer,
}

/// The signatures that count, at least one when they are asked for.
///
/// One by a key that is not known here is left aside: others may believe more publishers than we.
/// One that does not fit the file condemns it, whoever else has signed.
pub(super) fn check(component: Digest, signing: Signing<'_>) -> Result<Vec<Accepted<'_>>, Fault> {
    let Signing::Required { trust, signatures } = signing else {
        return Ok(Vec::new());
    };
    let mut accepted = Vec::new();
    let mut refused = None;
    for signature in &signatures.signatures {
        match judge(signature, component, trust) {
            Ok(signer) => accepted.push(Accepted { signature, signer }),
            Err(fault) if fault.code == Code::SignatureInvalid => return Err(fault),
            Err(fault) => refused = refused.or(Some(fault)),
        }
    }
    if accepted.is_empty() {
        let missing = || Fault::new(Code::SignatureMissing, "there is no signature");
        return Err(refused.unwrap_or_else(missing));
    }
    Ok(accepted)
}

/// Whose signatures count for a module that was verified before; keys may be revoked meanwhile.
pub fn trusted_signers(
    component: Digest,
    trust: &TrustStore,
    signatures: &Signatures,
) -> Result<Vec<Signer>, Fault> {
    let accepted = check(component, Signing::Required { trust, signatures })?;
    Ok(accepted.into_iter().map(|accepted| accepted.signer).collect())
}

fn judge(signature: &Signature, component: Digest, trust: &TrustStore) -> Result<Signer, Fault> {
    let statement = &signature.statement;
    let Some(publisher) = trust.publisher(statement.key) else {
        let why = format_args!("the key {} belongs to no publisher known here", statement.key);
        return Err(Fault::new(Code::SignatureUnknown, why));
    };
    let by = format!("{} (key {})", publisher.name, statement.key);
    if statement.component != component {
        let why = format!("{by} has signed sha256:{}, not sha256:{component}", statement.component);
        return Err(Fault::new(Code::SignatureInvalid, why));
    }
    if !signature.is_by(&publisher.key) {
        let why = format!("{by} has not signed this statement: {:?}", statement.text());
        return Err(Fault::new(Code::SignatureInvalid, why));
    }
    if let Some(why) = &publisher.revoked {
        return Err(Fault::new(Code::SignatureRevoked, format_args!("{by}: {why}")));
    }
    if !publisher.may_sign.covers(&statement.benefit) {
        let why = format!("{by} may not sign '{}'", statement.benefit);
        return Err(Fault::new(Code::SignatureReach, why));
    }
    let publisher = publisher.name.clone();
    Ok(Signer { publisher, key: statement.key, signed_on: statement.signed_on })
}

/// Whether what was signed is what the module says it is.
pub(super) fn fits(accepted: &[Accepted<'_>], manifest: &Manifest) -> Result<(), Fault> {
    let statements = accepted.iter().map(|accepted| &accepted.signature.statement);
    match statements.into_iter().find(|statement| !statement.names(manifest)) {
        Some(other) => {
            let why = format!(
                "signed is {} {} for interface {}, this is {} {} for interface {}",
                other.benefit,
                other.version,
                other.interface,
                manifest.id,
                manifest.version,
                manifest.interface
            );
            Err(Fault::new(Code::SignatureOther, why))
        }
        None => Ok(()),
    }
}
