//! The source tree of this repository: where it is, and a copy of it elsewhere.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
pub(crate) use ydun_build::run::cargo;

/// What is not source: built, fetched or kept by Git.
const NOT_SOURCE: [&str; 3] = ["target", "node_modules", ".git"];

/// The folder of the workspace.
pub(crate) fn root() -> Result<PathBuf> {
    let package = env::var_os("CARGO_MANIFEST_DIR").context("start this as `cargo xtask`")?;
    let root = PathBuf::from(package).join("../..");
    root.canonicalize().context("the folder of the repository is gone")
}

/// Makes `to` the same as the source in `from`. A file that is the same already is left alone, and
/// one that is written is as new as now: so cargo compiles what has changed, and only that.
pub(crate) fn mirror(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("{} cannot be created", to.display()))?;
    for name in names(to)?.difference(&names(from)?) {
        remove(&to.join(name))?;
    }
    for name in names(from)? {
        let (source, copy) = (from.join(&name), to.join(&name));
        if source.is_dir() {
            mirror(&source, &copy)?;
        } else {
            mirror_file(&source, &copy)
                .with_context(|| format!("{} cannot be copied", source.display()))?;
        }
    }
    Ok(())
}

/// Makes `to` hold the files of `from` without a byte being copied; what is there already stays.
pub(crate) fn link(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("{} cannot be created", to.display()))?;
    for entry in from.read_dir().with_context(|| format!("{} cannot be read", from.display()))? {
        let entry = entry?;
        let copy = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            link(&entry.path(), &copy)?;
        } else if !copy.exists() {
            fs::hard_link(entry.path(), &copy)
                .with_context(|| format!("{} cannot be linked", copy.display()))?;
        }
    }
    Ok(())
}

fn mirror_file(from: &Path, to: &Path) -> io::Result<()> {
    let text = fs::read(from)?;
    if fs::read(to).is_ok_and(|copied| copied == text) {
        return Ok(());
    }
    fs::write(to, text)
}

fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    removed.with_context(|| format!("{} cannot be removed", path.display()))
}

/// What a folder holds of the source.
fn names(folder: &Path) -> Result<BTreeSet<OsString>> {
    let entries =
        folder.read_dir().with_context(|| format!("{} cannot be read", folder.display()))?;
    let names: io::Result<BTreeSet<OsString>> =
        entries.map(|entry| entry.map(|entry| entry.file_name())).collect();
    let mut names = names?;
    names.retain(|name| NOT_SOURCE.iter().all(|other| name != other));
    Ok(names)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn a_mirror_holds_the_source_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        for made in ["from/plugins", "from/target", "to/gone"] {
            fs::create_dir_all(folder.path().join(made)).unwrap();
        }
        fs::write(from.join("plugins/a"), "new").unwrap();
        fs::write(from.join("target/b"), "built").unwrap();
        fs::write(to.join("gone/c"), "old").unwrap();

        mirror(&from, &to).unwrap();
        assert_eq!(fs::read_to_string(to.join("plugins/a")).unwrap(), "new");
        assert!(!to.join("target").exists());
        assert!(!to.join("gone").exists());
    }

    #[test]
    fn a_file_that_has_not_changed_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::create_dir(&from).unwrap();
        fs::write(from.join("a"), "text").unwrap();
        mirror(&from, &to).unwrap();

        let long_ago = SystemTime::UNIX_EPOCH;
        File::options().append(true).open(to.join("a")).unwrap().set_modified(long_ago).unwrap();
        mirror(&from, &to).unwrap();
        assert_eq!(to.join("a").metadata().unwrap().modified().unwrap(), long_ago);

        fs::write(from.join("a"), "other text").unwrap();
        mirror(&from, &to).unwrap();
        assert_ne!(to.join("a").metadata().unwrap().modified().unwrap(), long_ago);
    }
}
