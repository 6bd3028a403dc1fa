//! What can be done about limits and samples: choose, countersign, draw, and record what was found.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ydun_domain::ids::{CaseId, DecisionId, MonthRunId};
use ydun_domain::{Day, Dkk, Tenant};
use ydun_runtime::Digest;

use super::{Candidate, Finding, Limits, Over, Review, Sampled, Weight, sample, store};
use crate::access::{Act, Administer, Approve};
use crate::audit::{self, Action, Subject};
use crate::clock::danish;
use crate::db::{self, Read, Tx};
use crate::decisions::service::{open_of_case, sign_list};
use crate::decisions::{Decision, store as decisions};

/// Why a countersignature or a finding was not taken.
#[derive(Debug, thiserror::Error)]
pub enum OversightError {
    #[error("there is no open proposal {0}; see `ydun decision list`")]
    NotOpen(DecisionId),
    #[error("the numbers of proposal {0} changed since you looked; look again before you sign")]
    Changed(DecisionId),
    #[error("'{by}' proposed decision {id}; another person must countersign it")]
    SamePerson { id: DecisionId, by: String },
    #[error("decision {0} is not in the sample of its list")]
    NotSampled(DecisionId),
    #[error("'{by}' approved decision {id}; another person looks at it")]
    Approver { id: DecisionId, by: String },
    #[error("say what is wrong, for whoever puts it right")]
    NoNote,
    #[error("it could not be read or saved")]
    Store(#[from] sqlx::Error),
}

/// The municipality's limits as known on a day.
pub async fn limits(db: &mut Read, tenant: Tenant, known_at: Day) -> db::Result<Limits> {
    Ok(store::limits(db, tenant, known_at).await?.unwrap_or_default())
}

/// Changes the limits from a day on.
pub async fn set_limits(
    tx: &mut Tx,
    act: &Act<Administer>,
    known_from: Day,
    limits: Limits,
) -> db::Result<()> {
    store::insert_limits(tx, act, known_from, limits).await?;
    let Limits { amount, deviation, drawn, odd } = limits;
    let told = |limit: Option<Dkk>| limit.map_or("none".to_owned(), |limit| limit.to_string());
    let detail = format!(
        "from {known_from}: amount {}, deviation {}, {drawn} drawn, {odd} odd",
        told(amount),
        told(deviation)
    );
    audit::record(tx, act, Action::ApprovalLimitsSet, Subject::Municipality, detail).await
}

/// Signs a proposal over the limit as the third person. Another one approves it.
pub async fn countersign(
    tx: &mut Tx,
    act: &Act<Approve>,
    (case, id): (CaseId, DecisionId),
    seen: Digest,
) -> Result<(), OversightError> {
    let open = open_of_case(tx, act.tenant(), case).await?;
    let proposal = open.iter().find(|open| open.id == id).ok_or(OversightError::NotOpen(id))?;
    if proposal.digest != seen {
        return Err(OversightError::Changed(id));
    }
    if proposal.proposed.by == act.by() {
        return Err(OversightError::SamePerson { id, by: act.by().to_owned() });
    }
    store::countersign(tx, act, (case, id), seen).await?;
    let subject = Subject::Decision(id);
    Ok(audit::record(tx, act, Action::DecisionCountersigned, subject, "").await?)
}

/// The open proposals of a month's list that are over a limit.
pub async fn over_of_list(
    db: &mut Read,
    tenant: Tenant,
    run: MonthRunId,
    today: Day,
) -> db::Result<BTreeMap<DecisionId, Over>> {
    let limits = limits(db, tenant, today).await?;
    let weights = store::weights(db, tenant, run).await?;
    let over = |one: &Candidate| Some((one.id, limits.over(one.weight)?));
    Ok(weights.iter().filter_map(over).collect())
}

/// Who has countersigned which open proposals of a month's list.
pub async fn countersigned(
    db: &mut Read,
    tenant: Tenant,
    run: MonthRunId,
) -> db::Result<Vec<(DecisionId, String)>> {
    store::countersigned(db, tenant, run).await
}

/// Those of some proposals that are over a limit and that nobody other than who acts has countersigned.
pub(in crate::decisions) async fn not_countersigned(
    db: &mut Read,
    act: &Act<Approve>,
    proposals: &[Decision],
) -> db::Result<BTreeMap<DecisionId, Over>> {
    let limits = limits(db, act.tenant(), danish(act.at())).await?;
    if limits.amount.is_none() && limits.deviation.is_none() {
        return Ok(BTreeMap::new());
    }
    let before = decided_before(db, act.tenant(), proposals).await?;
    let mut missing = BTreeMap::new();
    for proposal in proposals {
        let days = (proposal.basis.case, proposal.basis.period.first());
        let weight = Weight { total: proposal.total, decided: before.get(&days).copied() };
        let Some(over) = limits.over(weight) else { continue };
        let signed = store::countersigners(db, act.tenant(), proposal).await?;
        if !signed.iter().any(|by| by != act.by()) {
            missing.insert(proposal.id, over);
        }
    }
    Ok(missing)
}

/// What is decided for the days of some proposals.
async fn decided_before(
    db: &mut Read,
    tenant: Tenant,
    proposals: &[Decision],
) -> db::Result<HashMap<(CaseId, Day), Dkk>> {
    let cases: BTreeSet<CaseId> = proposals.iter().map(|proposal| proposal.basis.case).collect();
    let (Some(first), Some(last)) = (cases.first(), cases.last()) else {
        return Ok(HashMap::new());
    };
    decisions::approved_totals(db, tenant, &(*first..=*last)).await
}

/// The sample of a month's list: what the management looks at when it is signed.
pub async fn sample_of(
    db: &mut Read,
    tenant: Tenant,
    run: MonthRunId,
    today: Day,
) -> db::Result<Vec<Sampled>> {
    let limits = limits(db, tenant, today).await?;
    let list = sign_list(db, tenant, run).await?;
    let weights = store::weights(db, tenant, run).await?;
    Ok(sample(list.digest, &limits, &weights))
}

/// What was found in the decisions of a month's list.
pub async fn reviews(db: &mut Read, tenant: Tenant, run: MonthRunId) -> db::Result<Vec<Review>> {
    store::reviews(db, tenant, run).await
}

/// Records what the management found in a decision of the sample; found anew, the newer word counts.
pub async fn review(
    tx: &mut Tx,
    act: &Act<Approve>,
    run: MonthRunId,
    id: DecisionId,
    (finding, note): (Finding, &str),
) -> Result<(), OversightError> {
    let note = note.trim();
    if finding == Finding::Wrong && note.is_empty() {
        return Err(OversightError::NoNote);
    }
    let sample = sample_of(tx, act.tenant(), run, danish(act.at())).await?;
    let found = sample.iter().find(|one| one.candidate.id == id);
    let case = found.ok_or(OversightError::NotSampled(id))?.candidate.case;
    if let Some(by) = store::approver(tx, act.tenant(), (case, id)).await?
        && by == act.by()
    {
        return Err(OversightError::Approver { id, by });
    }
    store::review(tx, act, (case, id), finding, note).await?;
    let detail = format!("{finding}: {note}");
    Ok(audit::record(tx, act, Action::DecisionReviewed, Subject::Decision(id), detail).await?)
}
