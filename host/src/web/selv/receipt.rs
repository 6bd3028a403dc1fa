//! `/selv/formularer/{id}/kvittering`: the number, when it came in, and what happens next.

use askama::Template;
use axum::extract::Path;
use axum::response::{Html, IntoResponse as _, Redirect, Response};

use super::answers::moment;
use super::draft::own;
use super::frame::Frame;
use super::visitor::Visitor;
use crate::audit::{self, Subject};
use crate::cases::service as cases;
use crate::clock::danish;
use crate::documents::{Document, service as documents};
use crate::filings::service as filings;
use crate::modules::service as modules;
use crate::web::failure::{Failure, PageError};

#[derive(Template)]
#[template(path = "selv/receipt.html")]
struct ReceiptPage {
    frame: Frame,
    title: String,
    benefit: String,
    case: String,
    sent: String,
    /// The day we answer by, where the municipality has promised one.
    answer_by: Option<String>,
    documents: Vec<Document>,
    /// Whether it opened a case, which a person will look at.
    is_new: bool,
}

pub(super) async fn show(visitor: Visitor, Path(id): Path<String>) -> Result<Response, PageError> {
    let (mut tx, act) = visitor.act().await?;
    let filing = own(&visitor, &mut tx, &id).await?;
    let (Some(sent), Some(case)) = (filing.sent_at, filing.case) else {
        return Ok(Redirect::to(&format!("/selv/formularer/{}", filing.id)).into_response());
    };
    audit::record_look(&mut tx, &act, Subject::Filing(filing.id), "").await?;
    let case = cases::by_id(&mut tx, act.tenant(), case).await?.ok_or(sqlx::Error::RowNotFound)?;
    let manifest = modules::newest_manifest(&mut tx, &filing.benefit).await;
    let manifest = manifest.map_err(Failure::broken)?;
    let form = manifest.form(&filing.form);
    let days = visitor.provider.profile().answer_days(&filing.benefit);
    let attached: Vec<_> = filings::attached(&mut tx, act.tenant(), filing.id)
        .await?
        .iter()
        .map(|document| document.id)
        .collect();
    let page = ReceiptPage {
        frame: Frame::of(&mut tx, &visitor).await?,
        title: form.map_or_else(|| filing.form.clone(), |form| form.title.clone()),
        benefit: manifest.title.clone(),
        case: case.to_string(),
        sent: moment(sent),
        answer_by: days.map(|days| danish(sent).plus_days(days).in_words()),
        documents: documents::by_ids(&mut tx, act.tenant(), &attached).await?,
        is_new: case.opened == danish(sent) && form.is_some_and(|form| form.filed_in.may_open()),
    };
    tx.commit().await?;
    Ok(Html(page.render()?).into_response())
}
