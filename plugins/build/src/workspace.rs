//! Where cargo keeps things, as cargo says.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::run;

/// The workspace a package belongs to; a package on its own is one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Workspace {
    #[serde(rename = "workspace_root")]
    pub root: PathBuf,
    #[serde(rename = "target_directory")]
    pub target: PathBuf,
}

impl Workspace {
    /// Asks cargo.
    pub fn of(package: &Path) -> Result<Self> {
        let mut command = run::cargo(package);
        let said = run::read(command.args(["metadata", "--no-deps", "--format-version", "1"]))?;
        serde_json::from_str(&said).context("what cargo says of the workspace cannot be read")
    }
}
