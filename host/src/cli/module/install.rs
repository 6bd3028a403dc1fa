//! `ydun module install`, `report` and `list`: what is taken in, and what was found.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde::Serialize;
use ydun::access::{Administer, Look};
use ydun::modules::package::{self, PackageError, Wanted};
use ydun::modules::report::{KeptReport, Step};
use ydun::modules::service::{self, InstallError, ReportError};
use ydun::modules::{Activation, Installed, Mode};
use ydun_runtime::Report;
use ydun_runtime::verify::Signer;

use crate::cli::exit::{Ended, Refused};
use crate::cli::output::{Output, table};
use crate::cli::session::Session;

#[derive(Debug, Args)]
pub(crate) struct InstallArguments {
    /// A .wasm file with its .sig.json beside it, a folder <name space>/<name>/<version>.wasm, or
    /// the folder of an OCI image layout.
    place: PathBuf,

    /// Which module, where there are several: voksenlaerling@1.0.0.
    module: Option<Wanted>,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArguments {
    benefit: String,
    version: String,
}

pub(super) async fn install(
    session: &Session,
    output: Output,
    arguments: InstallArguments,
) -> Result<Ended> {
    let InstallArguments { place, module } = arguments;
    let act = session.act::<Administer>().await?;
    let package = package::read(&place, module.as_ref()).map_err(told)?;
    let registry = session.registry()?;
    let mut tx = session.db.begin().await?;
    let installed = service::install(&mut tx, &act, registry.sandbox(), package).await;
    let report = match installed {
        Ok(report) => report,
        Err(InstallError::Refused(report)) => {
            output.answer(&report, |report| install_text(report))?;
            return Err(Refused(format!("{} is not installed", place.display())).into());
        }
        Err(InstallError::NoModule(fault)) => {
            let why = format!("{}: {} ({})", place.display(), fault.sentence(), fault.code);
            return Err(Refused(why).into());
        }
        Err(error @ InstallError::Taken { .. }) => {
            return Err(Refused(format!("{}: {error}", place.display())).into());
        }
        Err(error) => return Err(error.into()),
    };
    tx.commit().await?;
    output.answer(&report, install_text)?;
    Ok(Ended::Done)
}

fn told(error: PackageError) -> anyhow::Error {
    match error {
        PackageError::Read(..) => error.into(),
        refused => Refused(refused.to_string()).into(),
    }
}

fn install_text(report: &Report) -> String {
    report_text(&KeptReport::from(report))
}

/// What was found when a version was installed.
pub(super) async fn report(
    session: &Session,
    output: Output,
    arguments: ReportArguments,
) -> Result<Ended> {
    let ReportArguments { benefit, version } = arguments;
    session.act::<Look>().await?;
    let mut read = session.db.read().await?;
    let report = service::report(&mut read, &benefit, &version).await;
    let report = report.map_err(|error| match error {
        ReportError::NotInstalled { .. } => anyhow::Error::from(Refused(error.to_string())),
        other => other.into(),
    })?;
    output.answer(&report, report_text)?;
    Ok(Ended::Done)
}

fn report_text(report: &KeptReport) -> String {
    let name = report.manifest.as_ref().map_or_else(
        || "Et modul uden læselig beskrivelse".to_owned(),
        |named| format!("{} ({} {})", named.title, named.id, named.version),
    );
    let steps: Vec<String> = report.steps.iter().map(step_text).collect();
    let found = if report.passed() { found_text(report) } else { String::new() };
    format!("{name}\n{}\n{found}  {}", steps.join("\n"), report.digest)
}

/// What is only known when every step was passed.
fn found_text(report: &KeptReport) -> String {
    let floats = if report.float_free { "regner kun med hele tal" } else { "indeholder kommatal" };
    let cases = report.cases.len();
    format!("  {}\n  {cases} prøvesager, {floats}\n", signed_text(&report.signed_by))
}

fn step_text(step: &Step) -> String {
    let mark = if step.passed { "✓" } else { "✗" };
    let detail =
        if step.detail.is_empty() { String::new() } else { format!("\n     {}", step.detail) };
    format!("{mark} {:>2}. {}{detail}", step.number, step.sentence)
}

fn signed_text(signed_by: &[Signer]) -> String {
    if signed_by.is_empty() {
        return "taget imod uden underskrift".to_owned();
    }
    let signer = |signer: &Signer| {
        format!("{} ({}, nøgle {})", signer.publisher, signer.signed_on.in_words(), signer.key)
    };
    format!("underskrevet af {}", signed_by.iter().map(signer).collect::<Vec<_>>().join(" og "))
}

/// An installed version, and what it is in the municipality.
#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    module: Installed,
    /// Why it rests, if it does.
    rests: Option<String>,
    /// By which it counts now.
    activations: Vec<Activation>,
}

pub(super) async fn list(session: &Session, output: Output) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let mut read = session.db.read().await?;
    let resting = service::suspensions(&mut read, act.tenant()).await?;
    let mut shown = Vec::new();
    for module in service::list(&mut read).await? {
        let mut activations =
            service::activations(&mut read, act.tenant(), &module.benefit).await?;
        activations.retain(|one| one.digest == module.digest && one.known_until.is_none());
        let rests = resting.iter().find(|rests| rests.digest == module.digest);
        let rests = rests.map(|rests| rests.reason.clone());
        shown.push(Shown { module, rests, activations });
    }
    output.answer(&shown, |shown| list_text(shown))?;
    Ok(Ended::Done)
}

fn list_text(shown: &[Shown]) -> String {
    let row = |Shown { module, rests, activations }: &Shown| {
        let days: Vec<String> = activations.iter().map(days_text).collect();
        vec![
            module.benefit.clone(),
            module.version.clone(),
            module.digest.to_string()[..16].to_owned(),
            module.installed_by.clone(),
            if days.is_empty() { "ikke slået til".to_owned() } else { days.join(", ") },
            rests.clone().unwrap_or_default(),
        ]
    };
    let rows: Vec<Vec<String>> = shown.iter().map(row).collect();
    let head = ["Ydelse", "Version", "Aftryk", "Installeret af", "Gælder", "I bero, fordi"];
    table(&head, &rows)
}

fn days_text(activation: &Activation) -> String {
    match activation.mode {
        Mode::Active => activation.days.to_string(),
        Mode::Shadow => format!("prøves ved siden af {}", activation.days),
    }
}
