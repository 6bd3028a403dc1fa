//! Handing planned letters to the postal service.

use std::io;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use ydun_domain::Tenant;
use ydun_domain::ids::{MessageId, PartyId};
use ydun_typeset::Print;

use super::super::format::{Item, PostFormat};
use super::super::store;
use super::reach;
use crate::db::{Db, Read, Tx};
use crate::hearings::Channel;
use crate::jobs::{self, Claimed, LeaseError, Topic};
use crate::letters::{NoPdf, Stationery};
use crate::municipalities::{self, Municipality};
use crate::parties::{self, Party};
use crate::payments::outbox::{Outbox, OutboxError};

/// How long letters are kept for one process.
pub const LEASE: TimeDelta = TimeDelta::seconds(120);
const LETTERS_MAX: u32 = 100;

/// What sending came to.
#[derive(Debug, Default)]
pub struct Sent {
    pub messages: Vec<MessageId>,
    /// What could not be sent, and why. It is tried again later.
    pub failed: Vec<SendError>,
}

/// Why a letter was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    #[error("there is no letter for the message {0}")]
    NoLetter(MessageId),
    #[error("the party {0} is not registered")]
    NoParty(PartyId),
    #[error(
        "the party's address is gone since the letter was planned; tell where it goes, or hand it over"
    )]
    NoAddress,
    #[error("the municipality {0} is not set up; import it first")]
    NoMunicipality(Tenant),
    #[error("the letter's file could not be made: {0}")]
    File(io::Error),
    #[error("the job does not say which message it is about")]
    Job(#[from] serde_json::Error),
    #[error(transparent)]
    NoPdf(#[from] NoPdf),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    #[error(transparent)]
    Lease(#[from] LeaseError),
    #[error("the letter could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Hands every planned letter to the postal service, each under the name of its message.
///
/// Done twice, it is done once: the same letter gives the same file, and a message has one name for the
/// postal service however often it is handed over.
pub async fn send(
    db: &Db,
    tenant: Tenant,
    stationery: &Stationery,
    format: &dyn PostFormat,
    outbox: &Outbox,
    now: DateTime<Utc>,
) -> Result<Sent, sqlx::Error> {
    let mut sent = Sent::default();
    let counter = Counter { db, stationery, format, outbox, now };
    loop {
        let jobs = jobs::claim(db, tenant, Topic::SendLetter, LETTERS_MAX, LEASE, now).await?;
        if jobs.is_empty() {
            return Ok(sent);
        }
        for job in jobs {
            match counter.send(&job).await {
                Ok(message) => sent.messages.push(message),
                Err(error) => {
                    jobs::give_back(db, &job, &error, now).await?;
                    sent.failed.push(error);
                }
            }
        }
    }
}

/// Where letters are handed over.
struct Counter<'a> {
    db: &'a Db,
    stationery: &'a Stationery,
    format: &'a dyn PostFormat,
    outbox: &'a Outbox,
    now: DateTime<Utc>,
}

impl Counter<'_> {
    async fn send(&self, job: &Claimed) -> Result<MessageId, SendError> {
        let message: MessageId = job.payload()?;
        let mut tx = self.db.begin().await?;
        let file = self.file(&mut tx, job.tenant, message).await?;
        let digest = Sha256::digest(&file).to_vec();
        let name = format!("{}-{message}.xml", job.tenant);
        if !self.outbox.has(&name) {
            self.outbox.write(&name, |to| to.write_all(&file))?;
        }
        self.outbox.publish(&name, &digest)?;
        store::set_sent(&mut tx, job.tenant, message, digest, self.now).await?;
        jobs::complete(&mut tx, job, self.now).await?;
        tx.commit().await?;
        Ok(message)
    }

    /// What the postal service gets of a message.
    async fn file(
        &self,
        tx: &mut Tx,
        tenant: Tenant,
        message: MessageId,
    ) -> Result<Vec<u8>, SendError> {
        let missing = || SendError::NoLetter(message);
        let written = store::letter_of(tx, tenant, message).await?.ok_or_else(missing)?;
        let ways = store::dispatches(tx, tenant, written.case).await?;
        let way = ways.into_iter().find(|way| way.message == message).ok_or_else(missing)?;
        let to = party(tx, tenant, way.to).await?;
        let company = match to.identity.company() {
            Some(company) => Some(party(tx, tenant, company).await?),
            None => None,
        };
        let municipality = municipalities::find(tx, tenant).await?;
        let Municipality { name, cvr } = municipality.ok_or(SendError::NoMunicipality(tenant))?;
        let pdf = self.stationery.pdf(&written.letter, Print::Normal)?;
        let item = Item {
            message,
            sender: &name,
            sender_cvr: &cvr,
            to: &to,
            company: company.as_ref(),
            title: &written.letter.title,
            case_number: &written.letter.case_number,
            date: written.letter.date,
            planned_at: way.planned_at,
            pdf: &pdf,
        };
        let mut file = Vec::new();
        let made = if way.channel == Channel::Letter {
            let address = reach(tx, tenant, way.to).await?.address.ok_or(SendError::NoAddress)?;
            self.format.printed(&item, &address, &mut file)
        } else {
            self.format.digital(&item, &mut file)
        };
        made.map_err(SendError::File)?;
        Ok(file)
    }
}

async fn party(db: &mut Read, tenant: Tenant, id: PartyId) -> Result<Party, SendError> {
    let found = parties::service::by_ids(db, tenant, &[id]).await?;
    found.into_iter().next().ok_or(SendError::NoParty(id))
}
