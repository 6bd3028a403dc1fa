//! `cargo xtask`: the chores of this repository, each one command on a fresh clone.
//!
//! Every chore first makes sure that what it needs is there, prints the commands it runs, and
//! when one fails says what to do next. Nothing here is part of the product.

mod assets;
mod bench;
mod check;
mod demo;
mod modules;
mod museum;
mod plant;
mod postgres;
mod rabbitmq;
mod setup;
mod simulate;
mod source;
mod test;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use ydun_build::{apt, run};

/// The chores of the Ydun repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Make sure that everything needed is installed, or say what to install and how.
    Setup,
    /// Make the pages' style sheet, fonts and scripts in target/assets; the host is built with them.
    Assets,
    /// Build the benefit modules into target/modules.
    Modules(modules::Arguments),
    /// Set up, build the modules, and run all tests against SQLite and a private PostgreSQL.
    Test(test::Arguments),
    /// Run a municipality's three months on the embedded database, and serve the pages.
    Demo(demo::Arguments),
    /// Measure what the host costs beside its floor; ratios, not seconds.
    Bench(bench::Arguments),
    /// Play years of a municipality, and compare everything with books of its own.
    Simulate(simulate::Arguments),
    /// Put finished modules into the museum of components that must run unchanged for ever.
    Museum(museum::Arguments),
    /// Plant bugs in a copy of the source, and see that the simulator finds each.
    Plant(plant::Arguments),
    /// Check layout, lints and documentation; changes nothing.
    Check,
    /// Start a private, empty PostgreSQL until Ctrl-C, the end of input, or the end of COMMAND.
    Postgres(postgres::Arguments),
}

fn main() -> ExitCode {
    perform(&Arguments::parse().chore).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn perform(chore: &Chore) -> Result<ExitCode> {
    match chore {
        Chore::Setup => setup::everything().map(drop)?,
        Chore::Assets => assets::command()?,
        Chore::Modules(arguments) => modules::command(arguments)?,
        Chore::Test(arguments) => test::command(arguments)?,
        Chore::Demo(arguments) => demo::command(arguments)?,
        Chore::Bench(arguments) => bench::command(arguments)?,
        Chore::Simulate(arguments) => simulate::command(arguments)?,
        Chore::Museum(arguments) => museum::command(arguments)?,
        Chore::Plant(arguments) => plant::command(arguments)?,
        Chore::Check => check::command()?,
        Chore::Postgres(arguments) => return postgres::command(arguments),
    }
    Ok(ExitCode::SUCCESS)
}
