//! `ydun letter`: what parties are told, as text and as PDF, and how it reaches them.

mod post;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use serde::Serialize;
use ydun::access::{Act, Look};
use ydun::cases::{Case, CaseNumber};
use ydun::db::Tx;
use ydun::letters::service::{self, LetterError};
use ydun::letters::{Draft, Kind, Stationery};
use ydun_domain::Month;
use ydun_domain::ids::{HearingId, PartyId};
use ydun_typeset::{Print, Sender};

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
    /// Write what is to be told about some days, each letter once, and put it on its way.
    Write(post::WriteArguments),
    /// Put every letter that is on its way where the postal service fetches it.
    Send,
    /// The ways the letters of a case have gone.
    List {
        /// Such as 2020-00017.
        case: CaseNumber,
    },
    /// Read what the postal service says: what arrived, and what came back and goes another way.
    Hear(post::HearArguments),
    /// A letter was handed over at the desk against a receipt.
    HandedOver(post::HandedOverArguments),
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
    let office = Office::open(session).await?;
    match command {
        Command::Show { of, month } => {
            let (mut tx, case) = office.case(of.case).await?;
            let letters =
                service::about_days(&mut tx, &office.act, office.sender(), &case, month.period());
            let letters = letters.await.map_err(told)?;
            tx.commit().await?;
            show(output, &office.stationery, &letters, &of)
        }
        Command::Hearing { of, hearing } => {
            let (mut tx, case) = office.case(of.case).await?;
            let letter =
                service::about_hearing(&mut tx, &office.act, office.sender(), &case, hearing);
            let letter = letter.await.map_err(told)?;
            tx.commit().await?;
            show(output, &office.stationery, &[letter], &of)
        }
        Command::Payments { of } => {
            let (mut tx, case) = office.case(of.case).await?;
            let letters = service::about_payments(&mut tx, &office.act, office.sender(), &case);
            let letters = letters.await.map_err(told)?;
            tx.commit().await?;
            show(output, &office.stationery, &letters, &of)
        }
        Command::Write(arguments) => post::write(session, output, arguments).await,
        Command::Send => post::send(session, output).await,
        Command::List { case } => post::list(session, output, case).await,
        Command::Hear(arguments) => post::hear(session, output, arguments).await,
        Command::HandedOver(arguments) => post::handed_over(session, output, arguments).await,
    }
}

/// Whoever looks at letters, and what they are written on.
struct Office<'a> {
    session: &'a Session,
    act: Act<Look>,
    stationery: Stationery,
}

impl<'a> Office<'a> {
    async fn open(session: &'a Session) -> Result<Self> {
        let stationery = Stationery::new(session.sender().await?);
        Ok(Self { session, act: session.act::<Look>().await?, stationery })
    }

    fn sender(&self) -> &Sender {
        &self.stationery.sender
    }

    async fn case(&self, number: CaseNumber) -> Result<(Tx, Case)> {
        let case = self.session.case(number).await?;
        Ok((self.session.db.begin().await?, case))
    }
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
        let pdf = stationery.pdf(&draft.letter, size)?;
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
