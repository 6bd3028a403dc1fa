//! What settling a decision would do, told before it is done.

use std::collections::BTreeMap;

use serde::Serialize;
use ydun_domain::ids::{PartyId, PaymentId};
use ydun_domain::{Dkk, Tenant};

use super::batch::Batch;
use super::settle::{SettleError, too_much};
use crate::db::Read;
use crate::ledger::difference::{Share, Step, difference};
use crate::payments::Approved;
use crate::payments::store::{self, Part};

/// What settling a decision would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Foreseen {
    /// What each payee would be paid.
    pub pay: BTreeMap<PartyId, Dkk>,
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
    let withdrawn = too_much(&batch, &difference(&due, &standing), open);
    standing.extend(withdrawn.values().flatten().map(taken_back));
    let mut foreseen =
        Foreseen { withdraw: withdrawn.into_keys().collect(), ..Foreseen::default() };
    for step in difference(&due, &standing) {
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
