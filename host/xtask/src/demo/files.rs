//! The programs of the demonstration, and the folder it leaves behind.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

/// The municipality's code, as `examples/demo-municipality` has it.
pub(super) const TENANT: &str = "0999";

/// Where everything is.
pub(super) struct Files {
    programs: PathBuf,
    modules: PathBuf,
    folder: PathBuf,
}

impl Files {
    /// An empty folder for what the demonstration writes.
    pub(super) fn fresh(root: &Path) -> Result<Self> {
        let target = root.join("target");
        let folder = target.join("demo");
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| {
                format!("{} cannot be emptied; is a demonstration still running?", folder.display())
            })?;
        }
        fs::create_dir_all(&folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Self { programs: target.join("debug"), modules: crate::modules::folder(root), folder })
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The folder inside ours with a name, made when missing.
    pub(super) fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.path(name);
        fs::create_dir_all(&folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(folder)
    }

    /// The finished module of a benefit.
    pub(super) fn module(&self, name: &str) -> PathBuf {
        self.modules.join(format!("{name}.wasm"))
    }

    pub(super) fn program(&self, name: &str) -> Command {
        Command::new(self.programs.join(name))
    }

    /// `ydun`, acting as a worker at a moment.
    pub(super) fn ydun(&self, worker: &str, moment: &str) -> Command {
        let mut command = self.program("ydun");
        command
            .env("YDUN_DATA", &self.folder)
            .env("YDUN_TENANT", TENANT)
            .env("YDUN_WORKER", worker)
            .env("YDUN_NOW", moment)
            .env_remove("YDUN_DATABASE");
        command
    }

    /// What lies where.
    pub(super) fn map(&self) -> String {
        let line = |name: &str, what: &str| format!("  {:<44} {what}", self.path(name).display());
        [
            "Everything that was written:".to_owned(),
            line("cases.json", "the applications and the employers' monthly requests"),
            line("cases", "the cases of the other benefits"),
            line("publisher", "the modules as delivered, signed with a key made for this folder"),
            line("ydun.db", "the database"),
            line("bank/out", "payment files (pain.001) for the bank"),
            line("bank/in", "the bank's answers (pain.002)"),
            line("bank/books.json", "the bank's own books"),
            line("self-service", "whom one can be in self-service"),
            line("password.txt", "the password of everybody in the municipality"),
            line("notices", "what each payee is told, as text and JSON"),
            line(
                "letters",
                "some of it as PDF: what is decided and paid in the cases that were corrected",
            ),
            line("explanations", "why each situation of the law got what it got"),
            line("figures", "the months of each benefit in figures"),
        ]
        .join("\n")
    }
}
