//! One benefit module, from its package to its file.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use ydun_manifest::{Class, Manifest};

use crate::toolchain::Toolchain;
use crate::{cases, component, run};

/// A finished module.
#[derive(Clone, Debug)]
pub struct Module {
    /// Its name as a file: `voksenlaerling-1.0.0.wasm`.
    pub file: String,
    pub bytes: Vec<u8>,
}

/// What a component of another language says of itself, where that is not what the manifest of the
/// package says, whose rules and cases it has.
#[derive(Clone, Debug, Default)]
pub struct OtherLanguage {
    pub class: Option<Class>,
    pub id: Option<String>,
}

/// Whether a folder holds the package of a module.
pub fn is_package(folder: &Path) -> bool {
    ["Cargo.toml", "manifest.json"].iter().all(|it| folder.join(it).is_file())
}

impl Module {
    /// Compiles a package of the workspace at `root`, with cargo's files kept in `target`.
    pub fn build(
        toolchain: &Toolchain,
        root: &Path,
        target: &Path,
        package: &Path,
    ) -> Result<Self> {
        let core = core_module(toolchain, root, target, package)?;
        let core = fs::read(&core).with_context(|| format!("{} cannot be read", core.display()))?;
        let component = component::assemble(&core)
            .with_context(|| format!("{} cannot be made a component", package.display()))?;
        Self::described(package, component, &manifest_text(package)?)
    }

    /// Puts a package's manifest and cases into a component that another language's tools have made.
    pub fn of_other_language(
        package: &Path,
        component: Vec<u8>,
        says: &OtherLanguage,
    ) -> Result<Self> {
        let mut manifest: Value = serde_json::from_str(&manifest_text(package)?)
            .with_context(|| format!("the manifest of {} is no JSON", package.display()))?;
        if let Some(class) = says.class {
            manifest["class"] = serde_json::to_value(class)?;
        }
        if let Some(id) = &says.id {
            manifest["id"] = id.as_str().into();
        }
        Self::described(package, component, &manifest.to_string())
    }

    fn described(package: &Path, component: Vec<u8>, text: &str) -> Result<Self> {
        let manifest = serde_json::from_str(text)
            .with_context(|| format!("{} has no manifest", package.display()))?;
        let text = component::minify(text)?;
        let cases = cases::read_folder(&package.join("cases"), &manifest)?;
        let cases = serde_json::to_string(&cases)?;
        let bytes = component::describe(component, &text, &cases)?;
        Ok(Self { file: file_name(&manifest), bytes })
    }

    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(&self.bytes))
    }

    /// Writes the module in one go, for others may be reading the folder.
    pub fn store(&self, folder: &Path) -> Result<PathBuf> {
        let path = folder.join(&self.file);
        let unfinished = path.with_extension("unfinished");
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&unfinished, &self.bytes))
            .and_then(|()| fs::rename(&unfinished, &path))
            .with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(path)
    }
}

/// `k0561:julehjaelp` becomes `k0561-julehjaelp-1.0.0.wasm`: a colon is not for file names.
fn file_name(manifest: &Manifest) -> String {
    format!("{}-{}.wasm", manifest.id.replace(':', "-"), manifest.version)
}

fn manifest_text(package: &Path) -> Result<String> {
    let path = package.join("manifest.json");
    fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))
}

/// Compiles one package. Each has a run of cargo of its own: in a common run, the features that
/// one module asks of a shared dependency would change the bytes of another.
fn core_module(
    toolchain: &Toolchain,
    root: &Path,
    target: &Path,
    package: &Path,
) -> Result<PathBuf> {
    let package = package.join("Cargo.toml");
    let mut command = toolchain.cargo_build(root)?;
    command.arg("--message-format=json-render-diagnostics");
    command.arg("--target-dir").arg(target).arg("--manifest-path").arg(&package);
    let messages = run::run_and_read(&mut command, "see the compiler's message above")?;
    built(&messages, &package).with_context(|| {
        format!("{} builds no module; add `crate-type = [\"cdylib\", \"rlib\"]`", package.display())
    })
}

/// What cargo says it has built or found built already, one JSON object to a line.
#[derive(Deserialize)]
struct Artifact {
    manifest_path: PathBuf,
    filenames: Vec<PathBuf>,
}

fn built(messages: &str, package: &Path) -> Option<PathBuf> {
    let artifacts = messages.lines().filter_map(|line| serde_json::from_str::<Artifact>(line).ok());
    let of_package = artifacts.filter(|artifact| artifact.manifest_path == package);
    let is_wasm = |file: &PathBuf| file.extension() == Some(OsStr::new("wasm"));
    of_package.flat_map(|artifact| artifact.filenames).find(is_wasm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_is_found_among_what_cargo_says() {
        let messages = r#"{"reason":"compiler-artifact","manifest_path":"/w/sdk/Cargo.toml","filenames":["/t/sdk.wasm"]}
{"reason":"compiler-artifact","manifest_path":"/w/a/Cargo.toml","filenames":["/t/liba.rlib","/t/a.wasm"]}
{"reason":"build-finished","success":true}"#;
        let found = |package: &str| built(messages, Path::new(package));
        assert_eq!(found("/w/a/Cargo.toml"), Some(PathBuf::from("/t/a.wasm")));
        assert_eq!(found("/w/b/Cargo.toml"), None);
    }

    #[test]
    fn a_municipality_s_own_module_has_a_file_name_without_a_colon() {
        let manifest = serde_json::from_value(serde_json::json!({
            "id": "k0561:julehjaelp", "version": "1.2.0", "interface": "1.0.0", "title": "Julehjælp",
            "legal-basis": ["§ 1"], "owner": "test", "licence": "MPL-2.0", "facts": [],
            "postings": [], "payees": [], "four-eyes-above": "0.00", "retention-years": 5,
        }));
        assert_eq!(file_name(&manifest.unwrap()), "k0561-julehjaelp-1.2.0.wasm");
    }
}
