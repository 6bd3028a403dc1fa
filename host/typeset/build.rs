//! Puts the fonts of letters into the program.
//!
//! `cargo xtask assets` takes them from a package that is not in the repository. Without them the program is
//! built all the same, and says so when it is to set a letter.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/fonts");
    println!("cargo::rerun-if-changed={}", folder.display());
    let files = if folder.is_dir() { files(&folder)? } else { Vec::new() };
    if files.is_empty() {
        println!(
            "cargo::warning=this program will have no fonts for its letters; run `cargo xtask assets` and build again"
        );
    }
    let out = env::var_os("OUT_DIR").expect("cargo says where to write");
    fs::write(Path::new(&out).join("fonts.rs"), list(&files))
}

/// The files in a folder, in order of their names.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = folder.read_dir()?.map(|entry| Ok(entry?.path()));
    let mut files = entries.collect::<io::Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

/// `&[include_bytes!("…/a.ttf"), …]`
fn list(files: &[PathBuf]) -> String {
    let mut list = String::from("&[");
    for file in files {
        let file = file.to_str().expect("a path is text");
        write!(list, "include_bytes!({file:?}),").expect("a text takes more text");
    }
    list + "]"
}
