//! Moving payments, and asking people about those that are in trouble.

use std::ops::RangeInclusive;

use uuid::Uuid;
use ydun_domain::ids::CaseId;

use super::net::untake;
use crate::access::{Act, Right};
use crate::db::{Result, Tx};
use crate::ledger::{Account, Positive, Posting};
use crate::payments::store::{self, Deduction, Move, Part};
use crate::payments::{Payment, State};
use crate::tasks::{self, About, NewTask};

/// Who asks people about payments in trouble.
const TOPIC: &str = "payments";
/// Where the caseworkers find it.
pub(super) const QUEUE: &str = "udbetaling";

/// Records moves that the payments have made already, and returns what they have in common.
pub(super) async fn record<R: Right>(tx: &mut Tx, act: &Act<R>, moves: &[Move]) -> Result<Uuid> {
    let change = Uuid::now_v7();
    store::insert_events(tx, act, change, moves.iter()).await?;
    Ok(change)
}

/// Moves payments, with an event for each.
pub(super) async fn carry_out<R: Right>(tx: &mut Tx, act: &Act<R>, moves: &[Move]) -> Result<()> {
    let change = record(tx, act, moves).await?;
    store::follow(tx, act.tenant(), change).await
}

/// Where the money of a payment lies that nobody has got: owed, at the bank, or parked.
pub(super) fn lies_on(state: State) -> Account {
    if state.is_parked() {
        Account::Clearing
    } else if state.is_at_bank() {
        Account::BankInTransit
    } else {
        Account::Payable
    }
}

/// Posts what the payee gets of a part, if anything.
pub(super) fn post(part: &Part, debit: Account, credit: Account) -> Option<Posting> {
    let amount = Positive::new(part.net)?;
    Some(Posting { debit, credit, amount, purpose: part.purpose.clone() })
}

/// A part's cost becomes a debt to the payee.
pub(super) fn cost(part: &Part) -> Posting {
    let debit = Account::Expense(part.account.clone());
    let purpose = part.purpose.clone();
    Posting { debit, credit: Account::Payable, amount: part.amount, purpose }
}

/// Takes back what a debt to the payee came from: the parts' costs, and what was taken from them.
pub(super) fn undo<'a>(
    parts: &'a [Part],
    deductions: &'a [Deduction],
) -> impl Iterator<Item = Posting> + 'a {
    deductions.iter().map(untake).chain(parts.iter().map(|part| reversed(cost(part))))
}

pub(super) fn reversed(posting: Posting) -> Posting {
    let Posting { debit, credit, amount, purpose } = posting;
    Posting { debit: credit, credit: debit, amount, purpose }
}

/// Asks people about every payment of the cases that is in trouble, and no longer about the others.
pub(super) async fn ask_about_troubled<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    cases: &RangeInclusive<CaseId>,
) -> Result<()> {
    let troubled = store::troubled(tx, act.tenant(), cases).await?;
    let questions = troubled.iter().map(question).collect();
    tasks::service::ask(tx, act, TOPIC, cases, questions).await
}

fn question(payment: &Payment) -> NewTask {
    let (happened, advice) = match payment.state {
        State::Unknown => (
            "Banken har ikke svaret klart på",
            "Spørg banken, om pengene er udbetalt. Send ikke betalingen igen, før svaret er der.",
        ),
        State::Returned => (
            "Pengene er kommet tilbage fra",
            "Find ud af hvorfor, og udbetal igen, når modtageren har en konto.",
        ),
        _ => (
            "Banken har afvist",
            "Find ud af hvorfor, og udbetal igen, når modtageren har en konto.",
        ),
    };
    NewTask {
        business_key: format!("payment:{}:{}", payment.id, payment.state),
        about: About::Case(payment.case_id),
        topic: TOPIC.to_owned(),
        queue: QUEUE.to_owned(),
        title: format!("{happened} udbetalingen på {}", payment.amount),
        detail: format!("{}. {}. {advice}", payment.message, payment.state_reason),
        questions: Vec::new(),
        amount: Some(payment.amount),
        due: None,
    }
}
