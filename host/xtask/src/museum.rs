//! Adding components to the museum, where they must run unchanged for ever.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{modules, run, source};

/// Which released interface the components are built against.
const INTERFACE: &str = "1.0.0";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Finished modules, as they are shipped: target/modules/*.wasm.
    #[arg(required = true)]
    modules: Vec<PathBuf>,
}

/// The chore `museum`: puts the modules on show, and has the tests write what they answer today.
pub(crate) fn command(arguments: &Arguments) -> Result<()> {
    let root = source::root()?;
    let museum = root.join("tests/museum").join(INTERFACE);
    fs::create_dir_all(&museum).context("the museum's folder cannot be made")?;
    for module in &arguments.modules {
        add(&museum, module)?;
    }
    let mut label = source::cargo(&root);
    label.args(["test", "--workspace", "--test", "all", "museum::"]);
    label.env("YDUN_MUSEUM_WRITE", "1").env("YDUN_MODULES", modules::folder(&root));
    run::run(&mut label, "the tests say above which exhibit is not as it should be")
}

/// Copies a module in under its name and digest, which no other build has.
fn add(museum: &Path, module: &Path) -> Result<()> {
    let bytes = fs::read(module).with_context(|| format!("{} cannot be read", module.display()))?;
    let stem = module.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    ensure!(bytes.len() < 4 << 20, "{stem} is too large to be kept for ever in the repository");
    let module = ydun_build::Module { file: stem, bytes };
    let exhibit = format!("{}-{}", module.file, &module.sha256()[..12]);
    let module = ydun_build::Module { file: format!("{exhibit}.wasm"), ..module };
    println!("{}  {} bytes", module.store(museum)?.display(), module.bytes.len());
    Ok(())
}
