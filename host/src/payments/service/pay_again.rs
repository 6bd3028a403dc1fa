//! Paying again what did not reach the payee: it could not be delivered, or somebody stopped it.

use std::collections::BTreeMap;

use ydun_domain::ids::{PartyId, PaymentId, RedirectionId};
use ydun_domain::{Day, Dkk, Tenant};
use ydun_runtime::manifest::TaxTreatment;

use super::batch::payees;
use super::divide::Pieces;
use super::due::{count_anew, open_of};
use super::moves::ask_about_troubled;
use super::net::{Hold, Portion, net};
use super::plan::{PlannedPayment, end_to_end, first_state, told};
use super::redirection::Redirections;
use super::settle::keep;
use super::tax_desk::TaxDesk;
use super::withdraw::{Withdrawal, withdraw};
use crate::access::{Act, Approve};
use crate::audit::{self, Action, Subject};
use crate::cases;
use crate::clock::danish;
use crate::db::{Read, Tx};
use crate::ledger::difference::{Bearer, Line};
use crate::ledger::{self, Account, Booking, Cause, Entry, Positive, Purpose};
use crate::notices::{self, Content, Line as NoticeLine, NewNotice};
use crate::payments::profile::NoTermsYet;
use crate::payments::state::Stuck;
use crate::payments::store::{self, Deduction, Part, PartIncome};
use crate::payments::{BankProfile, Lane, Payee, Payment, Taxation};

/// Why a payment was not paid again.
#[derive(Debug, thiserror::Error)]
pub enum PayAgainError {
    #[error("there is no payment {0}; see the payments of the case")]
    NotFound(PaymentId),
    #[error("nothing is due of it any more: it is paid already, or a newer decision gives less")]
    NothingDue,
    #[error(
        "a payment at once takes two persons, and nobody has asked for this one; ask with `ydun payment \
         pay-again {0} --lane straks`, and another person gives the same command"
    )]
    NotAsked(PaymentId),
    #[error("'{by}' asked for it; another person must pay it at once")]
    SamePerson { by: String },
    #[error("it has been paid again before; see the newer payment of the case")]
    PaidAgainBefore,
    #[error(transparent)]
    Stuck(#[from] Stuck),
    #[error(transparent)]
    NoTerms(#[from] NoTermsYet),
    #[error("the payment could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Asks that a payment be paid again at once. Another person then does it.
pub async fn ask_straks(
    tx: &mut Tx,
    act: &Act<Approve>,
    id: PaymentId,
) -> Result<(), PayAgainError> {
    let payment = store::lock(tx, act.tenant(), id).await?.ok_or(PayAgainError::NotFound(id))?;
    payment.state.pay_again()?;
    store::request::insert(tx, act, id).await?;
    audit::record(tx, act, Action::PaymentAskedAgain, Subject::Payment(id), "straks").await?;
    Ok(())
}

/// Whether two persons want a payment, where the lane demands it.
async fn check_persons(
    db: &mut Read,
    act: &Act<Approve>,
    id: PaymentId,
    lane: Lane,
) -> Result<(), PayAgainError> {
    if lane != Lane::Straks {
        return Ok(());
    }
    match store::request::asked_by(db, act.tenant(), id).await? {
        None => Err(PayAgainError::NotAsked(id)),
        Some(by) if by == act.by() => Err(PayAgainError::SamePerson { by }),
        Some(_) => Ok(()),
    }
}

/// Pays what is still due of a payment that was rejected, came back or was stopped, as soon as the
/// lane can make it.
///
/// The payee is named as it is known now, and taxed anew: by the card of the new day, as income is
/// taxed when it is paid. The old payment is stopped first, if it is not yet, so that its money is due
/// again and the new one may use the allowance it used. What a newer decision has taken away is not
/// paid. At once it takes two persons: see [`ask_straks`].
pub async fn pay_again(
    tx: &mut Tx,
    act: &Act<Approve>,
    bank: &BankProfile,
    id: PaymentId,
    lane: Lane,
) -> Result<PaymentId, PayAgainError> {
    let old = store::find(tx, act.tenant(), id).await?.ok_or(PayAgainError::NotFound(id))?;
    cases::service::lock(tx, act.tenant(), old.case_id).await?; // nobody settles it meanwhile
    let old = store::lock(tx, act.tenant(), id).await?.ok_or(PayAgainError::NotFound(id))?;
    old.state.pay_again()?;
    check_persons(tx, act, id, lane).await?;
    let new_id = PaymentId::generate();
    let parts = store::parts_of_payments(tx, act.tenant(), &[id]).await?;
    let deductions = store::deductions(tx, act.tenant(), &[id]).await?;
    if old.state.is_parked() {
        let cause = format!("udbetales igen som {}", end_to_end(new_id));
        withdraw(tx, act, vec![Withdrawal { parts: parts.clone(), cause }]).await?;
    }
    let again = planned_again(tx, act, bank, (&old, &parts, &deductions), (new_id, lane)).await?;
    let postings = again.planned.pieces.postings().collect();
    let entry =
        Entry::new(format!("payment:{id}:again"), Cause::Payment(id), danish(act.at()), postings);
    if ledger::service::book(tx, act, &[entry]).await? != [Booking::Booked] {
        return Err(PayAgainError::PaidAgainBefore);
    }
    keep(tx, act, &[again.planned]).await?;
    if lane == Lane::Straks {
        store::request::set_paid_as(tx, act.tenant(), id, new_id).await?;
    }
    for (line, amount) in &again.not_held {
        store::add_overpayment(tx, act, line, old.decision_id, *amount).await?;
    }
    count_anew(tx, act, &parts).await?;
    ask_about_troubled(tx, act, &(old.case_id..=old.case_id)).await?;
    audit::record(tx, act, Action::PaymentPaidAgain, Subject::Payment(id), format!("as {new_id}"))
        .await?;
    Ok(new_id)
}

/// A payment as it is paid again, and what can no longer be held back from it.
struct Again {
    planned: PlannedPayment,
    not_held: Vec<(Line, Positive)>,
}

async fn planned_again(
    tx: &mut Tx,
    act: &Act<Approve>,
    bank: &BankProfile,
    (old, parts, deductions): (&Payment, &[Part], &[Deduction]),
    (id, lane): (PaymentId, Lane),
) -> Result<Again, PayAgainError> {
    let tenant = act.tenant();
    let purposes = parts.iter().map(|part| &part.purpose);
    let purposes = purposes.chain(deductions.iter().map(|deduction| &deduction.purpose));
    let mut open = open_of(tx, tenant, purposes).await?;
    let now = still_due(parts, &mut open);
    if now.is_empty() {
        return Err(PayAgainError::NothingDue);
    }
    let schedule = bank.schedule(lane, act.at(), danish(act.at()))?;
    let to = Recipient::of(tx, tenant, old, schedule.disposal).await?;
    let incomes = store::incomes(tx, tenant, old.id).await?;
    let taxpayers: &[PartyId] = if incomes.is_empty() { &[] } else { &[old.entitled] };
    let mut desk = TaxDesk::open(tx, act, taxpayers).await?;
    let portions: Vec<Portion> = now.iter().map(|part| portion(part, &incomes)).collect();
    let holds =
        deductions.iter().filter_map(|deduction| hold(deduction, &mut open)).collect::<Vec<_>>();
    let net = net(&mut desk, (id, old.entitled, schedule.disposal), &portions, &holds);

    let amount = net.nets.iter().copied().sum();
    let (state, _) = first_state(amount);
    let payment = Payment {
        id,
        end_to_end: end_to_end(id),
        payee: to.payee.clone(),
        redirection: to.redirection,
        account: None,
        lane,
        disposal: schedule.disposal,
        send_by: schedule.send_by,
        amount,
        state,
        state_reason: format!("udbetales igen i stedet for {}", old.end_to_end),
        version: 1,
        file_id: None,
        drawn: false,
        ..old.clone()
    };
    let content = notices::service::content(tx, tenant, old.id).await?;
    let content = content.ok_or(sqlx::Error::RowNotFound)?;
    let content = Content { amount, deductions: told(&net.deductions), ..content };
    let notice = NewNotice {
        recipient: to.payee.id,
        case_id: old.case_id,
        payment_id: id,
        disposal: schedule.disposal,
        content: to.told(content, (parts, &now)),
    };
    let part = |(part, net): (&Part, &Dkk)| Part {
        payment: id,
        version: 1,
        state,
        net: *net,
        ..part.clone()
    };
    let planned = PlannedPayment {
        business_key: format!("payment:{}:again", old.id),
        pieces: Pieces {
            parts: now.iter().zip(&net.nets).map(part).collect(),
            deductions: net.deductions,
            incomes: net.incomes,
            taxed: net.taxed,
        },
        notice,
        payment,
    };
    Ok(Again { planned, not_held: net.not_held })
}

/// Who gets what did not reach its payee.
struct Recipient {
    payee: Payee,
    /// Whether it still goes to somebody else than whose money it is.
    redirection: Option<RedirectionId>,
    /// Whether it went to somebody else before.
    was_redirected: bool,
}

impl Recipient {
    /// Who gets it as everybody is named now; whose money it is, when it no longer goes to somebody else.
    async fn of(tx: &mut Tx, tenant: Tenant, old: &Payment, on: Day) -> Result<Self, sqlx::Error> {
        let cases = old.case_id..=old.case_id;
        let redirections = Redirections::open(tx, tenant, &cases, &[old.entitled]).await?;
        let redirection = old.redirection.filter(|id| redirections.stands(*id, on));
        let to = redirection.map_or(old.entitled, |_| old.payee.id);
        let payee = payees(tx, tenant, &[to]).await?.remove(&to);
        let payee = payee.ok_or(sqlx::Error::RowNotFound)?;
        Ok(Self { payee, redirection, was_redirected: old.redirection.is_some() })
    }

    /// What is told: the old notice's lines with what is paid now, or of money paid for somebody its one.
    fn told(&self, content: Content, (before, now): (&[Part], &[Part])) -> Content {
        if !self.was_redirected {
            let lines = lines_again(content.lines, before, now);
            return Content { lines, ..content };
        }
        let on_behalf_of = content.on_behalf_of.filter(|_| self.redirection.is_some());
        let taken: Dkk = content.deductions.iter().map(|deduction| deduction.amount).sum();
        let (deductions, paid) = match on_behalf_of {
            Some(_) => (Vec::new(), content.amount),
            None => (content.deductions.clone(), content.amount + taken),
        };
        let mut lines = content.lines;
        for line in &mut lines {
            (line.decided, line.paid) = (paid, paid);
        }
        Content { lines, deductions, on_behalf_of, ..content }
    }
}

/// What of the parts is due and not settled, when those of a line take what is open of it in turn.
fn still_due(parts: &[Part], open: &mut BTreeMap<Line, Dkk>) -> Vec<Part> {
    let take = |part: &Part| {
        let open = open.get_mut(&Line::from(&part.purpose))?;
        let amount = Positive::new(part.amount.dkk().min(*open))?;
        *open -= amount.dkk();
        Some(Part { amount, ..part.clone() })
    };
    parts.iter().filter_map(take).collect()
}

/// The lines of the old notice with what is paid now. A line stands for the part of its amount.
fn lines_again(mut lines: Vec<NoticeLine>, before: &[Part], now: &[Part]) -> Vec<NoticeLine> {
    let mut before: Vec<&Part> = before.iter().collect();
    lines.retain_mut(|line| {
        let is_it =
            |part: &&Part| part.amount.dkk() == line.paid && part.purpose.period == line.period;
        if let Some(place) = before.iter().position(is_it) {
            let part = before.swap_remove(place);
            let still =
                |now: &&Part| (&now.purpose, &now.account) == (&part.purpose, &part.account);
            line.paid = now.iter().find(still).map_or(Dkk::ZERO, |now| now.amount.dkk());
        }
        line.paid > Dkk::ZERO
    });
    lines
}

/// A part as it is to be taxed again.
fn portion(part: &Part, incomes: &[PartIncome]) -> Portion {
    let Purpose { line_key, posting_code, .. } = &part.purpose;
    let is_it =
        |income: &&PartIncome| (&income.line_key, &income.posting_code) == (line_key, posting_code);
    let tax = incomes.iter().find(is_it).map(|income| Taxation {
        treatment: match income.field {
            13 => TaxTreatment::IncomeWithAmBidrag,
            _ => TaxTreatment::Income,
        },
        report: income.report.clone(),
    });
    let bearer = Bearer { purpose: part.purpose.clone(), account: part.account.clone() };
    Portion { bearer, amount: part.amount, tax }
}

/// What was held back, to be held back again as far as it still is to be.
fn hold(deduction: &Deduction, open: &mut BTreeMap<Line, Dkk>) -> Option<Hold> {
    let Account::Expense(account) = &deduction.account else { return None };
    let open = open.get_mut(&Line::from(&deduction.purpose))?;
    let amount = Positive::new(deduction.amount.dkk().min(-*open))?;
    *open += amount.dkk();
    let bearer = Bearer { purpose: deduction.purpose.clone(), account: account.clone() };
    Some(Hold { bearer, amount, title: deduction.title.clone() })
}
