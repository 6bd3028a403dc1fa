//! Puts what the pages are made of into the program: style sheet, fonts, icons and scripts.
//!
//! `cargo xtask assets` makes them, from packages that are not in the repository. Without them the program
//! is built all the same, for everything but its pages.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/assets");
    println!("cargo::rerun-if-changed={}", folder.display());
    let files = if folder.is_dir() { files(&folder)? } else { Vec::new() };
    if files.is_empty() {
        println!(
            "cargo::warning=this program will have no style sheet for its pages; run `cargo xtask assets` and build again"
        );
    }
    let out = env::var_os("OUT_DIR").expect("cargo says where to write");
    fs::write(Path::new(&out).join("assets.rs"), list(&folder, &files))
}

/// The files in a folder and those below it, in order of their names.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in folder.read_dir()? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(self::files(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// `&[("fonts/a.woff2", include_bytes!("…/fonts/a.woff2")), …]`
fn list(folder: &Path, files: &[PathBuf]) -> String {
    let mut list = String::from("&[");
    for file in files {
        let name = file.strip_prefix(folder).expect("it was found in the folder");
        let [name, file] = [name, file].map(|path| path.to_str().expect("a path is text"));
        write!(list, "({name:?}, include_bytes!({file:?})),").expect("a text takes more text");
    }
    list + "]"
}
