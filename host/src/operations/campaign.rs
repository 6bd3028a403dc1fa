//! Bringing new rates to cases: a trial, a sample, and waves.
//!
//! A wave's cases are planned as jobs in the transaction that chooses them, and each job is done in
//! one transaction with everything that comes of it. So a process that is killed loses nothing, and
//! no case is taken twice. Before anything is put to decision in a job, its differences are compared
//! with what people have signed: a changed verdict or a failure that nobody expects halts the campaign.

mod part;

use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use ydun_domain::ids::{CampaignId, CaseId, ReplayId};

use super::month_run::RunError;
use crate::access::{Act, Administer, Propose, Right};
use crate::clock::Clock;
use crate::db::{Db, Read, Tx};
use crate::jobs::{self, LeaseError, Topic};
use crate::modules::campaigns::service::{self as campaigns, CampaignError};
use crate::modules::campaigns::{Campaign, Progress, State};
use crate::modules::registry::Registry;
use crate::modules::replay::service::{self as replay, ReplayError, Tally, sample};
use crate::modules::replay::{Replay, compare::CompareError};

/// Why a campaign did not go on.
#[derive(Debug, thiserror::Error)]
pub enum CampaignRunError {
    #[error("the rates have not been tried on the stored dossiers; see `ydun campaign try {0}`")]
    NotTried(CampaignId),
    #[error(
        "{groups} groups of what the rates change are not signed; see `ydun module replay show {replay}`"
    )]
    Unsigned { replay: ReplayId, groups: i64 },
    #[error(
        "{open} cases of the last wave are not calculated; see `ydun campaign work {campaign}`"
    )]
    WaveOpen { campaign: CampaignId, open: i64 },
    #[error("another process calculates the rest of the wave; wait, or try again in a while")]
    Busy,
    #[error("what was planned cannot be read")]
    Plan(#[source] serde_json::Error),
    #[error(transparent)]
    Campaign(#[from] CampaignError),
    #[error(transparent)]
    Replay(#[from] ReplayError),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error(transparent)]
    Compare(#[from] CompareError),
    #[error(transparent)]
    Lease(#[from] LeaseError),
    #[error("the campaign could not be read or saved")]
    Store(#[from] sqlx::Error),
}

/// Which of the cases that wait are calculated next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// So many drawn by lot, to look at before the waves.
    Sample { size: usize, seed: u64 },
    /// The next so many, or all.
    Wave { size: Option<usize> },
}

/// Where a campaign stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    pub campaign: Campaign,
    pub progress: Progress,
    /// What the newest wave changed, or the newest trial.
    pub replay: Option<ReplayId>,
}

/// Some cases of a wave, as they are planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    campaign: CampaignId,
    wave: i64,
    number: usize,
    cases: Vec<CaseId>,
}

/// Tries a campaign's rates on the stored dossiers; nothing else comes of it.
pub async fn try_out(
    db: &Db,
    registry: &Registry,
    act: &Act<Administer>,
    id: CampaignId,
    progress: impl FnMut(&Tally),
) -> Result<Replay, CampaignRunError> {
    let campaign = campaigns::campaign(&mut db.read().await?, act.tenant(), id).await?;
    campaign.may_become(State::Tried)?;
    let tried = replay::try_campaign(db, registry, act, &campaign, progress).await?;
    let mut tx = db.begin().await?;
    let mut campaign = campaigns::lock(&mut tx, act.tenant(), id).await?;
    campaigns::advance(&mut tx, act, &mut campaign, State::Tried, "").await?;
    tx.commit().await?;
    Ok(tried)
}

/// Chooses the cases of the next wave, and plans that they are calculated.
///
/// Every group of the newest trial must be signed. `batch` cases are calculated in a transaction.
pub async fn begin(
    db: &Db,
    act: &Act<Propose>,
    id: CampaignId,
    choice: Choice,
    batch: usize,
) -> Result<(), CampaignRunError> {
    let mut tx = db.begin().await?;
    let mut campaign = campaigns::lock(&mut tx, act.tenant(), id).await?;
    let so_far = campaigns::so_far(&mut tx, act.tenant(), id).await?;
    let to = match choice {
        Choice::Sample { .. } => State::Sampled,
        Choice::Wave { .. } => State::Waves,
    };
    campaign.may_become(to)?;
    require_signed(&mut tx, act, id).await?;
    if so_far.chosen > so_far.taken {
        let open = so_far.chosen - so_far.taken;
        return Err(CampaignRunError::WaveOpen { campaign: id, open });
    }
    let waiting = campaigns::waiting(&mut tx, act.tenant(), &campaign).await?;
    plan(&mut tx, act, &campaign, so_far.waves, choice.of(waiting), batch).await?;
    campaigns::advance(&mut tx, act, &mut campaign, to, "").await?;
    Ok(tx.commit().await?)
}

async fn require_signed(
    tx: &mut Tx,
    act: &Act<Propose>,
    id: CampaignId,
) -> Result<(), CampaignRunError> {
    match replay::newest_trial(tx, act.tenant(), id).await? {
        None => Err(CampaignRunError::NotTried(id)),
        Some((_, 0)) => Ok(()),
        Some((trial, groups)) => Err(CampaignRunError::Unsigned { replay: trial.id, groups }),
    }
}

impl Choice {
    fn of(self, waiting: Vec<CaseId>) -> Vec<CaseId> {
        match self {
            Self::Sample { size, seed } => sample(waiting, size, seed, |case| case.0.into_bytes()),
            Self::Wave { size } => {
                let size = size.unwrap_or(waiting.len());
                waiting.into_iter().take(size).collect()
            }
        }
    }
}

async fn plan(
    tx: &mut Tx,
    act: &Act<Propose>,
    campaign: &Campaign,
    wave: i64,
    mut cases: Vec<CaseId>,
    batch: usize,
) -> Result<(), CampaignRunError> {
    cases.sort_unstable();
    campaigns::choose(tx, act.tenant(), campaign, wave, &cases).await?;
    replay::begin_wave(tx, act, campaign, wave).await?;
    for (number, cases) in cases.chunks(batch.max(1)).enumerate() {
        let part = Part { campaign: campaign.id, wave, number, cases: cases.to_vec() };
        let key = format!("{}/{wave}/{number}", campaign.id);
        jobs::plan(tx, act.tenant(), Topic::CalculateCampaign, &key, &part, now()).await?;
    }
    Ok(())
}

/// Calculates what is planned, until nothing is left or the campaign stops. `progress` is told after
/// each part. Given again after an interruption, it goes on.
pub async fn work(
    db: &Db,
    registry: &Registry,
    act: &Act<Propose>,
    id: CampaignId,
    lease: Duration,
    mut progress: impl FnMut(&Progress),
) -> Result<Standing, CampaignRunError> {
    let lease = TimeDelta::from_std(lease).unwrap_or(TimeDelta::MAX);
    loop {
        let mut read = db.read().await?;
        let campaign = campaigns::campaign(&mut read, act.tenant(), id).await?;
        progress(&campaigns::so_far(&mut read, act.tenant(), id).await?);
        drop(read);
        if !campaign.is_running() {
            break;
        }
        let claimed =
            jobs::claim(db, act.tenant(), Topic::CalculateCampaign, 1, lease, now()).await?;
        let Some(job) = claimed.into_iter().next() else { break };
        part::perform(db, registry, act, &job).await?;
    }
    conclude(db, act, id).await
}

/// Ends the wave whose cases are all calculated, and the campaign that has no cases left.
async fn conclude(
    db: &Db,
    act: &Act<Propose>,
    id: CampaignId,
) -> Result<Standing, CampaignRunError> {
    let mut tx = db.begin().await?;
    let mut campaign = campaigns::lock(&mut tx, act.tenant(), id).await?;
    if campaign.is_running() {
        let so_far = campaigns::so_far(&mut tx, act.tenant(), id).await?;
        if so_far.chosen > so_far.taken {
            return Err(CampaignRunError::Busy);
        }
        let mut wave = replay::begin_wave(&mut tx, act, &campaign, so_far.waves - 1).await?;
        if wave.finished_at.is_none() {
            replay::finish(&mut tx, act, &mut wave).await?;
        }
        if campaigns::waiting(&mut tx, act.tenant(), &campaign).await?.is_empty() {
            campaigns::advance(&mut tx, act, &mut campaign, State::Done, "").await?;
        }
    }
    let standing = standing(&mut tx, act, campaign).await?;
    tx.commit().await?;
    Ok(standing)
}

/// Where a campaign stands, with how many cases it has before and behind it.
pub async fn standing<R: Right>(
    db: &mut Read,
    act: &Act<R>,
    campaign: Campaign,
) -> Result<Standing, CampaignRunError> {
    let progress = campaigns::progress(db, act.tenant(), &campaign).await?;
    let replay = replay::newest_of_campaign(db, act.tenant(), campaign.id).await?;
    Ok(Standing { campaign, progress, replay })
}

/// Stops a campaign for a while: what is planned waits.
pub async fn pause(
    db: &Db,
    act: &Act<Propose>,
    id: CampaignId,
    reason: &str,
) -> Result<Campaign, CampaignRunError> {
    move_to(db, act, id, State::Paused, reason).await
}

/// Gives a campaign up: its rates count for no case any more. What was decided with them stays
/// until the next calculation of its days.
pub async fn withdraw(
    db: &Db,
    act: &Act<Propose>,
    id: CampaignId,
    reason: &str,
) -> Result<Campaign, CampaignRunError> {
    move_to(db, act, id, State::Withdrawn, reason).await
}

async fn move_to(
    db: &Db,
    act: &Act<Propose>,
    id: CampaignId,
    to: State,
    reason: &str,
) -> Result<Campaign, CampaignRunError> {
    let mut tx = db.begin().await?;
    let mut campaign = campaigns::lock(&mut tx, act.tenant(), id).await?;
    campaigns::advance(&mut tx, act, &mut campaign, to, reason).await?;
    tx.commit().await?;
    Ok(campaign)
}

/// Lets a campaign go on. One that halted goes on when a person has signed what halted it.
pub async fn resume(
    db: &Db,
    act: &Act<Propose>,
    id: CampaignId,
) -> Result<Campaign, CampaignRunError> {
    let mut tx = db.begin().await?;
    let mut campaign = campaigns::lock(&mut tx, act.tenant(), id).await?;
    let now = campaign.state;
    let to = campaign.resumes_as.ok_or(CampaignError::NotStopped { now })?;
    if let Some((replay, groups)) =
        replay::unexpected(&mut tx, act.tenant(), id).await?.filter(|_| now == State::Halted)
    {
        return Err(CampaignRunError::Unsigned { replay, groups });
    }
    campaigns::advance(&mut tx, act, &mut campaign, to, "").await?;
    tx.commit().await?;
    Ok(campaign)
}

/// A lease is about processes that run now, so its time is the machine's, also in a demonstration
/// whose clock stands still.
fn now() -> chrono::DateTime<chrono::Utc> {
    Clock::System.now()
}
