//! Who has looked at what: rows about a case or a person, and a sample of looks to ask about.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use ydun_domain::Tenant;

use super::{Subject, store};
use crate::db::{Read, Result};

/// A row, for a reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Entry {
    pub number: i64,
    pub at: DateTime<Utc>,
    /// Initials.
    pub actor: String,
    pub action: String,
    pub subject: String,
    pub detail: String,
}

/// The rows about some subjects within some time, the newest first.
pub async fn about(
    db: &mut Read,
    tenant: Tenant,
    subjects: &[Subject],
    moments: Range<DateTime<Utc>>,
    limit: u32,
) -> Result<Vec<Entry>> {
    let subjects: Vec<String> = subjects.iter().map(Subject::to_string).collect();
    store::about(db, tenant, &subjects, moments, limit).await
}

/// Looks within some time, drawn by the hash of the chain's last row, so that nobody chooses them.
pub async fn sample_of_looks(
    db: &mut Read,
    tenant: Tenant,
    moments: Range<DateTime<Utc>>,
    size: usize,
) -> Result<Vec<Entry>> {
    /// So many rows are drawn for each look that is wanted: not every row is a look.
    const DRAWS: usize = 20;
    let Some((first, last)) = store::numbers(db, tenant, moments).await? else {
        return Ok(Vec::new());
    };
    let head = store::head(db, tenant).await?;
    let drawn: Vec<i64> =
        (0..size * DRAWS).map(|draw| lot(&head.hash, draw, first, last)).collect();
    let mut looks: BTreeMap<i64, Entry> = store::looks(db, tenant, &drawn)
        .await?
        .into_iter()
        .map(|entry| (entry.number, entry))
        .collect();
    Ok(drawn.iter().filter_map(|number| looks.remove(number)).take(size).collect())
}

/// A number from the first to the last, both included.
fn lot(hash: &[u8], draw: usize, first: i64, last: i64) -> i64 {
    let digest = Sha256::new().chain_update(hash).chain_update(draw.to_be_bytes()).finalize();
    let bytes = digest[..8].try_into().expect("a digest has 32 bytes");
    let lot = i64::from_be_bytes(bytes) & i64::MAX;
    first + lot % (last - first + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lot_is_among_the_rows_and_follows_from_the_chain() {
        for draw in 0..500 {
            assert!((7..=11).contains(&lot(b"hash", draw, 7, 11)));
            assert_eq!(lot(b"hash", draw, 7, 7), 7);
        }
        let of = |hash: &[u8]| (0..20).map(|draw| lot(hash, draw, 1, 1_000)).collect::<Vec<_>>();
        assert_eq!(of(b"hash"), of(b"hash"));
        assert_ne!(of(b"hash"), of(b"other"));
    }
}
