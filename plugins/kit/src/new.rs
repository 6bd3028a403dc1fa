//! `new`: a benefit to begin from.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use ydun_build::Workspace;

/// Files of the template, and where they go.
const FILES: [(&str, &str); 5] = [
    ("manifest.json", include_str!("../template/manifest.json")),
    ("src/lib.rs", include_str!("../template/src/lib.rs")),
    ("README.md", include_str!("../template/README.md")),
    ("cases/et-barn.csv", include_str!("../template/cases/et-barn.csv")),
    ("cases/barnet-er-voksent.csv", include_str!("../template/cases/barnet-er-voksent.csv")),
];
const MEMBER: &str = include_str!("../template/Cargo.member.toml");
const ALONE: &str = include_str!("../template/Cargo.alone.toml");

/// The SDK of the checkout this program was built from.
const OWN_SDK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../sdk");

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The benefit's id: julehjaelp, or a municipality's own with its code, k0561:julehjaelp.
    id: String,
    /// Its Danish title [default: the id]
    #[arg(long)]
    title: Option<String>,
    /// The folder to make the package in; inside a checkout of Ydun, plugins/ is the place.
    #[arg(long = "in", default_value = ".")]
    parent: PathBuf,
    /// Where the SDK is: a folder, or the address of a Git repository [default: the checkout this
    /// program was built from]
    #[arg(long)]
    sdk: Option<String>,
}

pub(crate) fn command(arguments: &Arguments) -> Result<bool> {
    let name = arguments.id.rsplit(':').next().unwrap_or_default();
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    ensure!(is_name, "'{name}' is no name such as julehjaelp: small letters, digits and hyphens");
    let parent = arguments.parent.canonicalize().context("the folder of --in is not there")?;
    let package = parent.join(name);
    ensure!(!package.exists(), "{} is there already", package.display());

    let checkout = checkout(&parent);
    let cargo = match &checkout {
        Some(_) => MEMBER.to_owned(),
        None => ALONE.replace("{{sdk}}", &sdk(arguments)?),
    };
    let files = [("Cargo.toml", cargo.as_str())];
    for (path, text) in files.into_iter().chain(FILES) {
        write(&package.join(path), &filled(text, arguments, name))?;
    }
    if let Some(root) = &checkout {
        add_member(root, &package)?;
    }
    println!("{} is a benefit that compiles. Next:", package.display());
    println!("  ydun-plugin test {0}\n  ydun-plugin check {0}", package.display());
    Ok(true)
}

/// The root of the checkout of Ydun the folder lies in.
fn checkout(parent: &Path) -> Option<PathBuf> {
    let root = Workspace::of(parent).ok()?.root;
    root.join("plugins/sdk/Cargo.toml").is_file().then_some(root)
}

/// The SDK as Cargo.toml names it.
fn sdk(arguments: &Arguments) -> Result<String> {
    let quoted = |text: &str| serde_json::to_string(text).map_err(anyhow::Error::from);
    let place = arguments.sdk.as_deref().unwrap_or(OWN_SDK);
    if ["https://", "ssh://", "git@"].iter().any(|start| place.starts_with(start)) {
        return Ok(format!("git = {}", quoted(place)?));
    }
    match Path::new(place).canonicalize() {
        Ok(folder) if folder.join("Cargo.toml").is_file() => {
            Ok(format!("path = {}", quoted(&folder.to_string_lossy())?))
        }
        _ => bail!(
            "the SDK is not in {place}; name its folder or its Git repository: \
             --sdk ../ydun/plugins/sdk"
        ),
    }
}

fn filled(text: &str, arguments: &Arguments, name: &str) -> String {
    let title = arguments.title.as_deref().unwrap_or(name);
    text.replace("{{id}}", &arguments.id)
        .replace("{{name}}", name)
        .replace("{{title}}", title)
        .replace("{{type}}", &type_name(name))
}

/// `julehjaelp-2` becomes `Julehjaelp2`.
fn type_name(name: &str) -> String {
    let capital = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_uppercase() + rest
    };
    name.split('-').map(capital).collect()
}

/// Adds the package to the members of the workspace, behind the others of its folder.
fn add_member(root: &Path, package: &Path) -> Result<()> {
    let path = root.join("Cargo.toml");
    let text = fs::read_to_string(&path).context("the workspace's Cargo.toml cannot be read")?;
    let place = package.strip_prefix(root).context("the package lies outside the workspace")?;
    let member = format!("    \"{}\",\n", place.display());
    let (head, rest) = text.split_once("members = [\n").context(
        "the workspace's Cargo.toml has no list of members; add the package there yourself",
    )?;
    let (members, tail) = rest.split_once(']').context("the list of members has no end")?;
    let text = format!("{head}members = [\n{members}{member}]{tail}");
    fs::write(&path, text).context("the workspace's Cargo.toml cannot be written")
}

fn write(file: &Path, text: &str) -> Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, text))
        .with_context(|| format!("{} cannot be written", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_type() {
        assert_eq!(type_name("julehjaelp"), "Julehjaelp");
        assert_eq!(type_name("jobafklaring-refusion-2"), "JobafklaringRefusion2");
    }
}
