//! What can be done with modules: install, activate, set, and keep what they calculated.

mod activation;
mod install;
mod policy;
mod publishers;
mod rollback;
mod settings;
mod suspension;

use std::ops::RangeInclusive;

use ydun_domain::ids::{CaseId, RunId};
use ydun_domain::{Period, Tenant};
use ydun_runtime::{Digest, Manifest};

pub use self::activation::{
    Activate, ActivateError, NotActive, activate, activations, active, shadow,
};
pub use self::install::{InstallError, ReportError, install, list, report};
pub use self::policy::{PolicyError, policy, set_policy};
pub use self::publishers::{
    PublisherError, add_key, add_publisher, publishers, revoke_key, untrusted,
};
pub use self::rollback::{RollBackError, reopen};
pub use self::settings::{
    Choose, SettingError, all_days, choices, choose, newest_manifest, settings,
};
pub use self::suspension::{SuspendError, resume, suspend, suspension, suspensions, watch};
use super::run::Run;
use super::store;
use crate::access::{Act, Right};
use crate::db::{Read, Result, Tx};

/// Keeps runs, many at a time.
pub async fn keep<R: Right>(tx: &mut Tx, act: &Act<R>, runs: &[&Run]) -> Result<()> {
    store::insert_runs(tx, act.tenant(), act.at(), runs).await
}

/// One run.
pub async fn run(db: &mut Read, tenant: Tenant, case: CaseId, id: RunId) -> Result<Option<Run>> {
    store::run(db, tenant, case, id).await
}

/// The newest run of a case with days in the period.
pub async fn last_run(
    db: &mut Read,
    tenant: Tenant,
    case: CaseId,
    days: Period,
) -> Result<Option<Run>> {
    store::last_run(db, tenant, case, days).await
}

/// What an installed module says about itself.
pub async fn manifest(db: &mut Read, digest: Digest) -> Result<Option<Manifest>> {
    let read = |kept: store::Kept| serde_json::from_str(&kept.manifest);
    let manifest = store::by_digest(db, digest).await?.map(read).transpose();
    manifest.map_err(|error| sqlx::Error::Decode(error.into()))
}

/// So many runs of a range of cases, in order of case and age, after one that was seen.
pub async fn runs_after(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
    after: Option<(CaseId, RunId)>,
    limit: u32,
) -> Result<Vec<Run>> {
    let after = after.unwrap_or((*cases.start(), RunId(uuid::Uuid::nil())));
    store::runs_after(db, tenant, after, *cases.end(), limit).await
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("our own types can be written as JSON")
}
