//! Whom a municipality trusts to deliver modules.
//!
//! A national publisher may deliver any benefit; a municipality only those that begin with its own
//! code. Each municipality has its own list, so that nobody is made to trust another's choice.

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_runtime::signature::{self, KeyId, PublicKey, Reach, TrustStore};

/// Somebody who delivers modules, and the keys by which they are known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Publisher {
    pub name: String,
    pub may_sign: Reach,
    pub added_at: DateTime<Utc>,
    pub added_by: String,
    /// In the order they were added.
    pub keys: Vec<Key>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Key {
    pub id: KeyId,
    pub public: PublicKey,
    pub added_at: DateTime<Utc>,
    pub added_by: String,
    pub revoked: Option<Revoked>,
}

/// Nothing the key has signed counts any more, whenever it was signed: whoever has stolen it can
/// write any day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Revoked {
    pub at: DateTime<Utc>,
    pub by: String,
    pub because: String,
}

/// The keys as the runtime checks signatures against them.
pub(super) fn trust(publishers: &[Publisher]) -> TrustStore {
    let key = |publisher: &Publisher, key: &Key| signature::Publisher {
        name: publisher.name.clone(),
        key: key.public,
        may_sign: publisher.may_sign.clone(),
        revoked: key.revoked.as_ref().map(|revoked| revoked.because.clone()),
    };
    let keys = publishers
        .iter()
        .flat_map(|publisher| publisher.keys.iter().map(move |one| key(publisher, one)));
    TrustStore { publishers: keys.collect() }
}
