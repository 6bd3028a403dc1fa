//! A month's calculation of all open cases of a benefit.
//!
//! Cases are read and calculated in batches, in the order of their ids, while the batch before is
//! being written. A batch is one transaction with everything that comes of it, so a run that was
//! killed goes on after the last batch that was committed, and each case is in a run once. Whoever
//! works on a run holds it on lease; a process that slept past its lease is fenced off by its token.

pub(super) mod calculate;
mod claim;
pub(super) mod protect;
pub(super) mod record;
mod shadow;

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::mpsc;
use ydun_domain::ids::CaseId;
use ydun_domain::{Day, Month, Period, Tenant};
use ydun_runtime::{Digest, Module};

use self::record::Recorder;
use self::shadow::Shadow;
use super::{MonthRun, Tally};
use crate::access::{Act, Propose};
use crate::clock::danish;
use crate::db::Db;
use crate::modules::campaigns::rates::Added;
use crate::modules::frames::{Days, Frames};
use crate::modules::policy::Policy;
use crate::modules::registry::{LoadError, Registry};
use crate::modules::replay::compare::CompareError;
use crate::modules::service::{self as modules, NotActive, SettingError};
use crate::parallel;

/// What to run, and how.
#[derive(Clone, Debug)]
pub struct Request {
    pub benefit: String,
    pub month: Month,
    /// The day to assess as of; else the last of the month.
    pub as_of: Option<Day>,
    /// What became known later is not used; else today.
    pub known_at: Option<Day>,
    /// Calculate, and write nothing.
    pub dry_run: bool,
    /// Cases in a transaction.
    pub batch: u32,
    pub threads: usize,
    /// How long a run is kept for whoever works on it, from each batch on.
    pub lease: Duration,
}

impl Request {
    pub fn new(benefit: impl Into<String>, month: Month) -> Self {
        Self {
            benefit: benefit.into(),
            month,
            as_of: None,
            known_at: None,
            dry_run: false,
            batch: 500,
            threads: parallel::cores(),
            lease: Duration::from_secs(10),
        }
    }
}

/// What a run came to.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// None of a dry run.
    pub run: Option<MonthRun>,
    /// Cases an interrupted run had come to before.
    pub resumed_after: i64,
    pub tally: Tally,
}

/// Why a run did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("{by} has been running this month since {since}; wait, or try again after {until}")]
    AlreadyRunning {
        by: String,
        since: chrono::DateTime<chrono::Utc>,
        until: chrono::DateTime<chrono::Utc>,
    },
    #[error(
        "another process has taken this run over, because its lease had run out; nothing was done twice"
    )]
    TakenOver,
    #[error(
        "an unfinished run of this month is as of {as_of}, known at {known_at}; finish it with those days, then run again"
    )]
    OtherDays { as_of: Day, known_at: Day },
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error(
        "the module was put to rest during the run: {0}; what came before it is kept, and the run goes on \
         when it is given again after `ydun module resume` or `ydun module rollback`"
    )]
    PutToRest(String),
    #[error(transparent)]
    Module(#[from] LoadError),
    #[error(transparent)]
    Setting(#[from] SettingError),
    #[error(transparent)]
    Compare(#[from] CompareError),
    #[error("the run could not be read or saved")]
    Store(#[from] sqlx::Error),
}

/// What all cases of a run have in common.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) tenant: Tenant,
    pub(super) benefit: String,
    pub(super) module: Arc<Module>,
    policy: Policy,
    frames: Frames,
    shadow: Option<Shadow>,
    /// What its tasks are about.
    topic: String,
    batch: u32,
    threads: usize,
}

impl Plan {
    /// When a module comes to rest by itself.
    pub(super) fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The days to calculate.
    pub(super) fn span(&self) -> Period {
        self.frames.span()
    }

    /// The days whose earlier lines a version is told: those of the one that remembers longest.
    fn remembers(&self) -> Option<Period> {
        let shadow = self.shadow.as_ref().and_then(|shadow| shadow.frames.remembers());
        [self.frames.remembers(), shadow].into_iter().flatten().min_by_key(|days| days.first())
    }
}

/// Runs a month, or goes on where an interrupted run stopped. `progress` is told after each batch.
///
/// A finished month can be run again: the next run picks up new facts, and leaves alone what gives
/// the same.
pub async fn run_month(
    db: &Db,
    registry: &Registry,
    act: &Act<Propose>,
    request: &Request,
    progress: impl FnMut(&Tally),
) -> Result<Summary, RunError> {
    if request.dry_run {
        return try_month(db, registry, act, request, progress).await;
    }
    let artifact = active(db, act, request).await?;
    let claimed = claim::claim(db, act, request, artifact).await?;
    let run = &claimed.run;
    let plan =
        plan(db, registry, office(act), request, run.artifact, (run.as_of, run.known_at)).await?;
    let shadow = shadow::begin(db, registry, act, run, &plan).await?;
    let plan = Plan { shadow, ..plan };
    let recorder = Recorder::Live { act, lease: claimed.lease, duration: request.lease };
    let resumed_after = claimed.tally.cases();
    let tally = work(db, Arc::new(plan), claimed.after, recorder, claimed.tally, progress).await?;
    claim::finish(db, act, &claimed.run, &claimed.lease, &tally).await?;
    let run = MonthRun { finished_at: Some(act.at()), ..claimed.run };
    Ok(Summary { run: Some(run), resumed_after, tally })
}

/// Calculates a month and writes nothing.
async fn try_month(
    db: &Db,
    registry: &Registry,
    act: &Act<Propose>,
    request: &Request,
    progress: impl FnMut(&Tally),
) -> Result<Summary, RunError> {
    let artifact = active(db, act, request).await?;
    let plan = plan(db, registry, office(act), request, artifact, request.days(act)).await?;
    let tally = work(db, Arc::new(plan), None, Recorder::Dry, Tally::default(), progress).await?;
    Ok(Summary { run: None, resumed_after: 0, tally })
}

impl Request {
    /// The day to assess as of, and the day after which nothing is known.
    fn days(&self, act: &Act<Propose>) -> (Day, Day) {
        (self.as_of.unwrap_or(self.month.last()), self.known_at.unwrap_or_else(|| danish(act.at())))
    }
}

/// The plan for one month of a benefit as known on a day, assessed as of the month's last day.
pub(super) async fn plan_for(
    db: &Db,
    registry: &Registry,
    tenant: Tenant,
    benefit: &str,
    month: Month,
    known_at: Day,
) -> Result<Plan, RunError> {
    let request = Request::new(benefit, month);
    let mut read = db.read().await?;
    let artifact = modules::active(&mut read, tenant, benefit, month.period(), known_at).await?;
    drop(read);
    plan(db, registry, (tenant, known_at), &request, artifact, (month.last(), known_at)).await
}

/// Whose rules for modules count, and which day's.
fn office(act: &Act<Propose>) -> (Tenant, Day) {
    (act.tenant(), danish(act.at()))
}

async fn active(db: &Db, act: &Act<Propose>, request: &Request) -> Result<Digest, RunError> {
    let (_, known_at) = request.days(act);
    let mut read = db.read().await?;
    Ok(modules::active(&mut read, act.tenant(), &request.benefit, request.month.period(), known_at)
        .await?)
}

async fn plan(
    db: &Db,
    registry: &Registry,
    (tenant, today): (Tenant, Day),
    request: &Request,
    artifact: Digest,
    (as_of, known_at): (Day, Day),
) -> Result<Plan, RunError> {
    let added = Added::read(&mut db.read().await?, tenant, &request.benefit).await?;
    let terms = Terms {
        tenant,
        today,
        benefit: request.benefit.clone(),
        artifact,
        days: Days { span: request.month.period(), as_of, known_at },
        added: Arc::new(added),
        topic: format!("month-run/{}/{}", request.benefit, request.month),
        batch: request.batch,
        threads: request.threads,
    };
    plan_of(db, registry, terms).await
}

/// What a plan is made of.
pub(super) struct Terms {
    pub(super) tenant: Tenant,
    pub(super) today: Day,
    pub(super) benefit: String,
    pub(super) artifact: Digest,
    pub(super) days: Days,
    pub(super) added: Arc<Added>,
    pub(super) topic: String,
    pub(super) batch: u32,
    pub(super) threads: usize,
}

/// Reads what cases are calculated with.
pub(super) async fn plan_of(db: &Db, registry: &Registry, terms: Terms) -> Result<Plan, RunError> {
    let Terms { tenant, today, benefit, artifact, days, added, topic, batch, threads } = terms;
    let mut read = db.read().await?;
    let module = registry.module(&mut read, artifact).await?;
    let frames = Frames::read(&mut read, tenant, Arc::clone(&module), added, days).await?;
    let policy = modules::policy(&mut read, tenant, today).await?;
    Ok(Plan { tenant, benefit, module, policy, frames, shadow: None, topic, batch, threads })
}

/// Calculates batch after batch while the one before is being recorded.
async fn work(
    db: &Db,
    plan: Arc<Plan>,
    after: Option<CaseId>,
    recorder: Recorder<'_>,
    tally: Tally,
    progress: impl FnMut(&Tally),
) -> Result<Tally, RunError> {
    let (sender, receiver) = mpsc::channel(1);
    let calculating = calculate::all(db, &plan, after, sender);
    let recording = recorder.all(db, &plan, receiver, tally, progress);
    let ((), tally) = tokio::try_join!(calculating, recording)?;
    Ok(tally)
}
