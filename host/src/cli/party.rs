//! `ydun party`: what is known of persons and firms beside their cases.

mod account;
mod tax_card;

use anyhow::Result;
use clap::Subcommand;

use super::exit::Ended;
use super::output::Output;
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read tax cards of registered citizens from a file.
    #[command(after_help = tax_card::HELP)]
    TaxCard(tax_card::Arguments),
    /// The account a payee has named for a benefit, instead of its NemKonto.
    #[command(subcommand)]
    Account(account::Command),
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::TaxCard(arguments) => tax_card::command(session, output, arguments).await,
        Command::Account(command) => account::command(session, output, command).await,
    }
}
