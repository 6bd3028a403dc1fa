//! The chain: what a hash covers, and going through all of them again.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use ydun_domain::Tenant;

use super::store;
use crate::db::Read;

pub(super) type Hash = [u8; 32];

/// The last row of a chain, or the nothing before the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) number: i64,
    pub(super) hash: Hash,
}

impl Head {
    pub(super) const START: Self = Self { number: 0, hash: [0; 32] };
}

/// What a row says, without its hash.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) number: i64,
    pub(super) at: DateTime<Utc>,
    pub(super) actor: String,
    pub(super) action: String,
    pub(super) subject: String,
    pub(super) detail: String,
}

impl Row {
    /// The head of the chain when this row follows `before`.
    ///
    /// Every field is preceded by its length, so that no two rows have the same bytes. The moment
    /// is in microseconds, as both engines keep it.
    pub(super) fn after(&self, tenant: Tenant, before: &Head) -> Head {
        let fields: [&[u8]; 8] = [
            &before.hash,
            &tenant.code().to_be_bytes(),
            &self.number.to_be_bytes(),
            &self.at.timestamp_micros().to_be_bytes(),
            self.actor.as_bytes(),
            self.action.as_bytes(),
            self.subject.as_bytes(),
            self.detail.as_bytes(),
        ];
        let mut hasher = Sha256::new();
        for field in fields {
            hasher.update((field.len() as u64).to_be_bytes());
            hasher.update(field);
        }
        Head { number: self.number, hash: hasher.finalize().into() }
    }
}

/// A chain that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    pub rows: i64,
}

/// Why a chain could not be said to hold.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error(
        "the audit chain is broken at row {number}: that row, or one before it, was changed, removed or put in"
    )]
    Broken { number: i64 },
    #[error(
        "the audit chain ends at row {found}, but {expected} were written: the last rows were removed"
    )]
    Short { found: i64, expected: i64 },
    #[error("the audit chain could not be read")]
    Store(#[from] sqlx::Error),
}

/// Goes through every row of a municipality's chain.
pub async fn verify_chain(read: &mut Read, tenant: Tenant) -> Result<Verified, VerifyError> {
    let mut head = Head::START;
    loop {
        let page = store::page(read, tenant, head.number).await?;
        if page.is_empty() {
            break;
        }
        for (row, hash) in page {
            let next = row.after(tenant, &head);
            if row.number != head.number + 1 || next.hash[..] != hash[..] {
                return Err(VerifyError::Broken { number: head.number + 1 });
            }
            head = next;
        }
    }
    let expected = store::head(read, tenant).await?;
    match expected {
        _ if expected == head => Ok(Verified { rows: head.number }),
        _ if expected.number > head.number => {
            Err(VerifyError::Short { found: head.number, expected: expected.number })
        }
        _ => Err(VerifyError::Broken { number: expected.number + 1 }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(actor: &str, action: &str) -> Row {
        Row {
            number: 1,
            at: "2020-11-02T09:00:00Z".parse().unwrap(),
            actor: actor.into(),
            action: action.into(),
            subject: "municipality".into(),
            detail: String::new(),
        }
    }

    #[test]
    fn a_letter_moved_to_the_next_field_is_another_row() {
        let tenant = "0561".parse().unwrap();
        assert_ne!(
            row("ab", "c").after(tenant, &Head::START),
            row("a", "bc").after(tenant, &Head::START)
        );
    }

    #[test]
    fn the_same_row_of_another_municipality_has_another_hash() {
        let hash = |tenant: &str| row("ab", "c").after(tenant.parse().unwrap(), &Head::START).hash;
        assert_ne!(hash("0561"), hash("0575"));
    }
}
