//! What can be done with replays: make one, look at it, sign its groups.

use std::collections::BTreeSet;

use ydun_domain::Tenant;
use ydun_domain::ids::{CampaignId, CaseId, MonthRunId, ReplayId, RunId};
use ydun_runtime::Digest;
use ydun_runtime::replay::compare;

use super::compare::{CompareError, stored_answer};
pub use super::make::{ReplayError, Request, Share, Take, Tally, replay, sample, try_campaign};
pub use super::report::{Changed, Group, Report, Totals};
use super::{Compared, Origin, Replay, Scope, report, store};
use crate::access::{Act, Approve, Look, Right};
use crate::audit::{self, Action, Subject};
use crate::cases::CaseRange;
use crate::clock::danish;
use crate::db::{self, Read, Tx};
use crate::modules::campaigns::Campaign;
use crate::modules::run::Run;
use crate::modules::store as modules;

/// Why a group was not signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    #[error("there is no replay {0}; see `ydun module replay list`")]
    NotFound(ReplayId),
    #[error("replay {0} did not come to its end; make it again")]
    Unfinished(ReplayId),
    #[error(
        "replay {replay} has no unsigned group '{group}'; see `ydun module replay show {replay}`"
    )]
    NotOpen { replay: ReplayId, group: String },
    #[error("'{by}' made the replay; another person must sign what it found")]
    SamePerson { by: String },
    #[error("say why the difference is right: who signs answers for it")]
    NoReason,
    #[error("the signature could not be saved")]
    Store(#[from] sqlx::Error),
}

/// A replay of all dossiers that has just begun.
pub(super) fn begun<R: Right>(act: &Act<R>, benefit: &str, origin: Origin) -> Replay {
    Replay {
        id: ReplayId::generate(),
        benefit: benefit.to_owned(),
        origin,
        old: None,
        new: None,
        scope: Scope::All,
        known_at: None,
        month_run: None,
        campaign: None,
        wave: None,
        dossiers: None,
        started_at: act.at(),
        started_by: act.by().to_owned(),
        finished_at: None,
    }
}

/// Starts keeping what a shadow finds in a month's run, or goes on with what was begun.
pub async fn begin_shadow<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    benefit: &str,
    run: MonthRunId,
    (old, new): (Digest, Digest),
) -> db::Result<Replay> {
    if let Some(begun) = store::of_month_run(tx, act.tenant(), run).await? {
        return Ok(begun);
    }
    let replay = Replay {
        old: Some(old),
        new: Some(new),
        scope: Scope::Open,
        month_run: Some(run),
        ..begun(act, benefit, Origin::Shadow)
    };
    store::insert(tx, act, &replay).await?;
    Ok(replay)
}

/// What a shadow found in a month's run, if there was one.
pub async fn of_month_run(
    db: &mut Read,
    tenant: Tenant,
    run: MonthRunId,
) -> db::Result<Option<Replay>> {
    store::of_month_run(db, tenant, run).await
}

/// Starts keeping what a campaign changes in a wave, or goes on with what was begun.
pub async fn begin_wave<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    campaign: &Campaign,
    wave: i64,
) -> db::Result<Replay> {
    if let Some(begun) = store::of_wave(tx, act.tenant(), campaign.id, wave).await? {
        return Ok(begun);
    }
    let replay = Replay {
        known_at: Some(danish(act.at())),
        campaign: Some(campaign.id),
        wave: Some(wave),
        ..begun(act, &campaign.benefit, Origin::Wave)
    };
    store::insert(tx, act, &replay).await?;
    Ok(replay)
}

/// Holds a newer calculation of a case against an older one.
pub fn against(older: &Run, newer: &Run) -> Result<Compared, CompareError> {
    let said = |run: &Run| {
        let (case, id) = (run.case, run.id);
        run.said().map_err(|source| CompareError::Unreadable { case, run: id, source })
    };
    let (before, after) = (said(older)?, said(newer)?);
    let old = stored_answer(older, before.as_ref());
    let difference = compare(old, stored_answer(newer, after.as_ref()));
    Ok(Compared { case: older.case, run: older.id, difference })
}

/// Keeps what was compared elsewhere than in [`replay`].
pub async fn add(
    tx: &mut Tx,
    tenant: Tenant,
    replay: ReplayId,
    compared: &[Compared],
) -> db::Result<()> {
    store::add(tx, tenant, replay, compared).await
}

/// Ends a replay: nothing is added to it any more.
pub async fn finish<R: Right>(tx: &mut Tx, act: &Act<R>, replay: &mut Replay) -> db::Result<()> {
    store::finish(tx, act, replay.id).await?;
    replay.finished_at = Some(act.at());
    let Totals { dossiers, changed, .. } = store::totals(tx, act.tenant(), replay.id).await?;
    let detail =
        format!("{} of {}: {changed} of {dossiers} changed", replay.origin, replay.benefit);
    audit::record(tx, act, Action::ReplayFinished, Subject::Replay(replay.id), detail).await
}

/// Every replay of the municipality, the newest first.
pub async fn replays(db: &mut Read, act: &Act<Look>) -> db::Result<Vec<Replay>> {
    store::replays(db, act.tenant()).await
}

/// What a replay found. The look is recorded: the report names cases.
pub async fn report(tx: &mut Tx, act: &Act<Look>, id: ReplayId) -> db::Result<Option<Report>> {
    let report = report::report(tx, act.tenant(), id).await?;
    audit::record_look(tx, act, Subject::Replay(id), "report").await?;
    Ok(report)
}

/// All cases of a group, those with the largest difference first. The look is recorded.
pub async fn changed(
    tx: &mut Tx,
    act: &Act<Look>,
    id: ReplayId,
    group: &str,
) -> db::Result<Vec<Changed>> {
    let changed = store::changed(tx, act.tenant(), id, group, u32::MAX).await?;
    audit::record_look(tx, act, Subject::Replay(id), format!("cases of {group}")).await?;
    Ok(changed)
}

/// Puts a person's name under a group: the difference is right, and this is why.
pub async fn sign(
    tx: &mut Tx,
    act: &Act<Approve>,
    id: ReplayId,
    group: &str,
    reason: &str,
) -> Result<(), SignError> {
    let replay = store::replay(tx, act.tenant(), id).await?.ok_or(SignError::NotFound(id))?;
    if replay.finished_at.is_none() && replay.origin != Origin::Wave {
        return Err(SignError::Unfinished(id));
    }
    if replay.started_by == act.by() {
        return Err(SignError::SamePerson { by: replay.started_by });
    }
    if reason.trim().is_empty() {
        return Err(SignError::NoReason);
    }
    if !store::sign(tx, act, id, group, reason).await? {
        return Err(SignError::NotOpen { replay: id, group: group.to_owned() });
    }
    let detail = format!("{group}: {reason}");
    Ok(audit::record(tx, act, Action::ReplayGroupSigned, Subject::Replay(id), detail).await?)
}

/// The newest trial of a campaign that came to its end, and how many of its groups nobody signed.
pub async fn newest_trial(
    db: &mut Read,
    tenant: Tenant,
    campaign: CampaignId,
) -> db::Result<Option<(Replay, i64)>> {
    let Some(trial) = store::newest_trial(db, tenant, campaign).await? else { return Ok(None) };
    let unsigned = store::unsigned(db, tenant, trial.id).await?;
    Ok(Some((trial, unsigned)))
}

/// The groups a person has signed in any trial or wave of a campaign.
pub async fn signed_in_campaign(
    db: &mut Read,
    tenant: Tenant,
    campaign: CampaignId,
) -> db::Result<Vec<String>> {
    let names = store::signed_in_campaign(db, tenant, campaign).await?;
    Ok(names.into_iter().map(|(name,)| name).collect())
}

/// The newest calculations of some cases for days a campaign's rates are about, in the order of cases.
pub async fn newest_runs(
    db: &mut Read,
    tenant: Tenant,
    campaign: &Campaign,
    cases: &[CaseId],
) -> db::Result<Vec<Run>> {
    let (Some(first), Some(last)) = (cases.iter().min(), cases.iter().max()) else {
        return Ok(Vec::new());
    };
    let range = CaseRange::between(*first, *last);
    let all = store::of_days(db, tenant, &campaign.benefit, campaign.days(), range).await?;
    let wanted: BTreeSet<CaseId> = cases.iter().copied().collect();
    let of_cases: Vec<(CaseId, RunId)> =
        all.into_iter().filter(|(case, _)| wanted.contains(case)).collect();
    modules::runs_of(db, tenant, &of_cases).await
}

/// What the newest wave of a campaign changed, or its newest trial.
pub async fn newest_of_campaign(
    db: &mut Read,
    tenant: Tenant,
    campaign: CampaignId,
) -> db::Result<Option<ReplayId>> {
    let newest = store::newest_of_campaign(db, tenant, campaign).await?;
    Ok(newest.map(|replay| replay.id))
}

/// The newest replay of a campaign, and how many of its changed verdicts and failures nobody has
/// signed; nothing where all is signed.
pub async fn unexpected(
    db: &mut Read,
    tenant: Tenant,
    campaign: CampaignId,
) -> db::Result<Option<(ReplayId, i64)>> {
    let Some(newest) = store::newest_of_campaign(db, tenant, campaign).await? else {
        return Ok(None);
    };
    let grave = store::unsigned_and_grave(db, tenant, newest.id).await?;
    Ok((grave > 0).then_some((newest.id, grave)))
}
