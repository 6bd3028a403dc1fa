//! The consequences of a correction, and how far each has come.
//!
//! A leg is told from what has happened outside it: payments, open items, notices. So it is green
//! exactly when it is, and a correction is done when all its legs are.

use std::collections::BTreeSet;

use serde::Serialize;
use ydun_domain::ids::PartyId;
use ydun_domain::{Day, Dkk, Period, Tenant};

use super::Correction;
use crate::db::{Read, Result};
use crate::decisions::Decision;
use crate::notices;
use crate::operations::index::service as index;
use crate::payments::{self, Overpayment, Payment, State};
use crate::reports::service as reports;
use crate::reports::service::Told;
use crate::words::words;

words! {
    /// Where a correction has consequences.
    LegKind("leg") {
        Payment = "payment",
        /// What the tax authority's register is told.
        Tax = "tax",
        /// What the state's refund rests on, told in the same reports.
        Refund = "refund",
        /// The common benefit index.
        Index = "index",
        Claim = "claim",
        Notice = "notice",
    }

    /// How far a consequence has come.
    LegState("state of a leg") {
        NotNeeded = "not-needed",
        /// It goes by itself; nobody has to do anything yet.
        UnderWay = "under-way",
        /// Somebody has a task.
        Stuck = "stuck",
        Done = "done",
    }
}

/// One consequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Leg {
    pub kind: LegKind,
    pub state: LegState,
    /// How it stands, in Danish.
    pub told: String,
}

pub(super) async fn legs(
    db: &mut Read,
    tenant: Tenant,
    correction: &Correction,
    decided: &[Decision],
    today: Day,
) -> Result<Vec<Leg>> {
    let case = correction.case;
    let ours = |payment: &Payment| correction.decisions.contains(&payment.decision_id);
    let mut paid = payments::service::of_case(db, tenant, case).await?;
    paid.retain(ours);
    let mut overpaid = payments::service::overpayments(db, tenant, &(case..=case)).await?;
    overpaid.retain(|open| correction.decisions.contains(&open.decision_id));
    let notices = notices::service::of_case(db, tenant, case).await?;
    let told = notices.iter().filter(|notice| {
        paid.iter().any(|payment| payment.id == notice.payment_id) && notice.withdrawn_at.is_none()
    });
    let notice = notice(&paid, told.count(), decided);
    let reported = reported(db, tenant, decided, today).await?;
    let index = index(index::untold(db, tenant, case).await?);
    Ok(vec![payment(&paid), tax(&reported), refund(&reported), index, claim(&overpaid), notice])
}

/// What the income register has been told of the decided days of those they pay.
async fn reported(
    db: &mut Read,
    tenant: Tenant,
    decided: &[Decision],
    today: Day,
) -> Result<Vec<Told>> {
    let payees: BTreeSet<PartyId> =
        decided.iter().flat_map(|decision| &decision.lines).map(|line| line.payee).collect();
    let first = decided.iter().map(|decision| decision.basis.period.first()).min();
    let last = decided.iter().map(|decision| decision.basis.period.last()).max();
    let Some(days) = first.zip(last).and_then(|(first, last)| Period::new(first, last).ok()) else {
        return Ok(Vec::new());
    };
    let mut reported = Vec::new();
    for payee in payees {
        reported.extend(reports::told_of(db, tenant, payee, days, today).await?);
    }
    Ok(reported)
}

fn tax(reported: &[Told]) -> Leg {
    let income = |told: &Told| told.paid.values().map(|paid| paid.income).sum::<Dkk>();
    let mute: Dkk =
        reported.iter().flat_map(|told| told.paid.values()).map(|paid| paid.unreportable).sum();
    if !mute.is_zero() {
        let told = format!("{mute} kan ikke indberettes, før modulet siger hvordan");
        return Leg { kind: LegKind::Tax, state: LegState::Stuck, told };
    }
    told_leg(LegKind::Tax, reported, income, Told::not_reported, "indkomst")
}

fn refund(reported: &[Told]) -> Leg {
    let basis = |told: &Told| told.paid.values().map(|paid| paid.refundable).sum::<Dkk>();
    told_leg(LegKind::Refund, reported, basis, Told::not_refundable, "grundlag for refusion")
}

/// A leg that is green when the register has been told what was paid, and no more.
fn told_leg(
    kind: LegKind,
    reported: &[Told],
    paid: impl Fn(&Told) -> Dkk,
    open: impl Fn(&Told) -> Dkk,
    what: &str,
) -> Leg {
    let total: Dkk = reported.iter().map(&paid).sum();
    let left: Dkk = reported.iter().map(|told| open(told).abs()).sum();
    let (state, told) = if !left.is_zero() {
        (LegState::UnderWay, format!("{left} mangler at blive indberettet eller tilbageført"))
    } else if total.is_zero() {
        (LegState::NotNeeded, format!("ingen {what} er udbetalt"))
    } else {
        (LegState::Done, format!("{total} {what} er indberettet"))
    };
    Leg { kind, state, told }
}

fn payment(paid: &[Payment]) -> Leg {
    let count = |is: fn(State) -> bool| paid.iter().filter(|payment| is(payment.state)).count();
    let total: Dkk = paid.iter().map(|payment| payment.amount).sum();
    let stuck = count(|state| state.is_parked() || state == State::Unknown);
    let there = count(|state| matches!(state, State::Settled | State::Stopped));
    let (state, told) = if paid.is_empty() {
        (LegState::NotNeeded, "der er intet at betale".to_owned())
    } else if stuck > 0 {
        (LegState::Stuck, format!("{stuck} af {} betalinger kom ikke frem", paid.len()))
    } else if there == paid.len() {
        (LegState::Done, format!("{total} er betalt"))
    } else {
        (LegState::UnderWay, format!("{total} er på vej"))
    };
    Leg { kind: LegKind::Payment, state, told }
}

/// The index is told the case as it is, so what else happens in the case is told in the same go.
fn index(untold: Option<usize>) -> Leg {
    let (state, told) = match untold {
        None => (LegState::NotNeeded, "kommunen bruger ikke Ydelsesindekset".to_owned()),
        Some(0) => (LegState::Done, "Ydelsesindekset kender sagen, som den er".to_owned()),
        Some(count) => (
            LegState::UnderWay,
            format!("{count} ændringer er ikke sendt til Ydelsesindekset endnu"),
        ),
    };
    Leg { kind: LegKind::Index, state, told }
}

fn claim(overpaid: &[Overpayment]) -> Leg {
    let total: Dkk = overpaid.iter().map(|open| open.amount).sum();
    let (state, told) = if overpaid.is_empty() {
        (LegState::NotNeeded, "intet er betalt for meget".to_owned())
    } else {
        (
            LegState::Stuck,
            format!("{total} er betalt for meget; tag stilling til, om det skal kræves tilbage"),
        )
    };
    Leg { kind: LegKind::Claim, state, told }
}

fn notice(paid: &[Payment], notices: usize, decided: &[Decision]) -> Leg {
    let payments = paid.iter().filter(|payment| payment.state != State::Stopped).count();
    let (state, told) = if decided.is_empty() || payments == 0 {
        (LegState::NotNeeded, "ingen skal have besked om en betaling".to_owned())
    } else if notices < payments {
        (LegState::Stuck, format!("{} betalinger mangler en meddelelse", payments - notices))
    } else {
        (LegState::Done, format!("{notices} meddelelser er dannet"))
    };
    Leg { kind: LegKind::Notice, state, told }
}
