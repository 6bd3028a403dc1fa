//! `/sager/{number}/dokumenter/{id}`: what somebody has sent in with a case, to be opened on one's own machine.

use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use ydun_domain::ids::DocumentId;

use crate::access::Look;
use crate::audit::{self, Subject};
use crate::documents::service as documents;
use crate::web::case_file::CaseFile;
use crate::web::desk::Desk;
use crate::web::failure::{Failure, PageError};

pub(super) async fn show(
    desk: Desk,
    Path((number, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let missing = || Failure::NotFound("document");
    let id: DocumentId = id.parse().map_err(|_| missing())?;
    let (mut tx, act) = desk.act::<Look>().await?;
    let case = CaseFile::find(&mut tx, act.tenant(), &number).await?;
    let document = documents::in_case(&mut tx, act.tenant(), case.id, id).await?;
    let document = document.ok_or_else(missing)?;
    let content = documents::content(&mut tx, act.tenant(), id).await?.ok_or_else(missing)?;
    audit::record_look(&mut tx, &act, Subject::Document(id), "").await?;
    tx.commit().await?;
    // Never shown inside our own pages: what it holds is a stranger's.
    let disposition = format!("attachment; filename=\"bilag-{id}.{}\"", document.media);
    let headers = [
        (CONTENT_TYPE, document.media.content_type().to_owned()),
        (CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, content).into_response())
}
