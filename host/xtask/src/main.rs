//! `cargo xtask`: the chores of this repository, each one command on a fresh clone.
//!
//! Every chore first makes sure that what it needs is there, prints the commands it runs, and
//! when one fails says what to do next. Nothing here is part of the product.

mod postgres;
mod run;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// The chores of the Ydun repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_version_flag = true)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Start a private, empty PostgreSQL until Ctrl-C, the end of input, or the end of COMMAND.
    Postgres(postgres::Arguments),
}

fn main() -> ExitCode {
    match perform(Arguments::parse().chore) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(chore: Chore) -> Result<ExitCode> {
    match chore {
        Chore::Postgres(arguments) => postgres::command(&arguments),
    }
}
