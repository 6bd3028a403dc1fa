//! The decisions that are settled together.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use ydun_domain::ids::{CaseId, PartyId};
use ydun_domain::{Period, Tenant};

use super::settle::SettleError;
use crate::db::Read;
use crate::ledger::difference::Share;
use crate::ledger::{self, Purpose};
use crate::parties::{self, Party};
use crate::payments::{Approved, ApprovedLine, Payee};

/// Decisions of different cases.
pub(super) struct Batch {
    decisions: BTreeMap<CaseId, Approved>,
}

impl Batch {
    pub(super) fn new(decisions: Vec<Approved>) -> Result<Self, SettleError> {
        let mut by_case = BTreeMap::new();
        for decision in decisions {
            let case = || decision.case_number.clone();
            if let Some(line) = decision.lines.iter().find(|line| line.amount.is_negative()) {
                return Err(SettleError::Negative { case: case(), line: line.key.clone() });
            }
            if by_case.contains_key(&decision.case_id) {
                return Err(SettleError::TwoDecisions(case()));
            }
            by_case.insert(decision.case_id, decision);
        }
        Ok(Self { decisions: by_case })
    }

    pub(super) fn range(&self) -> Option<RangeInclusive<CaseId>> {
        Some(*self.decisions.first_key_value()?.0..=*self.decisions.last_key_value()?.0)
    }

    /// The decision of a case that the batch is known to hold.
    pub(super) fn decision(&self, case: CaseId) -> &Approved {
        &self.decisions[&case]
    }

    pub(super) fn decisions(&self) -> impl Iterator<Item = &Approved> {
        self.decisions.values()
    }

    pub(super) fn due(&self) -> Vec<Share> {
        let share = |decision: &Approved| {
            let case_id = decision.case_id;
            let share = move |line: &ApprovedLine| Share {
                purpose: Purpose {
                    case_id,
                    line_key: line.key.clone(),
                    payee: line.payee,
                    posting_code: line.posting_code.clone(),
                    period: line.period,
                },
                account: line.account.clone(),
                amount: line.amount,
            };
            decision.lines.iter().map(share).collect::<Vec<_>>()
        };
        self.decisions.values().flat_map(share).collect()
    }

    /// Whether a decision of the batch says what is due for a purpose: it has the line, or it decides
    /// on all of the line's days without it.
    pub(super) fn decides(&self, purpose: &Purpose) -> bool {
        self.decisions.get(&purpose.case_id).is_some_and(|decision| {
            decision.period.covers(purpose.period)
                || decision.lines.iter().any(|line| line.key == purpose.line_key)
        })
    }

    /// What is settled of what the batch decides.
    pub(super) async fn standing(
        &self,
        db: &mut Read,
        tenant: Tenant,
        range: &RangeInclusive<CaseId>,
    ) -> Result<Vec<Share>, sqlx::Error> {
        let days = self.decisions.values().flat_map(|decision| {
            decision.lines.iter().map(|line| line.period).chain([decision.period])
        });
        let Some(days) = days.reduce(around) else { return Ok(Vec::new()) };
        let mut settled = ledger::service::settled(db, tenant, range, days).await?;
        settled.retain(|share| self.decides(&share.purpose));
        Ok(settled)
    }

    pub(super) async fn payees(
        &self,
        db: &mut Read,
        tenant: Tenant,
    ) -> Result<BTreeMap<PartyId, Payee>, SettleError> {
        let named =
            |decision: &Approved| decision.lines.iter().map(|line| line.payee).collect::<Vec<_>>();
        let ids: BTreeSet<PartyId> = self.decisions.values().flat_map(named).collect();
        let payees = payees(db, tenant, &ids.into_iter().collect::<Vec<_>>()).await?;
        for decision in self.decisions.values() {
            if let Some(line) = decision.lines.iter().find(|line| !payees.contains_key(&line.payee))
            {
                let case = decision.case_number.clone();
                return Err(SettleError::UnknownPayee { case, payee: line.payee });
            }
        }
        Ok(payees)
    }
}

/// The days from the first of both to the last of both.
pub(super) fn around(one: Period, other: Period) -> Period {
    Period::new(one.first().min(other.first()), one.last().max(other.last()))
        .expect("it is longer than either")
}

/// The parties as those who get money.
pub(super) async fn payees(
    db: &mut Read,
    tenant: Tenant,
    ids: &[PartyId],
) -> Result<BTreeMap<PartyId, Payee>, sqlx::Error> {
    let payee = |party: Party| {
        (party.id, Payee { id: party.id, number: party.identity.for_payment(), name: party.name })
    };
    Ok(parties::service::by_ids(db, tenant, ids).await?.into_iter().map(payee).collect())
}
