//! The decisions that are settled together.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use ydun_domain::ids::{CaseId, PartyId};
use ydun_domain::{Dkk, Period, Tenant};
use ydun_runtime::manifest::TaxTreatment;

use super::net::{WITH_AM_BIDRAG, WITHOUT_AM_BIDRAG};
use super::settle::SettleError;
use crate::db::Read;
use crate::ledger::difference::{Bearer, Line, Share, Step, difference, gaps};
use crate::ledger::{self, Purpose};
use crate::parties::{self, Party, PaymentIdentity};
use crate::payments::{Approved, ApprovedLine, Payee, store};

/// Decisions of different cases.
pub(super) struct Batch {
    decisions: BTreeMap<CaseId, Approved>,
}

impl Batch {
    pub(super) fn new(decisions: Vec<Approved>) -> Result<Self, SettleError> {
        let mut by_case = BTreeMap::new();
        for decision in decisions {
            let case = || decision.case_number.clone();
            if let Some(line) = decision.lines.iter().find(|line| !line.has_a_right_sign()) {
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
            decision.concerns(purpose.payee)
                && (decision.period.covers(purpose.period)
                    || decision.lines.iter().any(|line| line.key == purpose.line_key))
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
        to_do: &ToDo,
    ) -> Result<BTreeMap<PartyId, Payee>, SettleError> {
        let named =
            |decision: &Approved| decision.lines.iter().map(|line| line.payee).collect::<Vec<_>>();
        // Somebody from whom less is held back than before need not have a line any more.
        let held_from = to_do.held.iter().map(|(bearer, _)| bearer.purpose.payee);
        let ids: BTreeSet<PartyId> =
            self.decisions.values().flat_map(named).chain(held_from).collect();
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

    /// How the lines of the batch are taxed, and those paid before.
    pub(super) async fn fields(
        &self,
        db: &mut Read,
        tenant: Tenant,
        range: &RangeInclusive<CaseId>,
    ) -> Result<Fields, SettleError> {
        let mut of_postings = BTreeMap::new();
        for decision in self.decisions.values() {
            for line in &decision.lines {
                let (case_id, line_key, payee) = (decision.case_id, line.key.clone(), line.payee);
                let posting = (Line { case_id, line_key, payee }, line.posting_code.clone());
                of_postings.insert(posting, line.tax.field());
            }
        }
        let mut of_lines: BTreeMap<Line, BTreeSet<Option<i64>>> = BTreeMap::new();
        for (line, posting_code, field) in store::part_fields(db, tenant, range).await? {
            of_lines.entry(line.clone()).or_default().insert(field);
            of_postings.entry((line, posting_code)).or_insert(field);
        }
        Ok(Fields { of_postings, of_lines })
    }

    /// Those whose income a line of the batch is.
    pub(super) fn taxpayers(
        &self,
        payees: &BTreeMap<PartyId, Payee>,
    ) -> Result<Vec<PartyId>, SettleError> {
        let mut taxpayers = BTreeSet::new();
        for decision in self.decisions.values() {
            let incomes = decision.lines.iter().filter(|line| line.tax.field().is_some());
            for line in incomes {
                if !matches!(payees[&line.payee].number, PaymentIdentity::Cpr(_)) {
                    let (case, line) = (decision.case_number.clone(), line.key.clone());
                    return Err(SettleError::IncomeOfFirm { case, line });
                }
                taxpayers.insert(line.payee);
            }
        }
        Ok(taxpayers.into_iter().collect())
    }
}

impl ApprovedLine {
    /// Only what is held back from a net is below zero, and it is never above.
    fn has_a_right_sign(&self) -> bool {
        let held_back = self.tax.treatment == TaxTreatment::HeldBackFromNet;
        if held_back { self.amount <= Dkk::ZERO } else { !self.amount.is_negative() }
    }
}

/// What is due less what is settled.
#[derive(Debug, Default)]
pub(super) struct ToDo {
    pub(super) steps: Vec<Step>,
    /// Below zero, what is still to be held back from a net; above, what was held back too much.
    pub(super) held: Vec<(Bearer, Dkk)>,
}

impl ToDo {
    /// Money moves between the postings of a line only where they are taxed alike: what was paid without
    /// tax cannot become an income by a booking, nor the other way round.
    pub(super) fn new(fields: &Fields, due: &[Share], settled: &[Share]) -> Self {
        let lines: BTreeSet<Line> = held_back(due).chain(held_back(settled)).collect();
        let split = |shares: &[Share]| -> (Vec<Share>, Vec<Share>) {
            let is_held_back = |share: &Share| lines.contains(&Line::from(&share.purpose));
            shares.iter().cloned().partition(is_held_back)
        };
        let ((held_due, due), (held, settled)) = (split(due), split(settled));
        let of = |shares: &[Share], field| -> Vec<Share> {
            let is_of = |share: &&Share| fields.of(&share.purpose) == field;
            shares.iter().filter(is_of).cloned().collect()
        };
        let steps = [None, Some(WITH_AM_BIDRAG), Some(WITHOUT_AM_BIDRAG)]
            .into_iter()
            .flat_map(|field| difference(&of(&due, field), &of(&settled, field)));
        Self { steps: steps.collect(), held: gaps(&held_due, &held) }
    }
}

/// The field each posting of a line is income under, if it is.
pub(super) struct Fields {
    of_postings: BTreeMap<(Line, String), Option<i64>>,
    /// Of what was paid of a line, whatever the posting that bears it now.
    of_lines: BTreeMap<Line, BTreeSet<Option<i64>>>,
}

impl Fields {
    fn of(&self, purpose: &Purpose) -> Option<i64> {
        let line = Line::from(purpose);
        let of_line = self.of_lines.get(&line).filter(|fields| fields.len() == 1);
        let of_line = of_line.and_then(|fields| fields.first().copied().flatten());
        self.of_postings.get(&(line, purpose.posting_code.clone())).copied().unwrap_or(of_line)
    }
}

/// The lines that are held back: they come to less than nothing. A single posting of another line may
/// too, when the line was rebooked and its payment then taken back.
fn held_back(shares: &[Share]) -> impl Iterator<Item = Line> {
    let mut totals: BTreeMap<Line, Dkk> = BTreeMap::new();
    for share in shares {
        *totals.entry(Line::from(&share.purpose)).or_default() += share.amount;
    }
    totals.into_iter().filter(|(_, total)| total.is_negative()).map(|(line, _)| line)
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
