//! The pages. One file each: what is asked for, what is shown, and the words for it.

mod approvals;
mod case;
mod cases;
mod explanation;
mod find;
mod modules;
mod municipality;
mod replay;
mod task;
mod tasks;

use askama::Template;
use axum::Router;
use axum::response::Html;
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
        .route("/opgaver/{id}", get(task::show).post(task::answer))
        .route("/opgaver/{id}/{what}", get(task::back).post(task::change))
        .route("/godkendelser", get(approvals::lists))
        .route("/godkendelser/{benefit}/{month}", get(approvals::show).post(approvals::sign))
        .route("/find", post(find::find))
        .route("/sager", get(cases::show))
        .route("/sager/{number}", get(case::show))
        .route("/moduler", get(modules::show))
        .route("/moduler/sammenligninger/{id}", get(replay::show))
        .fallback(async || PageError::from(Failure::NotFound("page")))
}

fn html(page: &impl Template) -> Result<Html<String>, PageError> {
    Ok(Html(page.render()?))
}
