//! `ydun import`: a municipality, its workers, parties, cases and facts from a file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;
use ydun::intake::service::{ImportError, import};
use ydun::intake::{ImportFile, Mode, Report};
use ydun::modules::service as modules;
use ydun_runtime::Manifest;

use super::exit::{Ended, Refused};
use super::output::Output;
use super::session::Session;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// JSON, as `host/src/intake.rs` describes it.
    file: PathBuf,

    /// When anything in the file is refused, nothing goes in.
    #[arg(long)]
    strict: bool,
}

pub(crate) async fn command(
    session: &Session,
    output: Output,
    arguments: Arguments,
) -> Result<Ended> {
    let path = &arguments.file;
    let content =
        std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let file = ImportFile::read(&content)
        .map_err(|error| Refused(format!("{}: {error}", path.display())))?;
    let mode = if arguments.strict { Mode::Strict } else { Mode::Lenient };
    let manifests = manifests(session).await?;
    let worker = session.worker()?;
    let report = import(&session.db, worker, session.clock.now(), file, &manifests, mode)
        .await
        .map_err(told)?;
    output.answer(&report, report_text)?;
    Ok(if report.refused.is_empty() { Ended::Done } else { Ended::Found })
}

fn told(error: ImportError) -> anyhow::Error {
    match error {
        ImportError::SetUp(error) => Refused(error.to_string()).into(),
        other => other.into(),
    }
}

/// The newest installed manifest of each benefit: facts are checked against it.
async fn manifests(session: &Session) -> Result<BTreeMap<String, Manifest>> {
    let mut read = session.db.read().await?;
    let mut manifests: BTreeMap<String, Manifest> = BTreeMap::new();
    for installed in modules::list(&mut read).await? {
        let manifest = modules::manifest(&mut read, installed.digest).await?;
        let manifest = manifest.context("a module was removed while it was being read")?;
        let newest = manifests.get(&installed.benefit).map(|newest| &newest.version);
        if newest.is_none_or(|newest| *newest < manifest.version) {
            manifests.insert(installed.benefit, manifest);
        }
    }
    Ok(manifests)
}

/// Warnings come by the hundred, as many personal numbers fail the old check digit; a few show what
/// they are about.
const WARNINGS_SHOWN: usize = 3;

fn report_text(report: &Report) -> String {
    let Report { kept, parties_new, parties_updated, cases_opened, .. } = report;
    let Report { facts_recorded, facts_corrected, facts_unchanged, refused, warnings, .. } = report;
    let mut lines = vec![
        format!("{parties_new} parter oprettet, {parties_updated} ændret"),
        format!("{cases_opened} sager oprettet"),
        format!(
            "{facts_recorded} oplysninger registreret, {facts_corrected} rettet, {facts_unchanged} var der i forvejen"
        ),
    ];
    lines.extend(warnings.iter().take(WARNINGS_SHOWN).map(|warning| format!("Bemærk: {warning}")));
    if warnings.len() > WARNINGS_SHOWN {
        lines.push(format!(
            "… og {} bemærkninger til (se dem med --json)",
            warnings.len() - WARNINGS_SHOWN
        ));
    }
    lines.extend(refused.iter().map(|refused| format!("AFVIST  {refused}")));
    if !kept {
        lines.push("Intet fra filen er gemt.".to_owned());
    }
    lines.join("\n")
}
