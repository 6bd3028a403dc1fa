//! What can be done with decisions: propose, sign, reject, look.

use std::collections::{BTreeSet, HashMap};
use std::ops::RangeInclusive;

use serde::Serialize;
use ydun_domain::ids::{CaseId, DecisionId, MonthRunId};
use ydun_domain::{Day, Dkk, Period, Tenant};
use ydun_runtime::{Digest, canonical};

use super::gate;
use super::oversight::{Over, service as oversight};
use super::proposal::{Proposal, Weighed};
use super::store::{self, Which};
pub use super::store::{Listed, MadeWith};
use super::{DecidedLine, Decision, Objection, Status};
use crate::access::{Act, Approve, Look, Propose};
use crate::audit::{self, Action, Subject};
use crate::cases::ALL_CASES;
use crate::clock::danish;
use crate::db::{self, Read, Tx};
use crate::hearings::Standing;
use crate::modules::service as modules;

/// What each proposal changes, beside what is decided already; in their order.
pub async fn weigh(
    db: &mut Read,
    tenant: Tenant,
    proposals: &[Proposal],
) -> db::Result<Vec<Weighed>> {
    let in_force = in_force_beside(db, tenant, proposals).await?;
    Ok(weigh_beside(&in_force, proposals))
}

/// Puts to decision what the proposals change, and answers for each what it changes.
///
/// An open proposal for the same days is overtaken, whether or not there is a new one to take its
/// place: it rests on facts that are no longer the newest.
pub async fn propose(
    tx: &mut Tx,
    act: &Act<Propose>,
    proposals: &[Proposal],
) -> db::Result<Vec<Weighed>> {
    let in_force = in_force_beside(tx, act.tenant(), proposals).await?;
    let weighed = weigh_beside(&in_force, proposals);
    let days = |proposal: &Proposal| (proposal.basis.case, proposal.basis.period);
    store::replace(tx, act, &overtaken(&in_force, proposals.iter().map(days))).await?;
    let new = proposals.iter().zip(&weighed).filter_map(|(proposal, weighed)| match weighed {
        Weighed::New { id, digest, .. } => Some((*id, *digest, proposal)),
        Weighed::Unchanged(_) | Weighed::Nothing | Weighed::Clashes(_) => None,
    });
    let new: Vec<_> = new.collect();
    store::insert(tx, act, &new).await?;
    if let [(_, _, first), ..] = new[..] {
        let subject = subject(first.month_run, first.basis.case);
        audit::record(
            tx,
            act,
            Action::DecisionsProposed,
            subject,
            format!("{} decisions", new.len()),
        )
        .await?;
    }
    Ok(weighed)
}

/// Withdraws the cases' open proposals for the days: a newer calculation could not decide.
pub async fn withdraw(
    tx: &mut Tx,
    act: &Act<Propose>,
    cases: &[CaseId],
    days: Period,
) -> db::Result<()> {
    let Some(range) = range(cases.iter().copied()) else { return Ok(()) };
    let in_force = by_case(store::decisions(tx, act.tenant(), &range, days, Which::Open).await?);
    store::replace(tx, act, &overtaken(&in_force, cases.iter().map(|case| (*case, days)))).await
}

type ByCase = HashMap<CaseId, Vec<Decision>>;

async fn in_force_beside(
    db: &mut Read,
    tenant: Tenant,
    proposals: &[Proposal],
) -> db::Result<ByCase> {
    let cases = range(proposals.iter().map(|proposal| proposal.basis.case));
    let first = proposals.iter().map(|proposal| proposal.basis.period.first()).min();
    let last = proposals.iter().map(|proposal| proposal.basis.period.last()).max();
    let (Some(cases), Some(first), Some(last)) = (cases, first, last) else {
        return Ok(ByCase::new());
    };
    let days =
        Period::new(first, last).expect("the first of several periods begins before the last ends");
    Ok(by_case(store::decisions(db, tenant, &cases, days, Which::OpenOrApproved).await?))
}

fn weigh_beside(in_force: &ByCase, proposals: &[Proposal]) -> Vec<Weighed> {
    let beside =
        |proposal: &Proposal| in_force.get(&proposal.basis.case).map_or(&[][..], Vec::as_slice);
    proposals.iter().map(|proposal| proposal.weigh(beside(proposal))).collect()
}

/// The open proposals for the days of newer calculations.
fn overtaken(
    in_force: &ByCase,
    newer: impl Iterator<Item = (CaseId, Period)>,
) -> Vec<(CaseId, DecisionId)> {
    let open = |(case, days): (CaseId, Period)| {
        in_force.get(&case).into_iter().flatten().filter(move |decision| {
            decision.status == Status::Proposed && decision.basis.period.first() == days.first()
        })
    };
    newer.flat_map(open).map(|decision| (decision.basis.case, decision.id)).collect()
}

/// What the approver saw of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    pub case: CaseId,
    pub id: DecisionId,
    pub digest: Digest,
}

/// Why a proposal was not approved.
#[derive(Debug, thiserror::Error)]
pub enum ApproveError {
    #[error("there is no open proposal {0}; see `ydun decision list`")]
    NotOpen(DecisionId),
    #[error("the numbers of proposal {0} changed since you looked; look again before you approve")]
    Changed(DecisionId),
    #[error("'{by}' proposed decision {id}; another person must approve it")]
    SamePerson { id: DecisionId, by: String },
    #[error(
        "proposal {id} was calculated with a module that rests: {reason}; calculate the month again when it \
         counts again, or another version does"
    )]
    Suspended { id: DecisionId, reason: String },
    #[error("proposal {id} takes something away, and {standing}; see `ydun hearing needed`")]
    NotHeard { id: DecisionId, standing: Standing },
    #[error(
        "proposal {id} is over the municipality's limit of {over}; a third person countersigns it first, with \
         `ydun oversight countersign`"
    )]
    OverLimit { id: DecisionId, over: Over },
    #[error("the decision could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Decisions that were approved now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approved {
    pub decisions: Vec<Decision>,
    /// Those that give a payee less: they change no payment before they have reached the party.
    pub lowering: BTreeSet<DecisionId>,
    /// How many were left open because a party is not heard.
    pub waiting: usize,
    /// How many were left open because they are over a limit and no third person has signed.
    pub over_limit: usize,
}

/// A second person's name under the numbers that were seen. There is no other way to approve.
#[derive(Clone, Copy, Debug)]
pub struct Signature<'a>(&'a Decision);

impl<'a> Signature<'a> {
    fn sign(
        act: &Act<Approve>,
        decision: &'a Decision,
        seen: Digest,
    ) -> Result<Self, ApproveError> {
        let id = decision.id;
        if decision.status != Status::Proposed {
            return Err(ApproveError::NotOpen(id));
        }
        if decision.proposed.by == act.by() {
            return Err(ApproveError::SamePerson { id, by: act.by().to_owned() });
        }
        let now = decision.basis.digest(&decision.lines);
        if now != seen || decision.digest != seen {
            return Err(ApproveError::Changed(id));
        }
        Ok(Self(decision))
    }

    pub(super) fn decision(self) -> &'a Decision {
        self.0
    }
}

/// What is done with a proposal that is not ready: it takes something away from a party who is not heard, or
/// is over a limit and lacks a third person's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unready {
    /// Nothing is approved.
    Refuse,
    /// It stays open, and the others are approved.
    LeaveOpen,
}

/// Approves proposals, each over the numbers that were seen: all of them or none, but for those that
/// are left open because they are not ready.
///
/// The digest is made anew from what is stored, so that a change of any figure since the proposal is
/// found. The caller must have the money settled in the same transaction.
pub async fn approve(
    tx: &mut Tx,
    act: &Act<Approve>,
    seen: &[Seen],
    unready: Unready,
) -> Result<Approved, ApproveError> {
    let decisions = lock_seen(tx, act.tenant(), seen).await?;
    refuse_resting(tx, act.tenant(), &decisions).await?;
    let signatures =
        decisions.iter().zip(seen).map(|(open, seen)| Signature::sign(act, open, seen.digest));
    let mut signatures: Vec<Signature> = signatures.collect::<Result<_, _>>()?;
    let losses = gate::losses(tx, act.tenant(), &decisions, danish(act.at())).await?;
    let waiting = gate::unheard(&losses);
    if unready == Unready::Refuse
        && let Some(loss) = losses.iter().find(|loss| waiting.contains(&loss.decision))
    {
        return Err(ApproveError::NotHeard { id: loss.decision, standing: loss.standing });
    }
    let over_limit = oversight::not_countersigned(tx, act, &decisions).await?;
    if unready == Unready::Refuse
        && let Some((id, over)) = over_limit.first_key_value()
    {
        return Err(ApproveError::OverLimit { id: *id, over: *over });
    }
    let is_ready = |id: &DecisionId| !waiting.contains(id) && !over_limit.contains_key(id);
    signatures.retain(|signature| is_ready(&signature.decision().id));
    let approved = store::approve(tx, act, &signatures).await?;
    if approved != signatures.len() as u64 {
        return Err(ApproveError::NotOpen(signatures[0].decision().id));
    }
    let decisions: Vec<Decision> =
        signatures.iter().map(|signature| signature.decision().clone()).collect();
    if let Some(first) = decisions.first() {
        let signed: Vec<Seen> = decisions.iter().map(Decision::seen).collect();
        let detail = format!("{} decisions, signed {}", signed.len(), signed_together(&signed));
        let subject = subject(first.month_run, first.basis.case);
        audit::record(tx, act, Action::DecisionsApproved, subject, detail).await?;
    }
    Ok(Approved {
        decisions,
        lowering: gate::lowering(&losses),
        waiting: waiting.len(),
        over_limit: over_limit.len(),
    })
}

/// The open proposals that were seen, in their order. Nobody else decides on them meanwhile.
async fn lock_seen(
    tx: &mut Tx,
    tenant: Tenant,
    seen: &[Seen],
) -> Result<Vec<Decision>, ApproveError> {
    let Some(cases) = range(seen.iter().map(|seen| seen.case)) else { return Ok(Vec::new()) };
    store::lock_open(tx, tenant, &cases).await?;
    let open = store::decisions(tx, tenant, &cases, ever(), Which::Open).await?;
    let mut open: HashMap<DecisionId, Decision> =
        open.into_iter().map(|open| (open.id, open)).collect();
    seen.iter().map(|seen| open.remove(&seen.id).ok_or(ApproveError::NotOpen(seen.id))).collect()
}

/// Nothing new is decided on the word of a module that cannot be trusted.
async fn refuse_resting(
    db: &mut Read,
    tenant: Tenant,
    decisions: &[Decision],
) -> Result<(), ApproveError> {
    let resting = modules::suspensions(db, tenant).await?;
    let rests = |decision: &Decision| {
        let suspension = resting.iter().find(|rests| rests.digest == decision.basis.artifact)?;
        Some((decision.id, suspension.reason.clone()))
    };
    match decisions.iter().find_map(rests) {
        Some((id, reason)) => Err(ApproveError::Suspended { id, reason }),
        None => Ok(()),
    }
}

/// Rejects a proposal: it was wrong, and the reason says how.
pub async fn reject(
    tx: &mut Tx,
    act: &Act<Approve>,
    (case, id): (CaseId, DecisionId),
    objection: Objection,
    reason: &str,
) -> Result<(), ApproveError> {
    if !store::reject(tx, act, case, id, objection.word(), reason).await? {
        return Err(ApproveError::NotOpen(id));
    }
    Ok(audit::record(tx, act, Action::DecisionRejected, Subject::Decision(id), objection.word())
        .await?)
}

/// The list that is signed for a whole month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignList {
    /// What the approver signs: it covers every proposal on the list, and which they are.
    pub digest: Digest,
    pub proposals: Vec<Listed>,
}

/// A month run's proposals and what became decisions of them.
///
/// What is approved stays on the list, so that signing can go on where it was interrupted.
pub async fn sign_list(
    db: &mut Read,
    tenant: Tenant,
    month_run: MonthRunId,
) -> db::Result<SignList> {
    let proposals = store::listed(db, tenant, month_run).await?;
    let seen: Vec<Seen> = proposals.iter().map(Listed::seen).collect();
    Ok(SignList { digest: signed_together(&seen), proposals })
}

impl Decision {
    pub fn seen(&self) -> Seen {
        Seen { case: self.basis.case, id: self.id, digest: self.digest }
    }
}

impl Listed {
    pub fn seen(&self) -> Seen {
        Seen { case: self.case, id: self.id, digest: self.digest }
    }
}

/// One digest over many proposals and their order, for one signature.
pub(crate) fn signed_together(seen: &[Seen]) -> Digest {
    let digests: Vec<String> = seen.iter().map(|seen| seen.digest.to_string()).collect();
    canonical::digest(&digests)
}

/// The approved decisions of a case that nothing has taken the place of, oldest days first.
pub async fn in_force(db: &mut Read, tenant: Tenant, case: CaseId) -> db::Result<Vec<Decision>> {
    let mut decisions =
        store::decisions(db, tenant, &(case..=case), ever(), Which::OpenOrApproved).await?;
    decisions.retain(|decision| matches!(decision.status, Status::Approved(_)));
    Ok(decisions)
}

/// The decisions in force for the days up to a day, by case.
pub async fn until(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
    day: Day,
) -> db::Result<HashMap<CaseId, Decision>> {
    let eve = Period::of_day(day.previous());
    let mut decisions = store::decisions(db, tenant, cases, eve, Which::OpenOrApproved).await?;
    decisions.retain(|decision| {
        decision.basis.period.last() == eve.last() && matches!(decision.status, Status::Approved(_))
    });
    Ok(decisions.into_iter().map(|decision| (decision.basis.case, decision)).collect())
}

/// The open proposals of one case.
pub async fn open_of_case(
    db: &mut Read,
    tenant: Tenant,
    case: CaseId,
) -> db::Result<Vec<Decision>> {
    store::decisions(db, tenant, &(case..=case), ever(), Which::Open).await
}

/// Every decision of a case there has been, oldest first.
pub async fn of_case(tx: &mut Tx, act: &Act<Look>, case: CaseId) -> db::Result<Vec<Decision>> {
    let decisions = store::decisions(tx, act.tenant(), &(case..=case), ever(), Which::All).await?;
    audit::record_look(tx, act, Subject::Case(case), "decisions").await?;
    Ok(decisions)
}

/// The decisions of a case that were approved, also those that a newer one has superseded, oldest first.
pub async fn approved_of_case(
    db: &mut Read,
    tenant: Tenant,
    case: CaseId,
) -> db::Result<Vec<Decision>> {
    let mut all = store::decisions(db, tenant, &(case..=case), ever(), Which::All).await?;
    all.retain(|decision| matches!(decision.status, Status::Approved(_) | Status::Superseded(_)));
    Ok(all)
}

/// The open proposals of all cases.
pub async fn open(tx: &mut Tx, act: &Act<Look>) -> db::Result<Vec<Decision>> {
    let open = store::decisions(tx, act.tenant(), &ALL_CASES, ever(), Which::Open).await?;
    audit::record_look(tx, act, Subject::Municipality, format!("{} open proposals", open.len()))
        .await?;
    Ok(open)
}

/// Every decision and open proposal that rests on a module, by case number and days.
pub async fn made_with(
    db: &mut Read,
    tenant: Tenant,
    artifact: Digest,
) -> db::Result<Vec<MadeWith>> {
    store::made_with(db, tenant, artifact).await
}

/// The lines of approved decisions for days in the period, by case and oldest first.
pub async fn earlier_lines(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
    days: Period,
) -> db::Result<HashMap<CaseId, Vec<DecidedLine>>> {
    let mut by_case: HashMap<_, Vec<_>> = HashMap::new();
    for (case, line) in store::approved_lines(db, tenant, cases, days).await? {
        by_case.entry(case).or_default().push(line);
    }
    Ok(by_case)
}

/// The lines in effect for days in the period, by case: a decision that takes something away counts
/// when it has reached the party, and until then the one before it does.
pub async fn lines_in_effect(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
    days: Period,
) -> db::Result<HashMap<CaseId, Vec<DecidedLine>>> {
    let first_days = ever().first()..=days.last();
    let mut by_case: HashMap<_, Vec<_>> = HashMap::new();
    for ((case, _), lines) in store::in_effect(db, tenant, cases, &first_days).await? {
        let lines = lines.into_iter().filter(|line| line.period.overlap(days).is_some());
        by_case.entry(case).or_default().extend(lines);
    }
    Ok(by_case)
}

/// What is decided for some days of all cases of a benefit.
pub async fn decided(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    days: Period,
) -> db::Result<Decided> {
    store::decided(db, tenant, benefit, days).await
}

/// Decisions and proposals in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Decided {
    pub proposed: i64,
    pub approved: i64,
    pub refused: i64,
    pub amount_proposed: Dkk,
    pub amount_approved: Dkk,
}

/// Every day a decision can be about.
pub(super) fn ever() -> Period {
    Period::new(Day::new(1850, 1, 1), Day::new(2199, 12, 31)).expect("1850 is before 2199")
}

fn range(cases: impl Iterator<Item = CaseId> + Clone) -> Option<RangeInclusive<CaseId>> {
    Some(cases.clone().min()?..=cases.max()?)
}

fn by_case(decisions: Vec<Decision>) -> ByCase {
    let mut by_case = ByCase::new();
    for decision in decisions {
        by_case.entry(decision.basis.case).or_default().push(decision);
    }
    by_case
}

/// What an audit row is about: the month's run, or the one case.
fn subject(month_run: Option<MonthRunId>, case: CaseId) -> Subject {
    month_run.map_or(Subject::Case(case), Subject::MonthRun)
}
