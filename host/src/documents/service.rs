//! Taking documents in, putting them in a case, and finding them.

use ydun_domain::Tenant;
use ydun_domain::ids::{CaseId, DocumentId};
use ydun_runtime::Digest;

use super::{Document, LENGTH_MAX, Media, Origin, store};
use crate::access::{Act, Right};
use crate::audit::{self, Action, Subject, hide_personal_numbers};
use crate::db::{Read, Result, Tx};

pub use super::store::{by_ids, content, of_case};

/// The longest title that is kept.
const TITLE_MAX: usize = 120;

/// Why a document was not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    #[error("the file is empty; choose another")]
    Empty,
    #[error("the file is longer than {} MB; send a smaller one", LENGTH_MAX >> 20)]
    TooLong,
    #[error("the file is neither PDF, JPEG nor PNG; save it as one of these")]
    Unknown,
    #[error("the document could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Takes a document in; it belongs to no case yet.
pub async fn receive<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    origin: Origin,
    title: &str,
    content: &[u8],
) -> std::result::Result<Document, NotTaken> {
    if content.is_empty() {
        return Err(NotTaken::Empty);
    }
    if content.len() > LENGTH_MAX {
        return Err(NotTaken::TooLong);
    }
    let media = Media::recognise(content).ok_or(NotTaken::Unknown)?;
    let document = Document {
        id: DocumentId::generate(),
        title: title_of(title, media),
        media,
        length: i64::try_from(content.len()).expect("ten million is a number"),
        origin,
        received_at: act.at(),
    };
    store::insert(tx, act, &document, Digest::of(content), content).await?;
    let subject = Subject::Document(document.id);
    audit::record(tx, act, Action::DocumentReceived, subject, media.word()).await?;
    Ok(document)
}

/// The name without folders and without personal numbers; what it is, where it has no name.
fn title_of(title: &str, media: Media) -> String {
    let name = title.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let signs = name.chars().filter(|sign| !sign.is_control()).take(TITLE_MAX);
    let name = hide_personal_numbers(&signs.collect::<String>());
    if name.is_empty() { format!("Bilag.{media}") } else { name }
}

/// Puts documents in a case.
pub async fn file(
    tx: &mut Tx,
    tenant: Tenant,
    documents: &[DocumentId],
    case: CaseId,
) -> Result<()> {
    for document in documents {
        store::set_case(tx, tenant, *document, case).await?;
    }
    Ok(())
}

/// Forgets a document that no case has, with its bytes when they are no other's.
pub async fn forget(tx: &mut Tx, tenant: Tenant, document: DocumentId) -> Result<()> {
    store::delete(tx, tenant, document).await
}

/// A document of a case.
pub async fn in_case(
    db: &mut Read,
    tenant: Tenant,
    case: CaseId,
    id: DocumentId,
) -> Result<Option<Document>> {
    let there = store::of_case(db, tenant, case).await?;
    Ok(there.into_iter().find(|document| document.id == id))
}
