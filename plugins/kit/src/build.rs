//! `build`: the package becomes a module.

use std::path::PathBuf;

use anyhow::Result;
use ydun_build::OtherLanguage;
use ydun_manifest::Class;
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
    /// The component brings an interpreter along, as those of Python and JavaScript do.
    #[arg(long, requires = "component")]
    interpreted: bool,
    /// The id of the component's module, when MODULE's own is to stay that of another
    /// [default: the one in the manifest]
    #[arg(long, requires = "component")]
    id: Option<String>,
}

pub(crate) fn command(arguments: &Arguments) -> Result<bool> {
    let subject = match &arguments.component {
        Some(component) => arguments.module.describe(component, &arguments.other_language())?,
        None => arguments.module.open()?,
    };
    let digest = Digest::of(&subject.bytes);
    println!("{}  {} bytes  sha256:{digest}", subject.file.display(), subject.bytes.len());
    Ok(true)
}

impl Arguments {
    /// What a component of another language says of itself beside the package's manifest.
    fn other_language(&self) -> OtherLanguage {
        let class = self.interpreted.then_some(Class::Interpreted);
        OtherLanguage { class, id: self.id.clone() }
    }
}
