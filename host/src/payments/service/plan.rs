//! What settling will do, drawn up before anything is kept.

use std::collections::{BTreeMap, BTreeSet};

use ydun_domain::Dkk;
use ydun_domain::ids::{CaseId, PartyId, PaymentId};

use super::batch::{Batch, ToDo, around};
use super::divide::Pieces;
use super::moves::reversed;
use super::net::{Hold, Net, Portion, net};
use super::redirection::Redirections;
use super::tax_desk::TaxDesk;
use crate::access::{Act, Approve};
use crate::clock::danish;
use crate::ledger::difference::{Bearer, Line, Step};
use crate::ledger::{Account, Cause, Entry, Positive, Posting, Purpose};
use crate::notices::{self, Content, Line as NoticeLine, NewNotice};
use crate::payments::message::statement;
use crate::payments::profile::{NoTermsYet, Schedule};
use crate::payments::store::{Deduction, Move, Part};
use crate::payments::{Approved, ApprovedLine, BankProfile, Payee, Payment, State};

/// What settling will do.
pub(super) struct Plan {
    /// One for each decision, also for one that changes nothing: it is what makes settling happen once.
    pub(super) entries: Vec<Entry>,
    pub(super) payments: Vec<PlannedPayment>,
    /// What should have been held back, and there was no net to take it from.
    pub(super) not_held: Vec<(Line, Positive)>,
}

/// A payment to be kept.
pub(super) struct PlannedPayment {
    pub(super) payment: Payment,
    pub(super) business_key: String,
    pub(super) pieces: Pieces,
    pub(super) notice: NewNotice,
}

impl PlannedPayment {
    pub(super) fn first_move(&self) -> Move {
        let Payment { id, state, state_reason, .. } = &self.payment;
        Move { payment: *id, version: 0, to: *state, cause: state_reason.clone() }
    }
}

/// Who gets a payment, in which case.
type Recipient = (CaseId, PartyId);

/// What is to be done, sorted by what it will become.
#[derive(Default)]
struct Work {
    postings: BTreeMap<CaseId, Vec<Posting>>,
    portions: BTreeMap<Recipient, Vec<Portion>>,
    holds: BTreeMap<Recipient, Vec<Hold>>,
}

impl Plan {
    pub(super) fn new(
        act: &Act<Approve>,
        bank: &BankProfile,
        batch: &Batch,
        payees: &BTreeMap<PartyId, Payee>,
        to_do: &ToDo,
        (desk, redirections): (&mut TaxDesk, &mut Redirections),
    ) -> Result<Self, NoTermsYet> {
        let Work { mut postings, portions, mut holds } = Work::sort(batch, to_do);
        let mut payments = Vec::with_capacity(portions.len());
        let mut not_held = Vec::new();
        for ((case, payee), portions) in portions {
            let decision = batch.decision(case);
            let schedule = bank.schedule(decision.lane, act.at(), decision.due)?;
            let holds = holds.remove(&(case, payee)).unwrap_or_default();
            let id = PaymentId::generate();
            let net = net(desk, (id, payee, schedule.disposal), &portions, &holds);
            not_held.extend(net.not_held.iter().cloned());
            let planned = payment(act, decision, &payees[&payee], (id, schedule), portions, net);
            let others = redirections.take((case, payee), schedule.disposal, planned.pieces.net());
            let planned = planned.divided(&others);
            let postings = postings.entry(case).or_default();
            postings.extend(planned.iter().flat_map(|planned| planned.pieces.postings()));
            payments.extend(planned);
        }
        let nothing_to_take_from = holds.into_values().flatten();
        not_held.extend(
            nothing_to_take_from.map(|hold| (Line::from(&hold.bearer.purpose), hold.amount)),
        );
        let booked = danish(act.at());
        let entry = |decision: &Approved| {
            let id = decision.decision_id;
            let postings = postings.remove(&decision.case_id).unwrap_or_default();
            Entry::new(decision.business_key(), Cause::Decision(id), booked, postings)
        };
        let entries = batch.decisions().map(entry).collect();
        Ok(Self { entries, payments, not_held })
    }
}

impl Work {
    fn sort(batch: &Batch, to_do: &ToDo) -> Self {
        let mut work = Self::default();
        for step in &to_do.steps {
            match step {
                Step::Pay { purpose, account, amount } => {
                    let tax = decided_line(batch.decision(purpose.case_id), purpose);
                    let tax = Some(tax.expect(DUE).tax.clone());
                    let bearer = Bearer { purpose: purpose.clone(), account: account.clone() };
                    work.pay(Portion { bearer, amount: *amount, tax });
                }
                Step::Rebook { from, to, amount } => {
                    let moved = [reversed(borne(from, *amount)), borne(to, *amount)];
                    work.postings.entry(from.purpose.case_id).or_default().extend(moved);
                }
                Step::Overpaid { .. } => {}
            }
        }
        for (bearer, open) in &to_do.held {
            if let Some(amount) = Positive::new(*open) {
                work.pay(Portion { bearer: bearer.clone(), amount, tax: None });
            } else if let Some(amount) = Positive::new(-*open) {
                let line = decided_line(batch.decision(bearer.purpose.case_id), &bearer.purpose);
                let title = line.expect(DUE).title.clone();
                let hold = Hold { bearer: bearer.clone(), amount, title };
                work.holds.entry(recipient(bearer)).or_default().push(hold);
            }
        }
        work
    }

    fn pay(&mut self, portion: Portion) {
        self.portions.entry(recipient(&portion.bearer)).or_default().push(portion);
    }
}

fn recipient(bearer: &Bearer) -> Recipient {
    (bearer.purpose.case_id, bearer.purpose.payee)
}

/// A benefit's cost, as what bears it has it.
fn borne(bearer: &Bearer, amount: Positive) -> Posting {
    let debit = Account::Expense(bearer.account.clone());
    Posting { debit, credit: Account::Payable, amount, purpose: bearer.purpose.clone() }
}

fn payment(
    act: &Act<Approve>,
    decision: &Approved,
    payee: &Payee,
    (id, schedule): (PaymentId, Schedule),
    portions: Vec<Portion>,
    net: Net,
) -> PlannedPayment {
    let amount: Dkk = net.nets.iter().copied().sum();
    let lines: Vec<NoticeLine> =
        portions.iter().map(|portion| notice_line(decision, portion)).collect();
    let (state, state_reason) = first_state(amount);
    let payment = Payment {
        id,
        end_to_end: end_to_end(id),
        case_id: decision.case_id,
        decision_id: decision.decision_id,
        entitled: payee.id,
        payee: payee.clone(),
        redirection: None,
        account: None,
        lane: decision.lane,
        disposal: schedule.disposal,
        send_by: schedule.send_by,
        amount,
        message: message(decision, &lines),
        state,
        state_reason: state_reason.to_owned(),
        version: 1,
        file_id: None,
        drawn: false,
    };
    let part = |(portion, net): (Portion, Dkk)| Part {
        payment: id,
        version: 1,
        state,
        purpose: portion.bearer.purpose,
        account: portion.bearer.account,
        amount: portion.amount,
        net,
    };
    let deductions = told(&net.deductions);
    let notice = NewNotice {
        recipient: payee.id,
        case_id: decision.case_id,
        payment_id: id,
        disposal: schedule.disposal,
        content: content(act, decision, amount, lines, deductions),
    };
    PlannedPayment {
        payment,
        business_key: format!("{}:payee:{}", decision.business_key(), payee.id),
        pieces: Pieces {
            parts: portions.into_iter().zip(net.nets).map(part).collect(),
            deductions: net.deductions,
            incomes: net.incomes,
            taxed: net.taxed,
        },
        notice,
    }
}

/// Where nothing is left to pay, there is nothing for the bank to do.
pub(super) fn first_state(amount: Dkk) -> (State, &'static str) {
    if amount.is_zero() {
        (State::Settled, "alt er holdt tilbage, så der er intet at udbetale")
    } else {
        (State::Planned, "afgørelsen er godkendt")
    }
}

/// At most 35 signs that are in no other message and say nothing about a person.
pub(super) fn end_to_end(id: PaymentId) -> String {
    id.0.simple().to_string()
}

fn message(decision: &Approved, lines: &[NoticeLine]) -> String {
    let days = lines.iter().map(|line| line.period).reduce(around).unwrap_or(decision.period);
    let references: BTreeSet<&str> =
        lines.iter().filter_map(|line| line.reference.as_deref()).collect();
    statement(&decision.benefit, days, &decision.case_number, &references)
}

fn content(
    act: &Act<Approve>,
    decision: &Approved,
    amount: Dkk,
    lines: Vec<NoticeLine>,
    deductions: Vec<notices::Deduction>,
) -> Content {
    Content {
        benefit: decision.benefit.clone(),
        case_number: decision.case_number.clone(),
        amount,
        decision: decision.decision_id,
        decided_on: danish(act.at()),
        decided_by: act.by().to_owned(),
        lines,
        deductions,
        to_others: Vec::new(),
        on_behalf_of: None,
    }
}

fn notice_line(decision: &Approved, Portion { bearer, amount, tax }: &Portion) -> NoticeLine {
    let line = decided_line(decision, &bearer.purpose).filter(|_| tax.is_some());
    let Some(line) = line else { return given_back(bearer, *amount) };
    NoticeLine {
        title: line.title.clone(),
        about: line.about,
        period: line.period,
        reference: line.reference.clone(),
        details: line.details.clone(),
        decided: line.amount,
        paid: amount.dkk(),
        to_others: Dkk::ZERO,
    }
}

/// Less is held back than before.
fn given_back(bearer: &Bearer, amount: Positive) -> NoticeLine {
    NoticeLine {
        title: "Tilbage af det, vi før har trukket fra".to_owned(),
        about: None,
        period: bearer.purpose.period,
        reference: None,
        details: Vec::new(),
        decided: amount.dkk(),
        paid: amount.dkk(),
        to_others: Dkk::ZERO,
    }
}

/// The deductions as the payee is told them: one sum for each kind.
pub(super) fn told(deductions: &[Deduction]) -> Vec<notices::Deduction> {
    let mut told: Vec<notices::Deduction> = Vec::new();
    for Deduction { title, amount, .. } in deductions {
        match told.iter_mut().find(|told| told.title == *title) {
            Some(told) => told.amount += amount.dkk(),
            None => {
                told.push(notices::Deduction { title: title.clone(), amount: amount.dkk() });
            }
        }
    }
    told
}

const DUE: &str = "what is paid or held back is a line that is due";

/// The line of a decision that a purpose is.
fn decided_line<'a>(decision: &'a Approved, purpose: &Purpose) -> Option<&'a ApprovedLine> {
    let is_it = |line: &&ApprovedLine| {
        line.key == purpose.line_key
            && line.payee == purpose.payee
            && line.posting_code == purpose.posting_code
    };
    decision.lines.iter().find(is_it)
}
