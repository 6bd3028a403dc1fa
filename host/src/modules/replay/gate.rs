//! The gate: a version takes over days from another when a person has signed what that changes.
//!
//! For each version it takes over from, the newest calculation of every case for those days must be
//! in one finished replay from that version to the new one, and each of the replay's groups must be
//! signed. A sample opens nothing; a replay of open cases answers for open cases, as only those are
//! calculated again. A calculation made after the replay is not in it, so the gate is closed again.
//! Where nothing was calculated for the days there is nothing to sign.

use std::collections::BTreeSet;

use uuid::Uuid;
use ydun_domain::ids::ReplayId;
use ydun_domain::{Tenant, Validity};
use ydun_runtime::Digest;

use super::{Replay, Scope, report, store};
use crate::db::Read;

/// Why the gate is closed.
#[derive(Debug, thiserror::Error)]
pub enum Closed {
    #[error(
        "{dossiers} calculations were made for these days, and nobody has seen what {new} changes in them; \
         see `ydun module replay {old} {new}`"
    )]
    NotReplayed { old: String, new: String, dossiers: i64 },
    #[error(
        "{dossiers} calculations are newer than the replay of {old} and {new}; give `ydun module replay {old} {new}` \
         again"
    )]
    Outdated { old: String, new: String, dossiers: i64 },
    #[error(
        "{groups} groups of replay {replay} are not signed; see `ydun module replay show {replay}`"
    )]
    Unsigned { replay: ReplayId, groups: i64 },
    #[error("the replays could not be read")]
    Store(#[from] sqlx::Error),
}

/// Days that a version would take over from others.
#[derive(Clone, Debug)]
pub(in crate::modules) struct Takeover<'a> {
    pub(in crate::modules) benefit: &'a str,
    pub(in crate::modules) old: BTreeSet<Digest>,
    pub(in crate::modules) new: Digest,
    pub(in crate::modules) days: Validity,
}

/// Opens for a version whose differences are signed.
pub(in crate::modules) async fn pass(
    db: &mut Read,
    tenant: Tenant,
    takeover: &Takeover<'_>,
) -> Result<(), Closed> {
    for old in takeover.old.iter().filter(|old| **old != takeover.new) {
        pass_one(db, tenant, takeover, *old).await?;
    }
    Ok(())
}

async fn pass_one(
    db: &mut Read,
    tenant: Tenant,
    takeover: &Takeover<'_>,
    old: Digest,
) -> Result<(), Closed> {
    let Takeover { benefit, new, days, .. } = *takeover;
    let replay = store::newest_whole(db, tenant, benefit, old, new).await?;
    let covered = replay.as_ref().map_or((ReplayId(Uuid::nil()), false), covers);
    let missed = store::not_replayed(db, tenant, benefit, old, days, covered).await?;
    if missed > 0 {
        return Err(closed(db, replay.is_some(), (old, new), missed).await?);
    }
    let Some(replay) = replay else { return Ok(()) };
    match store::unsigned(db, tenant, replay.id).await? {
        0 => Ok(()),
        groups => Err(Closed::Unsigned { replay: replay.id, groups }),
    }
}

/// A replay, and whether it answers for open cases only.
fn covers(replay: &Replay) -> (ReplayId, bool) {
    (replay.id, replay.scope == Scope::Open)
}

async fn closed(
    db: &mut Read,
    is_replayed: bool,
    (old, new): (Digest, Digest),
    dossiers: i64,
) -> Result<Closed, sqlx::Error> {
    let versions = report::versions(db).await?;
    let version =
        |digest: Digest| versions.get(&digest).cloned().unwrap_or_else(|| digest.to_string());
    let (old, new) = (version(old), version(new));
    Ok(if is_replayed {
        Closed::Outdated { old, new, dossiers }
    } else {
        Closed::NotReplayed { old, new, dossiers }
    })
}
