//! What a payee was paid: for whom, for which days, on what it rests, and what a correction changed.
//!
//! Told from the decisions and the payments themselves, so that nothing has to be kept for it: the figures of a
//! line are those the module gave with it, and a correction shows them as they were before and are now.

use serde::Serialize;
use ydun_domain::benefit::Attribute;
use ydun_domain::ids::PartyId;
use ydun_domain::{Day, Dkk, Period, Tenant};

use crate::access::{Act, Own};
use crate::audit::{self, Subject};
use crate::cases::Case;
use crate::clock::danish;
use crate::db::{Read, Result, Tx};
use crate::decisions::{DecidedLine, Decision, Status, service as decisions};
use crate::parties;
use crate::payments::{Payment, State, service as payments};

/// What a payee gets for somebody's days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remittance {
    /// The case's number.
    pub case: String,
    pub benefit: String,
    /// Whom it is for, where that is not the payee.
    pub about: Option<String>,
    pub period: Period,
    /// The payee's own.
    pub reference: Option<String>,
    /// As it is decided now.
    pub now: Decided,
    /// As it was before the last correction.
    pub before: Option<Decided>,
    /// What has been sent for these days.
    pub payments: Vec<Sent>,
}

/// A line of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decided {
    pub on: Day,
    pub amount: Dkk,
    /// What the amount rests on, such as hours and rate.
    pub details: Vec<Attribute>,
}

/// Money on its way or there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// The bank day the payee has it.
    pub disposal: Day,
    /// Of the whole payment, which may be for other lines of the decision too.
    pub amount: Dkk,
    pub state: State,
}

/// What some parties get from cases, the newest days first. The look is recorded.
pub async fn remittances(
    tx: &mut Tx,
    act: &Act<Own>,
    payees: &[PartyId],
    cases: &[Case],
) -> Result<Vec<Remittance>> {
    let mut all = Vec::new();
    for case in cases {
        let decided = decisions::approved_of_case(tx, act.tenant(), case.id).await?;
        let paid = payments::of_case(tx, act.tenant(), case.id).await?;
        for (line, now) in in_force(&decided, payees) {
            let about = name(tx, act.tenant(), line.about).await?;
            all.push(remittance(case, &decided, &paid, (line, now), about));
        }
        audit::record_look(tx, act, Subject::Case(case.id), "own payments").await?;
    }
    all.sort_by(|one, other| {
        (other.period.first(), &one.case).cmp(&(one.period.first(), &other.case))
    });
    Ok(all)
}

/// The lines for the payees in the decisions that count.
fn in_force<'a>(
    decided: &'a [Decision],
    payees: &[PartyId],
) -> impl Iterator<Item = (&'a DecidedLine, &'a Decision)> {
    decided
        .iter()
        .filter(|decision| matches!(decision.status, Status::Approved(_)))
        .flat_map(|decision| decision.lines.iter().map(move |line| (line, decision)))
        .filter(|(line, _)| payees.contains(&line.payee))
}

fn remittance(
    case: &Case,
    decided: &[Decision],
    paid: &[Payment],
    (line, now): (&DecidedLine, &Decision),
    about: Option<String>,
) -> Remittance {
    let same = |earlier: &&DecidedLine| {
        (&earlier.key, earlier.payee, earlier.period) == (&line.key, line.payee, line.period)
    };
    // Oldest first: the last that was superseded is what the correction changed.
    let before = decided
        .iter()
        .rfind(|earlier| earlier.id != now.id && earlier.basis.period == now.basis.period)
        .and_then(|earlier| Some((earlier.lines.iter().find(same)?, earlier)));
    let of_days = |payment: &&Payment| {
        let of = decided.iter().find(|decision| decision.id == payment.decision_id);
        let of_days = of.is_some_and(|decision| decision.basis.period == now.basis.period);
        of_days && payment.payee.id == line.payee
    };
    Remittance {
        case: case.to_string(),
        benefit: case.benefit.clone(),
        about,
        period: line.period,
        reference: line.reference.clone(),
        now: Decided::of(line, now),
        before: before.map(|(line, decision)| Decided::of(line, decision)),
        payments: paid.iter().filter(of_days).map(Sent::of).collect(),
    }
}

async fn name(db: &mut Read, tenant: Tenant, party: Option<PartyId>) -> Result<Option<String>> {
    let Some(party) = party else { return Ok(None) };
    let found = parties::service::by_ids(db, tenant, &[party]).await?;
    Ok(found.into_iter().next().map(|party| party.name))
}

impl Decided {
    fn of(line: &DecidedLine, decision: &Decision) -> Self {
        let on = match &decision.status {
            Status::Approved(mark) => mark.at,
            // When a superseded one was approved is not kept beside it.
            Status::Proposed | Status::Rejected { .. } | Status::Superseded(_) => {
                decision.proposed.at
            }
        };
        Self { on: danish(on), amount: line.amount, details: line.details.clone() }
    }
}

impl Sent {
    fn of(payment: &Payment) -> Self {
        Self { disposal: payment.disposal, amount: payment.amount, state: payment.state }
    }
}
