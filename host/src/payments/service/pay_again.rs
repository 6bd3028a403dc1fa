//! Paying again what could not be delivered.

use ydun_domain::Dkk;
use ydun_domain::ids::{PartyId, PaymentId};
use ydun_runtime::manifest::TaxTreatment;

use super::batch::payees;
use super::moves::{ask_about_troubled, carry_out, post};
use super::net::{Hold, Portion, net, take, untake};
use super::plan::{PlannedPayment, end_to_end, first_state, told};
use super::settle::keep;
use super::tax_desk::TaxDesk;
use crate::access::{Act, Approve};
use crate::audit::{self, Action, Subject};
use crate::clock::danish;
use crate::db::Tx;
use crate::ledger::difference::{Bearer, Line};
use crate::ledger::{self, Account, Cause, Entry, Positive, Purpose};
use crate::notices::{self, Content, NewNotice};
use crate::payments::profile::NoTermsYet;
use crate::payments::state::Stuck;
use crate::payments::store::{self, Deduction, Move, Part, PartIncome};
use crate::payments::{BankProfile, Lane, Payment, Taxation};

/// Why a payment was not paid again.
#[derive(Debug, thiserror::Error)]
pub enum PayAgainError {
    #[error("there is no payment {0}; see the payments of the case")]
    NotFound(PaymentId),
    #[error(transparent)]
    Stuck(#[from] Stuck),
    #[error(transparent)]
    NoTerms(#[from] NoTermsYet),
    #[error("the payment could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Pays a rejected or returned payment again, as soon as the lane can make it.
///
/// The payee is named as it is known now, and taxed anew: by the card of the new day, as income is
/// taxed when it is paid. The parked money becomes a debt again; the old payment is stopped first,
/// so that it can be paid again only once and the new one may use the allowance it used.
pub async fn pay_again(
    tx: &mut Tx,
    act: &Act<Approve>,
    bank: &BankProfile,
    id: PaymentId,
    lane: Lane,
) -> Result<PaymentId, PayAgainError> {
    let old = store::lock(tx, act.tenant(), id).await?.ok_or(PayAgainError::NotFound(id))?;
    let stopped = old.state.unpark()?;
    let new_id = PaymentId::generate();
    let cause = format!("udbetales igen som {}", end_to_end(new_id));
    carry_out(tx, act, &[Move { payment: id, version: old.version, to: stopped, cause }]).await?;
    notices::service::withdraw(tx, act, id).await?;

    let parts = store::parts_of_payment(tx, act.tenant(), id).await?;
    let deductions = store::deductions(tx, act.tenant(), &[id]).await?;
    let again = planned_again(tx, act, bank, (&old, &parts, &deductions), (new_id, lane)).await?;
    let unparked = |part| post(part, Account::Clearing, Account::Payable);
    let given_back = parts.iter().filter_map(unparked).chain(deductions.iter().map(untake));
    let postings = given_back.chain(again.planned.deductions.iter().map(take)).collect();
    let entry =
        Entry::new(format!("payment:{id}:again"), Cause::Payment(id), danish(act.at()), postings);
    ledger::service::book(tx, act, &[entry]).await?;
    keep(tx, act, &[again.planned]).await?;
    for (line, amount) in &again.not_held {
        store::add_overpayment(tx, act, line, old.decision_id, *amount).await?;
    }
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
    let schedule = bank.schedule(lane, act.at(), danish(act.at()))?;
    let payee = payees(tx, tenant, &[old.payee.id]).await?.remove(&old.payee.id);
    let incomes = store::incomes(tx, tenant, old.id).await?;
    let taxpayers: &[PartyId] = if incomes.is_empty() { &[] } else { &[old.payee.id] };
    let mut desk = TaxDesk::open(tx, act, taxpayers).await?;
    let portions: Vec<Portion> = parts.iter().map(|part| portion(part, &incomes)).collect();
    let holds: Vec<Hold> = deductions.iter().filter_map(hold).collect();
    let net = net(&mut desk, (id, old.payee.id, schedule.disposal), &portions, &holds);

    let amount = net.nets.iter().copied().sum();
    let (state, _) = first_state(amount);
    let payment = Payment {
        id,
        end_to_end: end_to_end(id),
        payee: payee.unwrap_or_else(|| old.payee.clone()),
        lane,
        disposal: schedule.disposal,
        send_by: schedule.send_by,
        amount,
        state,
        state_reason: format!("udbetales igen i stedet for {}", old.end_to_end),
        version: 1,
        file_id: None,
        ..old.clone()
    };
    let content = notices::service::content(tx, tenant, old.id).await?;
    let content = content.ok_or(sqlx::Error::RowNotFound)?;
    let notice = NewNotice {
        recipient: old.payee.id,
        case_id: old.case_id,
        payment_id: id,
        disposal: schedule.disposal,
        content: Content { amount, deductions: told(&net.deductions), ..content },
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
        parts: parts.iter().zip(&net.nets).map(part).collect(),
        deductions: net.deductions,
        incomes: net.incomes,
        taxed: net.taxed,
        notice,
        payment,
    };
    Ok(Again { planned, not_held: net.not_held })
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

/// What was held back, to be held back again.
fn hold(deduction: &Deduction) -> Option<Hold> {
    let Account::Expense(account) = &deduction.account else { return None };
    let bearer = Bearer { purpose: deduction.purpose.clone(), account: account.clone() };
    Some(Hold { bearer, amount: deduction.amount, title: deduction.title.clone() })
}
