//! `ydun module`: install, list, activate, choose, put to rest.

mod rest;
mod setting;

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use ydun::access::{Administer, Look};
use ydun::modules::service::{self, Activate, ActivateError, InstallError};
use ydun::modules::{Activated, Mode};
use ydun_domain::{Day, Validity};
use ydun_runtime::verify::Report;

use super::exit::{Ended, Refused};
use super::output::{Output, table};
use super::replay;
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Verify a component and keep it. It does nothing until it is activated.
    Install {
        /// The component, such as target/modules/voksenlaerling-1.0.0.wasm.
        file: PathBuf,
    },
    /// What is installed.
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
        Command::Install { file } => install(session, output, file).await,
        Command::List => list(session, output).await,
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

async fn install(session: &Session, output: Output, file: PathBuf) -> Result<Ended> {
    let act = session.act::<Administer>().await?;
    let component =
        std::fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let registry = session.registry()?;
    let mut tx = session.db.begin().await?;
    let report = match service::install(&mut tx, &act, registry.sandbox(), component).await {
        Ok(report) => report,
        Err(InstallError::Refused(report)) => {
            output.answer(&report, |report| report_text(report))?;
            return Err(Refused(format!("{} is not installed", file.display())).into());
        }
        Err(InstallError::NoModule(fault)) => {
            let why = format!("{}: {} ({})", file.display(), fault.sentence(), fault.code);
            return Err(Refused(why).into());
        }
        Err(error @ InstallError::Taken { .. }) => {
            return Err(Refused(format!("{}: {error}", file.display())).into());
        }
        Err(error) => return Err(error.into()),
    };
    tx.commit().await?;
    output.answer(&report, report_text)?;
    Ok(Ended::Done)
}

fn report_text(report: &Report) -> String {
    let step = |step: &ydun_runtime::verify::StepReport| {
        let mark = if step.passed { "✓" } else { "✗" };
        let detail =
            if step.detail.is_empty() { String::new() } else { format!("\n     {}", step.detail) };
        format!("{mark} {}. {}{detail}", step.number, step.sentence)
    };
    let steps: Vec<String> = report.steps.iter().map(step).collect();
    let name = report.manifest.as_ref().map_or_else(
        || "Et modul uden læselig beskrivelse".to_owned(),
        |manifest| format!("{} ({} {})", manifest.title, manifest.id, manifest.version),
    );
    let floats = if report.float_free { "regner kun med hele tal" } else { "indeholder kommatal" };
    format!(
        "{name}\n{}\n  {} prøvesager, {floats}\n  {}",
        steps.join("\n"),
        report.cases.len(),
        report.digest
    )
}

async fn list(session: &Session, output: Output) -> Result<Ended> {
    session.act::<Look>().await?;
    let mut read = session.db.read().await?;
    let installed = service::list(&mut read).await?;
    output.answer(&installed, |installed| {
        let row = |module: &ydun::modules::Installed| {
            vec![
                module.benefit.clone(),
                module.version.clone(),
                module.digest.to_string()[..16].to_owned(),
                module.installed_by.clone(),
            ]
        };
        let rows: Vec<Vec<String>> = installed.iter().map(row).collect();
        table(&["Ydelse", "Version", "Aftryk", "Installeret af"], &rows)
    })?;
    Ok(Ended::Done)
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
