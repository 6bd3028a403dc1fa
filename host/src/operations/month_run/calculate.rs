//! The first half of the pipeline: read a batch of cases, and calculate it on all cores.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::mpsc::Sender;
use ydun_domain::Day;
use ydun_domain::benefit::{self, Dossier, Line};
use ydun_domain::ids::CaseId;
use ydun_runtime::Calculation;

use super::protect::{Withheld, protect};
use super::{Plan, RunError};
use crate::cases::{self, Case, CaseRange};
use crate::db::{Db, Read};
use crate::modules::dossier::Frame;
use crate::modules::run::{Purpose, Run, calculate};
use crate::{decisions, facts, parallel};

/// A case with what the module made of it.
#[derive(Debug)]
pub(in crate::operations) struct Calculated {
    pub(super) case: Case,
    pub(in crate::operations) run: Run,
    pub(in crate::operations) calculation: Calculation,
    /// What the version in the shadow made of it.
    pub(super) shadow: Option<Run>,
    /// What speaks against the party, when it is not used yet.
    pub(super) withheld: Option<Withheld>,
}

/// Calculates all open cases after one, batch by batch, as fast as the batches are taken.
pub(super) async fn all(
    db: &Db,
    plan: &Arc<Plan>,
    mut after: Option<CaseId>,
    to: Sender<Vec<Calculated>>,
) -> Result<(), RunError> {
    loop {
        let mut read = db.read().await?;
        let cases =
            cases::service::next_open(&mut read, plan.tenant, &plan.benefit, after, plan.batch)
                .await?;
        let Some(last) = cases.last() else { return Ok(()) };
        after = Some(last.id);
        let batch = read_cases(&mut read, plan, cases).await?;
        drop(read);
        let calculated = protect(db, plan, calculate_all(plan, batch).await).await?;
        if to.send(calculated).await.is_err() {
            // Recording has stopped, and says why.
            return Ok(());
        }
    }
}

/// Calculates cases on all cores.
pub(in crate::operations) async fn calculate_all(
    plan: &Arc<Plan>,
    cases: Vec<ReadCase>,
) -> Vec<Calculated> {
    let calculating = Arc::clone(plan);
    parallel::map(cases, plan.threads, move |case| case.calculate(&calculating)).await
}

/// A case with what is known in it.
pub(in crate::operations) struct ReadCase {
    case: Case,
    frame: Arc<Frame>,
    shadow: Option<Arc<Frame>>,
    facts: Vec<benefit::Fact>,
    /// The day the facts were known; rates may have been announced since.
    known_at: Day,
    prior: Vec<Line>,
}

/// Reads what is known in cases, which are in the order of their ids.
pub(in crate::operations) async fn read_cases(
    db: &mut Read,
    plan: &Plan,
    cases: Vec<Case>,
) -> Result<Vec<ReadCase>, RunError> {
    read_as_known(db, plan, cases, plan.frames.known_at()).await
}

/// As [`read_cases`], with the facts as they were known on a day, whatever has become known since.
async fn read_as_known(
    db: &mut Read,
    plan: &Plan,
    cases: Vec<Case>,
    known_at: Day,
) -> Result<Vec<ReadCase>, RunError> {
    let (Some(first), Some(last), Some(range)) =
        (cases.first(), cases.last(), CaseRange::of(&cases))
    else {
        return Ok(Vec::new());
    };
    let ids = first.id..=last.id;
    let taken = plan.frames.added().taken(db, plan.tenant, &ids, plan.frames.known_at()).await?;
    let mut facts: HashMap<CaseId, Vec<benefit::Fact>> = HashMap::new();
    for fact in facts::service::known(db, plan.tenant, range, known_at).await? {
        facts.entry(fact.case).or_default().push((&fact).into());
    }
    let mut prior = match plan.remembers() {
        Some(days) => decisions::service::earlier_lines(db, plan.tenant, &ids, days).await?,
        None => HashMap::new(),
    };
    let read = |case: Case| ReadCase {
        frame: plan.frames.of(case.id, &taken),
        shadow: plan.shadow.as_ref().map(|shadow| shadow.frames.of(case.id, &taken)),
        facts: facts.remove(&case.id).unwrap_or_default(),
        known_at,
        prior: prior
            .remove(&case.id)
            .unwrap_or_default()
            .iter()
            .map(decisions::DecidedLine::to_line)
            .collect(),
        case,
    };
    Ok(cases.into_iter().map(read).collect())
}

/// Calculates one case on the facts that were known on a day.
pub(in crate::operations) async fn one_as_known(
    db: &mut Read,
    plan: &Plan,
    case: &Case,
    known_at: Day,
) -> Result<Calculated, RunError> {
    let mut read = read_as_known(db, plan, vec![case.clone()], known_at).await?;
    Ok(read.pop().expect("as many cases are read as are asked for").calculate(plan))
}

/// Calculates one case on other facts than those that are known.
pub(in crate::operations) async fn one_on(
    db: &mut Read,
    plan: &Plan,
    case: &Case,
    facts: Vec<benefit::Fact>,
) -> Result<Calculated, RunError> {
    let mut read = read_cases(db, plan, vec![case.clone()]).await?;
    let case = read.pop().expect("as many cases are read as are asked for");
    Ok(ReadCase { facts, ..case }.calculate(plan))
}

/// Calculates one case as a month's run does, with other earlier lines than those decided.
pub(in crate::operations) async fn one(
    db: &mut Read,
    plan: &Plan,
    case: &Case,
    prior: Vec<Line>,
) -> Result<(Run, Calculation), RunError> {
    let mut read = read_cases(db, plan, vec![case.clone()]).await?;
    let case = read.pop().expect("as many cases are read as are asked for");
    let Calculated { run, calculation, .. } = ReadCase { prior, ..case }.calculate(plan);
    Ok((run, calculation))
}

impl ReadCase {
    fn calculate(self, plan: &Plan) -> Calculated {
        let shadow = self.shadow(plan);
        let dossier =
            Dossier { known_at: self.known_at, ..self.frame.dossier(self.facts, self.prior) };
        let self_check = Some(plan.policy.self_check);
        let (run, calculation) =
            calculate(&plan.module, self.case.id, Purpose::Live, &dossier, self_check);
        Calculated { case: self.case, run, calculation, shadow, withheld: None }
    }

    fn shadow(&self, plan: &Plan) -> Option<Run> {
        let (shadow, frame) = (plan.shadow.as_ref()?, self.shadow.as_ref()?);
        let dossier = frame.dossier(self.facts.clone(), self.prior.clone());
        let module = shadow.frames.module();
        Some(calculate(module, self.case.id, Purpose::Shadow, &dossier, None).0)
    }
}
