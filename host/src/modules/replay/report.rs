//! What a replay found, as a person reads and signs it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_domain::ids::ReplayId;
use ydun_domain::{Day, Dkk, Tenant};
use ydun_runtime::Digest;
use ydun_runtime::replay::Class;

use super::{Replay, store};
use crate::db::{Read, Result};
use crate::modules::store as modules;

/// How many cases of a group are shown.
const EXAMPLES: u32 = 5;

/// What a replay found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    pub replay: Replay,
    /// None where each dossier has the version that counts for its days.
    pub old_version: Option<String>,
    pub new_version: Option<String>,
    pub totals: Totals,
    /// The gravest class and the largest amount first.
    pub groups: Vec<Group>,
}

/// A replay in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Totals {
    pub dossiers: i64,
    /// Those that are not identical.
    pub changed: i64,
    /// What the old answers pay.
    pub before: Dkk,
    pub after: Dkk,
}

/// Differences of one class that begin at one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Such as `amount-changed/step/sats`.
    pub name: String,
    pub class: Class,
    /// What the first differing step is called, in Danish.
    pub label: String,
    pub law: String,
    /// What one of its cases had there before and after.
    pub before_text: Option<String>,
    pub after_text: Option<String>,
    pub dossiers: i64,
    pub before: Dkk,
    pub after: Dkk,
    pub signed: Option<Signed>,
    /// The cases with the largest difference.
    pub examples: Vec<Changed>,
}

/// Who answers for a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signed {
    pub at: DateTime<Utc>,
    pub by: String,
    pub reason: String,
}

/// A stored calculation that another answer changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Changed {
    /// The case's number.
    pub number: String,
    pub first_day: Day,
    pub last_day: Day,
    pub before: Dkk,
    pub after: Dkk,
}

impl Report {
    pub fn unsigned(&self) -> usize {
        self.groups.iter().filter(|group| group.signed.is_none()).count()
    }
}

impl Totals {
    pub fn identical(&self) -> i64 {
        self.dossiers - self.changed
    }

    pub fn difference(&self) -> Dkk {
        self.after - self.before
    }
}

impl Group {
    pub fn difference(&self) -> Dkk {
        self.after - self.before
    }
}

impl Changed {
    pub fn difference(&self) -> Dkk {
        self.after - self.before
    }
}

/// What a replay found; nothing where there is none.
pub(super) async fn report(db: &mut Read, tenant: Tenant, id: ReplayId) -> Result<Option<Report>> {
    let Some(replay) = store::replay(db, tenant, id).await? else { return Ok(None) };
    let versions = versions(db).await?;
    let version = |digest: Option<Digest>| digest.and_then(|digest| versions.get(&digest).cloned());
    let mut groups = store::groups(db, tenant, id).await?;
    for group in &mut groups {
        group.examples = store::changed(db, tenant, id, &group.name, EXAMPLES).await?;
    }
    let weight = |group: &Group| (group.class, group.difference().abs(), group.dossiers);
    groups.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| a.name.cmp(&b.name)));
    Ok(Some(Report {
        old_version: version(replay.old),
        new_version: version(replay.new),
        totals: store::totals(db, tenant, id).await?,
        groups,
        replay,
    }))
}

/// What the installed modules are called.
pub(super) async fn versions(db: &mut Read) -> Result<HashMap<Digest, String>> {
    let installed = modules::installed(db).await?;
    Ok(installed.into_iter().map(|module| (module.digest, module.version)).collect())
}
