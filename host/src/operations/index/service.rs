//! What can be done with the index: tell it what is new, and make a file again.

use std::ops::RangeInclusive;

use chrono::{DateTime, TimeDelta, Utc};
use ydun_domain::ids::{CaseId, IndexFileId};
use ydun_domain::{Cvr, Tenant};

use super::{IndexFile, IndexFormat, Object, due, store};
use crate::access::{Act, Pay};
use crate::audit::{self, Action, Subject};
use crate::cases::ALL_CASES;
use crate::db::{self, Db, Read, is_duplicate};
use crate::jobs::{self, Claimed, LeaseError, Topic};
use crate::municipalities;
use crate::payments;
use crate::payments::outbox::{Outbox, OutboxError};

const FILES_MAX: u32 = 100;
/// Registrations in a file.
const REGISTRATIONS_MAX: usize = 10_000;

/// Why the index was not told. It will be the next time.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    #[error("the municipality is not set up; see `ydun import --help`")]
    NoMunicipality,
    #[error("there is no file {0} for the index")]
    NotFound(IndexFileId),
    #[error("somebody else is telling the index; try again")]
    Busy,
    #[error("the job does not say which file it is about")]
    Job(#[from] serde_json::Error),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    #[error(transparent)]
    Lease(#[from] LeaseError),
    #[error("what the index is told could not be read or saved")]
    Store(#[from] sqlx::Error),
}

/// Makes files of what the index should hold and does not. Doing it again at once makes none.
///
/// The files lie complete where nobody looks before the transaction commits; jobs then show them.
pub async fn tell(
    db: &Db,
    act: &Act<Pay>,
    format: &dyn IndexFormat,
    outbox: &Outbox,
) -> Result<Vec<IndexFile>, IndexError> {
    let mut tx = db.begin().await?;
    let tenant = act.tenant();
    let authority = authority(&mut tx, tenant).await?;
    let held = store::held(&mut tx, tenant).await?;
    let registrations = due::difference(due(&mut tx, tenant, &ALL_CASES).await?, held);
    let mut files = Vec::new();
    for registrations in registrations.chunks(REGISTRATIONS_MAX) {
        let id = IndexFileId::generate();
        let mut file = IndexFile {
            tenant,
            id,
            name: format!("{tenant}-ydelsesindeks-{}.xml", id.0.simple()),
            digest: Vec::new(),
            registrations: i64::try_from(registrations.len())
                .expect("a file holds what memory can"),
            made_at: act.at(),
            made_by: act.by().to_owned(),
            published_at: None,
        };
        file.digest =
            outbox.write(&file.name, |to| format.write(&file, &authority, registrations, to))?;
        store::insert(&mut tx, &file, registrations).await.map_err(busy)?;
        jobs::plan(&mut tx, tenant, Topic::PublishIndex, &id.to_string(), &id, act.at()).await?;
        files.push(file);
    }
    if !files.is_empty() {
        let detail = format!("{} registrations", registrations.len());
        audit::record(&mut tx, act, Action::IndexTold, Subject::Municipality, detail).await?;
    }
    tx.commit().await?;
    Ok(files)
}

/// Two who tell at once would give an object the same number twice; only one can.
fn busy(error: sqlx::Error) -> IndexError {
    if is_duplicate(&error) { IndexError::Busy } else { error.into() }
}

async fn authority(db: &mut Read, tenant: Tenant) -> Result<Cvr, IndexError> {
    let found = municipalities::find(db, tenant).await?;
    Ok(found.ok_or(IndexError::NoMunicipality)?.cvr)
}

/// What the index should hold of some cases.
pub async fn due(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
) -> db::Result<Vec<Object>> {
    let grants = store::grants(db, tenant, cases).await?.into_iter().map(Object::Grant);
    let effectuations = store::effectuations(db, tenant, cases).await?;
    Ok(grants.chain(effectuations.into_iter().map(Object::Effectuation)).collect())
}

/// How many things the index is still to be told of a case; none where the municipality tells it nothing.
pub async fn untold(db: &mut Read, tenant: Tenant, case: CaseId) -> db::Result<Option<usize>> {
    if !store::is_told(db, tenant).await? {
        return Ok(None);
    }
    let due = due(db, tenant, &(case..=case)).await?;
    let payments = payments::service::of_case(db, tenant, case).await?;
    let objects = due.iter().map(Object::id).chain(payments.iter().map(|payment| payment.id.0));
    let held = store::held_of(db, tenant, &objects.collect::<Vec<_>>()).await?;
    Ok(Some(due::difference(due, held).len()))
}

/// Shows every file to the index that it has not seen. Done twice, it is done once: a file that was lost
/// from the disk is made again of its rows, and its digest must be the one it left with.
pub async fn publish(
    db: &Db,
    tenant: Tenant,
    format: &dyn IndexFormat,
    outbox: &Outbox,
    lease: TimeDelta,
    now: DateTime<Utc>,
) -> Result<Vec<IndexFile>, IndexError> {
    let mut published = Vec::new();
    for job in jobs::claim(db, tenant, Topic::PublishIndex, FILES_MAX, lease, now).await? {
        match publish_one(db, format, outbox, &job, now).await {
            Ok(file) => published.push(file),
            Err(error) => {
                jobs::give_back(db, &job, &error, now).await?;
                return Err(error);
            }
        }
    }
    let waiting = store::unpublished_names(&mut db.read().await?, tenant).await?;
    outbox.sweep(tenant, &waiting)?;
    Ok(published)
}

async fn publish_one(
    db: &Db,
    format: &dyn IndexFormat,
    outbox: &Outbox,
    job: &Claimed,
    now: DateTime<Utc>,
) -> Result<IndexFile, IndexError> {
    let id: IndexFileId = job.payload()?;
    let mut tx = db.begin().await?;
    let file = store::find(&mut tx, job.tenant, id).await?.ok_or(IndexError::NotFound(id))?;
    if !outbox.has(&file.name) {
        let authority = authority(&mut tx, job.tenant).await?;
        let registrations = store::of_file(&mut tx, job.tenant, id).await?;
        outbox.write(&file.name, |to| format.write(&file, &authority, &registrations, to))?;
    }
    outbox.publish(&file.name, &file.digest)?;
    store::set_published(&mut tx, job.tenant, id, now).await?;
    jobs::complete(&mut tx, job, now).await?;
    tx.commit().await?;
    Ok(file)
}
