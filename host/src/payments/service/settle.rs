//! Settling approved decisions: paying what is due and not yet settled.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use ydun_domain::Dkk;
use ydun_domain::ids::{CaseId, PartyId, PaymentId};

use super::batch::{Batch, ToDo};
use super::moves;
use super::plan::{Plan, PlannedPayment};
use super::redirection::Redirections;
use super::tax_desk::TaxDesk;
use super::withdraw::{Withdrawal, by_payment, withdraw};
use crate::access::{Act, Approve};
use crate::db::Tx;
use crate::ledger::difference::{Line, Share, Step};
use crate::ledger::{self, Booking, Cause, Purpose};
use crate::notices;
use crate::payments::profile::NoTermsYet;
use crate::payments::store::{self, Move, Part};
use crate::payments::{Approved, BankProfile, Overpayment};

/// What settling came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    pub payments: usize,
    pub paid: Dkk,
    /// Payments that had not reached the payee and were taken back, as less is due now.
    pub withdrawn: usize,
    /// Found now; those found before and unchanged are not repeated.
    pub overpayments: Vec<Overpayment>,
    /// Decisions that were settled before. Nothing was paid by them now.
    pub settled_before: usize,
}

/// Why decisions were not settled. None of them was.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    #[error(
        "the line '{line}' of case {case} is negative; a module lowers a line, it does not pay less than nothing"
    )]
    Negative { case: String, line: String },
    #[error(
        "case {0} has two decisions in one batch; settle them one after the other, oldest first"
    )]
    TwoDecisions(String),
    #[error(
        "the line '{line}' of case {case} is income, and its payee is no citizen; only a citizen's income is taxed here"
    )]
    IncomeOfFirm { case: String, line: String },
    #[error("case {case} pays {payee}, which is not registered")]
    UnknownPayee { case: String, payee: PartyId },
    #[error(transparent)]
    NoTerms(#[from] NoTermsYet),
    #[error("the payments could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Settles approved decisions in the transaction that approves them.
///
/// What is due less what is settled is paid, one payment for each decision and payee. Where less is
/// due than before, payments that nobody has got are taken back first; what then is too much becomes
/// a named overpayment and is neither paid nor set off. So does what should be held back from a net
/// and is more than it. A citizen's income is paid after tax. A decision is settled once.
#[tracing::instrument(skip_all, fields(decisions = decisions.len(), by = act.by()))]
pub async fn settle(
    tx: &mut Tx,
    act: &Act<Approve>,
    bank: &BankProfile,
    decisions: Vec<Approved>,
) -> Result<Settled, SettleError> {
    let batch = Batch::new(decisions)?;
    let Some(range) = batch.range() else { return Ok(Settled::default()) };
    let due = batch.due();
    let before = batch.standing(tx, act.tenant(), &range).await?;
    let fields = batch.fields(tx, act.tenant(), &range).await?;
    let to_do = ToDo::new(&fields, &due, &before);
    let withdrawn = withdraw_too_much(tx, act, &batch, &range, &to_do).await?;
    let to_do = if withdrawn == 0 {
        to_do
    } else {
        ToDo::new(&fields, &due, &batch.standing(tx, act.tenant(), &range).await?)
    };

    let payees = batch.payees(tx, act.tenant(), &to_do).await?;
    let mut desk = TaxDesk::open(tx, act, &batch.taxpayers(&payees)?).await?;
    let paid: Vec<PartyId> = payees.keys().copied().collect();
    let mut redirections = Redirections::open(tx, act.tenant(), &range, &paid).await?;
    let plan = Plan::new(act, bank, &batch, &payees, &to_do, (&mut desk, &mut redirections))?;
    let counted = lines(&due).chain(lines(&before)).collect();
    let overpaid = too_much(&to_do, &plan);
    let overpayments = name_overpayments(tx, act, &batch, &range, counted, &overpaid).await?;
    let (payments, settled_before) = carry_out(tx, act, plan).await?;
    Ok(Settled {
        payments: payments.len(),
        paid: payments.iter().map(|planned| planned.payment.amount).sum(),
        withdrawn,
        overpayments,
        settled_before,
    })
}

fn lines(shares: &[Share]) -> impl Iterator<Item = Line> {
    shares.iter().map(|share| Line::from(&share.purpose))
}

/// Takes back the payments nobody has got that hold a line of which too much is settled, and those of
/// a payee from whom more is to be held back.
async fn withdraw_too_much(
    tx: &mut Tx,
    act: &Act<Approve>,
    batch: &Batch,
    range: &RangeInclusive<CaseId>,
    to_do: &ToDo,
) -> Result<usize, SettleError> {
    if to_do.held.is_empty() && !to_do.steps.iter().any(|step| overpaid(step).is_some()) {
        return Ok(0);
    }
    let open = store::open_parts(tx, act.tenant(), range).await?;
    let withdrawal = |parts: Vec<Part>| {
        let decision = batch.decision(parts[0].purpose.case_id).decision_id;
        Withdrawal {
            parts,
            cause: format!("taget tilbage, fordi afgørelsen {decision} giver mindre"),
        }
    };
    let withdrawals: Vec<Withdrawal> =
        to_take_back(batch, to_do, open).into_values().map(withdrawal).collect();
    let count = withdrawals.len();
    withdraw(tx, act, withdrawals).await?;
    Ok(count)
}

/// The payments among the open parts that hold a line of which too much is settled, or go to a payee
/// from whom more is to be held back.
///
/// A payment is taken back as a whole, so only one of which the batch decides every part: what is
/// still due of it is then paid anew.
pub(super) fn to_take_back(
    batch: &Batch,
    to_do: &ToDo,
    open: Vec<Part>,
) -> BTreeMap<PaymentId, Vec<Part>> {
    let lines: BTreeSet<&Line> =
        to_do.steps.iter().filter_map(overpaid).map(|(line, _)| line).collect();
    let to_hold = to_do.held.iter().filter(|(_, open)| open.is_negative());
    let recipients: BTreeSet<(CaseId, PartyId)> =
        to_hold.map(|(bearer, _)| (bearer.purpose.case_id, bearer.purpose.payee)).collect();
    let mut payments = by_payment(open);
    let concerned = |purpose: &Purpose| {
        lines.contains(&Line::from(purpose))
            || recipients.contains(&(purpose.case_id, purpose.payee))
    };
    payments.retain(|_, parts| {
        parts.iter().any(|part| concerned(&part.purpose))
            && parts.iter().all(|part| batch.decides(&part.purpose))
    });
    payments
}

fn overpaid(step: &Step) -> Option<(&Line, Dkk)> {
    match step {
        Step::Overpaid { line, amount } => Some((line, amount.dkk())),
        Step::Pay { .. } | Step::Rebook { .. } => None,
    }
}

/// What a payee has got and is not due: what is overpaid, and what should have been held back.
fn too_much(to_do: &ToDo, plan: &Plan) -> BTreeMap<Line, Dkk> {
    let overpaid = to_do.steps.iter().filter_map(overpaid);
    let overpaid = overpaid.map(|(line, amount)| (line.clone(), amount));
    let not_held = plan.not_held.iter().map(|(line, amount)| (line.clone(), amount.dkk()));
    let mut too_much = BTreeMap::new();
    for (line, amount) in overpaid.chain(not_held) {
        *too_much.entry(line).or_default() += amount;
    }
    too_much
}

/// Brings the named overpayments in line with what the counted lines come to now, and returns the new.
async fn name_overpayments(
    tx: &mut Tx,
    act: &Act<Approve>,
    batch: &Batch,
    range: &RangeInclusive<CaseId>,
    counted: BTreeSet<Line>,
    found: &BTreeMap<Line, Dkk>,
) -> Result<Vec<Overpayment>, SettleError> {
    let open = store::open_overpayments(tx, act.tenant(), range).await?;
    let named: BTreeMap<Line, Dkk> =
        open.into_iter().map(|open| (open.line(), open.amount)).collect();
    let mut new = Vec::new();
    for line in counted {
        let (named, found) = (named.get(&line), found.get(&line));
        if named == found {
            continue;
        }
        let decision_id = batch.decision(line.case_id).decision_id;
        if named.is_some() {
            store::close(tx, act, &line, decision_id.0).await?;
        }
        if let Some(amount) = found {
            let Line { case_id, line_key, payee } = line;
            new.push(Overpayment {
                case_id,
                decision_id,
                line_key,
                payee,
                amount: *amount,
                found_at: act.at(),
            });
        }
    }
    store::insert_overpayments(tx, act, &new).await?;
    Ok(new)
}

/// Books the plan and keeps its payments, leaving out those of decisions that were settled before.
async fn carry_out(
    tx: &mut Tx,
    act: &Act<Approve>,
    plan: Plan,
) -> Result<(Vec<PlannedPayment>, usize), SettleError> {
    let bookings = ledger::service::book(tx, act, &plan.entries).await?;
    let settled_before: BTreeSet<Cause> = plan
        .entries
        .iter()
        .zip(bookings)
        .filter(|(_, booking)| *booking == Booking::AlreadyBooked)
        .map(|(entry, _)| entry.cause)
        .collect();
    let mut payments = plan.payments;
    payments
        .retain(|planned| !settled_before.contains(&Cause::Decision(planned.payment.decision_id)));
    keep(tx, act, &payments).await?;
    Ok((payments, settled_before.len()))
}

/// Keeps planned payments with their parts, first events and notices.
pub(super) async fn keep(
    tx: &mut Tx,
    act: &Act<Approve>,
    payments: &[PlannedPayment],
) -> Result<(), sqlx::Error> {
    let keyed = payments.iter().map(|planned| (&planned.payment, planned.business_key.clone()));
    store::insert(tx, act, keyed).await?;
    store::insert_parts(
        tx,
        act.tenant(),
        payments.iter().flat_map(|planned| &planned.pieces.parts),
    )
    .await?;
    let tenant = act.tenant();
    let deductions = payments.iter().flat_map(|planned| &planned.pieces.deductions);
    store::insert_deductions(tx, tenant, deductions).await?;
    let incomes = payments.iter().flat_map(|planned| &planned.pieces.incomes);
    store::insert_incomes(tx, tenant, incomes).await?;
    store::insert_taxed(
        tx,
        tenant,
        payments.iter().filter_map(|planned| planned.pieces.taxed.as_ref()),
    )
    .await?;
    let first: Vec<Move> = payments.iter().map(PlannedPayment::first_move).collect();
    moves::record(tx, act, &first).await?;
    let notices: Vec<_> = payments.iter().map(|planned| planned.notice.clone()).collect();
    notices::service::keep(tx, act, &notices).await
}
