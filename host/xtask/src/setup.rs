//! Making sure that everything is there. Doing it twice equals doing it once.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use ydun_build::{TARGET, Toolchain};

use crate::postgres::Binaries;
use crate::{apt, assets, rabbitmq, run};

/// What the chores need beyond the Rust that runs them.
pub(crate) struct Tools {
    pub(crate) toolchain: Toolchain,
    pub(crate) postgres: Binaries,
    /// None where no browser is found: then the pages are not tried in one.
    pub(crate) browser: Option<PathBuf>,
}

/// Everything for development and tests.
pub(crate) fn everything() -> Result<Tools> {
    let tools = Tools { toolchain: toolchain()?, postgres: postgres()?, browser: browser() };
    assets::command()?;
    rabbitmq::ready();
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

/// What drives the browser that the pages are tried in. They are tested without it too, so it may be missing.
pub(crate) fn browser() -> Option<PathBuf> {
    const DRIVER: &str = "chromedriver";
    let is_there = || run::read(Command::new(DRIVER).arg("--version"));
    let found = is_there().or_else(|missing| {
        let installed = apt::usable() && apt::install(&["chromium", "chromium-driver"]).is_ok();
        if installed { is_there() } else { Err(missing) }
    });
    let missing =
        "none; the pages are not tried in one. Install chromium and chromium-driver for that";
    report("browser", found.as_deref().unwrap_or(missing));
    found.is_ok().then(|| PathBuf::from(DRIVER))
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
