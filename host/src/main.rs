//! `ydun`: the server and the operator's command line.

use std::process::ExitCode;

use clap::Parser as _;

mod cli;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    cli::run(arguments).await
}
