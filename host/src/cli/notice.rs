//! `ydun notice`: what payees are told.

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;
use ydun::access::Pay;
use ydun::notices::export::export;
use ydun_domain::Day;

use super::exit::Ended;
use super::output::Output;
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the notices of payments at disposal within some days, as text and JSON.
    Export(ExportArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    #[arg(long)]
    from: Day,

    #[arg(long)]
    to: Day,
}

pub(crate) async fn command(
    session: &Session,
    output: Output,
    Command::Export(arguments): Command,
) -> Result<Ended> {
    let act = session.act::<Pay>().await?;
    let folder = session.folder("notices")?;
    let sender = session.sender().await?;
    let days = arguments.from..=arguments.to;
    let mut tx = session.db.begin().await?;
    let notices = export(&mut tx, &act, &sender, &folder, days).await?;
    tx.commit().await?;
    let exported = Exported { folder: folder.display().to_string(), notices };
    output.answer(&exported, |it| format!("{} meddelelser i {}", it.notices, it.folder))?;
    Ok(Ended::Done)
}

#[derive(Debug, Serialize)]
struct Exported {
    folder: String,
    notices: usize,
}
