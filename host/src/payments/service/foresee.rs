//! What settling a decision would do, told before it is done.

use std::collections::BTreeMap;

use serde::Serialize;
use ydun_domain::ids::{PartyId, PaymentId};
use ydun_domain::{Dkk, Tenant};

use super::batch::{Batch, ToDo};
use super::settle::{SettleError, to_take_back};
use crate::db::Read;
use crate::ledger::Account;
use crate::ledger::difference::{Share, Step};
use crate::payments::Approved;
use crate::payments::store::{self, Deduction, Part};

/// What settling a decision would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Foreseen {
    /// What each payee would be paid, before tax and what is held back.
    pub pay: BTreeMap<PartyId, Dkk>,
    /// What would be held back from the net of each payee, as far as it goes.
    pub hold_back: BTreeMap<PartyId, Dkk>,
    /// Payments that nobody has got and that would be taken back.
    pub withdraw: Vec<PaymentId>,
    /// Of what a payee has got, what would be too much.
    pub overpaid: BTreeMap<PartyId, Dkk>,
    /// Moved from one posting to another; nobody notices.
    pub rebooked: Dkk,
}

/// Says what settling would do, by the same rules, and changes nothing.
pub async fn foresee(
    db: &mut Read,
    tenant: Tenant,
    decision: Approved,
) -> Result<Foreseen, SettleError> {
    let batch = Batch::new(vec![decision])?;
    let Some(range) = batch.range() else { return Ok(Foreseen::default()) };
    let due = batch.due();
    let mut standing = batch.standing(db, tenant, &range).await?;
    let open = store::open_parts_seen(db, tenant, &range).await?;
    let fields = batch.fields(db, tenant, &range).await?;
    let withdrawn = to_take_back(&batch, &ToDo::new(&fields, &due, &standing), open);
    let payments: Vec<PaymentId> = withdrawn.keys().copied().collect();
    standing.extend(withdrawn.values().flatten().map(taken_back));
    let deductions = store::deductions(db, tenant, &payments).await?;
    standing.extend(deductions.iter().filter_map(given_back));
    let to_do = ToDo::new(&fields, &due, &standing);
    let mut foreseen = Foreseen { withdraw: payments, ..Foreseen::default() };
    for (bearer, open) in &to_do.held {
        let to = if open.is_negative() { &mut foreseen.hold_back } else { &mut foreseen.pay };
        *to.entry(bearer.purpose.payee).or_default() += open.abs();
    }
    for step in to_do.steps {
        match step {
            Step::Pay { purpose, amount, .. } => {
                *foreseen.pay.entry(purpose.payee).or_default() += amount.dkk();
            }
            Step::Overpaid { line, amount } => {
                *foreseen.overpaid.entry(line.payee).or_default() += amount.dkk();
            }
            Step::Rebook { amount, .. } => foreseen.rebooked += amount.dkk(),
        }
    }
    Ok(foreseen)
}

fn taken_back(part: &Part) -> Share {
    Share {
        purpose: part.purpose.clone(),
        account: part.account.clone(),
        amount: -part.amount.dkk(),
    }
}

/// What was held back would no longer be.
fn given_back(deduction: &Deduction) -> Option<Share> {
    let Account::Expense(account) = &deduction.account else { return None };
    let (purpose, amount) = (deduction.purpose.clone(), deduction.amount.dkk());
    Some(Share { purpose, account: account.clone(), amount })
}
