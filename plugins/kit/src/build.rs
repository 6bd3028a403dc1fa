//! `build`: the package becomes a module.

use anyhow::Result;
use ydun_runtime::Digest;

use crate::subject::Named;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    module: Named,
}

pub(crate) fn command(arguments: &Arguments) -> Result<bool> {
    let subject = arguments.module.open()?;
    let digest = Digest::of(&subject.bytes);
    println!("{}  {} bytes  sha256:{digest}", subject.file.display(), subject.bytes.len());
    Ok(true)
}
