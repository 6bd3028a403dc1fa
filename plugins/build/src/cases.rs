//! The cases of a package, a table each.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use ydun_manifest::{Case, Manifest, table};

/// The cases of a folder, in order of name; none where there is no folder.
pub fn read_folder(folder: &Path, manifest: &Manifest) -> Result<Vec<Case>> {
    files(folder)?.iter().map(|file| read(file, manifest)).collect()
}

/// One case from its table.
pub fn read(file: &Path, manifest: &Manifest) -> Result<Case> {
    let table = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let name = file.file_stem().and_then(OsStr::to_str).unwrap_or_default();
    let case = table::read(name, &table, manifest);
    case.with_context(|| format!("{} is no case", file.display()))
}

/// Where a case has its table.
pub fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.{}", table::EXTENSION))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in folder.read_dir().into_iter().flatten() {
        let path = entry.with_context(|| format!("{} cannot be read", folder.display()))?.path();
        files.extend((path.extension() == Some(OsStr::new(table::EXTENSION))).then_some(path));
    }
    files.sort();
    Ok(files)
}
