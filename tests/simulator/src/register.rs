//! The income register of the town: simskat, and the letters between.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use ydun_peers::simskat::{Answer, Simskat};

/// The register, and its letters.
#[derive(Debug)]
pub(crate) struct IncomeRegister {
    books: Option<Simskat>,
    files: BTreeSet<String>,
    pub(crate) mail: Vec<Vec<u8>>,
    pub(crate) opened: Vec<Vec<u8>>,
}

impl IncomeRegister {
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let books = Some(Simskat::open(&folder.join("skat.json"))?);
        Ok(Self { books, files: BTreeSet::new(), mail: Vec::new(), opened: Vec::new() })
    }

    /// Works on the files it has not seen, and refuses everything about some persons.
    pub(crate) fn work(&mut self, folder: &Path, refuses: BTreeSet<String>) -> Result<usize> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.extension().is_some_and(|end| end == "txt") && self.files.insert(name.clone()) {
                files.push((name, fs::read(path)?));
            }
        }
        files.sort();
        let mut books = self.books.take().context("the register is closed")?.refusing(refuses);
        for (_, file) in &files {
            for answer in books.receive(file) {
                self.mail.push(serde_json::to_vec(&answer)?);
            }
        }
        self.books = Some(books);
        Ok(files.len())
    }

    /// What the register thinks a person's year is: øre by field.
    pub(crate) fn year_of(&self, se: &str, cpr: &str, year: i32) -> BTreeMap<u16, i64> {
        let books = self.books.as_ref().expect("the register is there but while it works");
        books.books().year_of(se, cpr, &year.to_string())
    }
}

/// The codes of an answer's errors.
pub(crate) fn errors(answer: &[u8]) -> Result<Vec<String>> {
    let answer: Answer = serde_json::from_slice(answer)?;
    Ok(answer.remarks.into_iter().map(|remark| remark.code).collect())
}
