//! Who may work on a month: starting a run, taking over one whose holder is gone, ending it.

use chrono::{DateTime, Utc};
use ydun_domain::ids::{CaseId, LeaseToken, MonthRunId};
use ydun_runtime::Digest;

use super::{Request, RunError, shadow};
use crate::access::{Act, Propose};
use crate::audit::{self, Action, Subject};
use crate::clock::Clock;
use crate::db::{Db, Tx, is_duplicate};
use crate::modules::service as modules;
use crate::operations::store::{self, Lease};
use crate::operations::{MonthRun, Tally};
use crate::tasks;

/// A run that is ours to work on.
#[derive(Debug)]
pub(super) struct Claimed {
    pub(super) run: MonthRun,
    pub(super) lease: Lease,
    /// The last case that is done.
    pub(super) after: Option<CaseId>,
    pub(super) tally: Tally,
}

/// Starts a run of the month, or takes over the unfinished one when nobody holds it any more.
pub(super) async fn claim(
    db: &Db,
    act: &Act<Propose>,
    request: &Request,
    artifact: Digest,
) -> Result<Claimed, RunError> {
    match try_claim(db, act, request, artifact).await {
        // Another process started the same run a moment before: now there is one to look at.
        Err(RunError::Store(error)) if is_duplicate(&error) => {
            try_claim(db, act, request, artifact).await
        }
        claimed => claimed,
    }
}

async fn try_claim(
    db: &Db,
    act: &Act<Propose>,
    request: &Request,
    artifact: Digest,
) -> Result<Claimed, RunError> {
    let mut tx = db.begin().await?;
    let last = store::lock_last(&mut tx, act.tenant(), &request.benefit, request.month).await?;
    let sequence = last.as_ref().map_or(1, |last| last.sequence + 1);
    let claimed = match unfinished(&mut tx, act, last).await? {
        Some(unfinished) => resume(&mut tx, act, request, unfinished).await?,
        None => start(&mut tx, act, request, artifact, sequence).await?,
    };
    tx.commit().await?;
    Ok(claimed)
}

/// The last run, if it is not finished. One whose module rests is given up: another version counts
/// by now, and the next run is made with that.
async fn unfinished(
    tx: &mut Tx,
    act: &Act<Propose>,
    last: Option<MonthRun>,
) -> Result<Option<MonthRun>, RunError> {
    let Some(run) = last.filter(|last| last.finished_at.is_none()) else { return Ok(None) };
    if modules::suspension(tx, act.tenant(), run.artifact).await?.is_none() {
        return Ok(Some(run));
    }
    store::give_up(tx, act, run.id).await?;
    let detail = format!("{} {}, given up as its module rests", run.benefit, run.month);
    audit::record(tx, act, Action::MonthRunFinished, Subject::MonthRun(run.id), detail).await?;
    Ok(None)
}

async fn start(
    tx: &mut Tx,
    act: &Act<Propose>,
    request: &Request,
    artifact: Digest,
    sequence: i64,
) -> Result<Claimed, RunError> {
    let (as_of, known_at) = request.days(act);
    let run = MonthRun {
        id: MonthRunId::generate(),
        benefit: request.benefit.clone(),
        month: request.month,
        sequence,
        artifact,
        as_of,
        known_at,
        started_at: act.at(),
        started_by: act.by().to_owned(),
        finished_at: None,
    };
    let lease = lease(run.id, request);
    store::insert(tx, act, &run, &lease).await?;
    let detail = format!("{} {}, run {sequence}", run.benefit, run.month);
    audit::record(tx, act, Action::MonthRunStarted, Subject::MonthRun(run.id), detail).await?;
    Ok(Claimed { run, lease, after: None, tally: Tally::default() })
}

async fn resume(
    tx: &mut Tx,
    act: &Act<Propose>,
    request: &Request,
    run: MonthRun,
) -> Result<Claimed, RunError> {
    let holder = store::holder(tx, act.tenant(), run.id).await?;
    if let Some(holder) = holder.filter(|holder| holder.until > now()) {
        return Err(RunError::AlreadyRunning {
            by: holder.by,
            since: holder.since,
            until: holder.until,
        });
    }
    let other = |asked: Option<_>, has| asked.is_some_and(|asked| asked != has);
    if other(request.as_of, run.as_of) || other(request.known_at, run.known_at) {
        return Err(RunError::OtherDays { as_of: run.as_of, known_at: run.known_at });
    }
    let lease = lease(run.id, request);
    store::take_over(tx, act, &lease).await?;
    let after = store::last_case(tx, act.tenant(), run.id).await?;
    let tally = store::tally(tx, act.tenant(), run.id).await?;
    let detail = format!("{} {}, resumed after {} cases", run.benefit, run.month, tally.cases());
    audit::record(tx, act, Action::MonthRunStarted, Subject::MonthRun(run.id), detail).await?;
    Ok(Claimed { run, lease, after, tally })
}

/// Ends the run, unless another has it by now.
pub(super) async fn finish(
    db: &Db,
    act: &Act<Propose>,
    run: &MonthRun,
    lease: &Lease,
    tally: &Tally,
) -> Result<(), RunError> {
    let mut tx = db.begin().await?;
    if !store::finish(&mut tx, act, lease).await? {
        return Err(RunError::TakenOver);
    }
    shadow::finish(&mut tx, act, run).await?;
    tasks::service::distribute(&mut tx, act).await?;
    let detail = format!("{} {}, {} cases", run.benefit, run.month, tally.cases());
    audit::record(&mut tx, act, Action::MonthRunFinished, Subject::MonthRun(run.id), detail)
        .await?;
    Ok(tx.commit().await?)
}

fn lease(run: MonthRunId, request: &Request) -> Lease {
    let now = now();
    Lease { run, token: LeaseToken::generate(), since: now, until: now + request.lease }
}

/// A lease is about processes that run now, so its time is the machine's, also in a demonstration
/// whose clock stands still.
pub(super) fn now() -> DateTime<Utc> {
    Clock::System.now()
}
