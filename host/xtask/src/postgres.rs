//! A private PostgreSQL for tests and developers: nothing to configure, nothing left behind.
//!
//! `binaries` finds an installed server; `cluster` runs a fresh one from a temporary folder.

mod binaries;
mod cluster;

use std::io;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

pub(crate) use binaries::Binaries;
pub(crate) use cluster::{Cluster, Durability};

use crate::run;

/// Where the tests look for the address of a PostgreSQL they may create databases in.
pub(crate) const ADDRESS_VARIABLE: &str = "YDUN_TEST_POSTGRES";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Do not wait for the disk: quick, and fine for data nobody will miss.
    #[arg(long)]
    fast: bool,
    /// Run this with `YDUN_TEST_POSTGRES` set, and stop when it ends; for example
    /// `cargo xtask postgres --fast cargo test -p ydun`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

/// The chore `postgres`. The address is alone on standard output, for scripts to read.
pub(crate) fn command(arguments: &Arguments) -> Result<ExitCode> {
    let durability = if arguments.fast { Durability::Fast } else { Durability::Safe };
    let cluster = Cluster::start(&Binaries::find()?, durability)?;
    println!("{}", cluster.address());
    match arguments.command.split_first() {
        Some((program, rest)) => {
            let mut command = Command::new(program);
            command.args(rest).env(ADDRESS_VARIABLE, cluster.address());
            Ok(run::exit_code(run::status(&mut command)?))
        }
        None => wait(&cluster),
    }
}

fn wait(cluster: &Cluster) -> Result<ExitCode> {
    eprintln!("PostgreSQL is running until Ctrl-C or the end of input. To run tests against it:");
    eprintln!("export {ADDRESS_VARIABLE}={}", cluster.address());
    io::copy(&mut io::stdin(), &mut io::sink()).context("standard input cannot be read")?;
    Ok(ExitCode::SUCCESS)
}
