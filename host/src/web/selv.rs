//! `/selv`: what citizens and companies see and fill in themselves.
//!
//! A visitor is no worker: it has a login of its own (`adapters::oidc`, `visits`) with a cookie of its own, and
//! every handler here takes a [`visitor::Visitor`], which is made of nothing else. What it shows, it finds among
//! the visitor's own parties. Without a provider of logins, self-service says that it is not switched on.
//!
//! The forms are the manifests'. `draft` is one that is being filled in, `question_page` a page of it.

mod answers;
mod check;
mod documents;
mod draft;
mod filing;
mod frame;
mod home;
mod hours;
mod hours_file;
mod hours_sheet;
mod known;
mod login;
mod offers;
mod payments;
mod persons;
mod question_page;
mod receipt;
mod step;
mod step_page;
mod visitor;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::App;
use crate::documents::LENGTH_MAX;

/// Room for the fields around a file.
const ENVELOPE: usize = 64 << 10;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/selv", get(home::show))
        .route("/selv/log-ind", get(login::begin))
        .route("/selv/svar", get(login::arrive))
        .route("/selv/log-ud", post(login::leave))
        .route("/selv/formularer", post(filing::begin))
        .route("/selv/formularer/{id}", get(filing::go_on).post(filing::drop_filing))
        .route("/selv/formularer/{id}/kvittering", get(receipt::show))
        .route(
            "/selv/formularer/{id}/bilag",
            get(documents::show)
                .post(documents::attach)
                .layer(DefaultBodyLimit::max(LENGTH_MAX + ENVELOPE)),
        )
        .route("/selv/formularer/{id}/bilag/{document}", post(documents::detach))
        .route("/selv/formularer/{id}/kontrol", get(check::show).post(check::send))
        .route("/selv/udbetalinger", get(payments::show))
        .route("/selv/udbetalinger.csv", get(payments::csv))
        .route("/selv/udbetalinger.json", get(payments::json))
        .route("/selv/timer/{benefit}/{form}/{month}", get(hours::show).post(hours::tell))
        .route("/selv/timer/{benefit}/{form}/{month}/skabelon.csv", get(hours::template))
        .route(
            "/selv/timer/{benefit}/{form}/{month}/fil",
            post(hours::read_file).layer(DefaultBodyLimit::max(hours_file::LENGTH_MAX + ENVELOPE)),
        )
        .route("/selv/formularer/{id}/{step}", get(step_page::show).post(step_page::save))
}
