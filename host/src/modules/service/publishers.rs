//! Trusting publishers, and no longer trusting a key.

use ydun_domain::Tenant;
use ydun_runtime::signature::{KeyId, PublicKey, Reach, TrustStore};
use ydun_runtime::verify::trusted_signers;
use ydun_runtime::{Digest, Fault};

use super::policy::policy;
use crate::access::{Act, Administer};
use crate::audit::{self, Action, Subject};
use crate::clock::danish;
use crate::db::{self, Read, Tx};
use crate::modules::publisher::{self, Publisher};
use crate::modules::{Activation, store};

/// Why a publisher or a key was not added or revoked.
#[derive(Debug, thiserror::Error)]
pub enum PublisherError {
    #[error("a publisher needs a name, such as Ydun or Esbjerg Kommune")]
    NoName,
    #[error("there is a publisher '{0}' already; give it another key with `ydun publisher keys`")]
    Taken(String),
    #[error("there is no publisher '{0}'; see `ydun publisher list`")]
    Unknown(String),
    #[error("the key {0} is somebody's already, or was; see `ydun publisher list`")]
    KeyTaken(KeyId),
    #[error("no key {0} counts here; see `ydun publisher list`")]
    NoKey(KeyId),
    #[error("say why; whoever comes after you must understand it")]
    NoReason,
    #[error("the publisher could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Trusts somebody to deliver modules, by a first key.
pub async fn add_publisher(
    tx: &mut Tx,
    act: &Act<Administer>,
    name: &str,
    may_sign: &Reach,
    key: PublicKey,
) -> Result<(), PublisherError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(PublisherError::NoName);
    }
    if !store::insert_publisher(tx, act, name, may_sign).await? {
        return Err(PublisherError::Taken(name.to_owned()));
    }
    insert_key(tx, act, name, key).await?;
    let detail = format!("{name} may sign {}, key {}", String::from(may_sign.clone()), key.id());
    audit::record(tx, act, Action::PublisherAdded, Subject::Municipality, detail).await?;
    Ok(())
}

/// Gives a publisher one more key.
pub async fn add_key(
    tx: &mut Tx,
    act: &Act<Administer>,
    name: &str,
    key: PublicKey,
) -> Result<(), PublisherError> {
    let known = store::publishers(tx, act.tenant()).await?;
    if known.iter().all(|publisher| publisher.name != name) {
        return Err(PublisherError::Unknown(name.to_owned()));
    }
    insert_key(tx, act, name, key).await?;
    let detail = format!("{name} key {}", key.id());
    audit::record(tx, act, Action::PublisherKeyAdded, Subject::Municipality, detail).await?;
    Ok(())
}

/// A key that was revoked cannot come back: it may be in wrong hands.
async fn insert_key(
    tx: &mut Tx,
    act: &Act<Administer>,
    name: &str,
    key: PublicKey,
) -> Result<(), PublisherError> {
    if store::insert_key(tx, act, name, key).await? {
        Ok(())
    } else {
        Err(PublisherError::KeyTaken(key.id()))
    }
}

/// Trusts a key no longer, and answers which versions count here that nobody trusted stands behind.
///
/// They are not put to rest by it: payments do not stop because a key was lost. A person decides.
pub async fn revoke_key(
    tx: &mut Tx,
    act: &Act<Administer>,
    key: KeyId,
    because: &str,
) -> Result<Vec<Activation>, PublisherError> {
    let because = because.trim();
    if because.is_empty() {
        return Err(PublisherError::NoReason);
    }
    if !store::revoke_key(tx, act, key, because).await? {
        return Err(PublisherError::NoKey(key));
    }
    let untrusted = untrusted(tx, act.tenant()).await?;
    let detail = format!("key {key}: {because}");
    audit::record(tx, act, Action::PublisherKeyRevoked, Subject::Municipality, detail).await?;
    Ok(untrusted)
}

/// Every publisher of the municipality with its keys, by name.
pub async fn publishers(db: &mut Read, tenant: Tenant) -> db::Result<Vec<Publisher>> {
    store::publishers(db, tenant).await
}

/// What counts in the municipality though nobody it trusts stands behind it.
pub async fn untrusted(db: &mut Read, tenant: Tenant) -> db::Result<Vec<Activation>> {
    let trust = trust(db, tenant).await?;
    let mut untrusted = Vec::new();
    for activation in store::current_activations(db, tenant).await? {
        let signatures = store::signatures(db, activation.digest).await?;
        if trusted_signers(activation.digest, &trust, &signatures).is_err() {
            untrusted.push(activation);
        }
    }
    Ok(untrusted)
}

/// The keys that count, and those that no longer do.
pub(super) async fn trust(db: &mut Read, tenant: Tenant) -> db::Result<TrustStore> {
    Ok(publisher::trust(&store::publishers(db, tenant).await?))
}

/// Why nobody trusted stands behind an installed module; nothing where somebody does, or where
/// modules are only tried out.
pub(super) async fn distrust(
    db: &mut Read,
    act: &Act<Administer>,
    digest: Digest,
) -> db::Result<Option<Fault>> {
    if policy(db, act.tenant(), danish(act.at())).await?.is_development {
        return Ok(None);
    }
    let trust = trust(db, act.tenant()).await?;
    let signatures = store::signatures(db, digest).await?;
    Ok(trusted_signers(digest, &trust, &signatures).err())
}
