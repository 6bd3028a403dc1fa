//! Finding PostgreSQL's server programs, which most systems keep out of PATH.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::run;

/// The oldest major version that Ydun supports.
const OLDEST: u32 = 15;

/// Folders of server programs by system; a `*` stands for the version.
const USUAL_FOLDERS: [&str; 7] = [
    "/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu
    "/usr/pgsql-*/bin",                                   // PostgreSQL's own packages for Red Hat
    "/usr/libexec/postgresql*",                           // Alpine
    "/usr/local/pgsql/bin",                               // built from source
    "/opt/homebrew/opt/postgresql@*/bin",                 // Homebrew
    "/usr/local/opt/postgresql@*/bin",                    // Homebrew on Intel
    "/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
];

/// A folder with the server programs of one PostgreSQL, recent enough for us.
pub(crate) struct Binaries {
    pub(crate) folder: PathBuf,
    /// The major version.
    pub(crate) version: u32,
}

impl Binaries {
    /// The newest usable PostgreSQL on this machine.
    pub(crate) fn find() -> Result<Self> {
        let newest = folders().filter_map(Self::at).max_by_key(|found| found.version);
        newest.with_context(|| {
            format!(
                "no PostgreSQL server of version {OLDEST} or newer was found; \
                 run `cargo xtask setup`, which installs it or says how"
            )
        })
    }

    fn at(folder: PathBuf) -> Option<Self> {
        let complete = ["initdb", "pg_ctl"].iter().all(|program| folder.join(program).is_file());
        let said = complete.then(|| run::read(Command::new(folder.join("postgres")).arg("-V")));
        let version = major_version(&said?.ok()?)?;
        (version >= OLDEST).then_some(Self { folder, version })
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

fn folders() -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let in_path: Vec<PathBuf> = env::split_paths(&path).collect();
    in_path.into_iter().chain(USUAL_FOLDERS.iter().flat_map(|pattern| expand(pattern)))
}

/// The existing folders that a pattern with at most one `*` stands for.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return vec![PathBuf::from(pattern)];
    };
    let (parent, prefix) = before.rsplit_once('/').unwrap_or(("", before));
    let Ok(entries) = fs::read_dir(Path::new(parent)) else { return Vec::new() };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names
        .filter(|name| name.starts_with(prefix))
        .map(|name| PathBuf::from(format!("{parent}/{name}{after}")))
        .collect()
}

/// `15` out of `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)`; also out of `18beta1`.
fn major_version(said: &str) -> Option<u32> {
    let version = said.strip_prefix("postgres (PostgreSQL) ")?;
    let digits = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
    version[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_what_the_server_says() {
        let cases = [
            ("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)", Some(15)),
            ("postgres (PostgreSQL) 18beta1", Some(18)),
            ("postgres (PostgreSQL) 9.6.24", Some(9)),
            ("postgres (PostgreSQL) devel", None),
            ("something else 15", None),
        ];
        for (said, expected) in cases {
            assert_eq!(major_version(said), expected, "{said}");
        }
    }

    #[test]
    fn a_star_stands_for_one_part_of_a_path() {
        let here = env!("CARGO_MANIFEST_DIR");
        let found = expand(&format!("{here}/sr*/postgres"));
        assert_eq!(found, [PathBuf::from(format!("{here}/src/postgres"))]);
        assert!(expand("/no/such/place/*/bin").is_empty());
    }
}
