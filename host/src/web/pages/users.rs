//! `/drift/brugere`: who works here, and what each may do.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::html;
use crate::access::{Act, Administer, right};
use crate::audit::{self, Subject};
use crate::clock::danish as danish_day;
use crate::web::danish;
use crate::web::desk::{Desk, Sent};
use crate::web::failure::PageError;
use crate::web::form::Fields;
use crate::web::frame::Frame;
use crate::workers::Worker;
use crate::workers::service::{self as workers, WorkerError};

const ADDRESS: &str = "/drift/brugere";

#[derive(Template)]
#[template(path = "users.html")]
struct UsersPage {
    frame: Frame,
    rows: Vec<UserRow>,
    /// Words and what they are called.
    rights: Vec<(&'static str, &'static str)>,
    typed: Fields,
    problem: Option<String>,
}

struct UserRow {
    worker: Worker,
    seen: Option<String>,
}

impl UserRow {
    fn has(&self, right: &str) -> bool {
        self.worker.rights.iter().any(|word| word == right)
    }
}

pub(super) async fn show(desk: Desk) -> Result<Html<String>, PageError> {
    html(&UsersPage::read(&desk, Fields::default(), None).await?)
}

pub(super) async fn set(Sent { desk, form }: Sent<Fields>) -> Result<Response, PageError> {
    let (mut tx, act) = desk.act::<Administer>().await?;
    let rights: Vec<&str> = form.all("ret").collect();
    let who = (form.get("initialer"), form.get("navn"));
    match workers::set(&mut tx, &act, who, &rights).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to(ADDRESS).into_response())
        }
        Err(refused) => {
            drop(tx);
            let problem = Some(told(refused)?.to_owned());
            let page = UsersPage::read(&desk, form, problem).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
    }
}

/// Why nothing was saved, in words.
fn told(refused: WorkerError) -> Result<&'static str, PageError> {
    match refused {
        WorkerError::Initials(_) => Ok("Skriv initialer uden mellemrum."),
        WorkerError::NoName(_) => Ok("Skriv, hvad brugeren hedder."),
        WorkerError::NoSuchRight { .. } => Ok("Vælg blandt de rettigheder, der er vist."),
        WorkerError::OwnRight => Ok(
            "Du kan ikke tage retten til at administrere fra dig selv. Det gør en anden, der har den.",
        ),
        WorkerError::Store(error) => Err(error.into()),
    }
}

impl UsersPage {
    async fn read(desk: &Desk, typed: Fields, problem: Option<String>) -> Result<Self, PageError> {
        let (mut tx, act): (_, Act<Administer>) = desk.act().await?;
        let frame = Frame::of(&mut tx, desk).await?;
        let found = workers::all(&mut tx, act.tenant()).await?;
        audit::record_look(&mut tx, &act, Subject::Municipality, "workers").await?;
        tx.commit().await?;
        let row = |worker: Worker| UserRow {
            seen: worker.last_seen.map(|at| danish_day(at).in_words()),
            worker,
        };
        let rights = right::WORDS.iter().map(|word| (*word, danish::right(word))).collect();
        Ok(Self { frame, rows: found.into_iter().map(row).collect(), rights, typed, problem })
    }
}
