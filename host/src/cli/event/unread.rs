//! `ydun event unread`: messages that could not be read, kept as they came.

use std::io::Write as _;

use anyhow::Result;
use clap::Subcommand;
use ydun::access::{Look, Register};
use ydun::audit::{self, Subject};
use ydun::events::Unread;
use ydun::events::service as events;
use ydun_domain::ids::UnreadId;

use crate::cli::exit::{Ended, Refused};
use crate::cli::output::{Output, table};
use crate::cli::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Those nobody has dealt with.
    List,
    /// The message itself, byte by byte; the look is recorded.
    Show { message: UnreadId },
    /// Somebody has dealt with it.
    Settle {
        message: UnreadId,
        /// What was done about it.
        because: String,
    },
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::List => list(session, output).await,
        Command::Show { message } => show(session, message).await,
        Command::Settle { message, because } => settle(session, output, message, &because).await,
    }
}

async fn list(session: &Session, output: Output) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let open = events::open_unread(&mut session.db.read().await?, act.tenant()).await?;
    output.answer(&open, |open| list_text(open))?;
    Ok(if open.is_empty() { Ended::Done } else { Ended::Found })
}

fn list_text(open: &[Unread]) -> String {
    if open.is_empty() {
        return "Alle beskeder er læst.".to_owned();
    }
    let row = |Unread { id, reason, received_at, .. }: &Unread| {
        let received = received_at.format("%Y-%m-%d %H:%M").to_string();
        vec![id.to_string(), received, reason.clone()]
    };
    let rows: Vec<Vec<String>> = open.iter().map(row).collect();
    table(&["Besked", "Modtaget", "Hvorfor den ikke kan læses"], &rows)
}

async fn show(session: &Session, id: UnreadId) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let mut tx = session.db.begin().await?;
    let open = events::open_unread(&mut tx, act.tenant()).await?;
    let found = open.into_iter().find(|unread| unread.id == id).ok_or_else(|| missing(id))?;
    audit::record_look(&mut tx, &act, Subject::Unread(id), "").await?;
    tx.commit().await?;
    std::io::stdout().write_all(&found.body)?;
    Ok(Ended::Done)
}

async fn settle(session: &Session, output: Output, id: UnreadId, because: &str) -> Result<Ended> {
    let act = session.act::<Register>().await?;
    let mut tx = session.db.begin().await?;
    if !events::settle_unread(&mut tx, &act, id, because).await? {
        return Err(missing(id).into());
    }
    tx.commit().await?;
    output.answer(&id, |id| format!("Beskeden {id} er behandlet."))?;
    Ok(Ended::Done)
}

fn missing(id: UnreadId) -> Refused {
    Refused(format!("no unread message {id} waits for anybody; see `ydun event unread list`"))
}
