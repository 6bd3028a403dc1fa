//! `simbank`: a bank to pay through on one machine. It takes order files from a folder and answers in another.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use chrono::NaiveDate;
use clap::{Parser, Subcommand};
use ydun_peers::simbank::{self, Message, Schema, Script, Simbank};

/// A bank to pay through on one machine. No money moves.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Works for one day: pays out what is due, answers the new files (pain.001.001.03, camt.055.001.09),
    /// and tells what has moved on the payers' accounts (camt.054.001.02, camt.053.001.02).
    Process {
        /// The folder with order files, *.xml
        #[arg(long)]
        inbox: PathBuf,
        /// The folder for what the bank says
        #[arg(long)]
        outbox: PathBuf,
        /// The bank's books, a JSON file; made when it is not there
        #[arg(long)]
        books: PathBuf,
        /// The day the bank works on, YYYY-MM-DD
        #[arg(long)]
        day: NaiveDate,
        /// A folder with pain.001.001.03.xsd, or with iso20022/pain.001.001.03.xsd
        #[arg(long)]
        schemas: Option<PathBuf>,
        /// A JSON file: whom to refuse, and who has to wait
        #[arg(long)]
        script: Option<PathBuf>,
    },
    /// Shows balances, totals and counts.
    Books {
        #[arg(long)]
        books: PathBuf,
        /// For programs; with whole personal numbers
        #[arg(long)]
        json: bool,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Process { inbox, outbox, books, day, schemas, script } => {
            let mut bank = Simbank::open(&books)?;
            if let Some(folder) = schemas {
                bank = bank.with_schema(Schema::load(&folder, "pain.001.001.03")?);
            }
            if let Some(file) = script {
                bank = bank.with_script(Script::read(&file)?);
            }
            let messages = simbank::work(&mut bank, &inbox, &outbox, day)?;
            report(day, &messages);
        }
        Command::Books { books, json } => {
            let exists = books.try_exists().unwrap_or(false);
            anyhow::ensure!(
                exists,
                "there are no books at {}; run simbank process first",
                books.display()
            );
            let statement = Simbank::open(&books)?.statement();
            if json {
                println!(
                    "{}",
                    serde_json::to_string_pretty(&statement)
                        .context("the figures cannot be written")?
                );
            } else {
                println!("{statement}");
            }
        }
    }
    Ok(())
}

fn report(day: NaiveDate, messages: &[Message]) {
    println!("simbank {day}: {} messages", messages.len());
    for message in messages {
        println!("  {}  {}", message.id(), message.summary());
    }
}
