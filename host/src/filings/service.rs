//! Beginning, saving and sending.

mod send;

use ydun_domain::Tenant;
use ydun_domain::ids::{DocumentId, FilingId, PartyId};
use ydun_runtime::Manifest;

use super::{Answers, Filing, NewFiling, Parts, Told, store};
use crate::access::{Act, Own};
use crate::audit::{self, Action, Subject};
use crate::cases::CaseNumber;
use crate::clock::danish;
use crate::db::{Read, Result, Tx};
use crate::documents::{self, Document, NotTaken, Origin};
use crate::facts::{CaseView, Checked, Refused, Why, check as check_fact};

pub use send::{Recorded, SendError, Sent, send, tell};

/// How many documents one filing may have.
const DOCUMENTS_MAX: usize = 20;
/// How many filings one may have begun and not sent.
const DRAFTS_MAX: usize = 50;

/// Why something was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    #[error("there is no such filing of yours, or it was sent already")]
    NotOpen,
    #[error("it was saved elsewhere since version {0} was seen; look at it again")]
    Changed(i64),
    #[error("there are {DRAFTS_MAX} filings that were not sent; send or drop one first")]
    TooManyDrafts,
    #[error("a filing has at most {DOCUMENTS_MAX} documents")]
    TooManyDocuments,
    #[error(transparent)]
    Document(#[from] NotTaken),
    #[error("the filing could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Begins on a form.
pub async fn begin(
    tx: &mut Tx,
    act: &Act<Own>,
    new: NewFiling,
) -> std::result::Result<Filing, SaveError> {
    let drafts = store::of_owners(tx, act.tenant(), &[new.owner]).await?;
    if drafts.iter().filter(|filing| filing.sent_at.is_none()).count() >= DRAFTS_MAX {
        return Err(SaveError::TooManyDrafts);
    }
    let NewFiling { owner, benefit, form, case, answers, step } = new;
    let id = FilingId::generate();
    let filing = Filing {
        id,
        owner,
        benefit,
        form,
        case,
        answers,
        step,
        version: 0,
        saved_at: act.at(),
        sent_at: None,
    };
    store::insert(tx, act, &filing).await?;
    let detail = format!("{}/{}", filing.benefit, filing.form);
    audit::record(tx, act, Action::FilingBegun, Subject::Filing(id), detail).await?;
    Ok(filing)
}

/// A filing of one of some parties.
pub async fn one(
    db: &mut Read,
    tenant: Tenant,
    owners: &[PartyId],
    id: FilingId,
) -> Result<Option<Filing>> {
    let found = store::by_id(db, tenant, id).await?;
    Ok(found.filter(|filing| owners.contains(&filing.owner)))
}

/// The filings of some parties, the newest first.
pub async fn of_owners(db: &mut Read, tenant: Tenant, owners: &[PartyId]) -> Result<Vec<Filing>> {
    store::of_owners(db, tenant, owners).await
}

/// Saves all that was typed, and where the filer is now, unless it was saved elsewhere meanwhile.
pub async fn save(
    tx: &mut Tx,
    act: &Act<Own>,
    seen: &Filing,
    answers: &Answers,
    step: &str,
) -> std::result::Result<(), SaveError> {
    let filing = lock_open(tx, act.tenant(), seen).await?;
    if filing.version != seen.version {
        return Err(SaveError::Changed(seen.version));
    }
    store::save(tx, act, filing.id, answers, step).await?;
    let subject = Subject::Filing(filing.id);
    Ok(audit::record(tx, act, Action::FilingSaved, subject, step).await?)
}

/// Drops a filing that was not sent, with all that was typed and attached.
pub async fn drop_filing(
    tx: &mut Tx,
    act: &Act<Own>,
    filing: &Filing,
) -> std::result::Result<(), SaveError> {
    let filing = lock_open(tx, act.tenant(), filing).await?;
    for document in store::documents(tx, act.tenant(), filing.id).await? {
        remove(tx, act.tenant(), filing.id, document).await?;
    }
    store::delete(tx, act.tenant(), filing.id).await?;
    let subject = Subject::Filing(filing.id);
    Ok(audit::record(tx, act, Action::FilingDropped, subject, "").await?)
}

/// Attaches a document.
pub async fn attach(
    tx: &mut Tx,
    act: &Act<Own>,
    filing: &Filing,
    title: &str,
    content: &[u8],
) -> std::result::Result<Document, SaveError> {
    let filing = lock_open(tx, act.tenant(), filing).await?;
    if store::documents(tx, act.tenant(), filing.id).await?.len() >= DOCUMENTS_MAX {
        return Err(SaveError::TooManyDocuments);
    }
    let document =
        documents::service::receive(tx, act, Origin::SelfService, title, content).await?;
    store::attach(tx, act.tenant(), filing.id, document.id).await?;
    Ok(document)
}

/// Takes a document off again.
pub async fn detach(
    tx: &mut Tx,
    act: &Act<Own>,
    filing: &Filing,
    document: DocumentId,
) -> std::result::Result<(), SaveError> {
    let filing = lock_open(tx, act.tenant(), filing).await?;
    if store::documents(tx, act.tenant(), filing.id).await?.contains(&document) {
        remove(tx, act.tenant(), filing.id, document).await?;
    }
    let subject = Subject::Filing(filing.id);
    Ok(audit::record(tx, act, Action::FilingSaved, subject, "document removed").await?)
}

async fn remove(tx: &mut Tx, tenant: Tenant, filing: FilingId, document: DocumentId) -> Result<()> {
    store::detach(tx, tenant, filing, document).await?;
    documents::service::forget(tx, tenant, document).await
}

/// What is attached to a filing, in the order it came.
pub async fn attached(db: &mut Read, tenant: Tenant, filing: FilingId) -> Result<Vec<Document>> {
    let ids = store::documents(db, tenant, filing).await?;
    documents::service::by_ids(db, tenant, &ids).await
}

/// Whether a fact that is told could be recorded. Other facts of the case are not looked at.
pub fn check(
    manifest: &Manifest,
    number: Option<CaseNumber>,
    parts: &Parts,
    told: &Told,
) -> std::result::Result<Checked, Refused> {
    let Some(content) = parts.content(manifest, told) else {
        let role = manifest.fact(&told.kind).map(|kind| kind.about.clone()).unwrap_or_default();
        let why = Box::new(Why::WrongParty { role });
        return Err(Refused { case: number, kind: told.kind.clone(), field: None, why });
    };
    let roles = parts.0.clone();
    let view = CaseView { number, manifest, roles, known: vec![], registered: vec![] };
    check_fact(&view, content)
}

async fn lock_open(
    tx: &mut Tx,
    tenant: Tenant,
    filing: &Filing,
) -> std::result::Result<Filing, SaveError> {
    let found = store::lock(tx, tenant, filing.id).await?;
    found.filter(|filing| filing.sent_at.is_none()).ok_or(SaveError::NotOpen)
}

/// The day it is where the filer is.
fn today(act: &Act<Own>) -> ydun_domain::Day {
    danish(act.at())
}
