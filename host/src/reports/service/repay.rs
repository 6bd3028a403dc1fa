//! Taking in what a person pays back of an income.

use serde::Serialize;
use ydun_domain::ids::PaymentId;
use ydun_domain::{Day, Dkk};

use crate::access::{Act, Pay};
use crate::audit::{self, Action, Subject};
use crate::clock::danish;
use crate::db::Tx;
use crate::ledger::{self, Account, Cause, Entry, Positive, Posting, Purpose, Withholding};
use crate::payments;
use crate::reports::due::Paid;
use crate::reports::store::{self, Repayment};
use crate::tax;
use crate::tax::settings::Repaid as Basis;
use crate::tax::share::share;

/// What a repayment came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Repaid {
    /// What the person pays.
    pub pays: Dkk,
    /// What the income falls by.
    pub gross: Dkk,
    /// Withheld tax and contributions that are taken back from the authorities.
    pub tax: Dkk,
    /// It was recorded before, and nothing was done.
    pub again: bool,
}

/// Why a repayment was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum RepayError {
    #[error("the payment {payment} has no income on the line '{line}' that was paid")]
    NoIncome { payment: PaymentId, line: String },
    #[error("only {left} of the income is not paid back yet")]
    TooMuch { left: Dkk },
    #[error("the payee has not got {0} too much; only what is named as overpaid is taken in")]
    NotOverpaid(Dkk),
    #[error("a repayment is more than nothing")]
    Nothing,
    #[error("the repayment could not be saved")]
    Store(#[from] sqlx::Error),
}

/// What is paid back, and of what.
#[derive(Clone, Debug)]
pub struct NewRepayment {
    /// The same repayment has the same key, such as the bank's reference.
    pub key: String,
    pub payment: PaymentId,
    pub line_key: String,
    /// What the income falls by, before tax.
    pub gross: Dkk,
    pub on: Day,
}

/// Takes in a repayment of income that is no longer due: the ledger, and the next report, follow.
///
/// In the year of payment the person repays the net and the withheld tax is taken back; in a later
/// year the person repays the gross, and the tax authority settles the tax. Both are settings.
pub async fn repay(
    tx: &mut Tx,
    act: &Act<Pay>,
    repayment: NewRepayment,
) -> Result<Repaid, RepayError> {
    let amount = Positive::new(repayment.gross).ok_or(RepayError::Nothing)?;
    let missing =
        || RepayError::NoIncome { payment: repayment.payment, line: repayment.line_key.clone() };
    let key = format!("repaid:{}", repayment.key);
    let part = payments::service::lock_part(tx, act, repayment.payment, &repayment.line_key);
    let (purpose, account) = part.await?.ok_or_else(missing)?;
    let incomes = store::paid_of(tx, act.tenant(), repayment.payment).await?;
    let income = incomes.into_iter().find(|(line, _)| *line == repayment.line_key);
    let (_, income) = income.ok_or_else(missing)?;
    let settings = tax::service::settings(tx, act.tenant(), danish(act.at())).await?;
    let rules = settings.at(repayment.on);
    let basis = if income.disposal.year() == repayment.on.year() {
        rules.repaid_in_the_year
    } else {
        rules.repaid_later
    };
    let back = taken_back(&repayment, key, &income, basis);
    if !store::insert_repayment(tx, act, &back).await? {
        return Ok(Repaid { again: true, ..Repaid::default() });
    }
    if repayment.gross > income.gross {
        return Err(RepayError::TooMuch { left: income.gross });
    }
    if !payments::service::lower_overpayment(tx, act, &purpose, amount).await? {
        return Err(RepayError::NotOverpaid(repayment.gross));
    }
    let tax = back.atp + back.am_bidrag + back.a_tax;
    let postings = postings(&back, amount, &purpose, &account);
    let entry = Entry::new(
        back.business_key.clone(),
        Cause::Payment(repayment.payment),
        danish(act.at()),
        postings,
    );
    ledger::service::book(tx, act, &[entry]).await?;
    let detail = format!("{}, of it {tax} tax", repayment.gross);
    audit::record(tx, act, Action::IncomeRepaid, Subject::Payment(repayment.payment), detail)
        .await?;
    Ok(Repaid { pays: repayment.gross - tax, gross: repayment.gross, tax, again: false })
}

/// What is taken back of each amount: all of them in proportion, or only the income.
fn taken_back(new: &NewRepayment, business_key: String, income: &Paid, basis: Basis) -> Repayment {
    let (atp, am_bidrag, a_tax) = match basis {
        Basis::Net => {
            let tax = [income.atp, income.am_bidrag, income.a_tax];
            let net = income.gross - tax.into_iter().sum();
            let parts = share(new.gross, &[tax[0], tax[1], tax[2], net]);
            (parts[0], parts[1], parts[2])
        }
        Basis::Gross => (Dkk::ZERO, Dkk::ZERO, Dkk::ZERO),
    };
    Repayment {
        business_key,
        payment: new.payment,
        line_key: new.line_key.clone(),
        posting_code: income.posting_code.clone(),
        on: new.on,
        gross: new.gross,
        atp,
        am_bidrag,
        a_tax,
    }
}

/// The money comes in, and the authorities owe back what was withheld; the benefit costs that less.
fn postings(back: &Repayment, gross: Positive, purpose: &Purpose, account: &str) -> Vec<Posting> {
    let withheld = [
        (Withholding::Atp, back.atp),
        (Withholding::AmBidrag, back.am_bidrag),
        (Withholding::ATax, back.a_tax),
    ];
    let tax: Dkk = withheld.iter().map(|(_, amount)| *amount).sum();
    let sources = withheld.map(|(what, amount)| (Account::Withheld(what), amount));
    let sources = sources.into_iter().chain([(Account::Bank, gross.dkk() - tax)]);
    let posting = |(debit, amount)| {
        let credit = Account::Expense(account.to_owned());
        Some(Posting { debit, credit, amount: Positive::new(amount)?, purpose: purpose.clone() })
    };
    sources.filter_map(posting).collect()
}
