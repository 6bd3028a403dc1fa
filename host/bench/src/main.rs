//! What the host costs beside the floor it stands on. `cargo xtask bench` calls it.

mod close;
mod corrections;
mod figures;
mod letters;
mod month;
mod replay;
mod rows;
mod sandbox;

use anyhow::Result;
use clap::Parser;

#[derive(Debug, Parser)]
enum Measure {
    Sandbox(sandbox::Arguments),
    Month(month::Arguments),
    Replay(replay::Arguments),
    Close(close::Arguments),
    Letters(letters::Arguments),
}

#[tokio::main]
async fn main() -> Result<()> {
    match Measure::parse() {
        Measure::Sandbox(arguments) => sandbox::measure(&arguments),
        Measure::Month(arguments) => month::measure(&arguments).await,
        Measure::Replay(arguments) => replay::measure(&arguments).await,
        Measure::Close(arguments) => close::measure(&arguments).await,
        Measure::Letters(arguments) => letters::measure(&arguments),
    }
}
