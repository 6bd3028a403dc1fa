//! The legal gate: what a decision takes away from a party, and whether it may.
//!
//! A decision that gives a payee less than what is in effect is approved only when the payee has been
//! heard, or the law lets that be left out. It then changes no payment before it has reached the
//! party. Nothing goes round this: it is asked where decisions are approved, not on a page.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;
use ydun_domain::ids::{CaseId, DecisionId, PartyId};
use ydun_domain::{Day, Dkk, Period, Tenant};
use ydun_runtime::{Digest, canonical};

use super::{DecidedLine, Decision, store};
use crate::db::{Read, Result};
use crate::hearings::service::standings;
use crate::hearings::{Intention, Standing};

/// What one payee loses by a decision, and how far the hearing has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loss {
    pub decision: DecisionId,
    pub intention: Intention,
    pub before: Dkk,
    pub after: Dkk,
    pub standing: Standing,
}

/// What decisions take away from what is in effect, in their order.
pub async fn losses(
    db: &mut Read,
    tenant: Tenant,
    decisions: &[Decision],
    today: Day,
) -> Result<Vec<Loss>> {
    let in_effect = in_effect(db, tenant, decisions).await?;
    let losses = decisions.iter().flat_map(|decision| losses_of(decision, &in_effect)).collect();
    with_standings(db, tenant, losses, today).await
}

async fn with_standings(
    db: &mut Read,
    tenant: Tenant,
    mut losses: Vec<Loss>,
    today: Day,
) -> Result<Vec<Loss>> {
    let intentions: Vec<Intention> = losses.iter().map(|loss| loss.intention).collect();
    let standings = standings(db, tenant, &intentions, today).await?;
    for (loss, standing) in losses.iter_mut().zip(standings) {
        loss.standing = standing;
    }
    Ok(losses)
}

/// The decisions among these that take something away.
pub fn lowering(losses: &[Loss]) -> BTreeSet<DecisionId> {
    losses.iter().map(|loss| loss.decision).collect()
}

/// The decisions among these that must wait for a hearing.
pub fn unheard(losses: &[Loss]) -> BTreeSet<DecisionId> {
    let waiting = losses.iter().filter(|loss| !loss.standing.is_open());
    waiting.map(|loss| loss.decision).collect()
}

/// Case and first day of what is in effect, with its lines.
type InEffect = HashMap<(CaseId, Day), Vec<DecidedLine>>;

async fn in_effect(db: &mut Read, tenant: Tenant, decisions: &[Decision]) -> Result<InEffect> {
    let cases = || decisions.iter().map(|decision| decision.basis.case);
    let days = || decisions.iter().map(|decision| decision.basis.period);
    let (Some(first), Some(last)) = (cases().min(), cases().max()) else {
        return Ok(InEffect::new());
    };
    let from =
        days().map(ydun_domain::Period::first).min().expect("there are as many days as cases");
    let to = days().map(ydun_domain::Period::first).max().expect("there are as many days as cases");
    store::in_effect(db, tenant, &(first..=last), &(from..=to)).await
}

fn losses_of(decision: &Decision, in_effect: &InEffect) -> Vec<Loss> {
    let basis = &decision.basis;
    let first_day = basis.period.first();
    let Some(before) = in_effect.get(&(basis.case, first_day)) else { return Vec::new() };
    compare(decision.id, (basis.case, first_day), before, &decision.lines)
}

/// What each payee loses by lines that are intended for some days, beside those of the days before.
pub async fn foreseen_losses(
    db: &mut Read,
    tenant: Tenant,
    before: &Decision,
    days: Period,
    intended: &[DecidedLine],
    today: Day,
) -> Result<Vec<Loss>> {
    let about = (before.basis.case, days.first());
    with_standings(db, tenant, compare(before.id, about, &before.lines, intended), today).await
}

fn compare(
    decision: DecisionId,
    (case, first_day): (CaseId, Day),
    before: &[DecidedLine],
    after: &[DecidedLine],
) -> Vec<Loss> {
    let digest = intended(after);
    let after = by_payee(after);
    let loss = |(party, before): (PartyId, Dkk)| {
        let after = after.get(&party).copied().unwrap_or_default();
        let intention = Intention { case, party, first_day, digest };
        (after < before).then_some(Loss {
            decision,
            intention,
            before,
            after,
            standing: Standing::Missing,
        })
    };
    by_payee(before).into_iter().filter_map(loss).collect()
}

/// What each payee gets by some lines.
pub fn by_payee(lines: &[DecidedLine]) -> BTreeMap<PartyId, Dkk> {
    let mut sums = BTreeMap::new();
    for line in lines {
        *sums.entry(line.payee).or_insert(Dkk::ZERO) += line.amount;
    }
    sums
}

/// Whether a decision is what a party is heard about.
pub fn intends(decision: &Decision, intention: &Intention) -> bool {
    decision.basis.case == intention.case
        && decision.basis.period.first() == intention.first_day
        && intended(&decision.lines) == intention.digest
}

/// The same lines are the same intention, whichever calculation gave them.
fn intended(lines: &[DecidedLine]) -> Digest {
    let lines: Vec<_> = lines.iter().map(DecidedLine::to_line).collect();
    canonical::digest(&lines)
}
