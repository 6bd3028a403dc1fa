//! Keeping what other systems have paid, and booking it when a second person confirms it.

use ydun_domain::ids::ElsewhereId;
use ydun_domain::{Day, Dkk};

use super::moves::reversed;
use super::net::withheld;
use crate::access::{Act, Approve, Register};
use crate::audit::{self, Action, Subject};
use crate::clock::danish;
use crate::db::{Read, Result, Tx};
use crate::ledger::{self, Account, Cause, Entry, Positive, Posting};
use crate::payments::elsewhere::{Elsewhere, NewElsewhere, Part, State};
use crate::payments::store::elsewhere as store;

/// Why what another system has paid was not registered, confirmed or taken back.
#[derive(Debug, thiserror::Error)]
pub enum ElsewhereError {
    #[error(
        "the voucher says {0}, which is in the future; money that is to be paid is not registered"
    )]
    Future(Day),
    #[error("the system and the number of the voucher must be told, such as Prisme and 20417")]
    NoVoucher,
    #[error(
        "the voucher {voucher} of {system} is registered for this case, payee, posting and first day; take \
         it back if it is wrong"
    )]
    Again { system: String, voucher: String },
    #[error("what was withheld is more than the amount, {0}")]
    WithheldTooMuch(Dkk),
    #[error("the posting '{0}' is not taxed, so nothing can have been withheld from it")]
    NotTaxed(String),
    #[error("there is no registration {0}; see `ydun elsewhere list`")]
    NotFound(ElsewhereId),
    #[error("registration {id} is {state}, so nothing waits for a second person")]
    NothingToConfirm { id: ElsewhereId, state: State },
    #[error("registration {id} is {state} and cannot be taken back")]
    NotToTakeBack { id: ElsewhereId, state: State },
    #[error("'{by}' asked for it; another person must confirm it")]
    SamePerson { by: String },
    #[error("say why the registration is wrong")]
    NoReason,
    #[error("what was paid elsewhere could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Registers what another system has paid. It counts when another person has confirmed it.
pub async fn register(
    tx: &mut Tx,
    act: &Act<Register>,
    new: &NewElsewhere,
) -> std::result::Result<ElsewhereId, ElsewhereError> {
    check(new, danish(act.at()))?;
    let id = ElsewhereId::generate();
    if !store::insert(tx, act, id, new).await? {
        let (system, voucher) = (new.voucher.system.clone(), new.voucher.number.clone());
        return Err(ElsewhereError::Again { system, voucher });
    }
    let detail = format!("{} for {}", new.amount.dkk(), new.period);
    audit::record(tx, act, Action::ElsewhereRegistered, Subject::Elsewhere(id), detail).await?;
    Ok(id)
}

fn check(new: &NewElsewhere, today: Day) -> std::result::Result<(), ElsewhereError> {
    let NewElsewhere { voucher, amount, parts, posting_code, .. } = new;
    if voucher.paid_on > today {
        return Err(ElsewhereError::Future(voucher.paid_on));
    }
    if voucher.system.trim().is_empty() || voucher.number.trim().is_empty() {
        return Err(ElsewhereError::NoVoucher);
    }
    let taken = |part: &Part| part.taken.total();
    if parts.iter().any(|part| taken(part) > part.amount.dkk()) {
        return Err(ElsewhereError::WithheldTooMuch(amount.dkk()));
    }
    let untaxed = |part: &Part| part.tax.field().is_none();
    let is_taxed = |part: &Part| !taken(part).is_zero() || !part.taken.pension.is_zero();
    if parts.iter().any(|part| untaxed(part) && is_taxed(part)) {
        return Err(ElsewhereError::NotTaxed(posting_code.clone()));
    }
    Ok(())
}

/// What a second person's yes did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    pub elsewhere: Elsewhere,
    pub parts: Vec<Part>,
}

/// A second person says yes to what waits: that it was paid, or that it is taken back. Books it.
///
/// The caller has the decisions it touches settled again in the same transaction.
pub async fn confirm(
    tx: &mut Tx,
    act: &Act<Approve>,
    id: ElsewhereId,
) -> std::result::Result<Confirmed, ElsewhereError> {
    let mut elsewhere = find(tx, act.tenant(), id).await?;
    let asked_by = match (elsewhere.state, &elsewhere.take_back) {
        (State::Registered, _) => &elsewhere.registered_by,
        (State::TakeBackAsked, Some(take_back)) => &take_back.asked_by,
        (state, _) => return Err(ElsewhereError::NothingToConfirm { id, state }),
    };
    if asked_by == act.by() {
        return Err(ElsewhereError::SamePerson { by: act.by().to_owned() });
    }
    let parts = store::parts(tx, act.tenant(), id).await?;
    let postings = parts.iter().flat_map(postings);
    let postings: Vec<Posting> = if elsewhere.state == State::Registered {
        store::confirm(tx, act, id).await?;
        elsewhere.state = State::Confirmed;
        postings.collect()
    } else {
        store::take_back(tx, act, id).await?;
        elsewhere.state = State::TakenBack;
        postings.map(reversed).collect()
    };
    let key = format!("elsewhere:{id}:{}", elsewhere.state);
    let entry = Entry::new(key, Cause::Elsewhere(id), danish(act.at()), postings);
    ledger::service::book(tx, act, &[entry]).await?;
    Ok(Confirmed { elsewhere, parts })
}

/// The benefit's cost; the net was paid by the other system, and the rest is owed to the authorities.
fn postings(part: &Part) -> Vec<Posting> {
    let net = Positive::new(part.amount.dkk() - part.taken.total());
    let sources = withheld(&part.taken).map(|(what, amount)| (Account::Withheld(what), amount));
    let sources = sources.chain(net.map(|net| (Account::Elsewhere, net)));
    let posting = |(credit, amount)| Posting {
        debit: Account::Expense(part.account.clone()),
        credit,
        amount,
        purpose: part.purpose.clone(),
    };
    sources.map(posting).collect()
}

/// Asks that a confirmed registration be taken back; one that nobody has confirmed is gone at once.
pub async fn ask_back(
    tx: &mut Tx,
    act: &Act<Register>,
    id: ElsewhereId,
    reason: &str,
) -> std::result::Result<State, ElsewhereError> {
    if reason.trim().is_empty() {
        return Err(ElsewhereError::NoReason);
    }
    let state = match find(tx, act.tenant(), id).await?.state {
        State::Registered => {
            store::take_back(tx, act, id).await?;
            State::TakenBack
        }
        State::Confirmed => {
            store::ask_back(tx, act, id, reason).await?;
            State::TakeBackAsked
        }
        state => return Err(ElsewhereError::NotToTakeBack { id, state }),
    };
    let subject = Subject::Elsewhere(id);
    audit::record(tx, act, Action::ElsewhereAskedBack, subject, reason).await?;
    Ok(state)
}

async fn find(
    tx: &mut Tx,
    tenant: ydun_domain::Tenant,
    id: ElsewhereId,
) -> std::result::Result<Elsewhere, ElsewhereError> {
    store::lock(tx, tenant, id).await?.ok_or(ElsewhereError::NotFound(id))
}

/// What other systems have paid, oldest first; or only what waits for a second person.
pub async fn paid_elsewhere(
    db: &mut Read,
    tenant: ydun_domain::Tenant,
    only_open: bool,
) -> Result<Vec<Elsewhere>> {
    store::all(db, tenant, only_open).await
}
