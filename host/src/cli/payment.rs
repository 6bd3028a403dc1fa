//! `ydun payment`: to the bank, and back.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use chrono::TimeDelta;
use clap::{Args, Subcommand};
use serde::Serialize;
use ydun::access::Pay;
use ydun::adapters::iso20022::Iso20022;
use ydun::clock::Clock;
use ydun::payments::PaymentFile;
use ydun::payments::outbox::Outbox;
use ydun::payments::service::{self, HearError, Heard};
use ydun_domain::Day;
use ydun_domain::ids::PaymentId;

use super::arguments::seconds;
use super::exit::{Ended, Refused};
use super::output::{Output, table};
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the files of payments that must leave by a day, and put them where the bank fetches them.
    Send {
        /// [default: today]
        #[arg(long)]
        day: Option<Day>,

        /// Seconds the files are kept for this process.
        #[arg(long, default_value = "30", value_parser = seconds)]
        lease: Duration,
    },
    /// Read the bank's answers.
    Receive {
        /// Answers (pain.002), or folders of them.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Take a payment back before it leaves.
    Stop(StopArguments),
}

#[derive(Debug, Args)]
pub(crate) struct StopArguments {
    payment: PaymentId,

    /// In words; it stays on the payment.
    reason: String,
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::Send { day, lease } => send(session, output, day, lease).await,
        Command::Receive { paths } => receive(session, output, &paths).await,
        Command::Stop(arguments) => stop(session, output, arguments).await,
    }
}

/// What was sent now, and what reached the bank's folder.
#[derive(Debug, Serialize)]
struct Dispatch {
    folder: PathBuf,
    sent: Vec<PaymentFile>,
    published: Vec<PaymentFile>,
    failed: Vec<String>,
}

async fn send(
    session: &Session,
    output: Output,
    day: Option<Day>,
    lease: Duration,
) -> Result<Ended> {
    let act = session.act::<Pay>().await?;
    let bank = session.bank_profile().await?;
    let format = Iso20022::new(bank.clone());
    let folder = session.folder("bank/out")?;
    let outbox = Outbox::open(&folder)?;
    let day = day.unwrap_or_else(|| session.clock.today());
    let sent = service::send(&session.db, &act, &bank, &format, &outbox, day).await?;
    // A lease is about processes that run now, whatever day it is in a demonstration.
    let (lease, now) = (TimeDelta::from_std(lease)?, Clock::System.now());
    let published =
        service::publish(&session.db, act.tenant(), &format, &outbox, lease, now).await?;
    let failed =
        published.failed.into_iter().map(|error| format!("{:#}", anyhow::Error::from(error)));
    let dispatch = Dispatch { folder, sent, published: published.files, failed: failed.collect() };
    output.answer(&dispatch, dispatch_text)?;
    Ok(if dispatch.failed.is_empty() { Ended::Done } else { Ended::Found })
}

fn dispatch_text(dispatch: &Dispatch) -> String {
    let row = |file: &PaymentFile| {
        vec![
            file.name.clone(),
            file.lane.to_string(),
            file.disposal.to_string(),
            file.payments.to_string(),
            file.total.to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = dispatch.published.iter().map(row).collect();
    let table = table(&["Fil", "Spor", "Til rådighed", "Betalinger", "Beløb"], &rows);
    let count = format!("\n{} filer i {}", dispatch.published.len(), dispatch.folder.display());
    let failed = dispatch.failed.iter().map(|why| format!("IKKE SENDT  {why}"));
    [table, count].into_iter().chain(failed).collect::<Vec<_>>().join("\n")
}

async fn receive(session: &Session, output: Output, paths: &[PathBuf]) -> Result<Ended> {
    let act = session.act::<Pay>().await?;
    let bank = session.bank_profile().await?;
    let format = Iso20022::new(bank);
    let mut answers = Vec::new();
    for path in files(paths)? {
        let bytes =
            std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        let mut tx = session.db.begin().await?;
        let heard = service::hear(&mut tx, &act, &format, &bytes)
            .await
            .map_err(|error| told(&path, error))?;
        tx.commit().await?;
        answers.push(Received { file: path, heard });
    }
    output.answer(&answers, |answers| {
        answers.iter().map(Received::text).collect::<Vec<_>>().join("\n")
    })?;
    let found = answers.iter().any(|answer| !answer.heard.alarms.is_empty());
    Ok(if found { Ended::Found } else { Ended::Done })
}

/// An answer and what it did.
#[derive(Debug, Serialize)]
struct Received {
    file: PathBuf,
    #[serde(flatten)]
    heard: Heard,
}

impl Received {
    fn text(&self) -> String {
        let Heard { again, moved, unknown, alarms } = &self.heard;
        let mut head = vec![format!("{}:", self.file.display())];
        head.extend(again.then(|| "var læst før".to_owned()));
        head.extend(moved.iter().map(|(state, payments)| format!("{payments} {state}")));
        let unknown = unknown.iter().map(|id| format!("  ukendt betaling {id}"));
        let alarms = alarms.iter().map(|alarm| format!("  {alarm}"));
        [head.join(" ")].into_iter().chain(unknown).chain(alarms).collect::<Vec<_>>().join("\n")
    }
}

fn told(path: &Path, error: HearError) -> anyhow::Error {
    match error {
        HearError::Store(error) => error.into(),
        other => Refused(format!("{}: {:#}", path.display(), anyhow::Error::from(other))).into(),
    }
}

/// The files named, and those in the folders named, in order of name.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries =
                path.read_dir().with_context(|| format!("{} cannot be read", path.display()))?;
            let mut inside: Vec<PathBuf> =
                entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
            inside.retain(|path| path.extension().is_some_and(|extension| extension == "xml"));
            inside.sort();
            files.extend(inside);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

async fn stop(session: &Session, output: Output, arguments: StopArguments) -> Result<Ended> {
    let StopArguments { payment, reason } = arguments;
    let act = session.act::<Pay>().await?;
    let mut tx = session.db.begin().await?;
    service::stop(&mut tx, &act, payment, &reason)
        .await
        .map_err(|error| Refused(format!("{:#}", anyhow::Error::from(error))))?;
    tx.commit().await?;
    output.answer(&payment, |payment| format!("Betalingen {payment} er standset: {reason}"))?;
    Ok(Ended::Done)
}
