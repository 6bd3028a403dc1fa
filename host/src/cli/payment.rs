//! `ydun payment`: to the bank, and back.

mod calendar;
mod hold;
mod reconcile;
mod stop;
mod straks;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use chrono::TimeDelta;
use clap::Subcommand;
use serde::Serialize;
use ydun::access::{Act, Pay};
use ydun::adapters::bank_format;
use ydun::clock::Clock;
use ydun::events::service as events;
use ydun::payments::outbox::Outbox;
use ydun::payments::service::{self, HearError, Heard, Published, SendError};
use ydun::payments::stop::StopFile;
use ydun::payments::{BankFormat, PaymentFile};
use ydun_domain::Day;

use super::arguments::{files, seconds};
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
    /// Read the bank's answers, and send on the stops that were waiting for them.
    Receive {
        /// Answers (pain.002, camt.029, camt.053, camt.054), or folders of them.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Show when money approved on a day is there, and until when it can be stopped.
    Calendar(calendar::CalendarArguments),
    /// Hold what we sent, what the bank says and what is decided against each other, and name what does
    /// not agree.
    Reconcile {
        /// [default: today]
        #[arg(long)]
        day: Option<Day>,
    },
    /// Stop a payment: here before it leaves, at the bank until it is paid.
    Stop(stop::StopArguments),
    /// Money kept back until a person has looked.
    Holds,
    /// Let money go that was kept back.
    Release(hold::ReleaseArguments),
    /// Pay what is still due of a payment that was stopped, was rejected or came back.
    PayAgain(stop::PayAgainArguments),
    /// The payments made at once, and which two persons wanted them.
    StraksReport(straks::StraksArguments),
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::Send { day, lease } => send(session, output, day, lease).await,
        Command::Receive { paths } => receive(session, output, &paths).await,
        Command::Calendar(arguments) => calendar::show(session, output, arguments).await,
        Command::Reconcile { day } => reconcile::reconcile(session, output, day).await,
        Command::Stop(arguments) => stop::stop(session, output, arguments).await,
        Command::Holds => hold::holds(session, output).await,
        Command::Release(arguments) => hold::release(session, output, arguments).await,
        Command::PayAgain(arguments) => stop::pay_again(session, output, arguments).await,
        Command::StraksReport(arguments) => straks::show(session, output, arguments).await,
    }
}

/// What was sent now, and what reached the bank's folder.
#[derive(Debug, Serialize)]
struct Dispatch {
    folder: PathBuf,
    sent: Vec<PaymentFile>,
    published: Vec<PaymentFile>,
    stops: Vec<StopFile>,
    failed: Vec<String>,
    swept: usize,
    /// How many payees' money is kept back until a person has looked.
    held: usize,
    /// Events that are not judged yet: they may say that a payment is wrong.
    unjudged: usize,
}

async fn send(
    session: &Session,
    output: Output,
    day: Option<Day>,
    lease: Duration,
) -> Result<Ended> {
    let act = session.act::<Pay>().await?;
    let bank = session.bank_profile().await?;
    let format = bank_format(bank.clone());
    let format = format.as_ref();
    let folder = session.folder("bank/out")?;
    let outbox = Outbox::open(&folder)?;
    let day = day.unwrap_or_else(|| session.clock.today());
    let mut read = session.db.read().await?;
    let unjudged = events::waiting(&mut read, act.tenant(), u32::MAX).await?.len();
    let held = service::open_holds(&mut read, act.tenant()).await?.len();
    drop(read);
    let sent = service::send(&session.db, &act, &bank, format, &outbox, day).await;
    service::send_stops(&session.db, &act, format, &outbox).await?;
    let published = publish(session, &act, format, &outbox, lease).await?;
    let sent = sent.map_err(not_sent)?; // what was sent before a failure has left by now
    let failed =
        published.failed.into_iter().map(|error| format!("{:#}", anyhow::Error::from(error)));
    let dispatch = Dispatch {
        folder,
        sent,
        published: published.files,
        stops: published.stops,
        failed: failed.collect(),
        swept: published.swept,
        held,
        unjudged,
    };
    output.answer(&dispatch, dispatch_text)?;
    Ok(if dispatch.failed.is_empty() { Ended::Done } else { Ended::Found })
}

fn not_sent(error: SendError) -> anyhow::Error {
    match error {
        SendError::Frozen(frozen) => Refused(frozen.to_string()).into(),
        other => other.into(),
    }
}

async fn publish(
    session: &Session,
    act: &Act<Pay>,
    format: &dyn BankFormat,
    outbox: &Outbox,
    lease: Duration,
) -> Result<Published> {
    // A lease is about processes that run now, whatever day it is in a demonstration.
    let (lease, now) = (TimeDelta::from_std(lease)?, Clock::System.now());
    Ok(service::publish(&session.db, act.tenant(), format, outbox, lease, now).await?)
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
    let stops = dispatch.stops.iter().map(|file| format!("Anmodning om stop: {}", file.name));
    let failed = dispatch.failed.iter().map(|why| format!("IKKE SENDT  {why}"));
    let swept = (dispatch.swept > 0)
        .then(|| format!("{} ufærdige filer er slettet; de blev aldrig sendt", dispatch.swept));
    let held = (dispatch.held > 0).then(|| {
        format!("Penge holdes tilbage til {} modtagere; se `ydun payment holds`", dispatch.held)
    });
    let unjudged = (dispatch.unjudged > 0).then(|| {
        format!(
            "{} hændelser er ikke vurderet; kør `ydun event judge` før næste forsendelse",
            dispatch.unjudged
        )
    });
    [table, count]
        .into_iter()
        .chain(stops)
        .chain(failed)
        .chain(swept)
        .chain(held)
        .chain(unjudged)
        .collect::<Vec<_>>()
        .join("\n")
}

async fn receive(session: &Session, output: Output, paths: &[PathBuf]) -> Result<Ended> {
    let act = session.act::<Pay>().await?;
    let bank = session.bank_profile().await?;
    let format = bank_format(bank);
    let format = format.as_ref();
    let mut answers = Vec::new();
    for path in files(paths, "xml")? {
        let bytes =
            std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        let mut tx = session.db.begin().await?;
        let heard = service::hear(&mut tx, &act, format, &bytes)
            .await
            .map_err(|error| told(&path, error))?;
        tx.commit().await?;
        answers.push(Received { file: path, heard });
    }
    stop::send_waiting(session, &act, format).await?;
    output.answer(&answers, |answers| received_text(answers))?;
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

/// The new answers, and how many were not.
fn received_text(answers: &[Received]) -> String {
    let (old, new): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.heard.again);
    let counted = (!old.is_empty()).then(|| format!("{} svar var læst før", old.len()));
    new.into_iter().map(Received::text).chain(counted).collect::<Vec<_>>().join("\n")
}

impl Received {
    fn text(&self) -> String {
        let Heard { moved, unknown, alarms, .. } = &self.heard;
        let mut head = vec![format!("{}:", self.file.display())];
        head.extend(moved.is_empty().then(|| "flytter ingen betalinger".to_owned()));
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
