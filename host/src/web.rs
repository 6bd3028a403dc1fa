//! The server: pages for caseworkers, an API for other systems, and how the server is doing.
//!
//! Pages are made here and work without script; nothing is fetched from elsewhere. Until there are
//! logins the server acts as one worker, and only looks. A look at personal data is a row in the
//! audit, in the same transaction as the look.
//!
//! To add a page: a file in `pages` with a typed struct, its template, and a line in its `routes`. To add
//! to the API: a handler in `api`; the OpenAPI document is made from the same lines as the routes.

mod api;
mod assets;
mod case_file;
mod case_list;
mod danish;
mod failure;
mod frame;
mod guard;
mod health;
mod pages;
mod store;
mod titles;

use std::future::Future;
use std::io;

use axum::Router;
use tokio::net::TcpListener;
use ydun_domain::Tenant;

use crate::access::{AccessError, Act, Look, authorise};
use crate::clock::Clock;
use crate::db::{Db, Tx};

/// What the server works with.
#[derive(Clone, Debug)]
pub struct App {
    pub db: Db,
    pub clock: Clock,
    pub tenant: Tenant,
    /// Initials of the worker who looks.
    pub worker: String,
}

impl App {
    /// Opens a transaction to look in. It can write, because a look leaves a row in the audit.
    async fn look(&self) -> Result<(Tx, Act<Look>), AccessError> {
        let mut tx = self.db.begin().await?;
        let act = authorise(&mut tx, self.tenant, &self.worker, self.clock.now()).await?;
        Ok((tx, act))
    }
}

/// Every route the server answers.
pub fn router(app: App) -> Router {
    guard::around(pages::routes().merge(assets::routes()).merge(api::routes())).with_state(app)
}

/// Answers until `shutdown` comes; requests that are being answered are answered first.
pub async fn serve(
    app: App,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    axum::serve(listener, router(app)).with_graceful_shutdown(shutdown).await
}
