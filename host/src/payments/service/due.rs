//! What is due by the decisions in effect, less what is settled.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use ydun_domain::ids::CaseId;
use ydun_domain::{Dkk, Period, Tenant};

use super::batch::around;
use crate::access::{Act, Right};
use crate::db::{Read, Result, Tx};
use crate::decisions;
use crate::ledger::difference::Line;
use crate::ledger::{self, Purpose};
use crate::payments::store::{self, Part};

/// What is due of each line less what is settled; below zero, too much is settled. Lines that agree
/// are zero. A decision that takes something away counts when it has reached the party.
pub(super) async fn open_amounts(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
    days: Period,
) -> Result<BTreeMap<Line, Dkk>> {
    let mut open: BTreeMap<Line, Dkk> = BTreeMap::new();
    let decided = decisions::service::lines_in_effect(db, tenant, cases, days).await?;
    for (case_id, lines) in decided {
        for line in lines {
            let of = Line { case_id, line_key: line.key, payee: line.payee };
            *open.entry(of).or_default() += line.amount;
        }
    }
    for share in ledger::service::settled(db, tenant, cases, days).await? {
        *open.entry(Line::from(&share.purpose)).or_default() -= share.amount;
    }
    Ok(open)
}

/// As [`open_amounts`], of some lines.
pub(super) async fn open_of<'a>(
    db: &mut Read,
    tenant: Tenant,
    purposes: impl Iterator<Item = &'a Purpose> + Clone,
) -> Result<BTreeMap<Line, Dkk>> {
    let cases = || purposes.clone().map(|purpose| purpose.case_id);
    let days = purposes.clone().map(|purpose| purpose.period).reduce(around);
    let (Some(first), Some(last), Some(days)) = (cases().min(), cases().max(), days) else {
        return Ok(BTreeMap::new());
    };
    let mut open = open_amounts(db, tenant, &(first..=last), days).await?;
    let lines: BTreeSet<Line> = purposes.map(Line::from).collect();
    Ok(lines
        .into_iter()
        .map(|line| (line.clone(), open.remove(&line).unwrap_or_default()))
        .collect())
}

/// Whether a line of some parts is named as overpaid.
pub(super) async fn are_overpaid(db: &mut Read, tenant: Tenant, parts: &[Part]) -> Result<bool> {
    let Some(part) = parts.first() else { return Ok(false) };
    let case = part.purpose.case_id;
    let named = store::open_overpayments(db, tenant, &(case..=case)).await?;
    Ok(parts.iter().any(|part| {
        let line = Line::from(&part.purpose);
        named.iter().any(|overpaid| overpaid.line() == line)
    }))
}

/// Counts the named overpayments anew on the lines of a payment that did not reach the payee, and
/// returns what of them is due and not settled.
pub(super) async fn count_anew<R: Right>(tx: &mut Tx, act: &Act<R>, parts: &[Part]) -> Result<Dkk> {
    let Some(part) = parts.first() else { return Ok(Dkk::ZERO) };
    let case = part.purpose.case_id;
    let purposes = parts.iter().map(|part| &part.purpose);
    let open = open_of(tx, act.tenant(), purposes).await?;
    for named in store::open_overpayments(tx, act.tenant(), &(case..=case)).await? {
        let line = named.line();
        let Some(amount) = open.get(&line).map(|open| -*open) else { continue };
        if amount <= Dkk::ZERO {
            store::close(tx, act, &line, part.payment.0).await?;
        } else if amount < named.amount {
            store::lower(tx, act.tenant(), &line, amount).await?;
        }
    }
    Ok(open.into_values().filter(|open| *open > Dkk::ZERO).sum())
}
