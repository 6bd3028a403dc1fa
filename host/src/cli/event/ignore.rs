//! `ydun event ignore`: what a caseworker says means nothing in a case.

use anyhow::Result;
use clap::{Args, Subcommand};
use ydun::access::{Look, Register};
use ydun::cases::CaseNumber;
use ydun::events::service::{self as events, IgnoreError};
use ydun::events::{Ignore, Kind};
use ydun_domain::Day;
use ydun_domain::ids::IgnoreId;

use crate::cli::exit::{Ended, Refused};
use crate::cli::output::{Output, table};
use crate::cli::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Such events mean nothing in the case until a day.
    Add(AddArguments),
    /// Everything that was said, the newest first.
    List,
    /// Let such events count again.
    End { ignore: IgnoreId },
}

#[derive(Debug, Args)]
pub(crate) struct AddArguments {
    /// The case's number, such as 2020-00017.
    case: CaseNumber,

    /// Such as income-changed.
    kind: Kind,

    /// The last day it counts.
    until: Day,

    /// Why it means nothing.
    reason: String,
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::Add(arguments) => add(session, output, arguments).await,
        Command::List => list(session, output).await,
        Command::End { ignore } => end(session, output, ignore).await,
    }
}

async fn add(session: &Session, output: Output, arguments: AddArguments) -> Result<Ended> {
    let AddArguments { case, kind, until, reason } = arguments;
    let act = session.act::<Register>().await?;
    let case = session.case(case).await?;
    let mut tx = session.db.begin().await?;
    let said = events::ignore(&mut tx, &act, case.id, kind, until, &reason).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&said, |said| {
        format!(
            "{} i sag {case} er uden betydning til og med {until} ({}).",
            kind.in_words(),
            said.id
        )
    })?;
    Ok(Ended::Done)
}

async fn list(session: &Session, output: Output) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let said = events::ignores(&mut session.db.read().await?, &act).await?;
    output.answer(&said, |said| list_text(said))?;
    Ok(Ended::Done)
}

fn list_text(said: &[Ignore]) -> String {
    let row = |ignore: &Ignore| {
        let state = if ignore.ended_at.is_some() { "afsluttet" } else { "gælder" };
        vec![
            ignore.id.to_string(),
            ignore.kind.in_words().to_owned(),
            ignore.until.to_string(),
            state.to_owned(),
            ignore.said_by.clone(),
            ignore.reason.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = said.iter().map(row).collect();
    table(&["Nummer", "Hændelse", "Til og med", "Tilstand", "Sagt af", "Hvorfor"], &rows)
}

async fn end(session: &Session, output: Output, id: IgnoreId) -> Result<Ended> {
    let act = session.act::<Register>().await?;
    let mut tx = session.db.begin().await?;
    events::end_ignore(&mut tx, &act, id).await.map_err(told)?;
    tx.commit().await?;
    output.answer(&id, |id| format!("{id} er afsluttet; hændelserne tæller igen."))?;
    Ok(Ended::Done)
}

fn told(error: IgnoreError) -> anyhow::Error {
    match error {
        IgnoreError::Store(error) => error.into(),
        refused => Refused(refused.to_string()).into(),
    }
}
