//! Benefit modules: which are installed, which counts for which days, and every calculation made.
//!
//! An artifact is a component by its digest and is shared by all municipalities; an [`Activation`]
//! says for which days of a benefit it counts in one of them. Both have two dates, so that the
//! version of last year, as it was known last year, is still found.

pub mod campaigns;
pub mod dossier;
pub mod frames;
mod intervals;
pub mod package;
pub mod policy;
pub mod publisher;
pub mod registry;
pub mod replay;
pub mod report;
pub mod run;
pub mod service;
mod store;
pub mod suspension;

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_domain::benefit::Scalar;
use ydun_domain::ids::ActivationId;
use ydun_domain::{Day, Period, Validity};
use ydun_runtime::Digest;

use crate::words::words;

words! {
    /// What an activation does.
    Mode("mode of a module") {
        /// Calculates beside the active one and pays nothing.
        Shadow = "shadow",
        Active = "active",
    }
}

/// An installed module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Installed {
    #[sqlx(try_from = "Vec<u8>")]
    pub digest: Digest,
    pub benefit: String,
    pub version: String,
    pub interface: String,
    pub installed_at: DateTime<Utc>,
    pub installed_by: String,
}

/// Which version counts for which days of a benefit, as it was known from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Activation {
    pub id: ActivationId,
    pub benefit: String,
    pub digest: Digest,
    pub mode: Mode,
    /// The days of the benefit it counts for.
    pub days: Validity,
    pub known_from: Day,
    /// The day another activation took its place.
    pub known_until: Option<Day>,
}

/// What an activation changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Activated {
    pub id: ActivationId,
    /// Activations that no longer count for these days.
    pub replaced: Vec<Activation>,
    /// Days between two activations that no version counts for. Nothing is paid for them.
    pub gaps: Vec<Period>,
}

/// What came of rolling a version back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reopened {
    /// The version that counts no more.
    pub digest: Digest,
    pub closed: Vec<Activation>,
    /// What counts in its place.
    pub opened: Vec<Activation>,
    /// Days that no version counts for now. Nothing is paid for them.
    pub left: Vec<Validity>,
}

/// What a municipality has chosen for some days of a benefit, as it was known from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The key of the manifest's setting.
    pub key: String,
    pub days: Validity,
    pub known_from: Day,
    pub value: Scalar,
    pub set_at: DateTime<Utc>,
    pub set_by: String,
}
