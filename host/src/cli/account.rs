//! `ydun account`: the municipality's own account numbers, the books added up, and postings to its ledger.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use chrono::TimeDelta;
use clap::{Args, Subcommand};
use serde::Serialize;
use ydun::access::{Administer, Look, Pay};
use ydun::adapters::erp::Erp;
use ydun::clock::Clock;
use ydun::ledger::Account;
use ydun::ledger::chart::{Chart, Mapping, NewMapping, TrialLine};
use ydun::ledger::service::chart::{self, ChartError};
use ydun::operations::export::service::{self, ExportError};
use ydun::operations::export::{Layout, PostingExport};
use ydun::payments::outbox::Outbox;
use ydun_domain::ids::PostingExportId;
use ydun_domain::{Day, Dkk, Month};

use super::exit::{Busy, Ended, Refused};
use super::output::{Output, table};
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The numbers there are and were, and from which booking day each counts.
    List,
    /// Give one of our accounts the municipality's number, from a booking day on.
    Set(SetArguments),
    /// Set many numbers from a CSV file: konto;nummer;fra;kilde
    Import { file: PathBuf },
    /// The trial balance (råbalance) of a month's booking days.
    Balance { month: Month },
    /// Write what is booked in a month and has not left, for the municipality's ledger.
    Export {
        month: Month,

        /// csv, or g69 for older ERPs.
        #[arg(long, default_value = "csv")]
        layout: Layout,
    },
    /// The files of postings there are.
    Exports,
    /// Make a file of postings again, with the bytes it left with.
    Again { export: PostingExportId },
}

#[derive(Debug, Args)]
pub(crate) struct SetArguments {
    /// Our key, such as payable or expense:voksenlaerling.
    account: Account,

    /// The municipality's string; empty when there is none from that day on.
    number: String,

    /// The first booking day it counts for.
    #[arg(long)]
    from: Day,

    /// Where the municipality has it from.
    #[arg(long)]
    source: String,
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::List => list(session, output).await,
        Command::Set(SetArguments { account, number, from, source }) => {
            set(session, output, vec![NewMapping { account, from, number, source }]).await
        }
        Command::Import { file } => set(session, output, read_numbers(&file)?).await,
        Command::Balance { month } => balance(session, output, month).await,
        Command::Export { month, layout } => export(session, output, month, layout).await,
        Command::Exports => exports(session, output).await,
        Command::Again { export } => again(session, output, export).await,
    }
}

/// A number as it is shown.
#[derive(Debug, Serialize)]
struct Shown {
    account: String,
    number: Option<String>,
    from: Day,
    source: String,
    set_by: String,
}

async fn list(session: &Session, output: Output) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let mappings = chart::mappings(&mut session.db.read().await?, act.tenant()).await?;
    let shown = |Mapping { account, from, number, source, set_by, .. }| Shown {
        account: Account::to_string(&account),
        number,
        from,
        source,
        set_by,
    };
    let shown: Vec<Shown> = mappings.into_iter().map(shown).collect();
    output.answer(&shown, |shown| {
        let row = |one: &Shown| {
            let number = one.number.clone().unwrap_or_else(|| "(intet)".to_owned());
            vec![
                one.account.clone(),
                number,
                one.from.to_string(),
                one.source.clone(),
                one.set_by.clone(),
            ]
        };
        let rows: Vec<Vec<String>> = shown.iter().map(row).collect();
        table(&["Konto", "Nummer", "Fra", "Kilde", "Sat af"], &rows)
    })?;
    Ok(Ended::Done)
}

async fn set(session: &Session, output: Output, mappings: Vec<NewMapping>) -> Result<Ended> {
    let act = session.act::<Administer>().await?;
    let mut tx = session.db.begin().await?;
    chart::set(&mut tx, &act, &mappings).await.map_err(|error| match error {
        ChartError::Store(error) => anyhow::Error::from(error),
        other => Refused(other.to_string()).into(),
    })?;
    tx.commit().await?;
    output.answer(&mappings.len(), |count| format!("{count} kontonumre er sat"))?;
    Ok(Ended::Done)
}

/// Reads `konto;nummer;fra;kilde`, and tells the row that is wrong.
fn read_numbers(file: &PathBuf) -> Result<Vec<NewMapping>> {
    let table =
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let table = table.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&table);
    let refused = |why: String| Refused(format!("{}: {why}", file.display()));
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b';').trim(csv::Trim::All).from_reader(table);
    let head = reader.headers().map_err(|error| refused(error.to_string()))?;
    if head.iter().ne(["konto", "nummer", "fra", "kilde"]) {
        return Err(refused("the first row is konto;nummer;fra;kilde".to_owned()).into());
    }
    let mapping = |(place, row): (usize, csv::Result<csv::StringRecord>)| {
        let of_row = |why: String| refused(format!("row {}: {why}", place + 2));
        let row = row.map_err(|error| of_row(error.to_string()))?;
        Ok(NewMapping {
            account: row[0].parse().map_err(|error| of_row(format!("{error}")))?,
            number: row[1].to_owned(),
            from: row[2].parse().map_err(|error| of_row(format!("{error}")))?,
            source: row[3].to_owned(),
        })
    };
    reader.records().enumerate().map(mapping).collect()
}

/// A line of the trial balance as it is shown.
#[derive(Debug, Serialize)]
struct Line {
    account: String,
    /// The municipality's number on the last day.
    number: Option<String>,
    opening: Dkk,
    debit: Dkk,
    credit: Dkk,
    closing: Dkk,
}

async fn balance(session: &Session, output: Output, month: Month) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let mut read = session.db.read().await?;
    let chart: Chart = chart::chart(&mut read, act.tenant()).await?;
    let line = |line: TrialLine| Line {
        account: line.account.to_string(),
        number: chart.number(&line.account, month.last()).map(str::to_owned),
        opening: line.opening,
        debit: line.debit,
        credit: line.credit,
        closing: line.closing(),
    };
    let trial = chart::trial_balance(&mut read, act.tenant(), month.period()).await?;
    let lines: Vec<Line> = trial.into_iter().map(line).collect();
    output.answer(&lines, |lines| balance_text(lines, month))?;
    Ok(Ended::Done)
}

fn balance_text(lines: &[Line], month: Month) -> String {
    let row = |line: &Line| {
        vec![
            line.account.clone(),
            line.number.clone().unwrap_or_else(|| "(intet)".to_owned()),
            line.opening.to_string(),
            line.debit.to_string(),
            line.credit.to_string(),
            line.closing.to_string(),
        ]
    };
    let mut rows: Vec<Vec<String>> = lines.iter().map(row).collect();
    let sum = |of: fn(&Line) -> Dkk| lines.iter().map(of).sum::<Dkk>().to_string();
    rows.push(vec![
        "I alt".to_owned(),
        String::new(),
        sum(|line| line.opening),
        sum(|line| line.debit),
        sum(|line| line.credit),
        sum(|line| line.closing),
    ]);
    let head = ["Konto", "Nummer", "Primo", "Debet", "Kredit", "Ultimo"];
    format!("Råbalance for {}\n{}", month.in_words(), table(&head, &rows))
}

fn outbox(session: &Session) -> Result<(PathBuf, Outbox)> {
    let folder = session.folder("erp/out")?;
    let outbox = Outbox::open(&folder)?;
    Ok((folder, outbox))
}

async fn export(session: &Session, output: Output, month: Month, layout: Layout) -> Result<Ended> {
    let act = session.act::<Pay>().await?;
    let (folder, outbox) = outbox(session)?;
    service::export(&session.db, &act, &Erp, &outbox, month, layout).await.map_err(told)?;
    // A lease is about processes that run now, whatever day it is in a demonstration.
    let (lease, now) = (TimeDelta::seconds(30), Clock::System.now());
    let published = service::publish(&session.db, act.tenant(), &Erp, &outbox, lease, now).await;
    output.answer(&published.map_err(told)?, |files| {
        let files_text = exports_text(files);
        format!("{files_text}\n{} filer i {}", files.len(), folder.display())
    })?;
    Ok(Ended::Done)
}

async fn exports(session: &Session, output: Output) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let exports = service::exports(&mut session.db.read().await?, act.tenant()).await?;
    output.answer(&exports, |exports| exports_text(exports))?;
    Ok(Ended::Done)
}

fn exports_text(exports: &[PostingExport]) -> String {
    let row = |one: &PostingExport| {
        vec![
            one.id.to_string(),
            one.month.to_string(),
            one.postings.to_string(),
            one.total.to_string(),
            one.name.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = exports.iter().map(row).collect();
    table(&["Id", "Måned", "Posteringer", "I alt", "Fil"], &rows)
}

async fn again(session: &Session, output: Output, id: PostingExportId) -> Result<Ended> {
    let act = session.act::<Pay>().await?;
    let (folder, outbox) = outbox(session)?;
    let mut read = session.db.read().await?;
    let file = service::show(&mut read, act.tenant(), &Erp, &outbox, id).await.map_err(told)?;
    output.answer(&file, |file| format!("{} er der igen", folder.join(&file.name).display()))?;
    Ok(Ended::Done)
}

fn told(error: ExportError) -> anyhow::Error {
    match error {
        ExportError::Store(error) => error.into(),
        ExportError::Busy => Busy(error.to_string()).into(),
        other => Refused(format!("{:#}", anyhow::Error::from(other))).into(),
    }
}
