//! What a running benefit would lose in a month, told before the month is run: what to hear about.

use ydun_domain::Month;
use ydun_domain::ids::CaseId;

use super::month_run::calculate::one_as_known;
use super::month_run::{RunError, plan_for};
use crate::access::{Act, Look};
use crate::cases;
use crate::clock::danish;
use crate::db::Db;
use crate::decisions;
use crate::decisions::gate::{self, Loss};
use crate::decisions::proposal::Proposal;
use crate::modules::registry::Registry;

/// Why it cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum AheadError {
    #[error("there is no such case")]
    NoCase,
    #[error("the month before is not decided, so nothing runs on that could be lost")]
    NotRunning,
    #[error(transparent)]
    Calculation(#[from] RunError),
    #[error("the case could not be read")]
    Store(#[from] sqlx::Error),
}

/// What each payee of the month before loses by the newest knowledge, and how far the hearing is.
pub async fn ahead(
    db: &Db,
    registry: &Registry,
    act: &Act<Look>,
    case: CaseId,
    month: Month,
) -> Result<Vec<Loss>, AheadError> {
    let (tenant, today) = (act.tenant(), danish(act.at()));
    let mut read = db.read().await?;
    let case = cases::service::by_id(&mut read, tenant, case).await?.ok_or(AheadError::NoCase)?;
    let cases = case.id..=case.id;
    let mut before = decisions::service::until(&mut read, tenant, &cases, month.first()).await?;
    let before = before.remove(&case.id).ok_or(AheadError::NotRunning)?;
    let plan = plan_for(db, registry, tenant, &case.benefit, month, today).await?;
    let now = one_as_known(&mut read, &plan, &case, today).await?;
    let outcome = now.calculation.answer.ok().and_then(Result::ok);
    let proposal = outcome.and_then(|outcome| Proposal::of(tenant, &now.run, &outcome).ok()?);
    let lines = proposal.map(|proposal| proposal.lines).unwrap_or_default();
    Ok(gate::foreseen_losses(&mut read, tenant, &before, month.period(), &lines, today).await?)
}
