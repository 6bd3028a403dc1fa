//! `pack`: a module laid out for transport.

mod oci;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use ydun_manifest::Manifest;

use crate::sign;
use crate::subject::Subject;

/// The namespace of benefits that all municipalities use.
const COMMON: &str = "ydun";

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A finished .wasm file; its .sig.json goes along.
    module: PathBuf,
    /// Where the folders are made.
    #[arg(long, default_value = "dist")]
    out: PathBuf,
}

pub(crate) fn command(arguments: &Arguments) -> Result<bool> {
    let subject = Subject::open(&arguments.module)?;
    let manifest = subject.manifest()?;
    let signatures = sign::beside(&subject.file);
    let signatures = signatures.is_file().then_some(signatures);
    if signatures.is_none() {
        eprintln!("There is no signature: no host outside development will install it.");
    }
    let (space, name) = address(&manifest);
    let plain = arguments.out.join("files").join(space).join(name);
    let file = plain.join(format!("{}.wasm", manifest.version));
    write(&file, &subject.bytes)?;
    let signed = match &signatures {
        Some(path) => Some(fs::read(path).context("the signatures cannot be read")?),
        None => None,
    };
    if let Some(signed) = &signed {
        write(&sign::beside(&file), signed)?;
    }
    println!("{}", file.display());
    let layout = arguments.out.join("oci").join(space).join(name);
    oci::write(&layout, &manifest, &subject.bytes, signed.as_deref())?;
    println!("{}  {space}/{name}:{}", layout.display(), manifest.version);
    Ok(true)
}

/// `k0561:julehjaelp` is `k0561/julehjaelp`, and what all use is `ydun/…`.
fn address(manifest: &Manifest) -> (&str, &str) {
    manifest.id.split_once(':').unwrap_or((COMMON, &manifest.id))
}

fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, bytes))
        .with_context(|| format!("{} cannot be written", file.display()))
}
