//! `sign`: one's word for exactly these bytes.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};
use ydun_domain::Day;
use ydun_runtime::Signatures;
use ydun_runtime::signature::{Signature, SigningKey};

use crate::subject::Subject;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A finished .wasm file.
    module: PathBuf,
    /// The private key that `keygen` made.
    #[arg(long)]
    key: PathBuf,
    /// The day the statement carries [default: today].
    #[arg(long)]
    signed_on: Option<Day>,
}

pub(crate) fn command(arguments: &Arguments) -> Result<bool> {
    let subject = Subject::open(&arguments.module)?;
    let manifest = subject.manifest()?;
    let pem = fs::read_to_string(&arguments.key)
        .with_context(|| format!("{} cannot be read", arguments.key.display()))?;
    let key = SigningKey::from_pem(&pem)
        .with_context(|| format!("{} holds no key", arguments.key.display()))?;
    let day = match arguments.signed_on {
        Some(day) => day,
        None => today()?,
    };
    let file = beside(&subject.file);
    let mut signatures = read(&file)?;
    let signature = Signature::new(&key, &subject.bytes, &manifest, day);
    print!("{}", signature.statement.text());
    signatures.add(signature);
    let json = format!("{}\n", serde_json::to_string_pretty(&signatures)?);
    fs::write(&file, json).with_context(|| format!("{} cannot be written", file.display()))?;
    eprintln!("{} holds {} signatures", file.display(), signatures.signatures.len());
    Ok(true)
}

/// `voksenlaerling-1.0.0.sig.json` beside `voksenlaerling-1.0.0.wasm`.
pub(crate) fn beside(module: &Path) -> PathBuf {
    module.with_extension("sig.json")
}

/// The signatures there are so far.
pub(crate) fn read(file: &Path) -> Result<Signatures> {
    match fs::read(file) {
        Ok(json) => {
            Signatures::read(&json).map_err(|fault| anyhow::anyhow!("{}: {fault}", file.display()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Signatures::default()),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", file.display())),
    }
}

fn today() -> Result<Day> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    Ok(Day::from_epoch_days(i32::try_from(since.as_secs() / 86_400)?)?)
}
