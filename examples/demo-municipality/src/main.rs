//! Writes the file.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Parser;
use demo_municipality::file::File;
use ydun_domain::Month;

/// Writes an invented municipality as files that `ydun import` reads.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many voksenlærling cases.
    #[arg(long, default_value_t = 240)]
    cases: usize,

    /// Months the employers have asked for, such as 2020-10; give it once for each.
    #[arg(long = "month", required = true)]
    months: Vec<Month>,

    /// Where to write `municipality.json` and `cases.json`.
    folder: PathBuf,
}

fn main() -> Result<()> {
    let Arguments { cases, months, folder } = Arguments::parse();
    write(&folder.join("municipality.json"), &demo_municipality::empty_municipality())?;
    write(&folder.join("cases.json"), &demo_municipality::municipality(cases, &months))
}

fn write(path: &Path, content: &File) -> Result<()> {
    let content = serde_json::to_vec_pretty(content)?;
    std::fs::write(path, content)
        .with_context(|| format!("{} could not be written", path.display()))
}
