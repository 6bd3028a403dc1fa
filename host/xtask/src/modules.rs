//! Building the benefit modules: every package under `plugins/` that has a `manifest.json`.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use ydun_build::{Toolchain, is_package};

use crate::{run, source};

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

/// A finished module, and the folder under `plugins/` that it is built from.
pub(crate) struct Module {
    name: String,
    built: ydun_build::Module,
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
        let built = &module.built;
        built.store(&folder)?;
        println!("{}  {} bytes  sha256:{}", built.file, built.bytes.len(), built.sha256());
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
        let (first, second) = (&first.built, &second.built);
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
        if is_package(&folder) {
            found.extend(folder.file_name().and_then(OsStr::to_str).map(str::to_owned));
        }
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
    let package = root.join("plugins").join(name);
    let built = ydun_build::Module::build(toolchain, root, target, &package)?;
    Ok(Module { name: name.to_owned(), built })
}

/// Removes modules of an earlier version or a package that is gone.
fn remove_others(folder: &Path, modules: &[Module]) -> Result<()> {
    for entry in folder.read_dir().into_iter().flatten() {
        let path = entry?.path();
        if modules.iter().all(|module| path.file_name() != Some(OsStr::new(&module.built.file))) {
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
}
