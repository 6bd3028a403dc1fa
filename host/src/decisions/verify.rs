//! Making every stored calculation again, and comparing bit for bit.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use serde::Serialize;
use ydun_domain::ids::{CaseId, RunId};
use ydun_runtime::Module;

use super::proposal::Proposal;
use super::store::{self, Which};
use super::{Decision, service};
use crate::access::{Act, Look};
use crate::audit::{self, Action, Subject};
use crate::db::{Db, Read};
use crate::modules::registry::{LoadError, Registry};
use crate::modules::run::{self, Answer, Run, Sealed};
use crate::modules::service as modules;
use crate::parallel;

/// How many runs are held in memory at a time.
const PAGE: u32 = 500;

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Runs that gave the same again.
    pub runs: u64,
    /// Decisions that follow from their runs.
    pub decisions: u64,
    pub broken: Vec<Broken>,
}

/// A run or its decision that is no longer what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    pub case: CaseId,
    pub run: RunId,
    pub what: What,
}

/// What does not hold, the first thing found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    #[error("the stored dossier does not have its digest")]
    Dossier,
    #[error("the stored outcome does not have its digest")]
    Outcome,
    #[error("the module gives another outcome for the same dossier")]
    Recalculation,
    #[error("the decision's ruling, lines or total do not follow from the outcome")]
    Lines,
    #[error("the decision's digest does not cover what is stored")]
    Digest,
}

/// Why it could not be verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error(transparent)]
    Module(#[from] LoadError),
    #[error("the runs could not be read")]
    Store(#[from] sqlx::Error),
}

/// Makes the runs of a range of cases again, from their stored dossiers with the modules of their
/// digests, and compares all that came of it. `progress` is told how many are done.
pub async fn verify(
    db: &Db,
    registry: &Registry,
    act: &Act<Look>,
    cases: &RangeInclusive<CaseId>,
    threads: usize,
    mut progress: impl FnMut(&Verified),
) -> Result<Verified, VerifyError> {
    let mut verified = Verified::default();
    let mut after = None;
    loop {
        let mut read = db.read().await?;
        let runs = modules::runs_after(&mut read, act.tenant(), cases, after, PAGE).await?;
        let Some(last) = runs.last() else { break };
        after = Some((last.case, last.id));
        let work = with_decisions(&mut read, registry, act, runs).await?;
        drop(read);
        for held in parallel::map(work, threads, Work::check).await {
            verified.add(held);
        }
        progress(&verified);
    }
    let mut tx = db.begin().await?;
    let detail = format!("{} runs held, {} are broken", verified.runs, verified.broken.len());
    audit::record(&mut tx, act, Action::RunsVerified, Subject::Municipality, detail).await?;
    tx.commit().await?;
    Ok(verified)
}

impl Verified {
    fn add(&mut self, held: Result<u64, Broken>) {
        match held {
            Ok(decisions) => {
                self.runs += 1;
                self.decisions += decisions;
            }
            Err(broken) => self.broken.push(broken),
        }
    }
}

/// A run, the module it was made with, and the decisions that rest on it.
struct Work {
    run: Run,
    module: Arc<Module>,
    decisions: Vec<Decision>,
}

async fn with_decisions(
    db: &mut Read,
    registry: &Registry,
    act: &Act<Look>,
    runs: Vec<Run>,
) -> Result<Vec<Work>, VerifyError> {
    let (Some(first), Some(last)) = (runs.first(), runs.last()) else { return Ok(Vec::new()) };
    let cases = first.case..=last.case;
    let mut by_run: HashMap<RunId, Vec<Decision>> = HashMap::new();
    for decision in store::decisions(db, act.tenant(), &cases, service::ever(), Which::All).await? {
        by_run.entry(decision.run).or_default().push(decision);
    }
    let mut work = Vec::with_capacity(runs.len());
    for run in runs {
        let module = registry.module(db, run.artifact).await?;
        let decisions = by_run.remove(&run.id).unwrap_or_default();
        work.push(Work { run, module, decisions });
    }
    Ok(work)
}

impl Work {
    /// How many decisions follow from the run, when all holds.
    fn check(self) -> Result<u64, Broken> {
        let broken = |what| Broken { case: self.run.case, run: self.run.id, what };
        self.recalculate().map_err(broken)?;
        for decision in &self.decisions {
            self.follows(decision).map_err(broken)?;
        }
        Ok(self.decisions.len() as u64)
    }

    fn recalculate(&self) -> Result<(), What> {
        if !self.run.dossier.is_intact() {
            return Err(What::Dossier);
        }
        let dossier = self.run.read_dossier().map_err(|_| What::Dossier)?;
        if Sealed::of(&dossier) != self.run.dossier {
            return Err(What::Dossier);
        }
        // A fault decides nothing, and running out of time is not repeatable.
        let Answer::Given(stored) = &self.run.answer else { return Ok(()) };
        if !stored.is_intact() {
            return Err(What::Outcome);
        }
        let (again, _) =
            run::calculate(&self.module, self.run.case, self.run.purpose, &dossier, None);
        if again.answer == self.run.answer { Ok(()) } else { Err(What::Recalculation) }
    }

    fn follows(&self, decision: &Decision) -> Result<(), What> {
        let Ok(Some(Ok(outcome))) = self.run.said() else { return Err(What::Lines) };
        let proposal = Proposal::of(decision.basis.tenant, &self.run, &outcome);
        let Ok(Some(proposal)) = proposal else { return Err(What::Lines) };
        let told = (&proposal.basis, &proposal.lines, proposal.total());
        if told != (&decision.basis, &decision.lines, decision.total) {
            return Err(What::Lines);
        }
        if decision.basis.digest(&decision.lines) == decision.digest {
            Ok(())
        } else {
            Err(What::Digest)
        }
    }
}
