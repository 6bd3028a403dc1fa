//! The server: pages for caseworkers, an API for other systems, and how the server is doing.
//!
//! Pages are made here and work without script; nothing is fetched from elsewhere. Whoever asks has
//! logged in: a handler that takes a [`desk::Desk`] is reached in no other way. A look at personal
//! data is a row in the audit, in the same transaction as the look.
//!
//! What citizens and companies see lies in `selv`, has a login of its own, and shows nobody but themselves.
//!
//! To add a page: a file in `pages` with a typed struct, its template, and a line in its `routes`. To add
//! to the API: a handler in `api`; the OpenAPI document is made from the same lines as the routes.

mod answer_form;
mod api;
mod assets;
mod case_file;
mod case_list;
mod chart;
mod danish;
mod desk;
mod entry;
mod failure;
mod field;
mod form;
mod frame;
mod guard;
mod health;
mod live;
mod login;
mod month_query;
mod navigation;
mod pages;
mod selv;
mod store;
mod task_list;
mod task_row;
mod task_words;
mod titles;

use std::future::Future;
use std::io;

use axum::{Extension, Router};
use tokio::net::TcpListener;
use tokio::sync::watch;
use ydun_domain::Tenant;

use crate::adapters::oidc::Provider;
use crate::clock::Clock;
use crate::db::Db;
use crate::letters::Stationery;
use crate::modules::registry::Registry;
use crate::payments::BankProfile;

pub use assets::are_built_in as has_assets;

use live::Closing;

/// What the server works with.
#[derive(Clone, Debug)]
pub struct App {
    pub db: Db,
    pub clock: Clock,
    pub tenant: Tenant,
    /// What is agreed with the bank.
    pub bank: BankProfile,
    /// The benefits, ready to calculate.
    pub registry: Registry,
    /// Who says who a citizen or a company is; without it, self-service is not switched on.
    pub provider: Option<Provider>,
    /// What letters are written on.
    pub stationery: Stationery,
}

/// Every route the server answers.
pub fn router(app: App) -> Router {
    let pages = pages::routes()
        .merge(login::routes())
        .merge(selv::routes())
        .method_not_allowed_fallback(pages::above);
    guard::around(pages.merge(assets::routes()).merge(api::routes())).with_state(app)
}

/// Answers until `shutdown` comes; requests that are being answered are answered first.
pub async fn serve(
    app: App,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (close, closing) = watch::channel(false);
    let router = router(app).layer(Extension(Closing(closing)));
    let shutdown = async move {
        shutdown.await;
        close.send_replace(true);
    };
    axum::serve(listener, router).with_graceful_shutdown(shutdown).await
}
