//! `ydun worker`: how those who work here log in.

use std::io::{IsTerminal as _, Read as _};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use ydun::access::Administer;
use ydun::logins::PasswordError;
use ydun::logins::service::{self, KeyError};

use super::exit::{Ended, Refused};
use super::output::Output;
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Give a worker a password, read from standard input; who is logged in as the worker is out.
    Password(WorkerArguments),
    /// Give another system a key to the JSON interface, with the worker's rights. It is shown once.
    Key(KeyArguments),
    /// End every session and key of a worker.
    Revoke(WorkerArguments),
}

#[derive(Debug, Args)]
pub(crate) struct WorkerArguments {
    /// The worker's initials.
    initials: String,
}

#[derive(Debug, Args)]
pub(crate) struct KeyArguments {
    /// Initials of the worker the other system acts as.
    initials: String,

    /// How long the key lasts.
    #[arg(long, default_value_t = 90)]
    days: u32,
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::Password(arguments) => password(session, output, arguments).await,
        Command::Key(arguments) => key(session, output, arguments).await,
        Command::Revoke(arguments) => revoke(session, output, arguments).await,
    }
}

async fn password(session: &Session, output: Output, arguments: WorkerArguments) -> Result<Ended> {
    let act = session.act::<Administer>().await?;
    let password = read_password()?;
    let mut tx = session.db.begin().await?;
    let set = service::set_password(&mut tx, &act, &arguments.initials, &password).await;
    set.map_err(|error| match error {
        PasswordError::Store(error) => anyhow::Error::from(error),
        refused => Refused(refused.to_string()).into(),
    })?;
    tx.commit().await?;
    output.answer(&arguments.initials, |worker| format!("{worker} har fået en ny adgangskode"))?;
    Ok(Ended::Done)
}

fn read_password() -> Result<String> {
    if std::io::stdin().is_terminal() {
        eprintln!("Skriv adgangskoden og derefter Ctrl-D:");
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).context("standard input cannot be read")?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

async fn key(session: &Session, output: Output, arguments: KeyArguments) -> Result<Ended> {
    let act = session.act::<Administer>().await?;
    let KeyArguments { initials, days } = arguments;
    let mut tx = session.db.begin().await?;
    let token = service::issue_key(&mut tx, &act, &initials, days).await;
    let token = token.map_err(|error| match error {
        KeyError::Store(error) => anyhow::Error::from(error),
        refused => Refused(refused.to_string()).into(),
    })?;
    tx.commit().await?;
    output.answer(&token.reveal(), Clone::clone)?;
    Ok(Ended::Done)
}

async fn revoke(session: &Session, output: Output, arguments: WorkerArguments) -> Result<Ended> {
    let act = session.act::<Administer>().await?;
    let mut tx = session.db.begin().await?;
    let ended = service::revoke(&mut tx, &act, &arguments.initials).await?;
    tx.commit().await?;
    output.answer(&ended, |ended| format!("{ended} logins er afsluttet"))?;
    Ok(Ended::Done)
}
