//! Writes the file.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Parser;
use ydun_domain::Month;

/// Writes an invented municipality as a file that `ydun import` reads.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many voksenlærling cases.
    #[arg(long, default_value_t = 240)]
    cases: usize,

    /// Months the employers have asked for, such as 2020-10; give it once for each.
    #[arg(long = "month", required = true)]
    months: Vec<Month>,

    /// The file to write.
    file: PathBuf,
}

fn main() -> Result<()> {
    let Arguments { cases, months, file } = Arguments::parse();
    let content = serde_json::to_vec_pretty(&demo_municipality::municipality(cases, &months))?;
    std::fs::File::create(&file)
        .and_then(|mut open| open.write_all(&content))
        .with_context(|| format!("{} could not be written", file.display()))
}
