//! What can be done with corrections: look at one before it is made, propose it, approve it.

use serde::Serialize;
use ydun_domain::ids::{CaseId, CorrectionId, DecisionId, RunId};
use ydun_domain::{Day, Dkk, Tenant};
use ydun_runtime::Digest;
use ydun_runtime::canonical::Unreadable;

use super::legs::{self, Leg};
use super::recalculate::{Changed, recalculate};
use super::{Correction, MonthChange, OpenMonth, Status, line_changes, store};
use crate::access::{Act, Approve, Look, Propose};
use crate::audit::{self, Action, Subject};
use crate::cases::{self, Case};
use crate::clock::danish;
use crate::db::{Db, Read, Tx};
use crate::decisions::proposal::Weighed;
use crate::decisions::service::{self as decisions, Seen};
use crate::decisions::{DecidedLine, Decision, Mark};
use crate::modules;
use crate::modules::registry::Registry;
use crate::operations::approval::{self, Approval, ApproveMonthError, Terms};
use crate::operations::month_run::RunError;
use crate::payments::service::{SettleError, foresee};

/// What a correction of a case would do. Nothing of it is kept.
#[derive(Clone, Debug, Serialize)]
pub struct Preview {
    pub case: String,
    pub known_at: Day,
    /// The months that come out otherwise, oldest first.
    pub months: Vec<MonthChange>,
    /// Decided months that wait for somebody's answer, and stay as they are meanwhile.
    pub open: Vec<OpenMonth>,
}

impl Preview {
    /// What all months give now, less what is decided.
    pub fn difference(&self) -> Dkk {
        self.months.iter().map(|month| month.after - month.before).sum()
    }
}

/// Why there is no correction.
#[derive(Debug, thiserror::Error)]
pub enum CorrectError {
    #[error("there is no such case")]
    NoCase,
    #[error("case {0} comes out as it is decided: there is nothing to correct")]
    NothingToCorrect(String),
    #[error("case {case} has no correction {id} that waits for approval; look at the case again")]
    NotOpen { case: String, id: CorrectionId },
    #[error("the correction changed since you looked; look at it again before you approve")]
    Changed,
    #[error("the calculation {0} that a decision rests on is gone")]
    NoRun(RunId),
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error(transparent)]
    Calculation(#[from] RunError),
    #[error(transparent)]
    Approval(#[from] ApproveMonthError),
    #[error(transparent)]
    Payment(#[from] SettleError),
    #[error("the correction could not be read or saved")]
    Store(#[from] sqlx::Error),
}

/// Calculates the case anew as known on a day, and says what a correction would change.
pub async fn preview(
    db: &Db,
    registry: &Registry,
    act: &Act<Look>,
    case: CaseId,
    known_at: Day,
) -> Result<Preview, CorrectError> {
    let case = find(db, act.tenant(), case).await?;
    let found = changed(db, registry, act.tenant(), &case, known_at).await?;
    let mut read = db.read().await?;
    let mut months = Vec::with_capacity(found.changed.len());
    for changed in &found.changed {
        months.push(month_change(&mut read, act.tenant(), &case, changed).await?);
    }
    drop(read);
    let mut tx = db.begin().await?;
    audit::record_look(&mut tx, act, Subject::Case(case.id), "correction preview").await?;
    tx.commit().await?;
    Ok(Preview { case: case.to_string(), known_at, months, open: found.open })
}

async fn find(db: &Db, tenant: Tenant, case: CaseId) -> Result<Case, CorrectError> {
    let case = cases::service::by_id(&mut db.read().await?, tenant, case).await?;
    case.ok_or(CorrectError::NoCase)
}

async fn changed(
    db: &Db,
    registry: &Registry,
    tenant: Tenant,
    case: &Case,
    known_at: Day,
) -> Result<super::recalculate::Recalculated, CorrectError> {
    let months = store::months(&mut db.read().await?, tenant, case.id).await?;
    recalculate(db, registry, tenant, case, &months, known_at).await
}

async fn month_change(
    db: &mut Read,
    tenant: Tenant,
    case: &Case,
    changed: &Changed,
) -> Result<MonthChange, CorrectError> {
    let Changed { proposal, before, because, plan, .. } = changed;
    let before: &[DecidedLine] = before.as_ref().map_or(&[], |before| &before.lines);
    let approved = approval::foreseen(plan.module.manifest(), case, proposal)?;
    let sum = |lines: &[DecidedLine]| lines.iter().map(|line| line.amount).sum();
    Ok(MonthChange {
        period: proposal.basis.period,
        because: because.clone(),
        lines: line_changes(before, &proposal.lines),
        before: sum(before),
        after: sum(&proposal.lines),
        payments: foresee(db, tenant, approved).await?,
    })
}

/// Proposes a correction of everything in the case that comes out otherwise than it is decided.
pub async fn propose(
    db: &Db,
    registry: &Registry,
    act: &Act<Propose>,
    case: CaseId,
    reason: &str,
) -> Result<Correction, CorrectError> {
    let case = find(db, act.tenant(), case).await?;
    let found = changed(db, registry, act.tenant(), &case, danish(act.at())).await?;
    let (runs, proposals): (Vec<_>, Vec<_>) =
        found.changed.into_iter().map(|changed| (changed.run, changed.proposal)).unzip();
    let Some(first) = proposals.first() else {
        return Err(CorrectError::NothingToCorrect(case.to_string()));
    };
    let since = first.basis.period.first();

    let mut tx = db.begin().await?;
    modules::service::keep(&mut tx, act, &runs.iter().collect::<Vec<_>>()).await?;
    let weighed = decisions::propose(&mut tx, act, &proposals).await?;
    let seen = proposals.iter().zip(weighed).map(|(proposal, weighed)| match weighed {
        Weighed::New { id, digest, .. } => Ok(Seen { case: proposal.basis.case, id, digest }),
        // Somebody decided the month since it was calculated a moment ago.
        _ => Err(CorrectError::Changed),
    });
    let seen: Vec<Seen> = seen.collect::<Result<_, _>>()?;
    let correction = Correction {
        id: CorrectionId::generate(),
        case: case.id,
        reason: reason.to_owned(),
        digest: decisions::signed_together(&seen),
        decisions: seen.iter().map(|seen| seen.id).collect(),
        proposed: Mark { at: act.at(), by: act.by().to_owned() },
        since,
        status: Status::Proposed,
    };
    store::insert(&mut tx, act, &correction).await?;
    let detail = format!("{} months from {since}", correction.decisions.len());
    let subject = Subject::Correction(correction.id);
    audit::record(&mut tx, act, Action::CorrectionProposed, subject, detail).await?;
    tx.commit().await?;
    Ok(correction)
}

/// Approves a correction over the digest that was seen: all its months or none.
pub async fn approve(
    tx: &mut Tx,
    act: &Act<Approve>,
    (case, id): (CaseId, CorrectionId),
    signed: Digest,
    terms: &Terms<'_>,
) -> Result<Approval, CorrectError> {
    let correction = open(tx, act.tenant(), case, id).await?;
    if correction.digest != signed {
        return Err(CorrectError::Changed);
    }
    let open = decisions::open_of_case(tx, act.tenant(), case).await?;
    let seen = |id: &DecisionId| {
        let decision = open.iter().find(|decision| decision.id == *id);
        decision.map(|decision| Seen { case, id: *id, digest: decision.digest })
    };
    let seen: Option<Vec<Seen>> = correction.decisions.iter().map(seen).collect();
    let seen = seen.ok_or(CorrectError::Changed)?;
    if decisions::signed_together(&seen) != signed {
        return Err(CorrectError::Changed);
    }
    let approval = approval::approve(tx, act, &seen, terms).await?;
    audit::record(tx, act, Action::CorrectionApproved, Subject::Correction(id), signed.to_string())
        .await?;
    Ok(approval)
}

async fn open(
    db: &mut Read,
    tenant: Tenant,
    case: CaseId,
    id: CorrectionId,
) -> Result<Correction, CorrectError> {
    let corrections = store::of_case(db, tenant, case).await?;
    let is_it =
        |correction: &Correction| correction.id == id && correction.status == Status::Proposed;
    if let Some(correction) = corrections.into_iter().find(is_it) {
        return Ok(correction);
    }
    let case = cases::service::by_id(db, tenant, case).await?.ok_or(CorrectError::NoCase)?;
    Err(CorrectError::NotOpen { case: case.to_string(), id })
}

/// The corrections of a case, oldest first.
pub async fn of_case(
    db: &mut Read,
    tenant: Tenant,
    case: CaseId,
) -> Result<Vec<Correction>, sqlx::Error> {
    store::of_case(db, tenant, case).await
}

/// What has become of each consequence of an approved correction.
pub async fn legs_of(
    db: &mut Read,
    tenant: Tenant,
    correction: &Correction,
    today: Day,
) -> Result<Vec<Leg>, sqlx::Error> {
    let decided = decisions::in_force(db, tenant, correction.case).await?;
    let decided: Vec<Decision> = decided
        .into_iter()
        .filter(|decision| correction.decisions.contains(&decision.id))
        .collect();
    legs::legs(db, tenant, correction, &decided, today).await
}
