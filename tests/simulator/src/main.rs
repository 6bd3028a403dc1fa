//! Plays towns one after the other, until one breaks or enough case-years are played.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use clap::{Parser, ValueEnum};
use tokio::runtime::Builder;
use ydun_simulator::{Broken, Deaths, Modules, Place, Plan, Points, play, shrink, victim};

/// Plays years of a municipality, and compares everything with books of its own.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask simulate")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch that is given or not")]
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

    /// Kill a process at each point of each use case once, and list the points.
    #[arg(long)]
    kill: bool,

    /// Be the process that is killed: do what standard input says.
    #[arg(long, hide = true)]
    victim: bool,

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

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if arguments.victim {
        return be_killed();
    }
    Builder::new_multi_thread().enable_all().build()?.block_on(play_towns(arguments))
}

/// On one thread, so that nothing goes on while it waits to be killed.
fn be_killed() -> Result<()> {
    let points = Arc::new(Points::default());
    points.watch_statements()?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(victim(std::io::stdin().lock(), &points))
}

async fn play_towns(arguments: Arguments) -> Result<()> {
    let place = arguments.place()?;
    let modules = Modules::read(&arguments.modules)?;
    let begun = Instant::now();
    let (mut months, mut steps, mut corrected) = (0, 0, 0);
    let deaths = arguments.deaths()?;
    for seed in arguments.seed..arguments.seed + arguments.towns {
        let plan = arguments.plan(seed, deaths.clone());
        let played = match play(&plan, &place, &modules).await {
            Ok(played) => played,
            Err(broken) => return tell(&arguments, &plan, broken, &place, &modules).await,
        };
        months += played.case_months;
        steps += played.steps;
        corrected += played.corrected;
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
    if let Some(deaths) = deaths {
        tell_points(&deaths);
    }
    println!(
        "{} towns, {} case-years, {corrected} of them with corrections, 0 broken; the bank's and the \
         register's books are ours to the øre at the end of each year",
        arguments.towns,
        months / 12
    );
    Ok(())
}

fn tell_points(deaths: &Deaths) {
    let points = deaths.points();
    for point in &points {
        println!("{point}");
    }
    println!("a process was killed at each of {} points", points.len());
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

    fn deaths(&self) -> Result<Option<Arc<Deaths>>> {
        let program = std::env::current_exe()?;
        Ok(self.kill.then(|| Arc::new(Deaths::new(program))))
    }

    fn plan(&self, seed: u64, deaths: Option<Arc<Deaths>>) -> Plan {
        let Self { years, cases, until, aloud, .. } = *self;
        let without = std::collections::BTreeSet::new();
        Plan { seed, years, cases, until, without, aloud, deaths }
    }
}
