//! Modules put to rest in a municipality.

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_runtime::Digest;

use crate::words::words;

words! {
    /// Why a module rests.
    Cause("cause of a suspension") {
        /// Somebody decided it.
        Person = "person",
        /// An older version was let count again in its place.
        Rollback = "rollback",
        /// It failed too often.
        Faults = "faults",
        /// The same dossier gave two answers.
        Disagreement = "disagreement",
    }
}

/// A module that rests: it calculates nothing new in the municipality, and what is decided and paid
/// goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Suspension {
    #[sqlx(try_from = "Vec<u8>")]
    pub digest: Digest,
    /// 1 for the first time it was put to rest.
    pub number: i64,
    #[sqlx(try_from = "String")]
    pub cause: Cause,
    /// In Danish.
    pub reason: String,
    #[sqlx(rename = "suspended_at")]
    pub at: DateTime<Utc>,
    /// Who did it, or whose run found it.
    #[sqlx(rename = "suspended_by")]
    pub by: String,
}
