//! `ydun index`: telling the common benefit index (Ydelsesindeks) what is granted and paid.

use anyhow::Result;
use chrono::TimeDelta;
use clap::Subcommand;
use ydun::access::Pay;
use ydun::adapters::ydelsesindeks::Ydelsesindeks;
use ydun::clock::Clock;
use ydun::operations::index::IndexFile;
use ydun::operations::index::service::{IndexError, publish, tell};
use ydun::payments::outbox::Outbox;

use super::exit::{Busy, Ended, Refused};
use super::output::{Output, table};
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Tell the index what is new, has changed, or is no more since it was told last.
    Tell,
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    let Command::Tell = command;
    let act = session.act::<Pay>().await?;
    let folder = session.folder("indeks/out")?;
    let outbox = Outbox::open(&folder)?;
    tell(&session.db, &act, &Ydelsesindeks, &outbox).await.map_err(told)?;
    // A lease is about processes that run now, whatever day it is in a demonstration.
    let (lease, now) = (TimeDelta::seconds(30), Clock::System.now());
    let files = publish(&session.db, act.tenant(), &Ydelsesindeks, &outbox, lease, now).await;
    output.answer(&files.map_err(told)?, |files| {
        let row = |file: &IndexFile| vec![file.name.clone(), file.registrations.to_string()];
        let rows: Vec<Vec<String>> = files.iter().map(row).collect();
        let table = table(&["Fil", "Registreringer"], &rows);
        format!("{table}\n{} filer i {}", files.len(), folder.display())
    })?;
    Ok(Ended::Done)
}

fn told(error: IndexError) -> anyhow::Error {
    match error {
        IndexError::Store(error) => error.into(),
        IndexError::Busy => Busy(error.to_string()).into(),
        other => Refused(format!("{:#}", anyhow::Error::from(other))).into(),
    }
}
