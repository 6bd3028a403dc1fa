//! Years of a municipality against the real services, with books kept beside them.

use std::process::Command;

use anyhow::Result;

use crate::postgres::{Cluster, Durability};
use crate::{modules, run, setup, source};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// From January 2022; the benefits' rates are known for three years.
    #[arg(long, default_value_t = 3)]
    years: u32,
    /// In each town.
    #[arg(long, default_value_t = 40)]
    cases: usize,
    /// Of the first town; the next has the next.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many towns, one after the other.
    #[arg(long, default_value_t = 10)]
    towns: u64,
    #[arg(long, value_enum, default_value_t = Engine::Sqlite)]
    engine: Engine,
    /// Stop after this step, as a broken town says.
    #[arg(long)]
    until: Option<u64>,
    /// Kill a process at each point of each use case once, and list the points.
    #[arg(long)]
    kill: bool,
    /// When a town breaks, find a shorter story that breaks it.
    #[arg(long)]
    shrink: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Engine {
    Sqlite,
    Postgres,
}

/// The chore `simulate`.
pub(crate) fn command(arguments: &Arguments) -> Result<()> {
    let root = source::root()?;
    let tools = setup::everything()?;
    modules::build(&tools.toolchain, &[])?;
    let mut build = source::cargo(&root);
    build.args(["build", "--release", "-p", "ydun-simulator"]);
    run::run(&mut build, "the compiler says why above")?;

    let mut simulate = Command::new(root.join("target/release/ydun-simulator"));
    simulate.arg("--modules").arg(modules::folder(&root));
    for (name, value) in [
        ("--years", u64::from(arguments.years)),
        ("--cases", arguments.cases as u64),
        ("--seed", arguments.seed),
        ("--towns", arguments.towns),
    ] {
        simulate.args([name, &value.to_string()]);
    }
    if let Some(until) = arguments.until {
        simulate.args(["--until", &until.to_string(), "--aloud"]);
    }
    for (is_wanted, flag) in [(arguments.kill, "--kill"), (arguments.shrink, "--shrink")] {
        simulate.args(is_wanted.then_some(flag));
    }
    let broke = "the steps before it broke are above, and how to play it again";
    match arguments.engine {
        Engine::Sqlite => run::run(&mut simulate, broke),
        Engine::Postgres => {
            let cluster = Cluster::start(&tools.postgres, Durability::Fast)?;
            simulate.args(["--engine", "postgres", "--postgres", &cluster.address()]);
            run::run(&mut simulate, broke)
        }
    }
}
