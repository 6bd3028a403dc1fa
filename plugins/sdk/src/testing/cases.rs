//! The cases a module carries along, held against what it answers.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ydun_manifest::{Case, table};

use super::{Manifest, Scene};

/// Says that the tables in `cases/` are those of these scenes, with what the module answers to them.
///
/// `package` is the module's `CARGO_MANIFEST_DIR`. With `UPDATE_CASES=1` the tables are written anew;
/// title and reason are people's words and stay. Read the difference before you commit it.
///
/// # Panics
/// When a table is missing, says something else, or belongs to no scene.
pub fn kept_as_tables<'a>(package: &str, scenes: impl IntoIterator<Item = (&'a str, Scene)>) {
    let folder = Path::new(package).join("cases");
    let mut known = BTreeSet::new();
    for (name, scene) in scenes {
        let file = folder.join(format!("{name}.{}", table::EXTENSION));
        kept(&file, name, &scene);
        known.insert(file);
    }
    let entries = fs::read_dir(&folder).expect("there is a folder of cases");
    let files: BTreeSet<PathBuf> =
        entries.map(|entry| entry.expect("the folder can be read").path()).collect();
    assert_eq!(files, known, "a file in cases/ belongs to no scene");
}

fn kept(file: &Path, name: &str, scene: &Scene) {
    let Manifest(manifest) = scene.manifest;
    let expected = scene.calculate().into();
    let read = fs::read(file).ok().map(|bytes| table::read(name, &bytes, manifest));
    let (title, reason) = match &read {
        Some(Ok(case)) => (case.title.clone(), case.reason.clone()),
        _ => Default::default(),
    };
    let case = Case { name: name.to_owned(), title, reason, dossier: scene.dossier(), expected };
    if std::env::var_os("UPDATE_CASES").is_some() {
        fs::write(file, table::write(&case, manifest)).expect("the table can be written");
        return;
    }
    let advice = "UPDATE_CASES=1 writes it anew; then read the difference";
    match read {
        None => panic!("{} is missing; {advice}", file.display()),
        Some(Err(why)) => panic!("{}: {why}", file.display()),
        Some(Ok(kept)) => {
            assert!(
                kept == case,
                "{} is not what the module answers; {advice}\nit answers:\n{}",
                file.display(),
                table::write(&case, manifest)
            );
        }
    }
}
