//! What can be done with workers: list them, and give and take their rights.

use ydun_domain::Tenant;

use super::{Worker, store};
use crate::access::{Act, Administer, Right as _, right};
use crate::audit::{self, Action, Subject};
use crate::db::{Read, Result, Tx};

/// Why a worker was not saved.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    #[error("a worker has the initials '{0}'; give initials without blanks")]
    Initials(String),
    #[error("say what '{0}' is called")]
    NoName(String),
    #[error("there is no right '{word}'; the rights are {}", right::WORDS.join(", "))]
    NoSuchRight { word: String },
    #[error(
        "nobody takes the right to administer from themselves; another one with the right does it"
    )]
    OwnRight,
    #[error("the worker could not be read or saved")]
    Store(#[from] sqlx::Error),
}

/// Everybody who works here, by initials.
pub async fn all(db: &mut Read, tenant: Tenant) -> Result<Vec<Worker>> {
    store::all(db, tenant).await
}

/// Sets up a worker, or changes the name and the rights of one.
pub async fn set(
    tx: &mut Tx,
    act: &Act<Administer>,
    (id, name): (&str, &str),
    rights: &[&str],
) -> std::result::Result<(), WorkerError> {
    let (id, name) = (id.trim(), name.trim());
    if id.is_empty() || id.contains(char::is_whitespace) {
        return Err(WorkerError::Initials(id.to_owned()));
    }
    if name.is_empty() {
        return Err(WorkerError::NoName(id.to_owned()));
    }
    if let Some(unknown) = rights.iter().find(|word| !right::WORDS.contains(word)) {
        return Err(WorkerError::NoSuchRight { word: (*unknown).to_owned() });
    }
    if id == act.by() && !rights.contains(&Administer::WORD) {
        return Err(WorkerError::OwnRight);
    }
    let rights = rights.join(" ");
    store::save(tx, act.tenant(), (id, name), &rights).await?;
    let subject = Subject::Worker(id.to_owned());
    Ok(audit::record(tx, act, Action::WorkerSetUp, subject, rights).await?)
}
