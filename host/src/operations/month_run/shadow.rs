//! A version in the shadow: it calculates what the active one does, and nothing comes of it.
//!
//! Its calculations are kept, and what they would change is told as a replay's differences are.

use std::sync::Arc;

use ydun_domain::ids::ReplayId;

use super::calculate::Calculated;
use super::{Plan, RunError};
use crate::access::{Act, Propose};
use crate::db::{Db, Tx};
use crate::modules::campaigns::rates::Added;
use crate::modules::frames::{Days, Frames};
use crate::modules::policy::Policy;
use crate::modules::registry::Registry;
use crate::modules::replay::{Compared, service as replay};
use crate::modules::run::Run;
use crate::modules::service as modules;
use crate::operations::MonthRun;

/// A version beside the active one, and where what it would change is kept.
#[derive(Debug)]
pub(super) struct Shadow {
    pub(super) frames: Frames,
    replay: ReplayId,
}

/// The version that runs in the shadow of a month, if there is one.
///
/// An interrupted run goes on with the one it began with.
pub(super) async fn begin(
    db: &Db,
    registry: &Registry,
    act: &Act<Propose>,
    run: &MonthRun,
    plan: &Plan,
) -> Result<Option<Shadow>, RunError> {
    let mut tx = db.begin().await?;
    let days = Days { span: run.month.period(), as_of: run.as_of, known_at: run.known_at };
    let begun = replay::of_month_run(&mut tx, plan.tenant, run.id).await?;
    let chosen = match begun.and_then(|begun| begun.new) {
        Some(chosen) => Some(chosen),
        None => {
            modules::shadow(&mut tx, plan.tenant, &run.benefit, days.span, days.known_at).await?
        }
    };
    let Some(version) = chosen.filter(|version| *version != run.artifact) else { return Ok(None) };
    let versions = (run.artifact, version);
    let kept = replay::begin_shadow(&mut tx, act, &run.benefit, run.id, versions).await?;
    let module = registry.module(&mut tx, version).await?;
    let added = Arc::new(Added::read(&mut tx, plan.tenant, &run.benefit).await?);
    let frames = Frames::read(&mut tx, plan.tenant, module, added, days).await?;
    tx.commit().await?;
    Ok(Some(Shadow { frames, replay: kept.id }))
}

impl Shadow {
    /// Keeps what the shadow calculated beside a batch, and what it would change. It is put to rest for
    /// the same faults as the active one, and then counts for no days before it is let go.
    ///
    /// A month that goes on as before, until the party is heard, was calculated on other knowledge
    /// than the shadow's, and tells nothing about it.
    pub(super) async fn keep(
        &self,
        tx: &mut Tx,
        act: &Act<Propose>,
        cases: &[Calculated],
        policy: &Policy,
    ) -> Result<(), RunError> {
        let comparable = || cases.iter().filter(|case| case.withheld.is_none());
        let pairs = || comparable().filter_map(|case| Some((&case.run, case.shadow.as_ref()?)));
        let runs: Vec<&Run> = pairs().map(|(_, shadow)| shadow).collect();
        modules::keep(tx, act, &runs).await?;
        modules::watch(tx, act, policy, &runs).await?;
        let compared = pairs().map(|(active, shadow)| replay::against(active, shadow));
        let compared: Vec<Compared> = compared.collect::<Result<_, _>>()?;
        Ok(replay::add(tx, act.tenant(), self.replay, &compared).await?)
    }
}

/// Ends what a shadow found in a month's run, if there was one.
pub(super) async fn finish(
    tx: &mut Tx,
    act: &Act<Propose>,
    run: &MonthRun,
) -> Result<(), RunError> {
    match replay::of_month_run(tx, act.tenant(), run.id).await? {
        Some(mut begun) => Ok(replay::finish(tx, act, &mut begun).await?),
        None => Ok(()),
    }
}
