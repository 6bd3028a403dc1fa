//! Showing sent files to the bank.

use chrono::{DateTime, TimeDelta, Utc};
use ydun_domain::Tenant;
use ydun_domain::ids::PaymentFileId;

use crate::db::{Db, Tx};
use crate::jobs::{self, Claimed, LeaseError, Topic};
use crate::payments::outbox::{Outbox, OutboxError};
use crate::payments::stop::StopFile;
use crate::payments::{BankFormat, PaymentFile, store};

/// How long the files are kept for one process, unless it asks for another time.
pub const LEASE: TimeDelta = TimeDelta::seconds(30);
const FILES_MAX: u32 = 100;

/// What publishing came to.
#[derive(Debug, Default)]
pub struct Published {
    pub files: Vec<PaymentFile>,
    pub stops: Vec<StopFile>,
    /// What could not be published, and why. It is tried again later.
    pub failed: Vec<PublishError>,
    /// Files of processes that were killed before they sent them. They are gone.
    pub swept: usize,
}

/// Why a file was not shown to the bank.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("there is no payment file {0}")]
    NoFile(PaymentFileId),
    #[error("there is no file of stop requests {0}")]
    NoStopFile(String),
    #[error("the job does not say which file it is about")]
    Job(#[from] serde_json::Error),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    #[error(transparent)]
    Lease(#[from] LeaseError),
    #[error("the payment file could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Shows every sent file to the bank that it has not seen yet, before the lease runs out, and removes
/// what killed processes left behind.
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
    let counter = Counter { db, format, outbox, now };
    for job in jobs::claim(db, tenant, Topic::PublishPaymentFile, FILES_MAX, lease, now).await? {
        match counter.payments(&job).await {
            Ok(file) => published.files.push(file),
            Err(error) => published.failed.push(counter.give_back(&job, error).await?),
        }
    }
    for job in jobs::claim(db, tenant, Topic::PublishStopFile, FILES_MAX, lease, now).await? {
        match counter.stops(&job).await {
            Ok(file) => published.stops.push(file),
            Err(error) => published.failed.push(counter.give_back(&job, error).await?),
        }
    }
    let sent = store::unpublished_names(&mut db.read().await?, tenant).await?;
    match outbox.sweep(tenant, &sent) {
        Ok(swept) => published.swept = swept,
        Err(error) => published.failed.push(error.into()),
    }
    Ok(published)
}

/// Where files are handed over.
struct Counter<'a> {
    db: &'a Db,
    format: &'a dyn BankFormat,
    outbox: &'a Outbox,
    now: DateTime<Utc>,
}

impl Counter<'_> {
    async fn payments(&self, job: &Claimed) -> Result<PaymentFile, PublishError> {
        let id: PaymentFileId = job.payload()?;
        let mut tx = self.db.begin().await?;
        let file = store::file(&mut tx, job.tenant, id).await?.ok_or(PublishError::NoFile(id))?;
        if !self.outbox.has(&file.name) {
            let payments = store::of_file(&mut tx, job.tenant, id).await?;
            self.outbox.write(&file.name, |to| self.format.write(&file, &payments, to))?;
        }
        self.outbox.publish(&file.name, &file.digest)?;
        store::set_published(&mut tx, job.tenant, id, self.now).await?;
        self.complete(tx, job).await?;
        Ok(file)
    }

    async fn stops(&self, job: &Claimed) -> Result<StopFile, PublishError> {
        let id: String = job.payload()?;
        let mut tx = self.db.begin().await?;
        let file = store::stop_file(&mut tx, job.tenant, &id).await?;
        let file = file.ok_or_else(|| PublishError::NoStopFile(id.clone()))?;
        if !self.outbox.has(&file.name) {
            let requests = store::stopping(&mut tx, job.tenant, &id).await?;
            self.outbox.write(&file.name, |to| self.format.write_stops(&file, &requests, to))?;
        }
        self.outbox.publish(&file.name, &file.digest)?;
        store::set_stop_file_published(&mut tx, job.tenant, &id, self.now).await?;
        self.complete(tx, job).await?;
        Ok(file)
    }

    async fn complete(&self, mut tx: Tx, job: &Claimed) -> Result<(), PublishError> {
        jobs::complete(&mut tx, job, self.now).await?;
        Ok(tx.commit().await?)
    }

    /// Has the job done later, and tells why.
    async fn give_back(
        &self,
        job: &Claimed,
        error: PublishError,
    ) -> Result<PublishError, sqlx::Error> {
        jobs::give_back(self.db, job, &error, self.now).await?;
        Ok(error)
    }
}
