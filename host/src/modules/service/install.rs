//! Installing modules.

use ydun_runtime::verify::{self, FloatPolicy, Report, Signing, Terms};
use ydun_runtime::{Digest, Fault, Manifest, Sandbox};

use crate::access::{Act, Administer};
use crate::audit::{self, Action, Subject};
use crate::db::{self, Read, Tx};
use crate::modules::{Installed, store};

/// Why a module was not installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    #[error("the module was refused: {} {}", failing_sentence(.0), failing_detail(.0))]
    Refused(Box<Report>),
    #[error("the file is no module: {0}")]
    NoModule(#[source] Fault),
    #[error(
        "{benefit} {version} is installed already as {digest}; a changed module needs a new version"
    )]
    Taken { benefit: String, version: String, digest: Digest },
    #[error("the stored manifest of {0} cannot be read")]
    Unreadable(String, #[source] serde_json::Error),
    #[error("the module could not be saved")]
    Store(#[from] sqlx::Error),
}

/// In Danish, as it stands in the report.
fn failing_sentence(report: &Report) -> &str {
    report.failed().map_or("", |step| &step.sentence)
}

fn failing_detail(report: &Report) -> &str {
    report.failed().map_or("", |step| &step.detail)
}

/// Verifies a module and keeps it with what was found; doing it again changes nothing.
pub async fn install(
    tx: &mut Tx,
    act: &Act<Administer>,
    sandbox: &Sandbox,
    component: Vec<u8>,
) -> Result<Report, InstallError> {
    let manifest = verify::manifest_of(&component).map_err(InstallError::NoModule)?;
    let version = manifest.version.to_string();
    store::lock_benefit(tx, &manifest.id).await?;
    let taken = store::version(tx, &manifest.id, &version)
        .await?
        .filter(|taken| taken.digest != Digest::of(&component));
    if let Some(taken) = taken {
        return Err(InstallError::Taken { benefit: manifest.id, version, digest: taken.digest });
    }
    let previous = previous(tx, &manifest).await?;
    let (component, report) = verified(sandbox, component, floats(&manifest), previous).await;
    if !report.passed() {
        return Err(InstallError::Refused(Box::new(report)));
    }
    let new = store::NewArtifact {
        digest: report.digest,
        benefit: &manifest.id,
        version: version.clone(),
        interface: manifest.interface.to_string(),
        manifest: super::json(&manifest),
        component: &component,
        report: super::json(&report),
    };
    if store::insert_artifact(tx, act, new).await? {
        let detail = format!("{} {version}", manifest.id);
        audit::record(tx, act, Action::ModuleInstalled, Subject::Module(report.digest), detail)
            .await?;
    }
    Ok(report)
}

/// The version before, which settings and applications build on.
async fn previous(db: &mut Read, manifest: &Manifest) -> Result<Option<Manifest>, InstallError> {
    let newest = store::newest_other(db, &manifest.id, &manifest.version.to_string()).await?;
    let read = |kept: store::Kept| {
        serde_json::from_str(&kept.manifest)
            .map_err(|error| InstallError::Unreadable(manifest.id.clone(), error))
    };
    newest.map(read).transpose()
}

/// A municipality's own modules may calculate with floats; those that all use may not.
fn floats(manifest: &Manifest) -> FloatPolicy {
    if manifest.id.contains(':') { FloatPolicy::Allow } else { FloatPolicy::Forbid }
}

/// Takes every step, on a thread of its own because compiling takes a while.
async fn verified(
    sandbox: &Sandbox,
    component: Vec<u8>,
    floats: FloatPolicy,
    previous: Option<Manifest>,
) -> (Vec<u8>, Report) {
    let sandbox = sandbox.clone();
    let verifying = tokio::task::spawn_blocking(move || {
        let terms = Terms { floats, signing: Signing::NotAsked, previous: previous.as_ref() };
        let report = verify::verify(&sandbox, &component, terms).report;
        (component, report)
    });
    verifying.await.expect("verification does not panic and is never cancelled")
}

/// Every installed module, by benefit and age.
pub async fn list(db: &mut Read) -> db::Result<Vec<Installed>> {
    store::installed(db).await
}
