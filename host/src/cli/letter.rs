//! `ydun letter`: what parties are told, as text and as PDF.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use serde::Serialize;
use ydun::access::Look;
use ydun::cases::CaseNumber;
use ydun::letters::service::{self, LetterError};
use ydun::letters::{Draft, Kind, Stationery};
use ydun_domain::ids::{HearingId, PartyId};
use ydun_domain::{Month, Period};
use ydun_typeset::Print;

use super::exit::{Ended, Refused};
use super::output::Output;
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The letters about what is decided for a month; else about what is proposed or was last calculated.
    Show {
        #[command(flatten)]
        of: OfCase,

        /// Such as 2020-10.
        month: Month,
    },
    /// The letter that hears a party about what is proposed.
    Hearing {
        #[command(flatten)]
        of: OfCase,

        /// As `ydun hearing list` shows it.
        hearing: HearingId,
    },
    /// The letters about what is paid.
    Payments {
        #[command(flatten)]
        of: OfCase,
    },
}

#[derive(Debug, Args)]
pub(crate) struct OfCase {
    /// The case's number, such as 2020-00017.
    case: CaseNumber,

    /// Write them as PDF into this folder.
    #[arg(long, value_name = "FOLDER")]
    pdf: Option<PathBuf>,

    /// In large print, for readers with weak sight.
    #[arg(long, requires = "pdf")]
    large: bool,
}

/// A letter as the command tells it.
#[derive(Debug, Serialize)]
struct Shown {
    kind: Kind,
    recipient: PartyId,
    title: String,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pdf: Option<PathBuf>,
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let stationery = Stationery::new(session.sender().await?);
    let sender = &stationery.sender;
    let (Command::Show { of, .. } | Command::Hearing { of, .. } | Command::Payments { of }) =
        &command;
    let case = session.case(of.case).await?;
    let mut tx = session.db.begin().await?;
    let letters = match &command {
        Command::Show { month, .. } => {
            let days: Period = month.period();
            service::about_days(&mut tx, &act, sender, &case, days).await
        }
        Command::Hearing { hearing, .. } => {
            let letter = service::about_hearing(&mut tx, &act, sender, &case, *hearing).await;
            letter.map(|letter| vec![letter])
        }
        Command::Payments { .. } => service::about_payments(&mut tx, &act, sender, &case).await,
    };
    let letters = letters.map_err(told)?;
    tx.commit().await?;
    show(output, &stationery, &letters, of)
}

fn show(output: Output, stationery: &Stationery, letters: &[Draft], of: &OfCase) -> Result<Ended> {
    let pdfs = match &of.pdf {
        Some(folder) => print(stationery, letters, of, folder)?.into_iter().map(Some).collect(),
        None => vec![None; letters.len()],
    };
    let shown = |(draft, pdf): (&Draft, Option<PathBuf>)| Shown {
        kind: draft.kind,
        recipient: draft.recipient,
        title: draft.letter.title.clone(),
        text: draft.letter.to_string(),
        pdf,
    };
    let shown: Vec<Shown> = letters.iter().zip(pdfs).map(shown).collect();
    output.answer(&shown, |shown| {
        if shown.is_empty() {
            return "Der er ikke noget at skrive om.".to_owned();
        }
        let told = |shown: &Shown| match &shown.pdf {
            Some(pdf) => format!("{}: {}", shown.title, pdf.display()),
            None => shown.text.clone(),
        };
        shown.iter().map(told).collect::<Vec<_>>().join("\n")
    })?;
    Ok(Ended::Done)
}

fn print(
    stationery: &Stationery,
    letters: &[Draft],
    of: &OfCase,
    folder: &Path,
) -> Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("{} cannot be made", folder.display()))?;
    let size = if of.large { Print::Large } else { Print::Normal };
    let print = |(place, draft): (usize, &Draft)| {
        let pdf = stationery.pdf(draft, size)?;
        let path = folder.join(format!("{}-{}-{}.pdf", of.case, draft.kind, place + 1));
        std::fs::write(&path, pdf)
            .with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(path)
    };
    letters.iter().enumerate().map(print).collect()
}

fn told(error: LetterError) -> anyhow::Error {
    match error {
        LetterError::Store(error) => error.into(),
        other => Refused(format!("{:#}", anyhow::Error::from(other))).into(),
    }
}
