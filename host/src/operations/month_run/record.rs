//! The second half of the pipeline: what comes of a batch, in one transaction.

use std::time::Duration;

use tokio::sync::mpsc::Receiver;
use ydun_domain::Dkk;
use ydun_domain::ids::{CaseId, MonthRunId};

use super::calculate::Calculated;
use super::claim::now;
use super::{Plan, RunError};
use crate::access::{Act, Propose};
use crate::cases::Case;
use crate::db::{Db, Tx};
use crate::decisions::Ruling;
use crate::decisions::proposal::{Proposal, Weighed};
use crate::modules::run::Run;
use crate::modules::service as modules;
use crate::operations::answer::{Answer, Question, answer, asked_for};
use crate::operations::store::{self, CaseRow, Lease};
use crate::operations::{CaseResult, Share, Tally};
use crate::tasks::NewTask;
use crate::{decisions, tasks};

/// What is done with what was calculated.
#[derive(Debug)]
pub(super) enum Recorder<'a> {
    /// It is only counted.
    Dry,
    Live {
        act: &'a Act<Propose>,
        lease: Lease,
        duration: Duration,
    },
}

impl Recorder<'_> {
    pub(super) async fn all(
        self,
        db: &Db,
        plan: &Plan,
        mut from: Receiver<Vec<Calculated>>,
        mut tally: Tally,
        mut progress: impl FnMut(&Tally),
    ) -> Result<Tally, RunError> {
        while let Some(batch) = from.recv().await {
            let batch = Batch::of(plan, batch);
            let rows = match &self {
                Self::Dry => batch.try_out(db, plan).await?,
                Self::Live { act, lease, duration } => {
                    batch.record(db, plan, act, lease, *duration).await?
                }
            };
            for row in rows {
                tally.add(row.result, Share { cases: 1, amount: row.amount, decided: row.decided });
            }
            progress(&tally);
        }
        Ok(tally)
    }
}

/// Cases that were calculated, sorted by what comes of them.
pub(in crate::operations) struct Batch {
    cases: Vec<Calculated>,
    proposals: Vec<Proposal>,
    open: Vec<Open>,
}

/// A case in which there is nothing to decide.
struct Open {
    place: usize,
    result: CaseResult,
    question: Option<Question>,
}

impl Batch {
    pub(in crate::operations) fn of(plan: &Plan, cases: Vec<Calculated>) -> Self {
        let mut batch = Self { proposals: Vec::new(), open: Vec::new(), cases: Vec::new() };
        for (place, Calculated { run, calculation, .. }) in cases.iter().enumerate() {
            match answer(plan.tenant, plan.module.manifest(), run, calculation) {
                Answer::Proposal(proposal) => batch.proposals.push(proposal),
                Answer::Open { result, question } => {
                    batch.open.push(Open { place, result, question });
                }
            }
        }
        batch.cases = cases;
        batch
    }

    /// What would come of it.
    async fn try_out(self, db: &Db, plan: &Plan) -> Result<Vec<CaseRow>, RunError> {
        let mut read = db.read().await?;
        let weighed = decisions::service::weigh(&mut read, plan.tenant, &self.proposals).await?;
        Ok(self.rows(&weighed))
    }

    async fn record(
        mut self,
        db: &Db,
        plan: &Plan,
        act: &Act<Propose>,
        lease: &Lease,
        duration: Duration,
    ) -> Result<Vec<CaseRow>, RunError> {
        self.put_on_list(lease.run);
        let mut tx = db.begin().await?;
        if !store::renew(&mut tx, plan.tenant, lease, now() + duration).await? {
            return Err(RunError::TakenOver);
        }
        let weighed = self.put(&mut tx, plan, act).await?;
        let rows = self.rows(&weighed);
        store::insert_cases(&mut tx, plan.tenant, lease.run, &rows).await?;
        if let Some(shadow) = &plan.shadow {
            shadow.keep(&mut tx, act, &self.cases, &plan.policy).await?;
        }
        self.ask(&mut tx, plan, act, &weighed).await?;
        tx.commit().await?;
        Ok(rows)
    }

    /// Lets the proposals stand on the list that is signed for a month's run.
    pub(in crate::operations) fn put_on_list(&mut self, run: MonthRunId) {
        for proposal in &mut self.proposals {
            proposal.month_run = Some(run);
        }
    }

    /// Keeps the calculations, and puts to decision what they change.
    pub(in crate::operations) async fn put(
        &self,
        tx: &mut Tx,
        plan: &Plan,
        act: &Act<Propose>,
    ) -> Result<Vec<Weighed>, RunError> {
        let digest = plan.module.digest();
        if let Some(resting) = modules::suspension(tx, plan.tenant, digest).await? {
            return Err(RunError::PutToRest(resting.reason));
        }
        let runs: Vec<&Run> = self.cases.iter().map(|case| &case.run).collect();
        modules::keep(tx, act, &runs).await?;
        decisions::service::withdraw(tx, act, &self.undecided(), plan.frames.span()).await?;
        let weighed = decisions::service::propose(tx, act, &self.proposals).await?;
        modules::watch(tx, act, &plan.policy, &runs).await?;
        Ok(weighed)
    }

    /// Cases whose newest calculation decides nothing. A fault is no calculation: it changes nothing.
    fn undecided(&self) -> Vec<CaseId> {
        let undecided = self.open.iter().filter(|open| open.result != CaseResult::Fault);
        undecided.map(|open| self.cases[open.place].case.id).collect()
    }

    fn rows(&self, weighed: &[Weighed]) -> Vec<CaseRow> {
        let decided = self.proposals.iter().zip(weighed).map(|(proposal, weighed)| {
            let (result, amount, decided) = result(proposal.basis.ruling, weighed);
            CaseRow { case: proposal.basis.case, run: proposal.run, result, amount, decided }
        });
        let open = self.open.iter().map(|open| {
            let run = &self.cases[open.place].run;
            CaseRow {
                case: run.case,
                run: run.id,
                result: open.result,
                amount: Dkk::ZERO,
                decided: Dkk::ZERO,
            }
        });
        decided.chain(open).collect()
    }

    /// Asks people what the calculations leave open.
    pub(in crate::operations) async fn ask(
        self,
        tx: &mut Tx,
        plan: &Plan,
        act: &Act<Propose>,
        weighed: &[Weighed],
    ) -> Result<(), RunError> {
        let (Some(first), Some(last)) = (self.cases.first(), self.cases.last()) else {
            return Ok(());
        };
        let range = first.case.id..=last.case.id;
        let tasks = self.tasks(plan, weighed);
        Ok(tasks::service::ask(tx, act, &plan.topic, &range, tasks).await?)
    }

    /// Cases are in the order of their ids.
    fn case(&self, id: CaseId) -> &Case {
        let place = self.cases.binary_search_by_key(&id, |calculated| calculated.case.id);
        &self.cases[place.expect("a proposal is about a case of the batch")].case
    }

    fn tasks(&self, plan: &Plan, weighed: &[Weighed]) -> Vec<NewTask> {
        let manifest = plan.module.manifest();
        let mut tasks = Vec::new();
        for calculated in &self.cases {
            let withheld = calculated.withheld.as_ref();
            let newest = withheld.map_or(&calculated.calculation, |withheld| &withheld.calculation);
            if let Ok(Ok(outcome)) = &newest.answer {
                tasks.extend(asked_for(&calculated.case, &plan.topic, outcome));
            }
            tasks.extend(withheld.map(|withheld| withheld.task(plan, calculated)));
        }
        for open in &self.open {
            let case = &self.cases[open.place].case;
            let question = open.question.clone();
            tasks.extend(
                question.map(|asked| asked.task(manifest, case, &plan.topic, open.result.word())),
            );
        }
        for (proposal, weighed) in self.proposals.iter().zip(weighed) {
            if let Weighed::Clashes(other) = weighed {
                let title = format!("dagene overlapper en anden afgørelse ({other})");
                let asked = Question::new(title, "Ret den ene afgørelse, før måneden køres igen.");
                let case = self.case(proposal.basis.case);
                tasks.push(asked.task(manifest, case, &plan.topic, CaseResult::NeedsHuman.word()));
            }
        }
        tasks
    }
}

fn result(ruling: Ruling, weighed: &Weighed) -> (CaseResult, Dkk, Dkk) {
    match *weighed {
        Weighed::New { total, before, .. } if ruling == Ruling::Refused => {
            (CaseResult::Refused, total, before)
        }
        Weighed::New { total, before, .. } => (CaseResult::Proposed, total, before),
        Weighed::Unchanged(total) => (CaseResult::Unchanged, total, total),
        Weighed::Nothing => (CaseResult::Nothing, Dkk::ZERO, Dkk::ZERO),
        Weighed::Clashes(_) => (CaseResult::NeedsHuman, Dkk::ZERO, Dkk::ZERO),
    }
}
