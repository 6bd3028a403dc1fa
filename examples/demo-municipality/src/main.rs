//! Writes the files.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use clap::{Parser, Subcommand};
use demo_municipality::benefit;
use demo_municipality::file::File;
use ydun_domain::Month;
use ydun_manifest::Manifest;

/// Writes an invented municipality as files that `ydun import` reads.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The municipality with its apprentices: `municipality.json` and `cases.json`.
    Municipality {
        /// How many voksenlærling cases.
        #[arg(long, default_value_t = 240)]
        cases: usize,
        /// Months the employers have asked for, such as 2020-10; give it once for each.
        #[arg(long = "month", required = true)]
        months: Vec<Month>,
        /// Where to write them.
        folder: PathBuf,
    },
    /// A benefit's own case tables of a month, as cases of invented people.
    Benefit {
        /// The folder of the benefit: its manifest.json and cases/.
        package: PathBuf,
        #[arg(long)]
        month: Month,
        /// Where the invented numbers begin; another benefit needs another one.
        #[arg(long, default_value_t = 20_000)]
        serial: usize,
        /// The file to write.
        file: PathBuf,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Municipality { cases, months, folder } => {
            write(&folder.join("municipality.json"), &demo_municipality::empty_municipality())?;
            write(&folder.join("cases.json"), &demo_municipality::municipality(cases, &months))
        }
        Command::Benefit { package, month, serial, file } => {
            write(&file, &of_benefit(&package, month, serial)?)
        }
    }
}

fn of_benefit(package: &Path, month: Month, serial: usize) -> Result<File> {
    let path = package.join("manifest.json");
    let manifest =
        std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let manifest: Manifest = serde_json::from_slice(&manifest).with_context(|| {
        format!("{} is no manifest; `ydun-plugin check` says why", path.display())
    })?;
    let tables = ydun_build::cases::read_folder(&package.join("cases"), &manifest)?;
    let file = benefit::cases(&manifest, &tables, month, serial);
    ensure!(!file.cases.is_empty(), "no case of {} is about {month}", manifest.id);
    Ok(file)
}

fn write(path: &Path, content: &File) -> Result<()> {
    let content = serde_json::to_vec_pretty(content)?;
    std::fs::write(path, content)
        .with_context(|| format!("{} could not be written", path.display()))
}
