//! From what a payment costs to what its payee gets.

use ydun_domain::ids::{PartyId, PaymentId};
use ydun_domain::{Day, Dkk};
use ydun_runtime::manifest::TaxTreatment;

use super::moves::reversed;
use super::tax_desk::TaxDesk;
use crate::ledger::difference::{Bearer, Line};
use crate::ledger::{Account, Positive, Posting, Purpose, Withholding};
use crate::payments::Taxation;
use crate::payments::store::{Deduction, PartIncome, Taxed};
use crate::tax::share::share;
use crate::tax::withhold::{Income, Taken};

/// An amount to pay, what bears it, and how it is taxed; money given back is not taxed again.
#[derive(Clone, Debug)]
pub(super) struct Portion {
    pub(super) bearer: Bearer,
    pub(super) amount: Positive,
    pub(super) tax: Option<Taxation>,
}

/// An amount to hold back from the net.
#[derive(Clone, Debug)]
pub(super) struct Hold {
    /// The account it lowers the cost of.
    pub(super) bearer: Bearer,
    pub(super) amount: Positive,
    /// What the payee is told it is.
    pub(super) title: String,
}

/// A payment from gross to net.
#[derive(Debug)]
pub(super) struct Net {
    /// What the payee gets of each portion.
    pub(super) nets: Vec<Dkk>,
    pub(super) deductions: Vec<Deduction>,
    pub(super) incomes: Vec<PartIncome>,
    /// None when nothing of it is anybody's income.
    pub(super) taxed: Option<Taxed>,
    /// What could not be held back, as the net is not more.
    pub(super) not_held: Vec<(Line, Positive)>,
}

/// Works out the net of a payment: first the tax, then what is held back from the rest.
pub(super) fn net(
    desk: &mut TaxDesk,
    (payment, payee, on): (PaymentId, PartyId, Day),
    portions: &[Portion],
    holds: &[Hold],
) -> Net {
    let (taken, taxed) = tax(desk, (payment, payee, on), portions);
    let after_tax: Vec<Dkk> =
        portions.iter().zip(&taken).map(|(p, taken)| p.amount.dkk() - taken.total()).collect();
    let (held, not_held) = hold_back(holds, after_tax.iter().copied().sum());
    let held_total = held.iter().map(|hold| hold.amount.dkk()).sum();
    let held_shares = share(held_total, &after_tax);
    let nets = after_tax.iter().zip(held_shares).map(|(after, held)| *after - held).collect();

    let withheld = portions.iter().zip(&taken).flat_map(|(portion, taken)| {
        let purpose = &portion.bearer.purpose;
        withheld(taken).map(move |(what, amount)| Deduction {
            payment,
            account: Account::Withheld(what),
            title: what.title().to_owned(),
            purpose: purpose.clone(),
            amount,
        })
    });
    let held = held.into_iter().map(|Hold { bearer, amount, title }| {
        let account = Account::Expense(bearer.account);
        Deduction { payment, account, title, purpose: bearer.purpose, amount }
    });
    let incomes = portions.iter().zip(&taken);
    Net {
        nets,
        deductions: withheld.chain(held).collect(),
        incomes: incomes.filter_map(|(portion, taken)| income(payment, portion, taken)).collect(),
        taxed,
        not_held,
    }
}

/// What is taken from each portion; nothing from those that are nobody's income.
fn tax(
    desk: &mut TaxDesk,
    (payment, payee, on): (PaymentId, PartyId, Day),
    portions: &[Portion],
) -> (Vec<Taken>, Option<Taxed>) {
    let mut taken = vec![Taken::default(); portions.len()];
    let incomes = portions.iter().enumerate();
    let (places, incomes): (Vec<usize>, Vec<Income>) =
        incomes.filter_map(|(place, portion)| Some((place, taxable(portion)?))).unzip();
    if incomes.is_empty() {
        return (taken, None);
    }
    let (withheld, taxed) = desk.withhold(payment, payee, on, &incomes);
    for (place, from_it) in places.into_iter().zip(withheld.taken) {
        taken[place] = from_it;
    }
    (taken, Some(taxed))
}

fn taxable(portion: &Portion) -> Option<Income> {
    let tax = portion.tax.as_ref()?;
    let flag =
        |of: fn(&ydun_runtime::manifest::IncomeReport) -> bool| tax.report.as_ref().is_some_and(of);
    Some(Income {
        amount: portion.amount.dkk(),
        period: portion.bearer.purpose.period,
        am_bidrag: tax.field()? == WITH_AM_BIDRAG,
        atp: flag(|report| report.atp),
        pension: flag(|report| report.pension),
    })
}

/// The tax authority's fields of income.
pub(super) const WITH_AM_BIDRAG: i64 = 13;
pub(super) const WITHOUT_AM_BIDRAG: i64 = 14;

impl Taxation {
    /// The field it is reported in, for what is its payee's income.
    pub(in crate::payments) fn field(&self) -> Option<i64> {
        match self.treatment {
            TaxTreatment::IncomeWithAmBidrag => Some(WITH_AM_BIDRAG),
            TaxTreatment::Income => Some(WITHOUT_AM_BIDRAG),
            TaxTreatment::TaxFree
            | TaxTreatment::BusinessReceipt
            | TaxTreatment::HeldBackFromNet => None,
        }
    }
}

pub(super) fn withheld(taken: &Taken) -> impl Iterator<Item = (Withholding, Positive)> {
    [
        (Withholding::Atp, taken.atp),
        (Withholding::AmBidrag, taken.am_bidrag),
        (Withholding::ATax, taken.a_tax),
    ]
    .into_iter()
    .filter_map(|(what, amount)| Some((what, Positive::new(amount)?)))
}

impl Withholding {
    /// As the payee is told it.
    fn title(self) -> &'static str {
        match self {
            Self::Atp => "ATP-bidrag",
            Self::AmBidrag => "AM-bidrag",
            Self::ATax => "A-skat",
        }
    }
}

/// Takes holds from a net as far as it goes; the rest of each is told.
fn hold_back(holds: &[Hold], net: Dkk) -> (Vec<Hold>, Vec<(Line, Positive)>) {
    let (mut held, mut not_held, mut left) = (Vec::new(), Vec::new(), net);
    for hold in holds {
        let wanted = hold.amount.dkk();
        let taken = wanted.min(left);
        left -= taken;
        held.extend(Positive::new(taken).map(|amount| Hold { amount, ..hold.clone() }));
        let rest = Positive::new(wanted - taken);
        not_held.extend(rest.map(|rest| (Line::from(&hold.bearer.purpose), rest)));
    }
    (held, not_held)
}

fn income(payment: PaymentId, portion: &Portion, taken: &Taken) -> Option<PartIncome> {
    let tax = portion.tax.as_ref()?;
    let Purpose { line_key, posting_code, .. } = portion.bearer.purpose.clone();
    Some(PartIncome {
        payment,
        line_key,
        posting_code,
        field: tax.field()?,
        amount: portion.amount.dkk() - taken.atp,
        pension: taken.pension,
        report: tax.report.clone(),
    })
}

/// What is taken from the payee is no longer owed to it, but to somebody else or to nobody.
pub(super) fn take(deduction: &Deduction) -> Posting {
    Posting {
        debit: Account::Payable,
        credit: deduction.account.clone(),
        amount: deduction.amount,
        purpose: deduction.purpose.clone(),
    }
}

/// What was taken is owed to the payee again.
pub(super) fn untake(deduction: &Deduction) -> Posting {
    reversed(take(deduction))
}
