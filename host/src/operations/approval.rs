//! Approving: decisions become money in the transaction that approves them.

use std::collections::HashMap;

use serde::Serialize;
use ydun_domain::ids::{CaseId, DecisionId, MonthRunId};
use ydun_domain::{Day, Dkk};
use ydun_runtime::{Digest, Manifest};

use super::judge::release_decided;
use super::store;
use crate::access::{Act, Approve};
use crate::cases::{self, Case};
use crate::clock::danish;
use crate::db::{Db, Read, Tx};
use crate::decisions::proposal::Proposal;
use crate::decisions::service::{self as decisions, ApproveError, Approved, Seen, Unready};
use crate::decisions::{DecidedLine, Decision};
use crate::freezes::{Frozen, Kind as FreezeKind, service as freezes};
use crate::modules::service as modules;
use crate::notices::Detail;
use crate::payments::service::{SettleError, Settled, settle};
use crate::payments::{self, ApprovedLine, BankProfile, Lane, Occasion, Taxation};

/// How what is approved is paid.
#[derive(Clone, Debug)]
pub struct Terms<'a> {
    pub bank: &'a BankProfile,
    pub lane: Lane,
    /// The day the money should be there; else as soon as the lane can.
    pub due: Option<Day>,
}

/// What an approval came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Approval {
    pub decisions: usize,
    pub payments: usize,
    pub paid: Dkk,
    /// Payments taken back before they left, as less is due.
    pub withdrawn: usize,
    /// Amounts that were paid and are no longer due.
    pub overpayments: usize,
    /// Decisions that give less, and change payments when they have reached the party.
    pub held: usize,
    /// Proposals left open because a party is not heard.
    pub waiting: usize,
    /// Proposals left open because they are over a limit and no third person has signed.
    pub over_limit: usize,
}

/// Why decisions were not approved.
#[derive(Debug, thiserror::Error)]
pub enum ApproveMonthError {
    #[error(
        "the list changed since you looked: it is signed {now} now; look at it again before you approve"
    )]
    ListChanged { now: Digest },
    #[error("the module {0} of a decision is not installed")]
    NoModule(Digest),
    #[error("the manifest of {module} has no posting code '{code}'")]
    NoPosting { module: String, code: String },
    #[error(transparent)]
    Frozen(#[from] Frozen),
    #[error(transparent)]
    Decision(#[from] ApproveError),
    #[error(transparent)]
    Payment(#[from] SettleError),
    #[error("the list could not be read or saved")]
    Store(#[from] sqlx::Error),
}

/// Decisions in a transaction.
const BATCH: usize = 500;

/// Approves a month run's open proposals, when the list still is the one that was signed.
///
/// It is done in batches, each in a transaction with its payments. When it is interrupted, the same
/// signature approves the rest. `progress` is told after each batch. In a freeze it is done with the cases that
/// may be paid at once, where the lane is that.
pub async fn approve_month(
    db: &Db,
    act: &Act<Approve>,
    run: MonthRunId,
    signed: Digest,
    terms: &Terms<'_>,
    mut progress: impl FnMut(&Approval),
) -> Result<Approval, ApproveMonthError> {
    let mut read = db.read().await?;
    let list = decisions::sign_list(&mut read, act.tenant(), run).await?;
    if list.digest != signed {
        return Err(ApproveMonthError::ListChanged { now: list.digest });
    }
    let open: Vec<Seen> = list
        .proposals
        .iter()
        .filter(|listed| listed.is_open)
        .map(decisions::Listed::seen)
        .collect();
    let open = unfrozen(&mut read, act, open, terms).await?;
    drop(read);
    let mut total = Approval::default();
    for batch in open.chunks(BATCH) {
        let mut tx = db.begin().await?;
        let approval = approve_and_pay(&mut tx, act, batch, terms, Unready::LeaveOpen).await?;
        tx.commit().await?;
        total.add(approval);
        progress(&total);
    }
    Ok(total)
}

/// Approves proposals over the numbers that were seen, and has them paid: all of them or none.
pub async fn approve(
    tx: &mut Tx,
    act: &Act<Approve>,
    seen: &[Seen],
    terms: &Terms<'_>,
) -> Result<Approval, ApproveMonthError> {
    approve_and_pay(tx, act, seen, terms, Unready::Refuse).await
}

/// What takes something away is held until it has reached the party; the rest is paid.
async fn approve_and_pay(
    tx: &mut Tx,
    act: &Act<Approve>,
    seen: &[Seen],
    terms: &Terms<'_>,
    unready: Unready,
) -> Result<Approval, ApproveMonthError> {
    refuse_frozen(tx, act, seen, terms).await?;
    let Approved { decisions, lowering, waiting, over_limit } =
        decisions::approve(tx, act, seen, unready).await?;
    let (held, paid): (Vec<Decision>, Vec<Decision>) =
        decisions.into_iter().partition(|decision| lowering.contains(&decision.id));
    store::hold(tx, act, &held, terms).await?;
    let settled = settle_all(tx, act, terms, &paid).await?;
    let decisions = held.len() + paid.len();
    Ok(Approval { decisions, held: held.len(), waiting, over_limit, ..settled })
}

/// Nothing is approved in a freeze but what two persons want paid at once: one who allows it for the case, and
/// the one who approves it.
async fn refuse_frozen(
    db: &mut Read,
    act: &Act<Approve>,
    seen: &[Seen],
    terms: &Terms<'_>,
) -> Result<(), ApproveMonthError> {
    let Some(frozen) = frozen(db, act).await? else { return Ok(()) };
    let left = at_once(db, act, &frozen, seen, terms).await?;
    if left.len() == seen.len() { Ok(()) } else { Err(frozen.into()) }
}

/// What of a list may be approved now: all of it, and in a freeze what [`refuse_frozen`] lets through.
async fn unfrozen(
    db: &mut Read,
    act: &Act<Approve>,
    seen: Vec<Seen>,
    terms: &Terms<'_>,
) -> Result<Vec<Seen>, ApproveMonthError> {
    let Some(frozen) = frozen(db, act).await? else { return Ok(seen) };
    let left = at_once(db, act, &frozen, &seen, terms).await?;
    if left.is_empty() && !seen.is_empty() { Err(frozen.into()) } else { Ok(left) }
}

async fn frozen(db: &mut Read, act: &Act<Approve>) -> Result<Option<Frozen>, sqlx::Error> {
    freezes::in_force(db, act.tenant(), FreezeKind::Approval, danish(act.at())).await
}

/// The proposals that are paid at once and whose cases another person has allowed.
async fn at_once(
    db: &mut Read,
    act: &Act<Approve>,
    frozen: &Frozen,
    seen: &[Seen],
    terms: &Terms<'_>,
) -> Result<Vec<Seen>, sqlx::Error> {
    if terms.lane != Lane::Straks {
        return Ok(Vec::new());
    }
    let allowed = freezes::allowed(db, act, frozen).await?;
    Ok(seen.iter().filter(|seen| allowed.contains(&seen.case)).copied().collect())
}

/// Has approved decisions paid, and lets money go that was kept back until they were made.
pub(super) async fn settle_all(
    tx: &mut Tx,
    act: &Act<Approve>,
    terms: &Terms<'_>,
    decisions: &[Decision],
) -> Result<Approval, ApproveMonthError> {
    let approved = payable(tx, act, terms, decisions).await?;
    let approval = settle_rounds(tx, act, terms, approved).await?;
    release_decided(tx, act, decisions).await?;
    Ok(approval)
}

/// Has what is payable paid, one decision of a case after the other.
pub(super) async fn settle_rounds(
    tx: &mut Tx,
    act: &Act<Approve>,
    terms: &Terms<'_>,
    approved: Vec<payments::Approved>,
) -> Result<Approval, ApproveMonthError> {
    let mut approval = Approval { decisions: approved.len(), ..Approval::default() };
    for round in rounds(approved) {
        approval.settle(&settle(tx, act, terms.bank, round).await?);
    }
    Ok(approval)
}

/// The decisions of one case one after the other, oldest days first; those of different cases together.
fn rounds(mut approved: Vec<payments::Approved>) -> Vec<Vec<payments::Approved>> {
    approved.sort_by_key(|approved| approved.period.first());
    let mut rounds: Vec<Vec<payments::Approved>> = Vec::new();
    let mut taken: HashMap<CaseId, usize> = HashMap::new();
    for approved in approved {
        let round = taken.entry(approved.case_id).or_default();
        if *round == rounds.len() {
            rounds.push(Vec::new());
        }
        rounds[*round].push(approved);
        *round += 1;
    }
    rounds
}

impl Approval {
    fn settle(&mut self, settled: &Settled) {
        self.payments += settled.payments;
        self.paid += settled.paid;
        self.withdrawn += settled.withdrawn;
        self.overpayments += settled.overpayments.len();
    }

    fn add(&mut self, more: Self) {
        self.decisions += more.decisions;
        self.payments += more.payments;
        self.paid += more.paid;
        self.withdrawn += more.withdrawn;
        self.overpayments += more.overpayments;
        self.held += more.held;
        self.waiting += more.waiting;
        self.over_limit += more.over_limit;
    }
}

/// Decisions as those who pay them need them.
pub(super) async fn payable(
    db: &mut Read,
    act: &Act<Approve>,
    terms: &Terms<'_>,
    decisions: &[Decision],
) -> Result<Vec<payments::Approved>, ApproveMonthError> {
    let manifests = manifests(db, decisions).await?;
    let ids: Vec<CaseId> = decisions.iter().map(|decision| decision.basis.case).collect();
    let cases = cases::service::by_ids(db, act.tenant(), &ids).await?;
    let numbers: HashMap<CaseId, String> =
        cases.iter().map(|case| (case.id, case.to_string())).collect();
    let approved = |decision: &Decision| {
        let manifest = &manifests[&decision.basis.artifact];
        Ok(payments::Approved {
            case_id: decision.basis.case,
            case_number: numbers[&decision.basis.case].clone(),
            decision_id: decision.id,
            period: decision.basis.period,
            benefit: manifest.title.clone(),
            lines: payable_lines(manifest, &decision.lines)?,
            lane: terms.lane,
            due: terms.due.unwrap_or_else(|| danish(act.at())),
            occasion: Occasion::Decided,
        })
    };
    decisions.iter().map(approved).collect()
}

/// What a proposal would be to those who pay it, once it were approved; its due day says nothing yet.
pub(super) fn foreseen(
    manifest: &Manifest,
    case: &Case,
    proposal: &Proposal,
) -> Result<payments::Approved, ApproveMonthError> {
    Ok(payments::Approved {
        case_id: case.id,
        case_number: case.to_string(),
        decision_id: DecisionId(uuid::Uuid::nil()),
        period: proposal.basis.period,
        benefit: manifest.title.clone(),
        lines: payable_lines(manifest, &proposal.lines)?,
        lane: Lane::Almindelig,
        due: proposal.basis.period.last(),
        occasion: Occasion::Decided,
    })
}

fn payable_lines(
    manifest: &Manifest,
    lines: &[DecidedLine],
) -> Result<Vec<ApprovedLine>, ApproveMonthError> {
    lines.iter().map(|line| payable_line(manifest, line)).collect()
}

async fn manifests(
    db: &mut Read,
    decisions: &[Decision],
) -> Result<HashMap<Digest, Manifest>, ApproveMonthError> {
    let mut manifests = HashMap::new();
    for artifact in decisions.iter().map(|decision| decision.basis.artifact) {
        if let std::collections::hash_map::Entry::Vacant(place) = manifests.entry(artifact) {
            let manifest = modules::manifest(db, artifact).await?;
            place.insert(manifest.ok_or(ApproveMonthError::NoModule(artifact))?);
        }
    }
    Ok(manifests)
}

fn payable_line(
    manifest: &Manifest,
    line: &DecidedLine,
) -> Result<ApprovedLine, ApproveMonthError> {
    let posting = manifest.posting(&line.posting).ok_or_else(|| ApproveMonthError::NoPosting {
        module: manifest.id.clone(),
        code: line.posting.clone(),
    })?;
    let detail = |told: &ydun_domain::benefit::Attribute| Detail {
        label: told.name.clone(),
        value: told.value.clone(),
    };
    Ok(ApprovedLine {
        key: line.key.clone(),
        payee: line.payee,
        about: line.about,
        period: line.period,
        amount: line.amount,
        posting_code: line.posting.clone(),
        account: posting.account.clone(),
        title: posting.title.clone(),
        reference: line.reference.clone(),
        details: line.details.iter().map(detail).collect(),
        tax: Taxation { treatment: posting.tax, report: posting.income.clone() },
    })
}
