//! Making sure that everything is there. Doing it twice equals doing it once.

use std::process::Command;

use anyhow::{Context, Result};
use ydun_build::{TARGET, Toolchain};

use crate::postgres::Binaries;
use crate::{apt, assets, run};

/// What the chores need beyond the Rust that runs them.
pub(crate) struct Tools {
    pub(crate) toolchain: Toolchain,
    pub(crate) postgres: Binaries,
}

/// Everything for development and tests.
pub(crate) fn everything() -> Result<Tools> {
    let tools = Tools { toolchain: toolchain()?, postgres: postgres()? };
    assets::command()?;
    report_test_runner();
    Ok(tools)
}

/// What building modules needs.
pub(crate) fn toolchain() -> Result<Toolchain> {
    let toolchain = Toolchain::ready()?;
    report(TARGET, &toolchain.describe()?);
    Ok(toolchain)
}

fn postgres() -> Result<Binaries> {
    let found =
        Binaries::find().or_else(|error| if apt::usable() { install() } else { Err(error) });
    let binaries = found.context(
        "PostgreSQL 15 or newer is needed for the tests. Install its server, for example with \
         `sudo apt-get install postgresql`, `sudo dnf install postgresql-server` or \
         `brew install postgresql@17`; it need not be started. \
         To test without it: `cargo xtask test --sqlite-only`",
    )?;
    report("PostgreSQL", &format!("{} in {}", binaries.version, binaries.folder.display()));
    Ok(binaries)
}

fn install() -> Result<Binaries> {
    apt::install(&["postgresql"])?;
    Binaries::find()
}

/// The version of nextest, if it is there. It is faster and tells more than `cargo test`, but the
/// tests run without it.
pub(crate) fn nextest() -> Option<String> {
    let said = run::read(Command::new("cargo-nextest").args(["nextest", "--version"])).ok()?;
    said.lines().next().map(str::to_owned)
}

fn report_test_runner() {
    let missing = "cargo test; `cargo install --locked cargo-nextest` makes tests faster";
    report("test runner", nextest().as_deref().unwrap_or(missing));
}

fn report(what: &str, found: &str) {
    eprintln!("{what}: {found}");
}
