//! `simid`: a login to try self-service with on one machine.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Parser;
use tokio::net::TcpListener;
use ydun_peers::simid::{Client, SimId, read_people};

/// Says who people are, as a broker of MitID does; whoever comes chooses whom to be.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,

    /// Whom one can be: a JSON list, such as
    /// `[{"as":"citizen","name":"Bo Dam","cpr":"0707614285"}]`.
    #[arg(long)]
    people: PathBuf,

    #[arg(long, default_value = "ydun")]
    client_id: String,

    #[arg(long, env = "SIMID_SECRET", hide_env_values = true)]
    client_secret: String,

    /// Where people are sent back to.
    #[arg(long, default_value = "http://127.0.0.1:8080/selv/svar")]
    redirect: String,
}

#[tokio::main]
async fn main() -> Result<()> {
    let Arguments { listen, people, client_id, client_secret, redirect } = Arguments::parse();
    let people = read_people(&people)?;
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("{listen} is taken; choose another with --listen"))?;
    let issuer = format!("http://{}", listener.local_addr()?);
    println!("{issuer}");
    let client = Client { id: client_id, secret: client_secret, redirect };
    Ok(axum::serve(listener, SimId::new(&issuer, client, people).router()).await?)
}
