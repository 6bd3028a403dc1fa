//! Building the benefit modules: every package under `plugins/` that has a `manifest.json`.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::toolchain::Toolchain;
use crate::{component, run, source};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Build once more from a copy of the source elsewhere, and fail unless the bytes are the same.
    #[arg(long)]
    check_reproducible: bool,
    /// Folders under plugins/; all modules when none is named.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

/// The chore `modules`.
pub(crate) fn command(arguments: &Arguments) -> Result<()> {
    let toolchain = Toolchain::ready()?;
    let modules = build(&toolchain, &arguments.names)?;
    if arguments.check_reproducible {
        check_reproducible(&toolchain, &modules)?;
    }
    Ok(())
}

/// Where finished modules are put.
pub(crate) fn folder(root: &Path) -> PathBuf {
    root.join("target/modules")
}

fn target(root: &Path) -> PathBuf {
    root.join("target/wasm")
}

/// A finished module.
pub(crate) struct Module {
    /// The folder under `plugins/` that it is built from.
    name: String,
    file: String,
    bytes: Vec<u8>,
}

impl Module {
    fn sha256(&self) -> String {
        hex::encode(Sha256::digest(&self.bytes))
    }
}

/// Builds the named modules, or all, and puts them into [`folder`].
pub(crate) fn build(toolchain: &Toolchain, names: &[String]) -> Result<Vec<Module>> {
    let root = source::root()?;
    let modules = compile(toolchain, &root, &target(&root), names)?;
    let folder = folder(&root);
    if names.is_empty() {
        remove_others(&folder, &modules)?;
    }
    for module in &modules {
        store(&folder, module)?;
        println!("{}  {} bytes  sha256:{}", module.file, module.bytes.len(), module.sha256());
    }
    Ok(modules)
}

/// Builds the modules again from another folder, and fails unless that makes no difference:
/// whoever has the source must be able to arrive at the digest that decisions are pinned to.
pub(crate) fn check_reproducible(toolchain: &Toolchain, modules: &[Module]) -> Result<()> {
    let root = source::root()?;
    let elsewhere = root.join("target/elsewhere");
    if !elsewhere.exists() {
        begin_with_dependencies(&target(&root), &elsewhere)?;
    }
    let copy = elsewhere.join("source");
    source::mirror(&root, &copy)?;
    let names: Vec<String> = modules.iter().map(|module| module.name.clone()).collect();
    let again = compile(toolchain, &copy, &elsewhere.join("wasm"), &names)?;
    for (first, second) in modules.iter().zip(&again) {
        ensure!(
            first.bytes == second.bytes,
            "{} came out as {} here and as {} in {}; \
             look for a path, a time or an unordered collection in what is built",
            first.file,
            first.sha256(),
            second.sha256(),
            copy.display(),
        );
    }
    println!("{} built from two places: the same bytes", in_words(modules.len()));
    Ok(())
}

/// Takes along what others wrote, which is the same in every place, to save compiling it again.
/// Our own is then older than its copied source, so cargo compiles that.
fn begin_with_dependencies(target: &Path, elsewhere: &Path) -> Result<()> {
    fs::create_dir_all(elsewhere).context("the folder target/elsewhere cannot be created")?;
    let mut copy = Command::new("cp");
    copy.arg("-pR").arg(target).arg(elsewhere.join("wasm"));
    run::run(&mut copy, "is the disk full?")
}

fn in_words(count: usize) -> String {
    if count == 1 { "1 module".to_owned() } else { format!("{count} modules") }
}

fn compile(
    toolchain: &Toolchain,
    root: &Path,
    target: &Path,
    names: &[String],
) -> Result<Vec<Module>> {
    let plugins = root.join("plugins");
    let chosen = choose(&sources(&plugins)?, names)?;
    chosen.iter().map(|name| compile_one(toolchain, root, target, name)).collect()
}

/// The folders that hold a module, in order of name.
fn sources(plugins: &Path) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for entry in plugins.read_dir().context("the folder plugins/ cannot be read")? {
        let folder = entry?.path();
        let is_module = ["Cargo.toml", "manifest.json"].iter().all(|it| folder.join(it).is_file());
        found.extend(
            folder.file_name().and_then(OsStr::to_str).filter(|_| is_module).map(str::to_owned),
        );
    }
    Ok(found)
}

fn choose(sources: &BTreeSet<String>, names: &[String]) -> Result<Vec<String>> {
    ensure!(!sources.is_empty(), "no folder under plugins/ has a Cargo.toml and a manifest.json");
    if let Some(unknown) = names.iter().find(|name| !sources.contains(*name)) {
        let there: Vec<&str> = sources.iter().map(String::as_str).collect();
        bail!(
            "plugins/{unknown} is not a module: it needs a Cargo.toml and a manifest.json; \
             there are {}",
            there.join(", ")
        );
    }
    let chosen = sources.iter().filter(|name| names.is_empty() || names.contains(name));
    Ok(chosen.cloned().collect())
}

fn compile_one(toolchain: &Toolchain, root: &Path, target: &Path, name: &str) -> Result<Module> {
    let folder = root.join("plugins").join(name);
    let manifest = Manifest::read(&folder.join("manifest.json"))?;
    let cases = cases(&folder.join("cases"))?;
    let core = core_module(toolchain, root, target, &folder)?;
    let core = fs::read(&core).with_context(|| format!("{} cannot be read", core.display()))?;
    let bytes = component::assemble(&core, &manifest.minified, &cases)
        .with_context(|| format!("plugins/{name} cannot be made a component"))?;
    Ok(Module { name: name.to_owned(), file: manifest.file_name(), bytes })
}

/// As much of a manifest as the name of the file needs. The rest is the host's to verify.
struct Manifest {
    identity: Identity,
    minified: String,
}

#[derive(Deserialize)]
struct Identity {
    id: String,
    version: String,
}

impl Manifest {
    fn read(path: &Path) -> Result<Self> {
        let minified = minified(path)?;
        let identity = serde_json::from_str(&minified)
            .with_context(|| format!("{} lacks an id or a version", path.display()))?;
        Ok(Self { identity, minified })
    }

    /// `k0561:julehjaelp` becomes `k0561-julehjaelp-1.0.0.wasm`: a colon is not for file names.
    fn file_name(&self) -> String {
        format!("{}-{}.wasm", self.identity.id.replace(':', "-"), self.identity.version)
    }
}

/// The worked cases in order of name.
fn cases(folder: &Path) -> Result<Vec<String>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in folder.read_dir()? {
        files.push(entry?.path());
    }
    files.retain(|file| file.extension() == Some(OsStr::new("json")));
    files.sort();
    files.iter().map(|file| minified(file)).collect()
}

fn minified(path: &Path) -> Result<String> {
    let text =
        fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    component::minify(&text).with_context(|| format!("{} is not valid JSON", path.display()))
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

/// Writes the module in one go, for tests may be reading the folder.
fn store(folder: &Path, module: &Module) -> Result<()> {
    let path = folder.join(&module.file);
    let unfinished = path.with_extension("unfinished");
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&unfinished, &module.bytes))
        .and_then(|()| fs::rename(&unfinished, &path))
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// Removes modules of an earlier version or a package that is gone.
fn remove_others(folder: &Path, modules: &[Module]) -> Result<()> {
    for entry in folder.read_dir().into_iter().flatten() {
        let path = entry?.path();
        if modules.iter().all(|module| path.file_name() != Some(OsStr::new(&module.file))) {
            fs::remove_file(&path)
                .with_context(|| format!("{} cannot be removed", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn all_modules_are_built_unless_some_are_named() {
        let sources = BTreeSet::from_iter(names(&["b", "a"]));
        assert_eq!(choose(&sources, &[]).unwrap(), ["a", "b"]);
        assert_eq!(choose(&sources, &names(&["b"])).unwrap(), ["b"]);
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        let sources = BTreeSet::from_iter(names(&["b", "a"]));
        let error = choose(&sources, &names(&["c"])).unwrap_err().to_string();
        assert!(error.ends_with("there are a, b"), "{error}");
    }

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
        let identity = Identity { id: "k0561:julehjaelp".into(), version: "1.2.0".into() };
        let manifest = Manifest { identity, minified: String::new() };
        assert_eq!(manifest.file_name(), "k0561-julehjaelp-1.2.0.wasm");
    }
}
