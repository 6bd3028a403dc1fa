//! Installing modules.

use ydun_runtime::signature::{Signature, TrustStore};
use ydun_runtime::verify::{self, FloatPolicy, Report, Signing, Terms};
use ydun_runtime::{Digest, Fault, Manifest, Sandbox};

use super::policy::policy;
use super::publishers::trust;
use crate::access::{Act, Administer};
use crate::audit::{self, Action, Subject};
use crate::clock::danish;
use crate::db::{self, Read, Tx};
use crate::modules::package::Package;
use crate::modules::report::KeptReport;
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

/// Verifies a module and keeps it with what was found and who has signed it; doing it again changes
/// nothing, unless somebody has signed it since.
pub async fn install(
    tx: &mut Tx,
    act: &Act<Administer>,
    sandbox: &Sandbox,
    package: Package,
) -> Result<Report, InstallError> {
    let manifest = verify::manifest_of(&package.component).map_err(InstallError::NoModule)?;
    store::lock_benefit(tx, &manifest.id).await?;
    let demands = demands(tx, act, &manifest, Digest::of(&package.component)).await?;
    let (package, report) = verified(sandbox, package, demands).await;
    if !report.passed() {
        return Err(InstallError::Refused(Box::new(report)));
    }
    keep(tx, act, &manifest, &package, &report).await?;
    Ok(report)
}

/// Keeps a module that passed every step.
async fn keep(
    tx: &mut Tx,
    act: &Act<Administer>,
    manifest: &Manifest,
    package: &Package,
    report: &Report,
) -> db::Result<()> {
    let new = store::NewArtifact {
        digest: report.digest,
        benefit: &manifest.id,
        version: manifest.version.to_string(),
        interface: manifest.interface.to_string(),
        manifest: super::json(manifest),
        component: &package.component,
        report: super::json(report),
    };
    let is_new = store::insert_artifact(tx, act, new).await?;
    let counts = |signature: &&Signature| {
        report.signed_by.iter().any(|signer| signer.key == signature.statement.key)
    };
    let signatures: Vec<&Signature> = package.signatures.signatures.iter().filter(counts).collect();
    let is_signed = store::insert_signatures(tx, act, report.digest, &signatures).await? > 0;
    if !is_new && is_signed {
        store::put_report(tx, report.digest, super::json(report)).await?;
    }
    if is_new || is_signed {
        let signers: Vec<&str> =
            report.signed_by.iter().map(|signer| signer.publisher.as_str()).collect();
        let detail =
            format!("{} {}, signed by [{}]", manifest.id, manifest.version, signers.join(", "));
        audit::record(tx, act, Action::ModuleInstalled, Subject::Module(report.digest), detail)
            .await?;
    }
    Ok(())
}

/// What a module is held up against here.
struct Demands {
    floats: FloatPolicy,
    /// Whose signature it must carry; none where modules are only tried out.
    trust: Option<TrustStore>,
    previous: Option<Manifest>,
}

async fn demands(
    db: &mut Read,
    act: &Act<Administer>,
    manifest: &Manifest,
    digest: Digest,
) -> Result<Demands, InstallError> {
    let version = manifest.version.to_string();
    let installed = store::version(db, &manifest.id, &version).await?;
    let previous = match installed {
        None => previous(db, manifest).await?,
        Some(installed) if installed.digest == digest => None,
        Some(taken) => {
            let (benefit, digest) = (manifest.id.clone(), taken.digest);
            return Err(InstallError::Taken { benefit, version, digest });
        }
    };
    let rules = policy(db, act.tenant(), danish(act.at())).await?;
    let trust = if rules.is_development { None } else { Some(trust(db, act.tenant()).await?) };
    Ok(Demands { floats: FloatPolicy::of(manifest), trust, previous })
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

/// Takes every step, on a thread of its own because compiling takes a while.
async fn verified(sandbox: &Sandbox, package: Package, demands: Demands) -> (Package, Report) {
    let sandbox = sandbox.clone();
    let verifying = tokio::task::spawn_blocking(move || {
        let Demands { floats, trust, previous } = &demands;
        let signing = trust.as_ref().map_or(Signing::NotAsked, |trust| Signing::Required {
            trust,
            signatures: &package.signatures,
        });
        let terms = Terms { floats: *floats, signing, previous: previous.as_ref() };
        let report = verify::verify(&sandbox, &package.component, terms).report;
        (package, report)
    });
    verifying.await.expect("verification does not panic and is never cancelled")
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error("{benefit} {version} is not installed; see `ydun module list`")]
    NotInstalled { benefit: String, version: String },
    #[error("the stored report of {benefit} {version} cannot be read; install the module again")]
    Unreadable {
        benefit: String,
        version: String,
        #[source]
        why: serde_json::Error,
    },
    #[error("the report could not be read")]
    Store(#[from] sqlx::Error),
}

/// What was found when a module was installed.
pub async fn report(
    db: &mut Read,
    benefit: &str,
    version: &str,
) -> Result<KeptReport, ReportError> {
    let named = || (benefit.to_owned(), version.to_owned());
    let Some(json) = store::report(db, benefit, version).await? else {
        let (benefit, version) = named();
        return Err(ReportError::NotInstalled { benefit, version });
    };
    serde_json::from_str(&json).map_err(|why| {
        let (benefit, version) = named();
        ReportError::Unreadable { benefit, version, why }
    })
}

/// Every installed module, by benefit and age.
pub async fn list(db: &mut Read) -> db::Result<Vec<Installed>> {
    store::installed(db).await
}
