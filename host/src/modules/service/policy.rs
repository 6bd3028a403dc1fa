//! A municipality's rules for modules.

use ydun_domain::{Day, Tenant};

use crate::access::{Act, Administer};
use crate::audit::{self, Action, Subject};
use crate::db::{self, Read, Tx};
use crate::modules::policy::Policy;
use crate::modules::store;

/// Why rules were not saved.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error("a module cannot be put to rest after 0 faults; write 1 for the first")]
    NoFaults,
    #[error("a window of 0 hours holds no fault; write 24 for a day")]
    NoWindow,
    #[error("the rules could not be saved")]
    Store(#[from] sqlx::Error),
}

/// The municipality's rules as known on a day; the default where it has decided nothing.
pub async fn policy(db: &mut Read, tenant: Tenant, known_at: Day) -> db::Result<Policy> {
    Ok(store::policy(db, tenant, known_at).await?.unwrap_or_default())
}

/// Changes the rules from a day on.
pub async fn set_policy(
    tx: &mut Tx,
    act: &Act<Administer>,
    known_from: Day,
    policy: Policy,
) -> Result<(), PolicyError> {
    if policy.fault_limit == 0 {
        return Err(PolicyError::NoFaults);
    }
    if policy.window_hours == 0 {
        return Err(PolicyError::NoWindow);
    }
    store::insert_policy(tx, act, known_from, policy).await?;
    let detail = format!("from {known_from}: {}", super::json(&policy));
    audit::record(tx, act, Action::ModulePolicySet, Subject::Municipality, detail).await?;
    Ok(())
}
