//! The pages. One file each: what is asked for, what is shown, and the words for it.

mod approval;
mod approvals;
mod case;
mod cases;
mod correction;
mod distribution;
mod document;
mod drift;
mod events;
mod explanation;
mod find;
mod freezes;
mod letters;
mod lookups;
mod measures;
mod module;
mod modules;
mod month_close;
mod municipality;
mod oversight;
mod payout_list;
mod payouts;
mod replay;
mod runs;
mod send_back;
mod task;
mod tasks;
mod users;

use askama::Template;
use axum::Router;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};

use super::App;
use super::failure::{Failure, PageError};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(municipality::show))
        .route("/opgaver", get(tasks::show))
        .route("/opgaver/naeste", post(tasks::take_next))
        .route("/opgaver/flere", post(tasks::change_many))
        .route("/opgaver/visninger", post(tasks::keep_view))
        .route("/opgaver/fordeling", get(distribution::show).post(distribution::change))
        .route("/opgaver/{id}", get(task::show).post(task::answer))
        .route("/opgaver/{id}/{what}", post(task::change))
        .route("/haendelser", get(events::show))
        .route("/godkendelser", get(approvals::lists).post(approvals::set_limits))
        .route("/godkendelser/{benefit}/{month}", get(approval::show).post(approval::sign))
        .route("/godkendelser/{benefit}/{month}/medunderskriv", post(approval::countersign))
        .route("/godkendelser/{benefit}/{month}/tilsyn", get(oversight::show).post(oversight::find))
        .route(
            "/godkendelser/{benefit}/{month}/tilbage/{decision}",
            get(send_back::show).post(send_back::send),
        )
        .route("/find", post(find::find))
        .route("/sager", get(cases::show))
        .route("/sager/{number}", get(case::show))
        .route("/sager/{number}/betalinger/{payment}", post(case::stop))
        .route("/sager/{number}/breve", get(letters::show))
        .route("/sager/{number}/breve/{place}", get(letters::pdf))
        .route("/sager/{number}/rettelse", get(correction::show).post(correction::propose))
        .route("/sager/{number}/rettelse/{correction}", post(correction::approve))
        .route("/sager/{number}/dokumenter/{id}", get(document::show))
        .route("/udbetalinger", get(payouts::show))
        .route("/udbetalinger/liste", get(payout_list::show))
        .route("/udbetalinger/spaerringer", get(freezes::show).post(freezes::set))
        .route("/udbetalinger/spaerringer/{id}/{what}", post(freezes::change))
        .route("/udbetalinger/maaned/{month}", get(month_close::show))
        .route("/udbetalinger/maaned/{month}/{what}", post(month_close::change))
        .route("/drift", get(drift::show))
        .route("/drift/brugere", get(users::show).post(users::set))
        .route("/drift/opslag", get(lookups::show).post(lookups::find))
        .route("/drift/opslag/stikproeve", post(lookups::sample))
        .route("/drift/opslag/kaede", post(lookups::verify))
        .route("/drift/maal", get(measures::show))
        .route("/drift/maal/{measure}/{month}", get(measures::rows_behind))
        .route("/drift/koersler", get(runs::show))
        .route("/drift/koersler/stroem", get(runs::stream))
        .route("/moduler", get(modules::show))
        .route("/moduler/sammenligninger/{id}", get(replay::show).post(replay::sign))
        .route("/moduler/{benefit}", get(module::show))
        .route("/moduler/{benefit}/{what}", post(module::change))
        .fallback(async || PageError::from(Failure::NotFound("page")))
}

/// An address that only takes forms leads to the page above it: there whoever logs in again after sending one
/// finds what was typed.
pub(super) async fn above(method: Method, uri: Uri) -> Response {
    if method != Method::GET {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let above = uri.path().rsplit_once('/').map_or("/", |(above, _)| above);
    Redirect::to(if above.is_empty() { "/" } else { above }).into_response()
}

fn html(page: &impl Template) -> Result<Html<String>, PageError> {
    Ok(Html(page.render()?))
}
