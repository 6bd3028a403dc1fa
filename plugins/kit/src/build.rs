//! `build`: the package becomes a module.

use std::path::PathBuf;

use anyhow::Result;
use ydun_runtime::Digest;

use crate::subject::Named;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    module: Named,
    /// A component made by another language's tools: it gets the manifest and the cases of MODULE,
    /// and the module is put beside it.
    #[arg(long, value_name = "FILE")]
    component: Option<PathBuf>,
}

pub(crate) fn command(arguments: &Arguments) -> Result<bool> {
    let subject = match &arguments.component {
        Some(component) => arguments.module.describe(component)?,
        None => arguments.module.open()?,
    };
    let digest = Digest::of(&subject.bytes);
    println!("{}  {} bytes  sha256:{digest}", subject.file.display(), subject.bytes.len());
    Ok(true)
}
