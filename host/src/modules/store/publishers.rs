//! SQL for publishers, their keys, and what they have signed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ydun_domain::Tenant;
use ydun_runtime::signature::{KeyId, PublicKey, Reach, Signature};
use ydun_runtime::{Digest, Signatures};

use crate::access::{Act, Administer};
use crate::db::{Bind as _, Read, Result, Tx, bulk, sql};
use crate::modules::publisher::{Key, Publisher, Revoked};

#[derive(sqlx::FromRow)]
struct PublisherRow {
    name: String,
    may_sign: String,
    added_at: DateTime<Utc>,
    added_by: String,
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: String,
    publisher: String,
    public_key: String,
    added_at: DateTime<Utc>,
    added_by: String,
    revoked_at: Option<DateTime<Utc>>,
    revoked_by: Option<String>,
    revoked_because: Option<String>,
}

/// The row holds what no publisher or key can be.
fn broken<E: std::error::Error + Send + Sync + 'static>(error: E) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}

impl TryFrom<KeyRow> for Key {
    type Error = sqlx::Error;
    fn try_from(row: KeyRow) -> Result<Self> {
        let revoked = match (row.revoked_at, row.revoked_by, row.revoked_because) {
            (Some(at), Some(by), Some(because)) => Some(Revoked { at, by, because }),
            _ => None,
        };
        Ok(Self {
            id: KeyId::try_from(row.id).map_err(broken)?,
            public: row.public_key.parse::<PublicKey>().map_err(broken)?,
            added_at: row.added_at,
            added_by: row.added_by,
            revoked,
        })
    }
}

/// Every publisher of the municipality with its keys, by name.
pub(in crate::modules) async fn publishers(
    db: &mut Read,
    tenant: Tenant,
) -> Result<Vec<Publisher>> {
    const PUBLISHERS: &str = "
        SELECT name, may_sign, added_at, added_by FROM publisher WHERE tenant = $1 ORDER BY name";
    const KEYS: &str = "
        SELECT id, publisher, public_key, added_at, added_by, revoked_at, revoked_by, revoked_because
        FROM publisher_key WHERE tenant = $1 ORDER BY publisher, added_at, id";
    let rows: Vec<PublisherRow> = db.all(sql(PUBLISHERS).bind(tenant)).await?;
    let mut keys: BTreeMap<String, Vec<Key>> = BTreeMap::new();
    for row in db.all::<KeyRow>(sql(KEYS).bind(tenant)).await? {
        keys.entry(row.publisher.clone()).or_default().push(row.try_into()?);
    }
    let publisher = |row: PublisherRow| {
        let PublisherRow { name, may_sign, added_at, added_by } = row;
        let may_sign = Reach::try_from(may_sign).map_err(broken)?;
        let keys = keys.remove(&name).unwrap_or_default();
        Ok(Publisher { name, may_sign, added_at, added_by, keys })
    };
    rows.into_iter().map(publisher).collect()
}

/// Adds a publisher, and tells whether the name was free.
pub(in crate::modules) async fn insert_publisher(
    tx: &mut Tx,
    act: &Act<Administer>,
    name: &str,
    may_sign: &Reach,
) -> Result<bool> {
    const INSERT: &str = "
        INSERT INTO publisher (tenant, name, may_sign, added_at, added_by) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (tenant, name) DO NOTHING";
    let insert = sql(INSERT).bind(act.tenant()).bind(name).bind(String::from(may_sign.clone()));
    Ok(tx.execute(insert.bind(act.at()).bind(act.by())).await? == 1)
}

/// Adds a key, and tells whether nobody had it.
pub(in crate::modules) async fn insert_key(
    tx: &mut Tx,
    act: &Act<Administer>,
    publisher: &str,
    key: PublicKey,
) -> Result<bool> {
    const INSERT: &str = "
        INSERT INTO publisher_key (tenant, id, publisher, public_key, added_at, added_by)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (tenant, id) DO NOTHING";
    let insert = sql(INSERT).bind(act.tenant()).bind(key.id().to_string()).bind(publisher);
    let insert = insert.bind(key.to_string()).bind(act.at()).bind(act.by());
    Ok(tx.execute(insert).await? == 1)
}

/// Revokes a key, and tells whether it counted.
pub(in crate::modules) async fn revoke_key(
    tx: &mut Tx,
    act: &Act<Administer>,
    key: KeyId,
    because: &str,
) -> Result<bool> {
    const REVOKE: &str = "
        UPDATE publisher_key SET revoked_at = $3, revoked_by = $4, revoked_because = $5
        WHERE tenant = $1 AND id = $2 AND revoked_at IS NULL";
    let revoke = sql(REVOKE).bind(act.tenant()).bind(key.to_string()).bind(act.at()).bind(act.by());
    Ok(tx.execute(revoke.bind(because)).await? == 1)
}

/// What is kept of signatures on a module, whoever keeps trusting them.
pub(in crate::modules) async fn signatures(db: &mut Read, digest: Digest) -> Result<Signatures> {
    const SIGNATURES: &str =
        "SELECT signature FROM artifact_signature WHERE digest = $1 ORDER BY key_id";
    let rows: Vec<(String,)> = db.all(sql(SIGNATURES).bind(digest)).await?;
    let read = |(json,): (String,)| serde_json::from_str::<Signature>(&json).map_err(broken);
    let signatures = rows.into_iter().map(read).collect::<Result<_>>()?;
    Ok(Signatures { signatures })
}

/// Keeps signatures on a module, and tells how many were new.
pub(in crate::modules) async fn insert_signatures(
    tx: &mut Tx,
    act: &Act<Administer>,
    digest: Digest,
    signatures: &[&Signature],
) -> Result<u64> {
    let mut rows = bulk(
        "INSERT INTO artifact_signature (digest, key_id, signature, kept_at, kept_by) VALUES",
        "ON CONFLICT (digest, key_id) DO NOTHING",
    );
    for signature in signatures {
        rows.row(vec![
            digest.bind(),
            signature.statement.key.to_string().bind(),
            serde_json::to_string(signature).expect("a signature can be written as JSON").bind(),
            act.at().bind(),
            act.by().bind(),
        ]);
    }
    tx.insert(rows).await
}
