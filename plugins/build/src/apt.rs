//! Installing packages where we may do so unasked: as root on Debian or Ubuntu.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::run;

const APT_GET: &str = "/usr/bin/apt-get";

/// Whether [`install`] can be tried.
pub fn usable() -> bool {
    Path::new(APT_GET).exists() && run::read(Command::new("id").arg("-u")).is_ok_and(|id| id == "0")
}

/// Installs the packages; the lists of packages are renewed only when the first try fails.
/// Nothing installed is ever removed to make room.
pub fn install(packages: &[&str]) -> Result<()> {
    let mut install = Command::new(APT_GET);
    install.env("DEBIAN_FRONTEND", "noninteractive");
    install.args(["install", "--yes", "--quiet", "--no-install-recommends", "--no-remove"]);
    install.args(packages);
    if run::status(&mut install)?.success() {
        return Ok(());
    }
    let update = &mut Command::new(APT_GET);
    run::run(update.args(["update", "--quiet"]), "check the network and the sources of apt")?;
    run::run(&mut install, "see above what apt-get is missing")
}
