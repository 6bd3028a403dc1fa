//! Arguments that several commands read.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// Seconds, with one decimal at most: `10` or `0.5`.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let millis = match text.split_once('.') {
        Some((whole, part)) if part.len() == 1 => format!("{whole}{part}00"),
        _ => format!("{text}000"),
    };
    let millis = millis.parse().map_err(|_| "write seconds, such as 10 or 0.5".to_owned())?;
    Ok(Duration::from_millis(millis))
}

/// The files named, and those with an extension in the folders named, in order of name.
pub(crate) fn files(paths: &[PathBuf], extension: &str) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries =
                path.read_dir().with_context(|| format!("{} cannot be read", path.display()))?;
            let mut inside: Vec<PathBuf> =
                entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
            inside.retain(|path| path.extension().is_some_and(|own| own == extension));
            inside.sort();
            files.extend(inside);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}
