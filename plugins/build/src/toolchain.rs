//! A compiler for `wasm32-unknown-unknown`, the target of every benefit module.
//!
//! Usually that is the active Rust with the target added by rustup. Where rustup's downloads
//! cannot be reached but Debian's can, it is Debian's Rust, which comes without this target
//! built: then the standard library is built from source along with the module.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{apt, run};

pub const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld"];

/// A compiler that is there and can build modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// The Rust that runs us has the target.
    Active,
    /// Debian's Rust with its source of the standard library, and a linker.
    Debian { linker: PathBuf },
}

/// What decides how we come by a compiler.
#[derive(Clone, Debug)]
struct Found {
    ready: Option<Toolchain>,
    may_ask_rustup: bool,
    may_ask_apt: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum NextMove {
    Use(Toolchain),
    AskRustup,
    AskApt,
    GiveUp,
}

impl Found {
    /// What is there is used before anything is fetched, so that set-up also works offline.
    fn next_move(&self) -> NextMove {
        match self {
            Self { ready: Some(toolchain), .. } => NextMove::Use(toolchain.clone()),
            Self { may_ask_rustup: true, .. } => NextMove::AskRustup,
            Self { may_ask_apt: true, .. } => NextMove::AskApt,
            _ => NextMove::GiveUp,
        }
    }
}

impl Toolchain {
    /// Finds a compiler, or installs one if that can be done unasked.
    pub fn ready() -> Result<Self> {
        let mut found = Found {
            ready: Self::find(),
            may_ask_rustup: run::read(Command::new("rustup").arg("--version")).is_ok(),
            may_ask_apt: apt::usable(),
        };
        loop {
            let attempt = match found.next_move() {
                NextMove::Use(toolchain) => return Ok(toolchain),
                NextMove::AskRustup => {
                    found.may_ask_rustup = false;
                    ask_rustup()
                }
                NextMove::AskApt => {
                    found.may_ask_apt = false;
                    apt::install(&DEBIAN_PACKAGES)
                }
                NextMove::GiveUp => bail!(
                    "no Rust compiler for {TARGET} was found; \
                     run `rustup target add {TARGET}` where rustup's downloads can be reached, \
                     or on Debian `apt-get install {}` as root",
                    DEBIAN_PACKAGES.join(" ")
                ),
            };
            if let Err(error) = attempt {
                eprintln!("{error:#}");
            }
            found.ready = Self::find();
        }
    }

    fn find() -> Option<Self> {
        let active = || active_has_target().then_some(Self::Active);
        let debian = || debian_is_usable().then(linker).flatten();
        active().or_else(|| debian().map(|linker| Self::Debian { linker }))
    }

    /// A cargo that builds for the target, in the given workspace. The flags are ours alone:
    /// those of the environment would make the bytes of a module differ from place to place.
    pub fn cargo_build(&self, root: &Path) -> Result<Command> {
        let mut command = match self {
            Self::Active => run::cargo(root),
            Self::Debian { linker } => debian_cargo(root, linker),
        };
        command.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", self.flags()?);
        command.args(["build", "--target", TARGET, "--profile", "module"]);
        if root.join("Cargo.lock").is_file() {
            command.arg("--locked");
        }
        if matches!(self, Self::Debian { .. }) {
            // No features: a module that stops has no use for what prints a stack.
            command.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features="]);
        }
        Ok(command)
    }

    /// In words, for the report of set-up.
    pub fn describe(&self) -> Result<String> {
        Ok(match self {
            Self::Active => run::read(Command::new("rustc").arg("--version"))?,
            Self::Debian { linker } => {
                let version = run::read(Command::new(DEBIAN_RUSTC).arg("--version"))?;
                format!("Debian's {version}, linked with {}", linker.display())
            }
        })
    }

    /// Compiler flags, separated as `CARGO_ENCODED_RUSTFLAGS` wants them. A file of another's is
    /// named as from the same place everywhere; our own are named from the workspace anyway, and
    /// flags that do not depend on it let two workspaces share what others wrote.
    fn flags(&self) -> Result<OsString> {
        let rustc = match self {
            Self::Active => "rustc",
            Self::Debian { .. } => DEBIAN_RUSTC,
        };
        let std_source = sysroot(rustc)?.join("lib/rustlib/src/rust");
        // Debian's is a link, and cargo passes on where it leads.
        let std_target = std_source.canonicalize().unwrap_or_else(|_| std_source.clone());
        let std_name = format!("/rustc/{}", commit(rustc)?);
        let registries = registries().into_iter();
        let mut renamed: Vec<_> = registries.map(|folder| (folder, "/cargo".to_owned())).collect();
        renamed.extend([(std_source, std_name.clone()), (std_target, std_name)]);

        let mut flags = OsString::from("-Clink-arg=-zstack-size=65536");
        for (folder, name) in renamed {
            flags.push("\u{1f}--remap-path-prefix=");
            flags.push(folder);
            flags.push(format!("={name}"));
        }
        Ok(flags)
    }
}

fn ask_rustup() -> Result<()> {
    let mut command = Command::new("rustup");
    run::run(command.args(["target", "add", TARGET]), "trying without rustup")
}

fn active_has_target() -> bool {
    let query = ["--print", "target-libdir", "--target", TARGET];
    run::read(Command::new("rustc").args(query)).is_ok_and(|folder| Path::new(&folder).is_dir())
}

fn debian_is_usable() -> bool {
    let source = |sysroot: PathBuf| sysroot.join("lib/rustlib/src/rust/library/Cargo.lock");
    Path::new(DEBIAN_CARGO).is_file()
        && run::read(Command::new(DEBIAN_RUSTC).arg("--version"))
            .is_ok_and(|said| is_recent(&said, env!("CARGO_PKG_RUST_VERSION")))
        && sysroot(DEBIAN_RUSTC).is_ok_and(|sysroot| source(sysroot).is_file())
}

/// Whether `rustc 1.96.0 (...)` is at least the version given as `1.95`.
fn is_recent(said: &str, oldest: &str) -> bool {
    let parts = |text: &str| {
        let mut numbers = text.split('.').map_while(|part| part.parse::<u32>().ok());
        numbers.next().zip(numbers.next())
    };
    let version = said.split(' ').nth(1).and_then(parts);
    version.is_some() && version >= parts(oldest)
}

/// Debian's cargo, kept apart from the Rust that runs us.
fn debian_cargo(root: &Path, linker: &Path) -> Command {
    let mut command = Command::new(DEBIAN_CARGO);
    command.current_dir(root);
    let of_the_other_rust =
        ["CARGO", "RUSTUP_TOOLCHAIN", "RUSTDOC", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"];
    for variable in of_the_other_rust.into_iter().chain(["LD_LIBRARY_PATH"]) {
        command.env_remove(variable);
    }
    command.env("RUSTC", DEBIAN_RUSTC);
    // Building the standard library is not yet a stable feature of cargo.
    command.env("RUSTC_BOOTSTRAP", "1");
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    command
}

/// A linker for WebAssembly: rustup's own, or one of Debian's.
fn linker() -> Option<PathBuf> {
    let rustups = sysroot("rustc").ok().zip(host("rustc").ok());
    let rustups = rustups.map(|(root, host)| root.join(format!("lib/rustlib/{host}/bin/rust-lld")));
    let debians = ["/usr/bin/rust-lld", "/usr/bin/wasm-ld"].map(PathBuf::from);
    rustups.into_iter().chain(debians).find(|linker| linker.is_file())
}

fn sysroot(rustc: &str) -> Result<PathBuf> {
    run::read(Command::new(rustc).args(["--print", "sysroot"])).map(PathBuf::from)
}

fn host(rustc: &str) -> Result<String> {
    said_about(rustc, "host: ")
}

fn commit(rustc: &str) -> Result<String> {
    said_about(rustc, "commit-hash: ")
}

fn said_about(rustc: &str, label: &str) -> Result<String> {
    let said = run::read(Command::new(rustc).arg("-vV"))?;
    let value = said.lines().find_map(|line| line.strip_prefix(label));
    value.map(str::to_owned).with_context(|| format!("`{rustc} -vV` does not say `{label}`"))
}

/// Where cargo keeps the source of our dependencies: a folder per registry or mirror.
fn registries() -> Vec<PathBuf> {
    let home = env::home_dir().map(|home| home.join(".cargo"));
    let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from).or(home).unwrap_or_default();
    let folders = cargo_home.join("registry/src").read_dir().into_iter().flatten();
    folders.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn moves(ready: Option<Toolchain>, rustup: bool, apt: bool, expected: &NextMove) {
        let found = Found { ready, may_ask_rustup: rustup, may_ask_apt: apt };
        assert_eq!(&found.next_move(), expected, "{found:?}");
    }

    #[test]
    fn what_is_there_is_used_before_rustup_and_rustup_before_apt() {
        let debian = Toolchain::Debian { linker: PathBuf::from("/usr/bin/rust-lld") };
        moves(Some(Toolchain::Active), true, true, &NextMove::Use(Toolchain::Active));
        moves(Some(debian.clone()), true, true, &NextMove::Use(debian));
        moves(None, true, true, &NextMove::AskRustup);
        moves(None, true, false, &NextMove::AskRustup);
        moves(None, false, true, &NextMove::AskApt);
        moves(None, false, false, &NextMove::GiveUp);
    }

    #[test]
    fn a_compiler_older_than_the_workspace_asks_for_is_not_used() {
        assert!(is_recent("rustc 1.96.0 (ac68faa20 2026-05-25)", "1.95"));
        assert!(is_recent("rustc 1.95.0", "1.95"));
        assert!(is_recent("rustc 2.0.0", "1.95"));
        assert!(!is_recent("rustc 1.85.0 (built from a source tarball)", "1.95"));
        assert!(!is_recent("rustc 1.9.0", "1.95"));
        assert!(!is_recent("no version", "1.95"));
    }
}
