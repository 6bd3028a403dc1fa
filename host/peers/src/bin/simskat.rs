//! `simskat`: an income register to report to on one machine. It takes files from a folder and answers in another.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};
use ydun_peers::simskat::{self, Simskat};

/// An income register (eIndkomst) to report to on one machine.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Works on the new files.
    Process {
        /// The folder with files, *.txt
        #[arg(long)]
        inbox: PathBuf,
        /// The folder for answers, *.json
        #[arg(long)]
        outbox: PathBuf,
        /// The register's books, a JSON file; made when it is not there
        #[arg(long)]
        books: PathBuf,
        /// Personal numbers of whom everything is refused
        #[arg(long)]
        refuse: Vec<String>,
    },
    /// Says what it thinks a person's year is.
    Year {
        #[arg(long)]
        books: PathBuf,
        /// The payer's SE number
        #[arg(long)]
        se: String,
        /// Ten digits
        #[arg(long)]
        cpr: String,
        #[arg(long)]
        year: String,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Process { inbox, outbox, books, refuse } => {
            std::fs::create_dir_all(&outbox)?;
            let mut register = Simskat::open(&books)?.refusing(refuse.into_iter().collect());
            let answers = simskat::work(&mut register, &inbox, &outbox)?;
            println!("simskat: {} answers", answers.len());
            for answer in &answers {
                let refused = answer.remarks.len();
                println!("  {}  {:?}, {refused} refused", answer.answer_id, answer.verdict);
            }
        }
        Command::Year { books, se, cpr, year } => {
            for (field, oere) in Simskat::open(&books)?.books().year_of(&se, &cpr, &year) {
                let (sign, oere) = (if oere < 0 { "-" } else { "" }, oere.abs());
                println!("{field:04} {sign}{}.{:02}", oere / 100, oere % 100);
            }
        }
    }
    Ok(())
}
