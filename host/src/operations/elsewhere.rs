//! Bringing in what other systems have paid.
//!
//! A person knows the case, the posting and the days; [`register`] finds the lines they are, which
//! the module must have calculated first. When a second person says yes, the money counts, and what
//! is decided of the payee's lines is settled again: what is planned and too much is taken back, the
//! rest is paid, and what is paid twice is a named overpayment.

mod file;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use ydun_domain::ids::{CaseId, ElsewhereId, PartyId};
use ydun_domain::{Dkk, Period, Tenant};
use ydun_runtime::Digest;
use ydun_runtime::manifest::TaxTreatment;

use super::approval::{Approval, ApproveMonthError, Terms, payable, settle_rounds};
use super::store;
use crate::access::{Act, Approve, Register};
use crate::audit::{self, Action, Subject};
use crate::cases::{self, Case, CaseNumber};
use crate::db::{Read, Tx};
use crate::decisions::DecidedLine;
use crate::decisions::service as decisions;
use crate::ledger::{Positive, Purpose};
use crate::modules::service as modules;
use crate::parties;
use crate::payments::elsewhere::{NewElsewhere, Part, State, Voucher};
use crate::payments::service::elsewhere::{self as payments, Confirmed, ElsewhereError};
use crate::payments::{Occasion, Taxation};
use crate::tax::share::share;
use crate::tax::withhold::Taken;

pub use file::{FileError, RowError, import};

/// A payment in another system, as a person knows it.
#[derive(Clone, Debug)]
pub struct Given {
    pub case: CaseNumber,
    pub posting_code: String,
    /// The days it was paid for.
    pub period: Period,
    /// Needed when the posting goes to several.
    pub payee: Option<GivenPayee>,
    pub voucher: Voucher,
    /// Before tax.
    pub amount: Dkk,
    /// What the other system took from it.
    pub taken: Taken,
}

/// Who got the money.
#[derive(Clone, Debug)]
pub enum GivenPayee {
    Party(PartyId),
    /// Digits of a personal, company, SE or P number.
    Number(String),
}

/// Why what another system has paid was not brought in.
#[derive(Debug, thiserror::Error)]
pub enum BringInError {
    #[error("there is no case {0}; see `ydun case list`")]
    NoCase(CaseNumber),
    #[error("the amount paid is more than nothing, and what was withheld is not below it")]
    Nothing,
    #[error(
        "case {case} has no line of the posting '{posting}' for {period}, neither decided nor proposed; \
         calculate the month first with `ydun run month`"
    )]
    NoLine { case: CaseNumber, posting: String, period: Period },
    #[error("the payee given has no line of the posting '{posting}' in case {case}")]
    NotThePayee { case: CaseNumber, posting: String },
    #[error("the posting '{posting}' of case {case} goes to several; say to whom it was paid")]
    SeveralPayees { case: CaseNumber, posting: String },
    #[error("the posting '{0}' is held back from payments, so nothing can have been paid of it")]
    HeldBack(String),
    #[error(
        "a decision on these days waits to reach the party; take down its arrival with `ydun decision \
         deliver`, and then confirm"
    )]
    Waiting,
    #[error(transparent)]
    Elsewhere(#[from] ElsewhereError),
    #[error(transparent)]
    Payment(#[from] ApproveMonthError),
    #[error("what was paid elsewhere could not be read or saved")]
    Store(#[from] sqlx::Error),
}

/// Registers what another system has paid of a case's lines. Another person must confirm it.
pub async fn register(
    tx: &mut Tx,
    act: &Act<Register>,
    given: &Given,
) -> Result<ElsewhereId, BringInError> {
    let found = cases::service::by_number(tx, act.tenant(), given.case).await?;
    let case = found.ok_or(BringInError::NoCase(given.case))?;
    let amount = Positive::new(given.amount).ok_or(BringInError::Nothing)?;
    let taken = [given.taken.atp, given.taken.am_bidrag, given.taken.a_tax, given.taken.pension];
    if taken.into_iter().any(Dkk::is_negative) {
        return Err(BringInError::Nothing);
    }
    let paid_for = paid_for(tx, act.tenant(), &case, given).await?;
    let new = NewElsewhere {
        case_id: case.id,
        payee: paid_for.payee,
        posting_code: given.posting_code.clone(),
        period: given.period,
        voucher: given.voucher.clone(),
        amount,
        parts: paid_for.parts(case.id, given),
    };
    Ok(payments::register(tx, act, &new).await?)
}

/// What money was paid for: the lines of one payee and posting.
struct PaidFor {
    payee: PartyId,
    lines: Vec<DecidedLine>,
    account: String,
    tax: Taxation,
}

async fn paid_for(
    db: &mut Read,
    tenant: Tenant,
    case: &Case,
    given: &Given,
) -> Result<PaidFor, BringInError> {
    let (number, posting_code) = (given.case, given.posting_code.clone());
    let known = known_lines(db, tenant, case.id, given).await?;
    let payees: BTreeSet<PartyId> = known.values().map(|(line, _)| line.payee).collect();
    if payees.is_empty() {
        let period = given.period;
        return Err(BringInError::NoLine { case: number, posting: posting_code, period });
    }
    let payees = of_given(db, tenant, payees, given.payee.as_ref()).await?;
    let payee = match payees[..] {
        [payee] => payee,
        [] => return Err(BringInError::NotThePayee { case: number, posting: posting_code }),
        _ => return Err(BringInError::SeveralPayees { case: number, posting: posting_code }),
    };
    let (lines, artifacts): (Vec<DecidedLine>, Vec<Digest>) =
        known.into_values().filter(|(line, _)| line.payee == payee).unzip();
    let artifact = artifacts[0];
    let manifest = modules::manifest(db, artifact).await?;
    let manifest = manifest.ok_or(ApproveMonthError::NoModule(artifact))?;
    let posting = manifest.posting(&posting_code).ok_or_else(|| ApproveMonthError::NoPosting {
        module: manifest.id.clone(),
        code: posting_code.clone(),
    })?;
    if posting.tax == TaxTreatment::HeldBackFromNet {
        return Err(BringInError::HeldBack(posting_code));
    }
    let tax = Taxation { treatment: posting.tax, report: posting.income.clone() };
    Ok(PaidFor { payee, lines, account: posting.account.clone(), tax })
}

/// The case's lines of the posting with days in the period, and the module that gave them: what is
/// decided, else what is proposed.
async fn known_lines(
    db: &mut Read,
    tenant: Tenant,
    case: CaseId,
    given: &Given,
) -> Result<BTreeMap<(String, PartyId), (DecidedLine, Digest)>, sqlx::Error> {
    let mut known = BTreeMap::new();
    let decided = decisions::in_force(db, tenant, case).await?;
    let proposed = decisions::open_of_case(db, tenant, case).await?;
    for decision in decided.into_iter().chain(proposed) {
        for line in decision.lines {
            let is_it = line.posting == given.posting_code
                && line.amount > Dkk::ZERO
                && line.period.overlap(given.period).is_some();
            if is_it {
                let key = (line.key.clone(), line.payee);
                known.entry(key).or_insert((line, decision.basis.artifact));
            }
        }
    }
    Ok(known)
}

/// Those of the payees who are meant.
async fn of_given(
    db: &mut Read,
    tenant: Tenant,
    payees: BTreeSet<PartyId>,
    given: Option<&GivenPayee>,
) -> Result<Vec<PartyId>, sqlx::Error> {
    let payees: Vec<PartyId> = payees.into_iter().collect();
    match given {
        None => Ok(payees),
        Some(GivenPayee::Party(party)) => {
            Ok(payees.into_iter().filter(|payee| payee == party).collect())
        }
        Some(GivenPayee::Number(digits)) => {
            let parties = parties::service::by_ids(db, tenant, &payees).await?;
            let is_it = |party: &&parties::Party| party.identity.for_payment().digits() == digits;
            Ok(parties.iter().filter(is_it).map(|party| party.id).collect())
        }
    }
}

impl PaidFor {
    /// The amount, shared out in proportion to what the lines give for the days it was paid for.
    fn parts(&self, case_id: CaseId, given: &Given) -> Vec<Part> {
        let weights: Vec<Dkk> = self.lines.iter().map(|line| weight(line, given.period)).collect();
        let shares = share(given.amount, &weights);
        let of = |total| share(total, &shares);
        let (atp, am_bidrag) = (of(given.taken.atp), of(given.taken.am_bidrag));
        let (a_tax, pension) = (of(given.taken.a_tax), of(given.taken.pension));
        let part = |(place, line): (usize, &DecidedLine)| {
            let purpose = Purpose {
                case_id,
                line_key: line.key.clone(),
                payee: line.payee,
                posting_code: line.posting.clone(),
                period: line.period,
            };
            Some(Part {
                purpose,
                account: self.account.clone(),
                amount: Positive::new(shares[place])?,
                taken: Taken {
                    atp: atp[place],
                    am_bidrag: am_bidrag[place],
                    a_tax: a_tax[place],
                    pension: pension[place],
                },
                tax: self.tax.clone(),
            })
        };
        self.lines.iter().enumerate().filter_map(part).collect()
    }
}

/// What a line gives for the days of it that are in a period.
fn weight(line: &DecidedLine, period: Period) -> Dkk {
    let days = line.period.overlap(period).map_or(0, Period::len);
    Dkk::from_oere(line.amount.oere() * i64::from(days) / i64::from(line.period.len()))
}

/// What a second person's yes came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BroughtIn {
    pub id: ElsewhereId,
    pub state: State,
    pub amount: Dkk,
    /// What became of the decisions it touches.
    pub settled: Approval,
}

/// A second person says yes to a registration, or to its being taken back, and what is decided of the
/// payee's lines is settled again.
pub async fn confirm(
    tx: &mut Tx,
    act: &Act<Approve>,
    terms: &Terms<'_>,
    id: ElsewhereId,
) -> Result<BroughtIn, BringInError> {
    let Confirmed { elsewhere, parts } = payments::confirm(tx, act, id).await?;
    cases::service::lock(tx, act.tenant(), elsewhere.case_id).await?; // nobody settles it meanwhile
    let mut decided = decisions::in_force(tx, act.tenant(), elsewhere.case_id).await?;
    let keys: BTreeSet<&str> = parts.iter().map(|part| part.purpose.line_key.as_str()).collect();
    decided.retain(|decision| decision.lines.iter().any(|line| keys.contains(line.key.as_str())));
    let waiting = store::all_held(tx, act.tenant()).await?;
    let waits = |held: &super::delivery::Held| {
        decided.iter().any(|decision| decision.id == held.decision_id)
    };
    if waiting.iter().any(waits) {
        return Err(BringInError::Waiting);
    }
    let mut approved = payable(tx, act, terms, &decided).await?;
    let (state, payee) = (elsewhere.state, elsewhere.payee);
    for decision in &mut approved {
        decision.lines.retain(|line| line.payee == payee);
        decision.occasion = Occasion::Elsewhere { id, state, payee };
    }
    let settled = settle_rounds(tx, act, terms, approved).await?;
    let action = match state {
        State::TakenBack => Action::ElsewhereTakenBack,
        _ => Action::ElsewhereConfirmed,
    };
    audit::record(tx, act, action, Subject::Elsewhere(id), elsewhere.amount.to_string()).await?;
    Ok(BroughtIn { id, state, amount: elsewhere.amount, settled })
}
