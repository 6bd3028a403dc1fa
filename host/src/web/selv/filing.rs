//! `/selv/formularer`: beginning on a form, going on with it, and dropping it.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use ydun_domain::ids::{CaseId, PartyId};
use ydun_runtime::Manifest;
use ydun_runtime::manifest::Form;

use super::answers::filled_in;
use super::draft::{known_of_owner, other_roles, own};
use super::offers;
use super::question_page;
use super::step::Step;
use super::visitor::{Sent, Visitor};
use crate::db::Tx;
use crate::facts::Fact;
use crate::filings::{Answers, NewFiling, SaveError, service as filings};
use crate::web::desk::Nothing;
use crate::web::failure::{Failure, PageError};

/// Which form one begins on.
#[derive(Debug, Deserialize)]
pub(super) struct Begin {
    benefit: String,
    form: String,
    /// For which of the visitor's own parties.
    owner: PartyId,
    /// In a case that is there; else a new one is opened when it is sent.
    case: Option<CaseId>,
}

/// `POST /selv/formularer`
pub(super) async fn begin(
    Sent { visitor, form: wanted }: Sent<Begin>,
) -> Result<Response, PageError> {
    let (mut tx, act) = visitor.act().await?;
    let missing = || Failure::NotFound("form");
    let manifest = offers::benefit(&mut tx, act.tenant(), &wanted.benefit, visitor.today()).await?;
    let manifest = manifest.ok_or_else(missing)?;
    let offered = offers::forms(&manifest, visitor.filer())
        .find(|(form, _)| form.key == wanted.form)
        .map(|(form, _)| form.clone());
    let form = offered.ok_or_else(missing)?;
    if !may_begin(&mut tx, &visitor, &manifest, &form, &wanted).await? {
        return Err(missing().into());
    }
    let known = known_of_owner(&mut tx, &act, wanted.owner, &manifest.id).await?;
    let step = if wanted.case.is_none() && !other_roles(&manifest, &form).is_empty() {
        Step::Persons
    } else {
        Step::Page(0)
    };
    let new = NewFiling {
        owner: wanted.owner,
        benefit: manifest.id.clone(),
        form: form.key.clone(),
        case: wanted.case,
        answers: prefilled(&manifest, &form, &known),
        step: step.to_string(),
    };
    match filings::begin(&mut tx, &act, new).await {
        Ok(filing) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("/selv/formularer/{}/{step}", filing.id)).into_response())
        }
        Err(SaveError::Store(error)) => Err(error.into()),
        Err(refused) => Err(Failure::Conflict(refused.to_string()).into()),
    }
}

/// Whether it is the visitor's own party, and its own case where it names one.
async fn may_begin(
    tx: &mut Tx,
    visitor: &Visitor,
    manifest: &Manifest,
    form: &Form,
    wanted: &Begin,
) -> Result<bool, Failure> {
    let Some(case) = wanted.case else {
        let own = visitor.own_ids(tx).await?;
        return Ok(form.filed_in.may_open() && own.contains(&wanted.owner));
    };
    let cases = offers::cases_of(tx, visitor, manifest).await?;
    let is_own = cases.iter().any(|own| own.case.id == case && own.owner == wanted.owner);
    Ok(form.filed_in.may_add() && is_own)
}

/// The pages about the filer itself, with what it told the last time. Others' answers are not shown to it.
fn prefilled(manifest: &Manifest, form: &Form, known: &[Fact]) -> Answers {
    let mut answers = Answers::default();
    for (place, page) in form.pages.iter().enumerate() {
        let is_own = manifest
            .fact(&page.fact)
            .is_some_and(|fact| Some(&fact.about) == form.filed_as.as_ref());
        if page.repeated || !is_own {
            continue;
        }
        if let Some(fact) = known.iter().rev().find(|fact| fact.content.kind == page.fact) {
            answers.set(&question_page::key(place), vec![filled_in(page, fact)]);
        }
    }
    answers
}

/// `GET /selv/formularer/{id}`: where one left it.
pub(super) async fn go_on(visitor: Visitor, Path(id): Path<String>) -> Result<Redirect, PageError> {
    let filing = own(&visitor, &mut visitor.app.db.read().await?, &id).await?;
    let step = if filing.sent_at.is_some() { "kvittering" } else { &filing.step };
    Ok(Redirect::to(&format!("/selv/formularer/{}/{step}", filing.id)))
}

/// `POST /selv/formularer/{id}`: drops it.
pub(super) async fn drop_filing(
    Path(id): Path<String>,
    Sent { visitor, form: Nothing {} }: Sent<Nothing>,
) -> Result<Redirect, PageError> {
    let (mut tx, act) = visitor.act().await?;
    let filing = own(&visitor, &mut tx, &id).await?;
    filings::drop_filing(&mut tx, &act, &filing).await.map_err(gone)?;
    tx.commit().await?;
    Ok(Redirect::to("/selv"))
}

pub(super) fn gone(error: SaveError) -> Failure {
    match error {
        SaveError::Store(error) => error.into(),
        _ => Failure::NotFound("form that was not sent"),
    }
}
