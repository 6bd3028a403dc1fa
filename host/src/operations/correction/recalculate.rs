//! Every month of a case once more, as known now.

use std::collections::BTreeMap;

use ydun_domain::benefit::Line;
use ydun_domain::{Day, Month, Period, Tenant};

use super::OpenMonth;
use super::because::{Because, because};
use super::service::CorrectError;
use crate::cases::Case;
use crate::db::Db;
use crate::decisions::proposal::Proposal;
use crate::decisions::service as decisions;
use crate::decisions::{DecidedLine, Decision};
use crate::modules::registry::Registry;
use crate::modules::run::Run;
use crate::modules::service as modules;
use crate::operations::answer::{Answer, answer};
use crate::operations::month_run::calculate::one;
use crate::operations::month_run::{Plan, plan_for};

/// A month that comes out otherwise than it is decided.
pub(super) struct Changed {
    pub(super) run: Run,
    pub(super) proposal: Proposal,
    pub(super) before: Option<Decision>,
    pub(super) because: Vec<Because>,
    pub(super) plan: Plan,
}

/// What calculating a case once more gives.
#[derive(Default)]
pub(super) struct Recalculated {
    pub(super) changed: Vec<Changed>,
    pub(super) open: Vec<OpenMonth>,
}

/// Calculates every month the case has been run for, oldest first, and keeps nothing.
///
/// A month that builds on earlier ones is given their corrected lines.
pub(super) async fn recalculate(
    db: &Db,
    registry: &Registry,
    tenant: Tenant,
    case: &Case,
    months: &[Month],
    known_at: Day,
) -> Result<Recalculated, CorrectError> {
    let decided = decisions::in_force(&mut db.read().await?, tenant, case.id).await?;
    let mut lines: BTreeMap<Day, Vec<Line>> = decided
        .iter()
        .map(|decision| (decision.basis.period.first(), told(&decision.lines)))
        .collect();

    let mut found = Recalculated::default();
    for month in months {
        let plan = plan_for(db, registry, tenant, &case.benefit, *month, known_at).await?;
        let prior = lines.range(..month.first()).flat_map(|(_, lines)| lines.clone()).collect();
        let (run, calculation) = one(&mut db.read().await?, &plan, case, prior).await?;
        let before = decided.iter().find(|decision| decision.basis.period.first() == month.first());
        match answer(tenant, plan.module.manifest(), &run, &calculation) {
            Answer::Proposal(proposal) => {
                if !proposal.changes(before) {
                    continue;
                }
                lines.insert(month.first(), told(&proposal.lines));
                let because = reasons(db, tenant, before, &plan, &run).await?;
                found.changed.push(Changed {
                    run,
                    proposal,
                    before: before.cloned(),
                    because,
                    plan,
                });
            }
            Answer::Open { question, .. } if before.is_some() => {
                found.open.push(open_month(month.period(), question.map(|asked| asked.title)));
            }
            Answer::Open { .. } => {}
        }
    }
    Ok(found)
}

fn told(lines: &[DecidedLine]) -> Vec<Line> {
    lines.iter().map(DecidedLine::to_line).collect()
}

fn open_month(period: Period, question: Option<String>) -> OpenMonth {
    let question = question.unwrap_or_else(|| "et menneske skal vurdere sagen".to_owned());
    OpenMonth { period, question }
}

async fn reasons(
    db: &Db,
    tenant: Tenant,
    before: Option<&Decision>,
    plan: &Plan,
    now: &Run,
) -> Result<Vec<Because>, CorrectError> {
    let Some(before) = before else { return Ok(Vec::new()) };
    let run = modules::run(&mut db.read().await?, tenant, before.basis.case, before.run).await?;
    let run = run.ok_or(CorrectError::NoRun(before.run))?;
    let decided = run.read_dossier()?;
    let manifest = plan.module.manifest();
    let known_now = now.read_dossier()?;
    Ok(because(manifest, (&decided, run.artifact), (&known_now, now.artifact)))
}
