//! `ydun party`: what is known of persons and firms beside their cases.

mod account;
mod reach;
mod redirection;
mod tax_card;

use anyhow::Result;
use clap::Subcommand;
use ydun::cases::{self, Case};
use ydun::db::Read;
use ydun_domain::Tenant;
use ydun_domain::ids::PartyId;

use super::exit::{Ended, Refused};
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
    /// Money that goes to somebody else for its payee, such as the rent.
    #[command(subcommand)]
    Redirection(redirection::Command),
    /// How letters reach somebody: Digital Post, an address, or another who gets them instead.
    Reach(reach::Arguments),
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::TaxCard(arguments) => tax_card::command(session, output, arguments).await,
        Command::Account(command) => account::command(session, output, command).await,
        Command::Redirection(command) => redirection::command(session, output, command).await,
        Command::Reach(arguments) => reach::command(session, output, arguments).await,
    }
}

/// Who has a part in a case.
async fn in_role(db: &mut Read, tenant: Tenant, case: &Case, role: &str) -> Result<PartyId> {
    let roles = cases::service::roles_of(db, tenant, &[case.id]).await?;
    let found = roles.iter().find(|one| one.role == role).map(|one| one.party);
    let found = found.ok_or_else(|| {
        let known: Vec<&str> = roles.iter().map(|one| one.role.as_str()).collect();
        let (case, known) = (case.number, known.join(", "));
        Refused(format!("case {case} has no '{role}'; its parts are {known}"))
    })?;
    Ok(found)
}
