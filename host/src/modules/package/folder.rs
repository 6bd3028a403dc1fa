//! A folder of modules, `<name space>/<name>/<version>.wasm`, as package tools lay it out.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::{PackageError, Wanted};

/// The name space of benefits that belong to no municipality.
const COMMON: &str = "ydun";

/// Every module in the folder, in order of name.
pub(super) fn modules(root: &Path) -> Result<Vec<(Wanted, PathBuf)>, PackageError> {
    let mut modules = Vec::new();
    for space in inside(root)? {
        for benefit in inside(&space)? {
            for file in inside(&benefit)? {
                if file.extension() == Some(OsStr::new("wasm")) {
                    modules.push((named(&space, &benefit, &file), file));
                }
            }
        }
    }
    modules.sort();
    Ok(modules)
}

/// What lies in a folder; nothing in what is none.
fn inside(folder: &Path) -> Result<Vec<PathBuf>, PackageError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let refuse = |error| PackageError::Read(folder.to_owned(), error);
    let entries = fs::read_dir(folder).map_err(refuse)?;
    entries.map(|entry| entry.map(|entry| entry.path()).map_err(refuse)).collect()
}

fn named(space: &Path, benefit: &Path, file: &Path) -> Wanted {
    let text = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (space, name) = (text(space.file_name()), text(benefit.file_name()));
    let benefit = if space == COMMON { name } else { format!("{space}:{name}") };
    Wanted { benefit, version: text(file.file_stem()) }
}
