//! `ydun notice`: what payees are told.

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;
use ydun::access::Pay;
use ydun::letters::Stationery;
use ydun::letters::export::{Parts, export};
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

    /// Write each as a PDF too.
    #[arg(long)]
    pdf: bool,
}

pub(crate) async fn command(
    session: &Session,
    output: Output,
    Command::Export(arguments): Command,
) -> Result<Ended> {
    let act = session.act::<Pay>().await?;
    let folder = session.folder("notices")?;
    let stationery = Stationery::new(session.sender().await?);
    let days = arguments.from..=arguments.to;
    let parts = if arguments.pdf { Parts::PdfToo } else { Parts::TextAndJson };
    let mut tx = session.db.begin().await?;
    let notices = export(&mut tx, &act, &stationery, (&folder, parts), days).await?;
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
