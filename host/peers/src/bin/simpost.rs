//! `simpost`: a postal service on one machine. It takes letters from a folder and answers in another.

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;
use ydun_peers::simpost::{Fate, Town, carry};

/// A postal service, digital and printed, to send to on one machine.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The folder with letters, *.xml
    #[arg(long)]
    inbox: PathBuf,
    /// The folder for answers, *.json
    #[arg(long)]
    outbox: PathBuf,
    /// The day the letters arrive or come back, such as 2021-02-01
    #[arg(long)]
    on: String,
    /// Numbers of those who are exempt from Digital Post
    #[arg(long)]
    exempt: Vec<String>,
    /// Numbers of those who have moved from where their letters go
    #[arg(long)]
    moved: Vec<String>,
}

fn main() -> Result<()> {
    let Arguments { inbox, outbox, on, exempt, moved } = Arguments::parse();
    std::fs::create_dir_all(&outbox)?;
    let town = Town { exempt: exempt.into_iter().collect(), moved: moved.into_iter().collect() };
    let answers = carry(&town, &inbox, &outbox, &on)?;
    let failed = answers.iter().filter(|answer| answer.fate != Fate::Arrived).count();
    println!("simpost: {} letters, {failed} of them came back", answers.len());
    Ok(())
}
