//! What a command is about: a package, or a finished module.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use ydun_build::{OtherLanguage, Toolchain, Workspace, cases, is_package};
use ydun_domain::benefit::Dossier;
use ydun_manifest::{Case, Manifest};
use ydun_runtime::{ClassLimits, Module, Sandbox, case, verify};

/// A module, built or found built.
#[derive(Debug)]
pub(crate) struct Subject {
    /// The finished module.
    pub(crate) file: PathBuf,
    pub(crate) bytes: Vec<u8>,
    /// The package it was built from.
    pub(crate) package: Option<PathBuf>,
}

/// How a command names its subject.
#[derive(Debug, clap::Args)]
pub(crate) struct Named {
    /// The folder of a package, or a .wasm file.
    #[arg(value_name = "MODULE", default_value = ".")]
    path: PathBuf,
}

impl Named {
    pub(crate) fn open(&self) -> Result<Subject> {
        Subject::open(&self.path)
    }

    /// The package, with a component of another language in place of what it compiles to.
    pub(crate) fn describe(&self, component: &Path, says: &OtherLanguage) -> Result<Subject> {
        Subject::describe(&self.path, component, says)
    }
}

impl Subject {
    /// Builds a package; reads a file.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        if is_package(path) {
            return Self::build(path);
        }
        if path.is_dir() {
            bail!(
                "{} is no package of a module: it needs a Cargo.toml and a manifest.json; \
                 `ydun-plugin new NAME` makes one",
                path.display()
            );
        }
        let bytes = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        Ok(Self { file: path.to_owned(), bytes, package: None })
    }

    fn build(package: &Path) -> Result<Self> {
        let package = package.canonicalize().context("the folder is gone")?;
        let workspace = Workspace::of(&package)?;
        let module = ydun_build::Module::build(
            &Toolchain::ready()?,
            &workspace.root,
            &workspace.target.join("wasm"),
            &package,
        )?;
        let file = module.store(&workspace.target.join("modules"))?;
        Ok(Self { file, bytes: module.bytes, package: Some(package) })
    }

    fn describe(package: &Path, component: &Path, says: &OtherLanguage) -> Result<Self> {
        let bytes = fs::read(component)
            .with_context(|| format!("{} cannot be read", component.display()))?;
        let module = ydun_build::Module::of_other_language(package, bytes, says)
            .with_context(|| format!("{} cannot be made a module", component.display()))?;
        let file = module.store(component.parent().unwrap_or(Path::new("")))?;
        Ok(Self { file, bytes: module.bytes, package: Some(package.to_owned()) })
    }

    pub(crate) fn manifest(&self) -> Result<Manifest> {
        verify::manifest_of(&self.bytes).map_err(|fault| self.refused(&fault))
    }

    /// The module, ready to be called in a sandbox of its own.
    pub(crate) fn load(&self) -> Result<Module> {
        Module::load(&sandbox()?, &self.bytes).map_err(|fault| self.refused(&fault))
    }

    /// The cases it carries.
    pub(crate) fn cases(&self) -> Result<Vec<Case>> {
        case::read(&self.bytes).map_err(|fault| self.refused(&fault))
    }

    /// A dossier: from a case by its name, from a table, or from JSON as the host keeps it.
    pub(crate) fn dossier(&self, named: &str) -> Result<Dossier> {
        let path = Path::new(named);
        if path.is_file() {
            return self.dossier_from(path);
        }
        let cases = self.cases()?;
        if let Some(case) = cases.iter().find(|case| case.name == named) {
            return Ok(case.dossier.clone());
        }
        let known: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        bail!("'{named}' is neither a file nor one of its cases: {}", known.join(", "))
    }

    fn dossier_from(&self, file: &Path) -> Result<Dossier> {
        let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        match serde_json::from_slice(&bytes) {
            Ok(dossier) => Ok(dossier),
            Err(_) => Ok(cases::read(file, &self.manifest()?)?.dossier),
        }
    }

    fn refused(&self, fault: &ydun_runtime::Fault) -> anyhow::Error {
        anyhow::anyhow!(
            "{}: {fault}; `ydun-plugin check {}` tells more",
            self.file.display(),
            self.package.as_ref().unwrap_or(&self.file).display()
        )
    }
}

/// The host's own sandbox, with its limits.
pub(crate) fn sandbox() -> Result<Sandbox> {
    Ok(Sandbox::new(ClassLimits::default())?)
}
