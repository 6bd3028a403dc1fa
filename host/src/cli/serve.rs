//! `ydun serve`: the pages and the JSON interface.

use std::env;
use std::net::SocketAddr;

use anyhow::{Context as _, Result};
use clap::Args;
use tokio::net::TcpListener;
use ydun::adapters::oidc::{Profile, Provider};
use ydun::letters::Stationery;
use ydun::web::{self, App};

use super::exit::Ended;
use super::session::Session;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Where to listen. Beyond this machine, put an encrypting proxy in front: browsers keep a login only over
    /// an encrypted connection.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

pub(crate) async fn command(session: &Session, arguments: Arguments) -> Result<Ended> {
    let app = App {
        db: session.db.clone(),
        clock: session.clock,
        tenant: session.tenant()?,
        bank: session.bank_profile().await?,
        registry: session.registry()?,
        provider: provider(session)?,
        stationery: Stationery::new(session.sender().await?),
    };
    if !web::has_assets() {
        eprintln!(
            "the pages have no style sheet: run `cargo xtask assets`, build again, and start again"
        );
    }
    let listener = TcpListener::bind(arguments.listen)
        .await
        .with_context(|| format!("{} is taken; choose another with --listen", arguments.listen))?;
    println!("http://{}", listener.local_addr()?);
    web::serve(app, listener, stopped()).await?;
    Ok(Ended::Done)
}

/// Self-service is switched on by the data folder's self-service.json, which names who says who somebody is.
fn provider(session: &Session) -> Result<Option<Provider>> {
    let path = session.data().join("self-service.json");
    if !path.exists() {
        return Ok(None);
    }
    let profile = Profile::read(&path, env::var(Profile::SECRET).ok())?;
    Ok(Some(Provider::new(profile)))
}

/// Ends when the process is asked to stop.
pub(super) async fn stopped() {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .expect("the process can be told to end");
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
