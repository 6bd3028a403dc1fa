//! `verify`: whose word a module comes with, and whether a host that believes them would install it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use ydun_runtime::{Signing, TrustStore};

use crate::subject::Subject;
use crate::{check, sign};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A finished .wasm file, with its .sig.json beside it.
    module: PathBuf,
    /// The publishers to believe: {"publishers": [...]}, each as `keygen` prints it.
    #[arg(long)]
    trust: PathBuf,
}

pub(crate) fn command(arguments: &Arguments) -> Result<bool> {
    let subject = Subject::open(&arguments.module)?;
    let json = fs::read(&arguments.trust)
        .with_context(|| format!("{} cannot be read", arguments.trust.display()))?;
    let trust: TrustStore = serde_json::from_slice(&json)
        .with_context(|| format!("{} is no list of publishers", arguments.trust.display()))?;
    let signatures = sign::read(&sign::beside(&subject.file))?;
    let signing = Signing::Required { trust: &trust, signatures: &signatures };
    let report = check::report(&subject, signing, None)?;
    for signer in &report.signed_by {
        println!("{} signed it on {} (key {})", signer.publisher, signer.signed_on, signer.key);
    }
    if let Some(failed) = report.failed() {
        println!("{}\n{}: {}", failed.sentence, failed.code, failed.detail);
    }
    Ok(report.passed())
}
