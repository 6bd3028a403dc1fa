//! Who works in the municipality, and what each may do.
//!
//! What somebody may do is asked anew at every request ([`authorise`](crate::access::authorise)), so a right
//! given or taken away counts at once.

pub mod service;
mod store;

use chrono::{DateTime, Utc};
use serde::Serialize;

/// Somebody who works here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Worker {
    /// Initials.
    pub id: String,
    pub name: String,
    /// Words of [`right`](crate::access::right).
    pub rights: Vec<String>,
    /// Whether there is a password to log in with.
    pub has_password: bool,
    pub last_seen: Option<DateTime<Utc>>,
}
