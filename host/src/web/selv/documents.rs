//! `/selv/formularer/{id}/bilag`: what is sent along.

use askama::Template;
use axum::extract::Path;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use ydun_domain::ids::DocumentId;

use super::draft::Draft;
use super::filing::gone;
use super::frame::Frame;
use super::step::Step;
use super::step_page::Way;
use super::visitor::{Sent, Visitor};
use crate::documents::{Document, LENGTH_MAX, NotTaken};
use crate::filings::{SaveError, service as filings};
use crate::web::desk::Nothing;
use crate::web::failure::{Failure, PageError};

#[derive(Template)]
#[template(path = "selv/documents.html")]
struct DocumentsPage {
    frame: Frame,
    way: Way,
    documents: Vec<Document>,
    megabytes_max: usize,
    /// Why the file was not taken.
    problem: Option<&'static str>,
}

pub(super) async fn show(visitor: Visitor, Path(id): Path<String>) -> Result<Response, PageError> {
    page(&visitor, &id, None).await
}

async fn page(
    visitor: &Visitor,
    id: &str,
    problem: Option<&'static str>,
) -> Result<Response, PageError> {
    let (mut tx, act) = visitor.act().await?;
    let draft = Draft::open(visitor, &mut tx, &act, id).await?;
    let page = DocumentsPage {
        frame: Frame::of(&mut tx, visitor).await?,
        way: Way::of(&draft, Step::Documents),
        documents: filings::attached(&mut tx, act.tenant(), draft.filing.id).await?,
        megabytes_max: LENGTH_MAX >> 20,
        problem,
    };
    tx.commit().await?;
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Html(page.render()?)).into_response())
}

/// What a form with a file carries.
#[derive(Default)]
pub(super) struct Upload {
    form_key: String,
    pub(super) name: String,
    pub(super) content: Vec<u8>,
}

impl Upload {
    /// Reads the form, which must be from a page of the visit.
    pub(super) async fn read(visitor: &Visitor, mut parts: Multipart) -> Result<Self, UploadError> {
        let mut upload = Self::default();
        while let Some(part) = parts.next_field().await? {
            match part.name() {
                Some("form-key") => upload.form_key = part.text().await?,
                Some("fil") => {
                    upload.name = part.file_name().unwrap_or_default().to_owned();
                    upload.content = part.bytes().await?.into();
                }
                _ => {}
            }
        }
        if upload.form_key != visitor.form_key() {
            return Err(UploadError::Foreign);
        }
        Ok(upload)
    }
}

/// Why nothing was received.
#[derive(Debug)]
pub(super) enum UploadError {
    TooLong,
    Foreign,
    Misunderstood(MultipartError),
}

impl From<MultipartError> for UploadError {
    fn from(error: MultipartError) -> Self {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Self::TooLong
        } else {
            Self::Misunderstood(error)
        }
    }
}

impl From<UploadError> for Failure {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::Foreign => Self::Foreign,
            UploadError::TooLong => Self::Unusable("the file is too long".to_owned()),
            UploadError::Misunderstood(error) => Self::misunderstood(error),
        }
    }
}

pub(super) async fn attach(
    visitor: Visitor,
    Path(id): Path<String>,
    parts: Multipart,
) -> Result<Response, PageError> {
    let upload = match Upload::read(&visitor, parts).await {
        Ok(upload) => upload,
        Err(UploadError::TooLong) => {
            return page(&visitor, &id, Some(told(&NotTaken::TooLong))).await;
        }
        Err(error) => return Err(Failure::from(error).into()),
    };
    let (mut tx, act) = visitor.act().await?;
    let draft = Draft::open(&visitor, &mut tx, &act, &id).await?;
    match filings::attach(&mut tx, &act, &draft.filing, &upload.name, &upload.content).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Redirect::to(&draft.address(Step::Documents)).into_response())
        }
        Err(SaveError::Document(NotTaken::Store(error))) => Err(error.into()),
        Err(SaveError::Document(refused)) => {
            drop(tx);
            page(&visitor, &id, Some(told(&refused))).await
        }
        Err(SaveError::TooManyDocuments) => {
            drop(tx);
            let problem =
                "Der kan ikke vedlægges flere bilag. Fjern et, eller saml flere i én PDF.";
            page(&visitor, &id, Some(problem)).await
        }
        Err(error) => Err(gone(error).into()),
    }
}

fn told(refused: &NotTaken) -> &'static str {
    match refused {
        NotTaken::Empty => "Vælg en fil med indhold.",
        NotTaken::TooLong => "Filen er for stor. Den må højst fylde 10 MB.",
        NotTaken::Unknown | NotTaken::Store(_) => {
            "Filen er hverken PDF, JPEG eller PNG. Gem den som en af dem, eller tag et billede af den."
        }
    }
}

pub(super) async fn detach(
    Path((id, document)): Path<(String, String)>,
    Sent { visitor, form: Nothing {} }: Sent<Nothing>,
) -> Result<Redirect, PageError> {
    let document: DocumentId = document.parse().map_err(|_| Failure::NotFound("document"))?;
    let (mut tx, act) = visitor.act().await?;
    let draft = Draft::open(&visitor, &mut tx, &act, &id).await?;
    filings::detach(&mut tx, &act, &draft.filing, document).await.map_err(gone)?;
    tx.commit().await?;
    Ok(Redirect::to(&draft.address(Step::Documents)))
}
