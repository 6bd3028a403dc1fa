//! What each case cost when somebody last looked: `fuel.lock`, one case a line.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

const FILE: &str = "fuel.lock";

/// So much more or less is nobody's business; in percent.
const TOLERANCE: u64 = 10;

#[derive(Debug, Default)]
pub(super) struct FuelLock(BTreeMap<String, u64>);

impl FuelLock {
    /// The lock of a package; empty where there is none yet.
    pub(super) fn read(package: &Path) -> Result<Self> {
        let path = package.join(FILE);
        let Ok(text) = fs::read_to_string(&path) else { return Ok(Self::default()) };
        let entry = |line: &str| {
            let (fuel, name) = line.split_once("  ")?;
            Some((name.to_owned(), fuel.trim().parse().ok()?))
        };
        let entries: Option<_> = text.lines().map(entry).collect();
        let wrong = || format!("{} has a line without fuel and name", path.display());
        entries.map(Self).with_context(wrong)
    }

    pub(super) fn note(&mut self, name: &str, fuel: u64) {
        self.0.insert(name.to_owned(), fuel);
    }

    pub(super) fn write(&self, package: &Path) -> Result<()> {
        let mut text = String::new();
        for (name, fuel) in &self.0 {
            writeln!(text, "{fuel}  {name}")?;
        }
        fs::write(package.join(FILE), text).context("fuel.lock cannot be written")
    }

    /// How far the fuel is from what was noted, when that is further than the tolerance.
    pub(super) fn strayed(&self, name: &str, fuel: u64) -> Option<String> {
        let noted = *self.0.get(name)?;
        let strays = noted.abs_diff(fuel) * 100 > noted * TOLERANCE;
        strays.then(|| format!("{fuel} fuel, {noted} in fuel.lock: more than {TOLERANCE} % apart"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_more_or_less_is_let_pass() {
        let mut lock = FuelLock::default();
        lock.note("a", 1_000);
        for (fuel, strays) in [(900, false), (899, true), (1_100, false), (1_101, true)] {
            assert_eq!(lock.strayed("a", fuel).is_some(), strays, "{fuel}");
        }
        assert_eq!(lock.strayed("new", 5), None);
    }
}
