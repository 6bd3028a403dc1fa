//! A payment that goes more than one way: some of its payee's net is paid to others.
//!
//! What goes another way takes its part of the tax along, so that each way is a whole payment: gross less
//! what is withheld is net. One of them can then be stopped, come back or be paid again, and what is
//! reported of the others is right. What is held back from the payee stays with the payee.

use ydun_domain::Dkk;
use ydun_domain::ids::PaymentId;

use super::batch::around;
use super::moves::cost;
use super::net::take;
use super::plan::{PlannedPayment, end_to_end, first_state, told};
use crate::ledger::{Account, Positive, Posting, Withholding};
use crate::notices::{Content, Line as NoticeLine, NewNotice, ToOther};
use crate::payments::redirection::Redirection;
use crate::payments::store::{Deduction, Part, PartIncome, Taxed};
use crate::payments::{Payee, Payment};
use crate::tax::share::share;

/// Somebody who gets some of a payee's net.
pub(super) struct Other {
    pub(super) redirection: Redirection,
    pub(super) receiver: Payee,
    pub(super) net: Positive,
}

impl PlannedPayment {
    /// The payments that come of it when some of its net goes to others; its payee's own is the first.
    pub(super) fn divided(mut self, others: &[Other]) -> Vec<Self> {
        let whole = self.pieces.parts.clone();
        let others: Vec<Self> = others.iter().map(|other| self.part_with(other)).collect();
        if others.is_empty() {
            return vec![self];
        }
        self.payment.amount = self.pieces.net();
        if self.payment.amount.is_zero() {
            self.payment.state = first_state(self.payment.amount).0;
            "det hele er betalt til andre for modtageren"
                .clone_into(&mut self.payment.state_reason);
        }
        self.tell_what_stays(&whole);
        std::iter::once(self).chain(others).collect()
    }

    fn part_with(&mut self, Other { redirection, receiver, net }: &Other) -> Self {
        let id = PaymentId::generate();
        let (reference, case) = (&redirection.terms.reference, &self.notice.content.case_number);
        let payment = Payment {
            id,
            end_to_end: end_to_end(id),
            payee: receiver.clone(),
            redirection: Some(redirection.id),
            amount: net.dkk(),
            message: format!("{reference}, sag {case}"),
            ..self.payment.clone()
        };
        let notice = NewNotice {
            recipient: receiver.id,
            payment_id: id,
            content: self.told_to(reference, net.dkk()),
            ..self.notice.clone()
        };
        self.notice.content.to_others.push(ToOther {
            receiver: receiver.id,
            reference: reference.clone(),
            amount: net.dkk(),
        });
        Self {
            business_key: format!("{}:to:{}", self.business_key, redirection.id),
            pieces: self.pieces.take_out(*net, id),
            payment,
            notice,
        }
    }

    /// What somebody else is told: how much, for whom and under which reference, and nothing of the benefit.
    fn told_to(&self, reference: &str, amount: Dkk) -> Content {
        let content = &self.notice.content;
        Content {
            amount,
            lines: vec![paid_for(content, reference, amount)],
            deductions: Vec::new(),
            to_others: Vec::new(),
            on_behalf_of: Some(self.payment.entitled),
            ..content.clone()
        }
    }

    /// Tells the payee what is left of each line when the others have got theirs.
    fn tell_what_stays(&mut self, whole: &[Part]) {
        for (line, part) in self.notice.content.lines.iter_mut().zip(whole) {
            let same = |other: &&Part| other.purpose == part.purpose;
            let stays = self.pieces.parts.iter().find(same).map(|part| part.amount.dkk());
            line.paid = stays.unwrap_or_default();
            line.to_others = part.amount.dkk() - line.paid;
        }
        self.notice.content.amount = self.payment.amount;
        self.notice.content.deductions = told(&self.pieces.deductions);
    }
}

/// The one line that is told of money paid for somebody.
pub(super) fn paid_for(content: &Content, reference: &str, amount: Dkk) -> NoticeLine {
    let periods = content.lines.iter().map(|line| line.period);
    NoticeLine {
        title: "Betaling for en borger".to_owned(),
        about: None,
        period: periods.reduce(around).expect("a notice has a line"),
        reference: Some(reference.to_owned()),
        details: Vec::new(),
        decided: amount,
        paid: amount,
        to_others: Dkk::ZERO,
    }
}

/// What a payment is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pieces {
    pub(super) parts: Vec<Part>,
    pub(super) deductions: Vec<Deduction>,
    pub(super) incomes: Vec<PartIncome>,
    pub(super) taxed: Option<Taxed>,
}

impl Pieces {
    pub(super) fn net(&self) -> Dkk {
        self.parts.iter().map(|part| part.net).sum()
    }

    /// What is booked when it is drawn up.
    pub(super) fn postings(&self) -> impl Iterator<Item = Posting> {
        self.parts.iter().map(cost).chain(self.deductions.iter().map(take))
    }

    /// Takes a net amount out, from the first part on, for another payment.
    pub(super) fn take_out(&mut self, net: Positive, payment: PaymentId) -> Self {
        let taxed = self.take_allowance(net, payment);
        let (mut left, mut parts) = (net.dkk(), Vec::new());
        let (mut deductions, mut incomes) = (Vec::new(), Vec::new());
        for part in &mut self.parts {
            let taken = part.net.min(left);
            if taken.is_zero() {
                continue;
            }
            left -= taken;
            let withheld = Withheld::of(part, taken, &mut self.deductions, payment);
            let gross = taken + withheld.total();
            incomes.extend(withheld.income(part, &mut self.incomes, gross));
            deductions.extend(withheld.taken);
            let amount = Positive::new(gross).expect("something is taken");
            parts.push(Part { payment, amount, net: taken, ..part.clone() });
            part.net -= taken;
        }
        assert!(left.is_zero(), "no more than the net is taken out");
        self.lower(&parts);
        Self { parts, deductions, incomes, taxed }
    }

    /// The allowance goes along in proportion to the net.
    fn take_allowance(&mut self, net: Positive, payment: PaymentId) -> Option<Taxed> {
        let whole = self.net();
        let taxed = self.taxed.as_mut()?;
        let allowance_used = portion(taxed.allowance_used, net.dkk(), whole);
        taxed.allowance_used -= allowance_used;
        Some(Taxed { payment, allowance_used, ..*taxed })
    }

    /// Takes the gross of what went out of the parts it came from; nothing stays of a part that is gone.
    fn lower(&mut self, out: &[Part]) {
        for part in std::mem::take(&mut self.parts) {
            let same = |other: &&Part| other.purpose == part.purpose;
            let gone: Dkk = out.iter().filter(same).map(|other| other.amount.dkk()).sum();
            let amount = Positive::new(part.amount.dkk() - gone);
            self.parts.extend(amount.map(|amount| Part { amount, ..part.clone() }));
            if amount.is_none() {
                self.incomes.retain(|income| !is_of(income, &part));
            }
        }
    }
}

/// What is withheld of what goes another way.
struct Withheld {
    /// The payment it goes with.
    payment: PaymentId,
    taken: Vec<Deduction>,
    /// What of a part goes, and what it comes to after tax.
    ratio: (Dkk, Dkk),
}

impl Withheld {
    /// Takes its share out of what is withheld of a part.
    fn of(part: &Part, net: Dkk, deductions: &mut Vec<Deduction>, payment: PaymentId) -> Self {
        let is_tax = |deduction: &Deduction| {
            matches!(deduction.account, Account::Withheld(_)) && deduction.purpose == part.purpose
        };
        let tax: Dkk =
            deductions.iter().filter(|one| is_tax(one)).map(|one| one.amount.dkk()).sum();
        let ratio = (net, part.amount.dkk() - tax);
        let mut taken = Vec::new();
        for deduction in std::mem::take(deductions) {
            let goes = if is_tax(&deduction) {
                portion(deduction.amount.dkk(), ratio.0, ratio.1)
            } else {
                Dkk::ZERO
            };
            let with = |amount| Deduction { amount, ..deduction.clone() };
            let stays = Positive::new(deduction.amount.dkk() - goes);
            deductions.extend(stays.map(with));
            let goes = Positive::new(goes).map(with);
            taken.extend(goes.map(|goes| Deduction { payment, ..goes }));
        }
        Self { payment, taken, ratio }
    }

    fn total(&self) -> Dkk {
        self.taken.iter().map(|deduction| deduction.amount.dkk()).sum()
    }

    /// Takes its share out of the income a part is, if it is one.
    fn income(&self, part: &Part, incomes: &mut [PartIncome], gross: Dkk) -> Option<PartIncome> {
        let atp: Dkk = self
            .taken
            .iter()
            .filter(|one| one.account == Account::Withheld(Withholding::Atp))
            .map(|one| one.amount.dkk())
            .sum();
        let whole = incomes.iter_mut().find(|income| is_of(income, part))?;
        let pension = portion(whole.pension, self.ratio.0, self.ratio.1);
        let amount = gross - atp;
        whole.amount -= amount;
        whole.pension -= pension;
        Some(PartIncome { payment: self.payment, amount, pension, ..whole.clone() })
    }
}

fn is_of(income: &PartIncome, part: &Part) -> bool {
    (&income.line_key, &income.posting_code) == (&part.purpose.line_key, &part.purpose.posting_code)
}

/// The part of an amount that goes with `some` of `whole`, in whole øre.
fn portion(amount: Dkk, some: Dkk, whole: Dkk) -> Dkk {
    share(amount, &[some, whole - some])[0]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ydun_domain::ids::{CaseId, PartyId};

    use super::*;
    use crate::ledger::Purpose;
    use crate::payments::State;

    /// A part's gross, and what of each hundred is A-tax and held back.
    type Drawn = (i64, i64, i64);

    fn purpose(place: usize) -> Purpose {
        Purpose {
            case_id: CaseId(uuid::Uuid::from_u128(1)),
            line_key: format!("line {place}"),
            payee: PartyId(uuid::Uuid::from_u128(2)),
            posting_code: "x".to_owned(),
            period: "2026-01-01..2026-01-31".parse().unwrap(),
        }
    }

    fn pieces(drawn: &[Drawn]) -> Pieces {
        let payment = PaymentId::generate();
        let (mut parts, mut deductions, mut incomes) = (Vec::new(), Vec::new(), Vec::new());
        for (place, (gross, tax, held)) in drawn.iter().enumerate() {
            let (tax, held) = (gross * tax / 100, gross * held / 100);
            let purpose = purpose(place);
            let taken = |account, amount| Deduction {
                payment,
                account,
                title: "prøve".to_owned(),
                purpose: purpose.clone(),
                amount,
            };
            let tax_taken = Positive::new(Dkk::from_oere(tax));
            deductions
                .extend(tax_taken.map(|tax| taken(Account::Withheld(Withholding::ATax), tax)));
            let back = Positive::new(Dkk::from_oere(held));
            deductions.extend(back.map(|back| taken(Account::Expense("konto".to_owned()), back)));
            incomes.push(PartIncome {
                payment,
                line_key: purpose.line_key.clone(),
                posting_code: purpose.posting_code.clone(),
                field: 14,
                amount: Dkk::from_oere(*gross),
                pension: Dkk::from_oere(gross / 50),
                report: None,
            });
            parts.push(Part {
                payment,
                version: 1,
                state: State::Planned,
                purpose: purpose.clone(),
                account: "konto".to_owned(),
                amount: Positive::new(Dkk::from_oere(*gross)).unwrap(),
                net: Dkk::from_oere(gross - tax - held),
            });
        }
        let allowance_used = Dkk::from_oere(12_345);
        let on = "2026-01-30".parse().unwrap();
        let taxed = Some(Taxed { payment, card: "main", percent: 38, on, allowance_used });
        Pieces { parts, deductions, incomes, taxed }
    }

    /// Gross, deductions, net, incomes, pensions and allowance, in øre.
    fn sums(pieces: &Pieces) -> [i64; 6] {
        let gross: Dkk = pieces.parts.iter().map(|part| part.amount.dkk()).sum();
        let taken: Dkk = pieces.deductions.iter().map(|one| one.amount.dkk()).sum();
        let income: Dkk = pieces.incomes.iter().map(|income| income.amount).sum();
        let pension: Dkk = pieces.incomes.iter().map(|income| income.pension).sum();
        let allowance = pieces.taxed.map(|taxed| taxed.allowance_used).unwrap_or_default();
        [gross, taken, pieces.net(), income, pension, allowance].map(Dkk::oere)
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_each_way_is_gross_less_what_is_taken(
            drawn in prop::collection::vec((1i64..2_000_000, 0i64..60, 0i64..40), 1..5),
            share in 1i64..=100,
        ) {
            let whole = pieces(&drawn);
            let before = sums(&whole);
            let wanted = (before[2] * share / 100).max(1).min(before[2]);
            let Some(net) = Positive::new(Dkk::from_oere(wanted)) else { return Ok(()) };
            let mut stays = whole.clone();
            let goes = stays.take_out(net, PaymentId::generate());
            let (here, there) = (sums(&stays), sums(&goes));
            for (place, all) in before.into_iter().enumerate() {
                prop_assert_eq!(here[place] + there[place], all, "sum {}", place);
            }
            for way in [here, there] {
                prop_assert!(way.iter().all(|sum| *sum >= 0), "{:?}", way);
                prop_assert_eq!(way[0] - way[1], way[2]);
                prop_assert_eq!(way[3], way[0], "an income is its part's gross");
            }
            prop_assert_eq!(there[2], wanted);
            for part in stays.parts.iter().chain(&goes.parts) {
                prop_assert!(!part.net.is_negative() && part.net <= part.amount.dkk());
            }
        }
    }
}
