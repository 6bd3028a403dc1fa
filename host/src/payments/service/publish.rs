//! Showing sent files to the bank.

use chrono::{DateTime, TimeDelta, Utc};
use ydun_domain::Tenant;
use ydun_domain::ids::PaymentFileId;

use crate::db::Db;
use crate::jobs::{self, Claimed, LeaseError, Topic};
use crate::payments::outbox::{Outbox, OutboxError};
use crate::payments::{BankFormat, PaymentFile, store};

/// How long the files are kept for one process, unless it asks for another time.
pub const LEASE: TimeDelta = TimeDelta::seconds(30);
const FILES_MAX: u32 = 100;

/// What publishing came to.
#[derive(Debug, Default)]
pub struct Published {
    pub files: Vec<PaymentFile>,
    /// What could not be published, and why. It is tried again later.
    pub failed: Vec<PublishError>,
}

/// Why a file was not shown to the bank.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("there is no payment file {0}")]
    NoFile(PaymentFileId),
    #[error("the job does not say which file it is about")]
    Job(#[from] serde_json::Error),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    #[error(transparent)]
    Lease(#[from] LeaseError),
    #[error("the payment file could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Shows every sent file to the bank that it has not seen yet, before the lease runs out.
///
/// Done twice, it is done once: a file that is there already is left alone. One that was lost from
/// the disk is made again from the rows; its digest must be the one that was sent.
pub async fn publish(
    db: &Db,
    tenant: Tenant,
    format: &dyn BankFormat,
    outbox: &Outbox,
    lease: TimeDelta,
    now: DateTime<Utc>,
) -> Result<Published, sqlx::Error> {
    let mut published = Published::default();
    for job in jobs::claim(db, tenant, Topic::PublishPaymentFile, FILES_MAX, lease, now).await? {
        match publish_one(db, &job, format, outbox, now).await {
            Ok(file) => published.files.push(file),
            Err(error) => {
                give_back(db, &job, &error, now).await?;
                published.failed.push(error);
            }
        }
    }
    Ok(published)
}

async fn publish_one(
    db: &Db,
    job: &Claimed,
    format: &dyn BankFormat,
    outbox: &Outbox,
    now: DateTime<Utc>,
) -> Result<PaymentFile, PublishError> {
    let id: PaymentFileId = job.payload()?;
    let mut tx = db.begin().await?;
    let file = store::file(&mut tx, job.tenant, id).await?.ok_or(PublishError::NoFile(id))?;
    if !outbox.has(&file) {
        let payments = store::of_file(&mut tx, job.tenant, id).await?;
        outbox.write(&file, |to| format.write(&file, &payments, to))?;
    }
    outbox.publish(&file)?;
    store::set_published(&mut tx, job.tenant, id, now).await?;
    jobs::complete(&mut tx, job, now).await?;
    tx.commit().await?;
    Ok(file)
}

/// A lease that is lost is another's to care for.
async fn give_back(
    db: &Db,
    job: &Claimed,
    error: &PublishError,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let mut tx = db.begin().await?;
    match jobs::fail(&mut tx, job, &error.to_string(), job.retry_at(now)).await {
        Ok(()) => tx.commit().await,
        Err(LeaseError::Lost { .. }) => Ok(()),
        Err(LeaseError::Store(error)) => Err(error),
    }
}
