//! `ydun migrate` and `ydun doctor`: the ground a municipality's month stands on.

use std::io::Write as _;
use std::path::Path;

use anyhow::Result;
use serde::Serialize;
use ydun::access::Look;
use ydun::audit;
use ydun::clock::Clock;
use ydun::db::Read;
use ydun::jobs;
use ydun::modules::service as modules;
use ydun::modules::{Installed, Mode};
use ydun_domain::{Day, Tenant};

use super::exit::Ended;
use super::output::Output;
use super::session::Session;

pub(crate) async fn migrate(session: &Session, output: Output) -> Result<Ended> {
    session.db.migrate().await?;
    output.answer(&"migrated", |_| "Databasens tabeller er ajour.".to_owned())?;
    Ok(Ended::Done)
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    is_well: bool,
    /// What is, and what to do when it is not as it should be.
    text: String,
}

impl Finding {
    fn new(is_well: bool, text: impl Into<String>) -> Self {
        Self { is_well, text: text.into() }
    }
}

pub(crate) async fn doctor(session: &Session, output: Output) -> Result<Ended> {
    let mut findings = vec![Finding::new(true, "Databasen svarer.")];
    findings.push(data_folder(session.data()));
    findings.push(sandbox(session));
    if let Ok(tenant) = session.tenant() {
        session.act::<Look>().await?;
        let mut read = session.db.read().await?;
        findings.push(audit_chain(&mut read, tenant).await?);
        findings.extend(module_use(&mut read, tenant, session.clock.today()).await?);
        findings.extend(trust_in_modules(&mut read, tenant, session.clock.today()).await?);
        findings.push(overdue_jobs(&mut read, tenant).await?);
    } else {
        findings.push(Finding::new(true, "Giv --tenant for også at se på en kommune."));
    }
    output.answer(&findings, |findings| {
        let mark = |finding: &Finding| if finding.is_well { '✓' } else { '✗' };
        let line = |finding: &Finding| format!("{} {}", mark(finding), finding.text);
        findings.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    let all_well = findings.iter().all(|finding| finding.is_well);
    Ok(if all_well { Ended::Done } else { Ended::Found })
}

/// Whether files can be written, by writing one.
fn data_folder(folder: &Path) -> Finding {
    const ENOUGH: usize = 1 << 20;
    let written = || {
        let mut file = std::fs::File::create(folder.join(".doctor"))?;
        file.write_all(&vec![0; ENOUGH])?;
        file.sync_all()?;
        std::fs::remove_file(folder.join(".doctor"))
    };
    match written() {
        Ok(()) => Finding::new(true, format!("Datamappen {} kan skrives.", folder.display())),
        Err(error) => {
            let text = format!(
                "Datamappen {} kan ikke skrives: {error}. Gør plads, eller ret rettighederne.",
                folder.display()
            );
            Finding::new(false, text)
        }
    }
}

fn sandbox(session: &Session) -> Finding {
    match session.registry() {
        Ok(registry) => {
            let sandbox = registry.sandbox();
            Finding::new(true, format!("Sandkassen er klar: {}.", sandbox.fingerprint()))
        }
        Err(error) => Finding::new(false, format!("Moduler kan ikke køres: {error:#}")),
    }
}

async fn audit_chain(read: &mut Read, tenant: Tenant) -> Result<Finding> {
    Ok(match audit::verify_chain(read, tenant).await {
        Ok(verified) => {
            Finding::new(true, format!("Loggens {} rækker hænger sammen.", verified.rows))
        }
        Err(audit::VerifyError::Store(error)) => return Err(error.into()),
        Err(broken) => Finding::new(
            false,
            format!("Loggen er ændret: {broken}. Hent en sikkerhedskopi, og undersøg hvem."),
        ),
    })
}

/// Which modules count today, and which are installed without counting.
async fn module_use(read: &mut Read, tenant: Tenant, today: Day) -> Result<Vec<Finding>> {
    let installed = modules::list(read).await?;
    if installed.is_empty() {
        let text = "Intet modul er installeret; se `ydun module install --help`.";
        return Ok(vec![Finding::new(false, text)]);
    }
    let mut findings = Vec::new();
    for Installed { digest, benefit, version, .. } in installed {
        let activations = modules::activations(read, tenant, &benefit).await?;
        let counts = activations.iter().any(|activation| {
            activation.digest == digest
                && activation.mode == Mode::Active
                && activation.known_until.is_none_or(|until| today < until)
        });
        let text = if counts {
            format!("{benefit} {version} er slået til.")
        } else {
            format!(
                "{benefit} {version} er installeret og ikke slået til; se `ydun module activate --help`."
            )
        };
        findings.push(Finding::new(true, text));
    }
    Ok(findings)
}

/// Modules that rest, and those that count though nobody trusted stands behind them.
async fn trust_in_modules(read: &mut Read, tenant: Tenant, today: Day) -> Result<Vec<Finding>> {
    let installed = modules::list(read).await?;
    let name = |digest| {
        let named = installed.iter().find(|module| module.digest == digest);
        named.map_or_else(
            || digest.to_string(),
            |Installed { benefit, version, .. }| format!("{benefit} {version}"),
        )
    };
    let mut findings = Vec::new();
    for resting in modules::suspensions(read, tenant).await? {
        let text = format!(
            "{} er sat i bero: {}; se `ydun module resume --help`.",
            name(resting.digest),
            resting.reason
        );
        findings.push(Finding::new(false, text));
    }
    if modules::policy(read, tenant, today).await?.is_development {
        let text = "Kommunen prøver moduler af: de behøver ikke være underskrevet.";
        findings.push(Finding::new(true, text));
        return Ok(findings);
    }
    for activation in modules::untrusted(read, tenant).await? {
        let text = format!(
            "Ingen godkendt udgiver står bag {}, der gælder for {}; se `ydun publisher list`.",
            name(activation.digest),
            activation.days
        );
        findings.push(Finding::new(false, text));
    }
    Ok(findings)
}

/// Work that should have been done by now.
async fn overdue_jobs(read: &mut Read, tenant: Tenant) -> Result<Finding> {
    let now = Clock::System.now();
    let unfinished = jobs::unfinished(read, tenant).await?;
    let overdue: Vec<_> = unfinished.iter().filter(|job| job.due_at < now).collect();
    Ok(match overdue.first() {
        None => Finding::new(true, "Intet arbejde er forsinket."),
        Some(first) => {
            let why = first.last_error.as_deref().unwrap_or("ingen har taget det");
            Finding::new(
                false,
                format!(
                    "{} opgaver til systemet venter; den ældste er {}: {why}",
                    overdue.len(),
                    first.topic
                ),
            )
        }
    })
}
