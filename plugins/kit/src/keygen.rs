//! `keygen`: a key to sign with.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result};
use ydun_runtime::signature::{Publisher, Reach, SigningKey};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Where the private key is written; it must not be there yet.
    #[arg(default_value = "publisher.pem")]
    file: PathBuf,
    /// Your name, as administrators will read it.
    #[arg(long)]
    name: String,
    /// What you publish: national, or the benefits of one municipality, such as k0561.
    #[arg(long, value_parser = reach)]
    may_sign: Reach,
}

fn reach(text: &str) -> Result<Reach, String> {
    Reach::try_from(text.to_owned()).map_err(|error| error.to_string())
}

pub(crate) fn command(arguments: &Arguments) -> Result<bool> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).context("this machine gives no random numbers")?;
    let key = SigningKey::from_seed(&seed);
    let file = &arguments.file;
    write(file, &key.to_pem()).with_context(|| format!("{} cannot be made", file.display()))?;
    let publisher = Publisher {
        name: arguments.name.clone(),
        key: key.public(),
        may_sign: arguments.may_sign.clone(),
        revoked: None,
    };
    eprintln!("{} is the private key: keep it, and show it to nobody.", file.display());
    eprintln!("Key {}; hosts list you among their publishers as:", key.public().id());
    println!("{}", serde_json::to_string_pretty(&publisher)?);
    Ok(true)
}

/// For the owner's eyes only, and never over another key.
fn write(file: &PathBuf, pem: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(pem.as_bytes())
}
