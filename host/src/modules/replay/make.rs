//! Making a replay: stored dossiers calculated by another version, page by page.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use ydun_domain::ids::{CaseId, RunId};
use ydun_domain::{Day, Dkk};
use ydun_runtime::Digest;
use ydun_runtime::replay::Class;

use super::compare::{CompareError, Comparer, Side, Version};
use super::service::{begun, finish};
use super::{Compared, Knowledge, Origin, Replay, Scope, store};
use crate::access::{Act, Administer};
use crate::cases::CaseRange;
use crate::clock::danish;
use crate::db::{self, Db, Read};
use crate::modules::campaigns::Campaign;
use crate::modules::campaigns::rates::Added;
use crate::modules::registry::{LoadError, Registry};
use crate::modules::store as modules;
use crate::parallel;

/// Two versions to hold against each other, and how.
#[derive(Clone, Debug)]
pub struct Request {
    pub benefit: String,
    pub old: String,
    pub new: String,
    pub take: Take,
    pub known: Knowledge,
    /// Dossiers in a transaction.
    pub batch: usize,
    pub threads: usize,
}

/// Which of the stored dossiers are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    All,
    /// Those of cases that are not closed.
    Open,
    /// So many of all; the same seed takes the same ones.
    Sample {
        size: usize,
        seed: u64,
    },
}

impl Request {
    pub fn new(benefit: impl Into<String>, old: impl Into<String>, new: impl Into<String>) -> Self {
        Self {
            benefit: benefit.into(),
            old: old.into(),
            new: new.into(),
            take: Take::All,
            known: Knowledge::AsThen,
            batch: 500,
            threads: parallel::cores(),
        }
    }
}

/// How far a replay has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub dossiers: usize,
    pub compared: usize,
    pub classes: BTreeMap<Class, Share>,
}

/// The dossiers of one class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    pub dossiers: i64,
    /// What the new answers pay more than the old ones.
    pub difference: Dkk,
}

/// Why there was no replay.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error("{benefit} {version} is not installed; see `ydun module list`")]
    NotInstalled { benefit: String, version: String },
    #[error(transparent)]
    Compare(#[from] CompareError),
    #[error("the replay could not be read or saved")]
    Store(#[from] sqlx::Error),
}

impl From<LoadError> for ReplayError {
    fn from(error: LoadError) -> Self {
        Self::Compare(error.into())
    }
}

/// Calculates stored dossiers by a new version, and keeps what is other than by the old one.
///
/// The dossiers are those for days the old version counts for. `progress` is told after each batch.
pub async fn replay(
    db: &Db,
    registry: &Registry,
    act: &Act<Administer>,
    request: &Request,
    progress: impl FnMut(&Tally),
) -> Result<Replay, ReplayError> {
    let mut read = db.read().await?;
    let old = installed(&mut read, &request.benefit, &request.old).await?;
    let new = installed(&mut read, &request.benefit, &request.new).await?;
    let open_only = request.take == Take::Open;
    let all = store::of_version(&mut read, act.tenant(), &request.benefit, old, open_only).await?;
    let dossiers = request.take.of(all);
    let replay = Replay {
        old: Some(old),
        new: Some(new),
        scope: request.take.scope(),
        known_at: request.known.day(),
        dossiers: Some(count(dossiers.len())),
        ..begun(act, &request.benefit, Origin::Replay)
    };
    let added = Arc::new(Added::read(&mut read, act.tenant(), &request.benefit).await?);
    let side = |module| Side { version: Version::One(module), added: Arc::clone(&added) };
    let old = side(registry.module(&mut read, old).await?);
    let new = side(registry.module(&mut read, new).await?);
    drop(read);
    let comparer = Comparer::new(registry, act.tenant(), request.known, old, new);
    let pages = Pages { dossiers, batch: request.batch, threads: request.threads };
    make(db, act, replay, comparer, pages, progress).await
}

/// Calculates stored dossiers with and without the rates of a campaign, as known today.
pub async fn try_campaign(
    db: &Db,
    registry: &Registry,
    act: &Act<Administer>,
    campaign: &Campaign,
    progress: impl FnMut(&Tally),
) -> Result<Replay, ReplayError> {
    let today = danish(act.at());
    let benefit = &campaign.benefit;
    let mut read = db.read().await?;
    let dossiers =
        store::of_days(&mut read, act.tenant(), benefit, campaign.days(), CaseRange::all()).await?;
    let added = Added::read(&mut read, act.tenant(), benefit).await?;
    drop(read);
    let replay = Replay {
        known_at: Some(today),
        campaign: Some(campaign.id),
        dossiers: Some(count(dossiers.len())),
        ..begun(act, benefit, Origin::Campaign)
    };
    let version = || Version::OfItsDays { benefit: benefit.clone(), known_at: today };
    let side = |added| Side { version: version(), added: Arc::new(added) };
    let (old, new) = (side(added.clone()), side(added.trying(campaign)));
    let comparer = Comparer::new(registry, act.tenant(), Knowledge::On(today), old, new);
    let Request { batch, threads, .. } = Request::new("", "", "");
    make(db, act, replay, comparer, Pages { dossiers, batch, threads }, progress).await
}

/// The dossiers to compare, and how many at a time.
struct Pages {
    dossiers: Vec<(CaseId, RunId)>,
    batch: usize,
    threads: usize,
}

async fn make(
    db: &Db,
    act: &Act<Administer>,
    mut replay: Replay,
    mut versions: Comparer<'_>,
    pages: Pages,
    mut progress: impl FnMut(&Tally),
) -> Result<Replay, ReplayError> {
    begin(db, act, &replay).await?;
    let mut tally = Tally { dossiers: pages.dossiers.len(), ..Tally::default() };
    for page in pages.dossiers.chunks(pages.batch.max(1)) {
        let mut read = db.read().await?;
        let runs = modules::runs_of(&mut read, act.tenant(), page).await?;
        let compared = versions.page(&mut read, runs, pages.threads).await?;
        drop(read);
        let mut tx = db.begin().await?;
        store::add(&mut tx, act.tenant(), replay.id, &compared).await?;
        tx.commit().await?;
        tally.add(&compared);
        progress(&tally);
    }
    let mut tx = db.begin().await?;
    finish(&mut tx, act, &mut replay).await?;
    tx.commit().await?;
    Ok(replay)
}

async fn begin(db: &Db, act: &Act<Administer>, replay: &Replay) -> db::Result<()> {
    let mut tx = db.begin().await?;
    store::insert(&mut tx, act, replay).await?;
    tx.commit().await
}

impl Tally {
    fn add(&mut self, compared: &[Compared]) {
        self.compared += compared.len();
        for Compared { difference, .. } in compared {
            let share = self.classes.entry(difference.class).or_default();
            share.dossiers += 1;
            share.difference += difference.amount();
        }
    }
}

impl Take {
    fn scope(self) -> Scope {
        match self {
            Self::All => Scope::All,
            Self::Open => Scope::Open,
            Self::Sample { seed, .. } => Scope::Sample { seed },
        }
    }

    fn of(self, all: Vec<(CaseId, RunId)>) -> Vec<(CaseId, RunId)> {
        match self {
            Self::All | Self::Open => all,
            Self::Sample { size, seed } => {
                let mut sample = sample(all, size, seed, |(_, run)| run.0.into_bytes());
                sample.sort_unstable();
                sample
            }
        }
    }
}

/// So many of all, as if drawn by lot: the same seed draws the same ones.
pub fn sample<T>(all: Vec<T>, size: usize, seed: u64, id: impl Fn(&T) -> [u8; 16]) -> Vec<T> {
    let lot = |one: &T| -> [u8; 32] {
        Sha256::new().chain_update(seed.to_be_bytes()).chain_update(id(one)).finalize().into()
    };
    let mut drawn = all;
    drawn.sort_by_cached_key(lot);
    drawn.truncate(size);
    drawn
}

impl Knowledge {
    fn day(self) -> Option<Day> {
        match self {
            Self::AsThen => None,
            Self::On(day) => Some(day),
        }
    }
}

async fn installed(db: &mut Read, benefit: &str, version: &str) -> Result<Digest, ReplayError> {
    let found = modules::version(db, benefit, version).await?;
    found.map(|kept| kept.digest).ok_or_else(|| ReplayError::NotInstalled {
        benefit: benefit.to_owned(),
        version: version.to_owned(),
    })
}

fn count(dossiers: usize) -> i64 {
    i64::try_from(dossiers).expect("no database has so many rows")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_the_same_for_the_same_seed_and_another_for_another() {
        let all: Vec<u128> = (0..1000).collect();
        let draw = |size, seed| sample(all.clone(), size, seed, |number| number.to_be_bytes());
        assert_eq!(draw(10, 1).len(), 10);
        assert_eq!(draw(10, 1), draw(10, 1));
        assert_ne!(draw(10, 1), draw(10, 2));
        assert_eq!(draw(20, 1)[..10], draw(10, 1)); // a larger one holds the smaller
        assert_eq!(draw(5000, 1).len(), 1000);
    }
}
