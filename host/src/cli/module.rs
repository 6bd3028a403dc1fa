//! `ydun module`: install, list, activate, choose, put to rest.

mod install;
mod rest;
mod setting;

use anyhow::Result;
use clap::{Args, Subcommand};
use ydun::access::Administer;
use ydun::modules::service::{self, Activate, ActivateError};
use ydun::modules::{Activated, Mode};
use ydun_domain::{Day, Validity};

use super::exit::{Ended, Refused};
use super::output::Output;
use super::replay;
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Verify a component and keep it. It does nothing until it is activated.
    Install(install::InstallArguments),
    /// What was found when a version was installed.
    Report(install::ReportArguments),
    /// What is installed, and what it is in the municipality.
    List,
    /// Let a version count for some days of its benefit.
    Activate(ActivateArguments),
    /// Calculate stored dossiers by another version, and sign what it changes.
    Replay(replay::Arguments),
    /// Make a choice the module leaves to the municipality.
    Set(setting::SetArguments),
    /// What the module leaves to the municipality, and what was chosen.
    Settings(setting::SettingsArguments),
    /// Put a version to rest: nothing new is calculated with it, and what is decided is paid.
    Suspend(rest::Reasoned),
    /// Let a version that rests calculate again.
    Resume(rest::Reasoned),
    /// Let the versions before a bad one count again, and list every decision it made.
    Rollback(rest::Reasoned),
    /// When a module is put to rest by itself, and whether it must be signed.
    Policy(rest::PolicyArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ActivateArguments {
    benefit: String,
    version: String,

    /// The first day of the benefit it counts for.
    #[arg(long)]
    from: Day,

    /// The last day of the benefit it counts for [default: until further notice]
    #[arg(long)]
    to: Option<Day>,

    /// Beside the active version, paying nothing.
    #[arg(long)]
    shadow: bool,
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::Install(arguments) => install::install(session, output, arguments).await,
        Command::Report(arguments) => install::report(session, output, arguments).await,
        Command::List => install::list(session, output).await,
        Command::Activate(arguments) => activate(session, output, arguments).await,
        Command::Replay(arguments) => replay::command(session, output, arguments).await,
        Command::Set(arguments) => setting::set(session, output, arguments).await,
        Command::Settings(arguments) => setting::settings(session, output, arguments).await,
        Command::Suspend(arguments) => rest::suspend(session, output, arguments).await,
        Command::Resume(arguments) => rest::resume(session, output, arguments).await,
        Command::Rollback(arguments) => rest::rollback(session, output, arguments).await,
        Command::Policy(arguments) => rest::policy(session, output, arguments).await,
    }
}

async fn activate(
    session: &Session,
    output: Output,
    arguments: ActivateArguments,
) -> Result<Ended> {
    let ActivateArguments { benefit, version, from, to, shadow } = arguments;
    let act = session.act::<Administer>().await?;
    let days = Validity::new(from, to).map_err(|error| Refused(error.to_string()))?;
    let mode = if shadow { Mode::Shadow } else { Mode::Active };
    let activate = Activate {
        benefit: &benefit,
        version: &version,
        days,
        known_from: session.clock.today(),
        mode,
    };
    let mut tx = session.db.begin().await?;
    let activated =
        service::activate(&mut tx, &act, activate).await.map_err(|error| match error {
            ActivateError::Store(error) => error.into(),
            refused => anyhow::Error::from(Refused(refused.to_string())),
        })?;
    tx.commit().await?;
    output.answer(&activated, |activated| activated_text(activated, &benefit, &version, days))?;
    Ok(if activated.gaps.is_empty() { Ended::Done } else { Ended::Found })
}

fn activated_text(activated: &Activated, benefit: &str, version: &str, days: Validity) -> String {
    let mut lines = vec![format!("{benefit} {version} gælder for {days}")];
    let replaced = |old: &ydun::modules::Activation| {
        format!("  i stedet for {} på de samme dage", &old.digest.to_string()[..16])
    };
    lines.extend(activated.replaced.iter().map(replaced));
    lines.extend(activated.gaps.iter().map(|gap| format!("  ingen version gælder for {gap}")));
    lines.join("\n")
}
