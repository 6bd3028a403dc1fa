//! The first half of the pipeline: read a batch of cases, and calculate it on all cores.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::mpsc::Sender;
use ydun_domain::benefit::{self, Line};
use ydun_domain::ids::CaseId;
use ydun_runtime::Calculation;

use super::{Plan, RunError};
use crate::cases::{self, Case, CaseRange};
use crate::db::{Db, Read};
use crate::modules::run::{Purpose, Run, calculate};
use crate::{decisions, facts, parallel};

/// A case with what the module made of it.
#[derive(Debug)]
pub(super) struct Calculated {
    pub(super) case: Case,
    pub(super) run: Run,
    pub(super) calculation: Calculation,
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
        let batch = batch(&mut read, plan, after).await?;
        drop(read);
        let Some(last) = batch.last() else { return Ok(()) };
        after = Some(last.case.id);
        let calculating = Arc::clone(plan);
        let calculated =
            parallel::map(batch, plan.threads, move |read| read.calculate(&calculating)).await;
        if to.send(calculated).await.is_err() {
            // Recording has stopped, and says why.
            return Ok(());
        }
    }
}

/// A case with what is known in it.
struct ReadCase {
    case: Case,
    facts: Vec<benefit::Fact>,
    prior: Vec<Line>,
}

async fn batch(
    db: &mut Read,
    plan: &Plan,
    after: Option<CaseId>,
) -> Result<Vec<ReadCase>, RunError> {
    let cases =
        cases::service::next_open(db, plan.tenant, &plan.benefit, after, plan.batch).await?;
    let (Some(first), Some(last), Some(range)) =
        (cases.first(), cases.last(), CaseRange::of(&cases))
    else {
        return Ok(Vec::new());
    };
    let ids = first.id..=last.id;
    let mut facts: HashMap<CaseId, Vec<benefit::Fact>> = HashMap::new();
    for fact in facts::service::known(db, plan.tenant, range, plan.frame.known_at()).await? {
        facts.entry(fact.case).or_default().push((&fact).into());
    }
    let mut prior = match plan.frame.remembers() {
        Some(days) => decisions::service::earlier_lines(db, plan.tenant, &ids, days).await?,
        None => HashMap::new(),
    };
    let read = |case: Case| ReadCase {
        facts: facts.remove(&case.id).unwrap_or_default(),
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

impl ReadCase {
    fn calculate(self, plan: &Plan) -> Calculated {
        let dossier = plan.frame.dossier(self.facts, self.prior);
        let self_check = Some(plan.policy.self_check);
        let (run, calculation) =
            calculate(&plan.module, self.case.id, Purpose::Live, &dossier, self_check);
        Calculated { case: self.case, run, calculation }
    }
}
