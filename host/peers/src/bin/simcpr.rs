//! `simcpr`: a register of persons that tells what happens, on one machine.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use ydun_peers::simcpr::{Books, Disorder, Population, by_amqp, by_rest, delivery, live};

/// A register of persons (CPR) to hear from on one machine.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The register's books, a JSON file; made when it is not there.
    #[arg(long)]
    books: PathBuf,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lets things happen to the persons of a population file.
    Live {
        population: PathBuf,
        #[arg(long, default_value_t = 100)]
        events: usize,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// The first day.
        #[arg(long)]
        from: NaiveDate,
    },
    /// Tells what has happened since the last time: in a queue of a broker, or to a server.
    Tell(TellArguments),
    /// Writes what stands, to be reconciled with.
    Snapshot {
        #[arg(long)]
        as_of: NaiveDate,
    },
}

#[derive(Debug, Args)]
struct TellArguments {
    /// Such as `amqp://127.0.0.1:5672/%2f`.
    #[arg(long, required_unless_present = "rest")]
    amqp: Option<String>,
    #[arg(long, default_value = "ydun-events")]
    queue: String,
    /// Such as `127.0.0.1:8080`.
    #[arg(long, requires = "key")]
    rest: Option<String>,
    /// Of `ydun worker key`.
    #[arg(long, env = "SIMCPR_KEY", hide_env_values = true)]
    key: Option<String>,
    /// Told twice, of a hundred.
    #[arg(long, default_value_t = 0)]
    twice: u64,
    /// Never told, of a hundred.
    #[arg(long, default_value_t = 0)]
    lose: u64,
    /// Told out of order, of a hundred.
    #[arg(long, default_value_t = 0)]
    swap: u64,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let Arguments { books: path, command } = Arguments::parse();
    let mut books = Books::open(&path)?;
    match command {
        Command::Live { population, events, seed, from } => {
            let text = std::fs::read(&population)
                .with_context(|| format!("{} cannot be read", population.display()))?;
            let population: Population = serde_json::from_slice(&text)
                .with_context(|| format!("{} is no population", population.display()))?;
            live(&mut books, &population, events, seed, from);
            println!("simcpr: {} things have happened", books.happened.len());
        }
        Command::Tell(arguments) => tell(&mut books, arguments).await?,
        Command::Snapshot { as_of } => {
            println!("{}", serde_json::to_string_pretty(&books.snapshot(&as_of.to_string()))?);
        }
    }
    Ok(books.save(&path)?)
}

async fn tell(books: &mut Books, arguments: TellArguments) -> Result<()> {
    let TellArguments { amqp, queue, rest, key, twice, lose, swap, seed } = arguments;
    let disorder = Disorder { twice, lost: lose, swapped: swap, seed };
    let told = delivery(&books.happened[books.told..], disorder);
    if let Some(address) = amqp {
        let bodies: Vec<Vec<u8>> = told.iter().map(serde_json::to_vec).collect::<Result<_, _>>()?;
        by_amqp(&address, &queue, &bodies).await?;
    }
    if let (Some(address), Some(key)) = (rest, key) {
        for event in &told {
            by_rest(&address, &key, event)?;
        }
    }
    books.told = books.happened.len();
    println!("simcpr: {} messages told", told.len());
    Ok(())
}
