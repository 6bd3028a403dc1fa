//! Plays towns one after the other, until one breaks or enough case-years are played.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use clap::{Parser, ValueEnum};
use ydun_simulator::{Broken, Modules, Place, Plan, play, shrink};

/// Plays years of a municipality, and compares everything with books of its own.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask simulate")]
struct Arguments {
    /// Of the first town; the next has the next.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// How many towns.
    #[arg(long, default_value_t = 1)]
    towns: u64,

    /// From January 2022.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=3))]
    years: u32,

    /// In each town.
    #[arg(long, default_value_t = 40)]
    cases: usize,

    #[arg(long, default_value = "sqlite")]
    engine: Engine,

    /// A PostgreSQL server; each town has a schema of its own there.
    #[arg(long, env = "YDUN_TEST_POSTGRES")]
    postgres: Option<String>,

    /// The folder of the built modules.
    #[arg(long, env = "YDUN_MODULES", default_value = "target/modules")]
    modules: PathBuf,

    /// Stop after this step.
    #[arg(long)]
    until: Option<u64>,

    /// Say each step.
    #[arg(long)]
    aloud: bool,

    /// When a town breaks, find a shorter story that breaks it.
    #[arg(long)]
    shrink: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Engine {
    Sqlite,
    Postgres,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let place = arguments.place()?;
    let modules = Modules::read(&arguments.modules)?;
    let begun = Instant::now();
    let (mut months, mut steps) = (0, 0);
    for seed in arguments.seed..arguments.seed + arguments.towns {
        let plan = arguments.plan(seed);
        let played = match play(&plan, &place, &modules).await {
            Ok(played) => played,
            Err(broken) => return tell(&arguments, &plan, broken, &place, &modules).await,
        };
        months += played.case_months;
        steps += played.steps;
        let seconds = begun.elapsed().as_secs().max(1);
        println!(
            "seed {seed}: {} steps, {} case-years; in all {steps} steps, {} case-years, {} a minute",
            played.steps,
            played.case_months / 12,
            months / 12,
            months * 5 / seconds,
        );
        if arguments.towns == 1 || arguments.aloud {
            println!("{:#?}", played.seen);
        }
    }
    println!("{} towns, {} case-years, 0 broken", arguments.towns, months / 12);
    Ok(())
}

async fn tell(
    arguments: &Arguments,
    plan: &Plan,
    broken: Broken,
    place: &Place,
    modules: &Modules,
) -> Result<()> {
    println!("{broken}");
    if arguments.shrink {
        let (shortest, broken) = shrink(plan, broken, place, modules).await;
        println!("the shortest story, with {} steps left out:\n{broken}", shortest.without.len());
    }
    bail!("seed {} broke", plan.seed)
}

impl Arguments {
    fn place(&self) -> Result<Place> {
        match self.engine {
            Engine::Sqlite => Ok(Place::Sqlite),
            Engine::Postgres => {
                let server = self.postgres.as_ref();
                let server =
                    server.context("which server? Give --postgres or YDUN_TEST_POSTGRES")?;
                Ok(Place::Postgres(Box::new(server.parse()?)))
            }
        }
    }

    fn plan(&self, seed: u64) -> Plan {
        let Self { years, cases, until, aloud, .. } = *self;
        Plan { seed, years, cases, until, aloud, without: std::collections::BTreeSet::new() }
    }
}
