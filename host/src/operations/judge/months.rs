//! The months of a case that an event can touch, calculated.

use std::collections::{BTreeSet, HashMap};

use ydun_domain::benefit::Fact;
use ydun_domain::{Day, Month};

use super::JudgeError;
use super::weigh::MonthGives;
use crate::access::{Act, Register};
use crate::cases::Case;
use crate::clock::danish;
use crate::db::{Db, Result as DbResult, Tx};
use crate::decisions::service as decisions;
use crate::modules::registry::Registry;
use crate::modules::service as modules;
use crate::operations::month_run::{Plan, RunError, plan_for};

/// What months are calculated with; a month of a benefit is prepared once for all its cases.
pub(super) struct Months<'a> {
    db: &'a Db,
    registry: &'a Registry,
    act: &'a Act<Register>,
    /// None where no version of the benefit counts for the month.
    plans: HashMap<(String, Month), Option<Plan>>,
}

impl<'a> Months<'a> {
    pub(super) fn new(db: &'a Db, registry: &'a Registry, act: &'a Act<Register>) -> Self {
        Self { db, registry, act, plans: HashMap::new() }
    }

    /// The months from the first on that are decided, and the one that runs now.
    pub(super) async fn touched(
        &self,
        tx: &mut Tx,
        case: &Case,
        first: Month,
    ) -> DbResult<BTreeSet<Month>> {
        let decided = decisions::in_force(tx, self.act.tenant(), case.id).await?;
        let months = decided.iter().map(|decision| decision.basis.period.first().month());
        let running = danish(self.act.at()).month().max(first);
        Ok(months.filter(|month| *month >= first).chain([running]).collect())
    }

    /// What each month gives as known now, this transaction included.
    pub(super) async fn calculate(
        &mut self,
        tx: &mut Tx,
        case: &Case,
        months: &BTreeSet<Month>,
    ) -> Result<Vec<MonthGives>, JudgeError> {
        let known_at = danish(self.act.at());
        let mut gives = Vec::with_capacity(months.len());
        for month in months {
            self.prepare(&case.benefit, *month, known_at).await?;
            if let Some(plan) = self.plan(case, *month) {
                gives.push(MonthGives::calculate(tx, plan, case, *month, known_at).await?);
            }
        }
        Ok(gives)
    }

    /// Decided months that nothing can be said about now, as somebody must answer first: as they were
    /// decided, and with the facts of the event `added` to what they were decided on.
    pub(super) async fn alone(
        &self,
        tx: &mut Tx,
        case: &Case,
        now: &[MonthGives],
        added: impl Fn(Vec<Fact>) -> Vec<Fact>,
    ) -> Result<Vec<(MonthGives, MonthGives)>, JudgeError> {
        let is_open = |month| now.iter().any(|gives| gives.month == month && gives.is_open());
        let mut found = Vec::new();
        for decision in decisions::in_force(tx, self.act.tenant(), case.id).await? {
            let month = decision.basis.period.first().month();
            let Some(plan) = self.plan(case, month).filter(|_| is_open(month)) else { continue };
            let run = modules::run(tx, self.act.tenant(), case.id, decision.run).await?;
            // A dossier that cannot be read is found by the verification.
            let Some(dossier) = run.and_then(|run| run.read_dossier().ok()) else { continue };
            let with = added(dossier.facts.clone());
            let before = MonthGives::decided_with(tx, plan, case, month, dossier.facts).await?;
            let after = MonthGives::decided_with(tx, plan, case, month, with).await?;
            found.push((before, after));
        }
        Ok(found)
    }

    fn plan(&self, case: &Case, month: Month) -> Option<&Plan> {
        self.plans.get(&(case.benefit.clone(), month))?.as_ref()
    }

    async fn prepare(
        &mut self,
        benefit: &str,
        month: Month,
        known_at: Day,
    ) -> Result<(), JudgeError> {
        let key = (benefit.to_owned(), month);
        if self.plans.contains_key(&key) {
            return Ok(());
        }
        let tenant = self.act.tenant();
        let plan = plan_for(self.db, self.registry, tenant, benefit, month, known_at).await;
        let plan = match plan {
            Ok(plan) => Some(plan),
            Err(RunError::NotActive(_)) => None,
            Err(error) => return Err(error.into()),
        };
        self.plans.insert(key, plan);
        Ok(())
    }
}
