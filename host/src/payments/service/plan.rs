//! What settling will do, drawn up before anything is kept.

use std::collections::{BTreeMap, BTreeSet};

use ydun_domain::Dkk;
use ydun_domain::ids::{CaseId, PartyId, PaymentId};

use super::batch::{Batch, around};
use crate::access::{Act, Approve};
use crate::clock::danish;
use crate::ledger::difference::{Bearer, Step};
use crate::ledger::{Account, Cause, Entry, Positive, Posting, Purpose};
use crate::notices::{Content, Line, NewNotice};
use crate::payments::message::statement;
use crate::payments::profile::{NoTermsYet, Schedule};
use crate::payments::store::{Move, Part};
use crate::payments::{Approved, ApprovedLine, BankProfile, Payee, Payment, State};

/// What settling will do.
pub(super) struct Plan {
    /// One for each decision, also for one that changes nothing: it is what makes settling happen once.
    pub(super) entries: Vec<Entry>,
    pub(super) payments: Vec<PlannedPayment>,
}

/// A payment to be kept.
pub(super) struct PlannedPayment {
    pub(super) payment: Payment,
    pub(super) business_key: String,
    pub(super) parts: Vec<Part>,
    pub(super) notice: NewNotice,
}

impl PlannedPayment {
    pub(super) fn first_move(&self) -> Move {
        let Payment { id, state, state_reason, .. } = &self.payment;
        Move { payment: *id, version: 0, to: *state, cause: state_reason.clone() }
    }
}

/// An amount to pay, and what bears it.
type Portion = (Bearer, Positive);

impl Plan {
    pub(super) fn new(
        act: &Act<Approve>,
        bank: &BankProfile,
        batch: &Batch,
        payees: &BTreeMap<PartyId, Payee>,
        steps: &[Step],
    ) -> Result<Self, NoTermsYet> {
        let mut postings: BTreeMap<CaseId, Vec<Posting>> = BTreeMap::new();
        let mut portions: BTreeMap<(CaseId, PartyId), Vec<Portion>> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Pay { purpose, account, amount } => {
                    let bearer = Bearer { purpose: purpose.clone(), account: account.clone() };
                    postings.entry(purpose.case_id).or_default().push(cost(&bearer, *amount));
                    portions
                        .entry((purpose.case_id, purpose.payee))
                        .or_default()
                        .push((bearer, *amount));
                }
                Step::Rebook { from, to, amount } => {
                    let moved = [reversed(cost(from, *amount)), cost(to, *amount)];
                    postings.entry(from.purpose.case_id).or_default().extend(moved);
                }
                Step::Overpaid { .. } => {}
            }
        }
        let booked = danish(act.at());
        let entry = |decision: &Approved| {
            let id = decision.decision_id;
            let postings = postings.remove(&decision.case_id).unwrap_or_default();
            Entry::new(format!("decision:{id}"), Cause::Decision(id), booked, postings)
        };
        let entries = batch.decisions().map(entry).collect();
        let payment = |((case, payee), portions)| {
            let decision = batch.decision(case);
            let schedule = bank.schedule(decision.lane, act.at(), decision.due)?;
            Ok(payment(act, decision, &payees[&payee], schedule, portions))
        };
        let payments = portions.into_iter().map(payment).collect::<Result<_, NoTermsYet>>()?;
        Ok(Self { entries, payments })
    }
}

/// A benefit's cost becomes a debt to the payee.
fn cost(bearer: &Bearer, amount: Positive) -> Posting {
    let debit = Account::Expense(bearer.account.clone());
    Posting { debit, credit: Account::Payable, amount, purpose: bearer.purpose.clone() }
}

fn reversed(posting: Posting) -> Posting {
    let Posting { debit, credit, amount, purpose } = posting;
    Posting { debit: credit, credit: debit, amount, purpose }
}

fn payment(
    act: &Act<Approve>,
    decision: &Approved,
    payee: &Payee,
    schedule: Schedule,
    portions: Vec<Portion>,
) -> PlannedPayment {
    let id = PaymentId::generate();
    let amount = portions.iter().map(|(_, amount)| amount.dkk()).sum();
    let lines: Vec<Line> =
        portions.iter().map(|(bearer, amount)| notice_line(decision, bearer, *amount)).collect();
    let payment = Payment {
        id,
        end_to_end: end_to_end(id),
        case_id: decision.case_id,
        decision_id: decision.decision_id,
        payee: payee.clone(),
        lane: decision.lane,
        disposal: schedule.disposal,
        send_by: schedule.send_by,
        amount,
        message: message(decision, &lines),
        state: State::Planned,
        state_reason: "afgørelsen er godkendt".to_owned(),
        version: 1,
        file_id: None,
    };
    let part = |(bearer, amount): Portion| Part {
        payment: id,
        version: 1,
        state: State::Planned,
        purpose: bearer.purpose,
        account: bearer.account,
        amount,
    };
    let notice = NewNotice {
        recipient: payee.id,
        case_id: decision.case_id,
        payment_id: id,
        disposal: schedule.disposal,
        content: content(act, decision, amount, lines),
    };
    PlannedPayment {
        payment,
        business_key: format!("decision:{}:payee:{}", decision.decision_id, payee.id),
        parts: portions.into_iter().map(part).collect(),
        notice,
    }
}

/// At most 35 signs that are in no other message and say nothing about a person.
pub(super) fn end_to_end(id: PaymentId) -> String {
    id.0.simple().to_string()
}

fn message(decision: &Approved, lines: &[Line]) -> String {
    let days = lines.iter().map(|line| line.period).reduce(around).unwrap_or(decision.period);
    let references: BTreeSet<&str> =
        lines.iter().filter_map(|line| line.reference.as_deref()).collect();
    statement(&decision.benefit, days, &decision.case_number, &references)
}

fn content(act: &Act<Approve>, decision: &Approved, amount: Dkk, lines: Vec<Line>) -> Content {
    Content {
        benefit: decision.benefit.clone(),
        case_number: decision.case_number.clone(),
        amount,
        decision: decision.decision_id,
        decided_on: danish(act.at()),
        decided_by: act.by().to_owned(),
        lines,
    }
}

fn notice_line(decision: &Approved, bearer: &Bearer, paid: Positive) -> Line {
    let line = decided_line(decision, &bearer.purpose);
    Line {
        title: line.title.clone(),
        about: line.about,
        period: line.period,
        reference: line.reference.clone(),
        details: line.details.clone(),
        decided: line.amount,
        paid: paid.dkk(),
    }
}

/// The line a payment is for. Only lines of the decision are paid.
fn decided_line<'a>(decision: &'a Approved, purpose: &Purpose) -> &'a ApprovedLine {
    let is_it = |line: &&ApprovedLine| {
        line.key == purpose.line_key
            && line.payee == purpose.payee
            && line.posting_code == purpose.posting_code
    };
    decision.lines.iter().find(is_it).expect("what is paid is a line that is due")
}
