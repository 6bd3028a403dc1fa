//! Work on many cases that is under way, or was last: month runs, comparisons, campaigns and events.
//!
//! All of it is read from the rows the work itself keeps, so whoever looks sees the same before and after a
//! server was started again, and whichever process does the work.

mod store;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use ydun_domain::Month;
use ydun_domain::ids::{MonthRunId, ReplayId};

use crate::access::{Act, Look};
use crate::db::{Read, Result};
use crate::modules::campaigns::{Campaign, Progress, service as campaigns};
use crate::modules::replay::Origin;

/// How much of each kind of work is shown.
const SHOWN: u32 = 12;

/// A month's run, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RunProgress {
    pub id: MonthRunId,
    pub benefit: String,
    pub month: Month,
    pub sequence: i64,
    pub started_at: DateTime<Utc>,
    pub started_by: String,
    pub finished_at: Option<DateTime<Utc>>,
    /// Until when a process has said it works on it; none when it is finished.
    pub lease_until: Option<DateTime<Utc>>,
    pub cases: i64,
    /// How many open cases the benefit has now.
    pub of: i64,
}

/// A comparison, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct ReplayProgress {
    pub id: ReplayId,
    pub benefit: String,
    #[sqlx(try_from = "String")]
    pub origin: Origin,
    pub started_at: DateTime<Utc>,
    pub started_by: String,
    pub finished_at: Option<DateTime<Utc>>,
    pub compared: i64,
    /// How many there are to compare; none where it shows on the way.
    pub planned: Option<i64>,
}

/// A campaign that is not at its end, and how many cases it has before and behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CampaignProgress {
    pub campaign: Campaign,
    pub progress: Progress,
}

/// The events of registers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct EventProgress {
    /// Not judged, and due.
    pub due: i64,
    /// Not judged, and waiting for others of the household.
    pub waiting: i64,
    /// Of those not judged, how many failed when they were tried.
    pub failed: i64,
}

/// All of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Work {
    pub runs: Vec<RunProgress>,
    pub replays: Vec<ReplayProgress>,
    pub campaigns: Vec<CampaignProgress>,
    pub events: EventProgress,
}

impl Work {
    /// The same as long as nothing has moved.
    pub fn mark(&self) -> String {
        let text = serde_json::to_vec(self).expect("it is made of texts and numbers");
        hex::encode(&Sha256::digest(text)[..8])
    }
}

/// What is under way, and what was last.
pub async fn work(db: &mut Read, act: &Act<Look>) -> Result<Work> {
    let tenant = act.tenant();
    let mut open = Vec::new();
    for campaign in campaigns::campaigns(db, tenant).await? {
        if campaign.done_on.is_none() && campaign.withdrawn_on.is_none() {
            let progress = campaigns::progress(db, tenant, &campaign).await?;
            open.push(CampaignProgress { campaign, progress });
        }
    }
    Ok(Work {
        runs: store::runs(db, tenant, SHOWN).await?,
        replays: store::replays(db, tenant, SHOWN).await?,
        campaigns: open,
        events: store::events(db, tenant, act.at()).await?,
    })
}
