//! Work that must happen if, and only if, the transaction that planned it commits.
//!
//! A job is a row. Whoever performs it holds it on lease: when the lease runs out, because a
//! process was killed or slept too long, the next claim gets the job with a new token, and whatever
//! the former holder says about it afterwards is refused. So a job is performed at least once, and
//! recorded as done once; what it does outside carries a business key of its own.
//!
//! To add a topic, add a line to [`Topic`] and a handler where jobs are performed.

mod store;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use ydun_domain::Tenant;
use ydun_domain::ids::{JobId, LeaseToken};

use crate::audit::hide_personal_numbers;
use crate::db::{Db, Result, Tx};
use crate::words::words;

pub use store::unfinished;

words! {
    /// What kind of work.
    Topic("kind of job") {
        /// Put a payment file where the bank fetches it.
        PublishPaymentFile = "publish-payment-file",
        /// Put a file that asks to stop payments where the bank fetches it.
        PublishStopFile = "publish-stop-file",
        /// Put a file of postings where the municipality's ledger fetches it.
        PublishPostings = "publish-postings",
        /// Put a file of registrations where the common benefit index fetches it.
        PublishIndex = "publish-index",
        /// Hand a letter to the postal service.
        SendLetter = "send-letter",
        /// Calculate some cases of a campaign's wave.
        CalculateCampaign = "calculate-campaign",
    }
}

/// A job that is ours until its lease runs out.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub tenant: Tenant,
    pub id: JobId,
    pub topic: Topic,
    pub business_key: String,
    /// How often it has been claimed, this time included.
    pub attempts: i64,
    payload: String,
    token: LeaseToken,
}

impl Claimed {
    /// What was planned, as the handler of the topic knows it.
    pub fn payload<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_str(&self.payload)
    }

    /// When to try again after a failure: after one minute, then twice as long each time, up to
    /// four hours.
    pub fn retry_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        const DOUBLINGS_MAX: i64 = 8;
        let doublings = (self.attempts - 1).clamp(0, DOUBLINGS_MAX);
        now + TimeDelta::minutes((1 << doublings).min(240))
    }
}

/// A job that is not done.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Unfinished {
    pub id: JobId,
    #[sqlx(try_from = "String")]
    pub topic: Topic,
    pub business_key: String,
    pub planned_at: DateTime<Utc>,
    pub due_at: DateTime<Utc>,
    pub attempts: i64,
    pub last_error: Option<String>,
}

/// Why the holder of a job cannot say what became of it.
#[derive(Debug, thiserror::Error)]
pub enum LeaseError {
    #[error(
        "the lease on the job '{business_key}' has run out and another has taken it; drop the result"
    )]
    Lost { business_key: String },
    #[error("the job could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Plans work. Planning it again under the same business key changes nothing and returns `false`.
pub async fn plan(
    tx: &mut Tx,
    tenant: Tenant,
    topic: Topic,
    business_key: &str,
    payload: &impl Serialize,
    at: DateTime<Utc>,
) -> Result<bool> {
    let payload =
        serde_json::to_string(payload).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    store::plan(tx, tenant, topic, business_key, payload, at).await
}

/// Takes up to `limit` due jobs of a topic, oldest first. No job is given to two holders at a time.
pub async fn claim(
    db: &Db,
    tenant: Tenant,
    topic: Topic,
    limit: u32,
    lease: TimeDelta,
    now: DateTime<Utc>,
) -> Result<Vec<Claimed>> {
    let mut tx = db.begin().await?;
    let claimed =
        store::claim(&mut tx, tenant, topic, limit, LeaseToken::generate(), now + lease, now)
            .await?;
    tx.commit().await?;
    Ok(claimed)
}

/// Keeps a job for longer.
pub async fn renew(
    tx: &mut Tx,
    job: &Claimed,
    lease: TimeDelta,
    now: DateTime<Utc>,
) -> std::result::Result<(), LeaseError> {
    still_held(job, store::renew(tx, job.tenant, job.id, job.token, now + lease).await?)
}

/// Records that a job is done, in the transaction that keeps its result.
pub async fn complete(
    tx: &mut Tx,
    job: &Claimed,
    now: DateTime<Utc>,
) -> std::result::Result<(), LeaseError> {
    still_held(job, store::complete(tx, job.tenant, job.id, job.token, now).await?)
}

/// Gives a job back to be tried again; [`Claimed::retry_at`] says when.
pub async fn fail(
    tx: &mut Tx,
    job: &Claimed,
    error: &str,
    retry_at: DateTime<Utc>,
) -> std::result::Result<(), LeaseError> {
    let error = hide_personal_numbers(error);
    still_held(job, store::fail(tx, job.tenant, job.id, job.token, error, retry_at).await?)
}

/// As [`fail`], in a transaction of its own. Where somebody else has the job by now, it is theirs.
pub async fn give_back(
    db: &Db,
    job: &Claimed,
    error: &impl std::fmt::Display,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut tx = db.begin().await?;
    match fail(&mut tx, job, &error.to_string(), job.retry_at(now)).await {
        Ok(()) => tx.commit().await,
        Err(LeaseError::Lost { .. }) => Ok(()),
        Err(LeaseError::Store(error)) => Err(error),
    }
}

fn still_held(job: &Claimed, held: bool) -> std::result::Result<(), LeaseError> {
    if held { Ok(()) } else { Err(LeaseError::Lost { business_key: job.business_key.clone() }) }
}
