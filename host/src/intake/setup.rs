//! The municipality itself and those who work in it.

use chrono::{DateTime, Utc};
use ydun_domain::Tenant;

use super::file::{ImportFile, Worker};
use super::store;
use crate::access::{AccessError, Act, Administer, Register, authorise, right};
use crate::audit::{self, Action, Event, Subject};
use crate::db::Tx;
use crate::municipalities;

/// Why the municipality or its workers were not set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    #[error("municipality {0} is not set up yet; give its name and cvr in the file")]
    Unnamed(Tenant),
    #[error("worker '{id}' cannot have the right '{right}'; the rights are {}", right::WORDS.join(", "))]
    NoSuchRight { id: String, right: String },
    #[error("a worker has the initials '{0}'; give initials without blanks")]
    Initials(String),
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("the municipality could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Sets up what the file says of the municipality, and returns the worker's right to go on.
///
/// The first file of a municipality brings its workers. Later only one with the right to administer
/// can change them.
pub(super) async fn set_up(
    tx: &mut Tx,
    file: &ImportFile,
    worker: &str,
    now: DateTime<Utc>,
) -> Result<Act<Register>, SetUpError> {
    let tenant = file.tenant();
    check_workers(&file.workers)?;
    let mut events = Vec::new();
    let is_new = municipalities::find(tx, tenant).await?.is_none();
    if is_new {
        let (Some(name), Some(cvr)) = (&file.municipality.name, &file.municipality.cvr) else {
            return Err(SetUpError::Unnamed(tenant));
        };
        store::insert_municipality(tx, tenant, name, cvr).await?;
        events.push(Event::new(Action::MunicipalitySetUp, Subject::Municipality, name.as_str()));
    }
    let known = store::workers(tx, tenant).await?;
    let changed: Vec<&Worker> =
        file.workers.iter().filter(|worker| !known.contains(worker)).collect();
    if !is_new && !changed.is_empty() {
        authorise::<Administer>(tx, tenant, worker, now).await?;
    }
    for worker in changed {
        store::save_worker(tx, tenant, worker).await?;
        let subject = Subject::Worker(worker.id.clone());
        events.push(Event::new(Action::WorkerSetUp, subject, worker.rights.join(" ")));
    }
    let act = authorise::<Register>(tx, tenant, worker, now).await?;
    audit::record_all(tx, &act, events).await?;
    Ok(act)
}

fn check_workers(workers: &[Worker]) -> Result<(), SetUpError> {
    for Worker { id, rights, .. } in workers {
        if id.is_empty() || id.contains(char::is_whitespace) {
            return Err(SetUpError::Initials(id.clone()));
        }
        if let Some(right) = rights.iter().find(|right| !right::WORDS.contains(&right.as_str())) {
            return Err(SetUpError::NoSuchRight { id: id.clone(), right: right.clone() });
        }
    }
    Ok(())
}
