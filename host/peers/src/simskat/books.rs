//! The register's books: every report it has accepted, and the answers it has given.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::answers::Answer;
use super::file::{Item, Report};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Books {
    /// By Indberetnings-ID.
    reports: BTreeMap<String, Entry>,
    /// Ids of accepted reversals.
    reversals: BTreeSet<String>,
    /// Main ids of the files that were worked on.
    files: BTreeSet<String>,
    /// By the digest of the file they answer.
    answers: BTreeMap<String, Vec<Answer>>,
    answer_count: u64,
}

/// A report that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) se: String,
    pub(super) cpr: String,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) disposal: String,
    pub(super) income_type: String,
    pub(super) income_kind: String,
    pub(super) account: Option<String>,
    /// Øre.
    pub(super) fields: BTreeMap<u16, i64>,
    pub(super) reversed: bool,
}

/// Why books cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BooksError {
    #[error("the books {0} cannot be read or written")]
    File(PathBuf, #[source] std::io::Error),
    #[error("the books {0} are not simskat's")]
    Form(PathBuf, #[source] serde_json::Error),
}

impl Books {
    pub(super) fn open(path: &Path) -> Result<Self, BooksError> {
        match std::fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| BooksError::Form(path.to_owned(), error)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(BooksError::File(path.to_owned(), error)),
        }
    }

    pub(super) fn save(&self, path: &Path) -> Result<(), BooksError> {
        let bytes = serde_json::to_vec_pretty(self)
            .map_err(|error| BooksError::Form(path.to_owned(), error))?;
        let hidden = path.with_extension("part");
        let write =
            || std::fs::write(&hidden, &bytes).and_then(|()| std::fs::rename(&hidden, path));
        write().map_err(|error| BooksError::File(path.to_owned(), error))
    }

    pub(super) fn answers_to(&self, digest: &str) -> Option<Vec<Answer>> {
        self.answers.get(digest).cloned()
    }

    pub(super) fn keep_answers(&mut self, digest: String, answers: &[Answer]) {
        self.files.extend(answers.iter().map(|answer| answer.file_id.clone()));
        self.answers.insert(digest, answers.to_vec());
    }

    pub(super) fn next_answer_id(&mut self) -> String {
        self.answer_count += 1;
        format!("SIMSKAT{:08}", self.answer_count)
    }

    pub(super) fn knows_file(&self, main_id: &str) -> bool {
        self.files.contains(main_id)
    }

    pub(super) fn knows_report(&self, id: &str) -> bool {
        self.reports.contains_key(id) || self.reversals.contains(id)
    }

    pub(super) fn report(&self, id: &str) -> Option<&Entry> {
        self.reports.get(id)
    }

    /// Whether the account has been told for the person's period before.
    pub(super) fn has_account(&self, report: &Report) -> bool {
        self.standing().any(|entry| {
            (&entry.cpr, &entry.first, &entry.last) == (&report.cpr, &report.first, &report.last)
                && entry.account.as_deref() == report.account()
        })
    }

    pub(super) fn enter(&mut self, item: &Item) {
        match item {
            Item::Report(report) => {
                let entry = Entry {
                    se: report.se.clone(),
                    cpr: report.cpr.clone(),
                    first: report.first.clone(),
                    last: report.last.clone(),
                    disposal: report.disposal.clone(),
                    income_type: report.income_type.clone(),
                    income_kind: report.income_kind.clone(),
                    account: report.account().map(str::to_owned),
                    fields: report.fields(),
                    reversed: false,
                };
                self.reports.insert(report.id.clone(), entry);
            }
            Item::Reversal { id, reverses, .. } => {
                self.reversals.insert(id.clone());
                if let Some(entry) = self.reports.get_mut(reverses) {
                    entry.reversed = true;
                }
            }
        }
    }

    fn standing(&self) -> impl Iterator<Item = &Entry> {
        self.reports.values().filter(|entry| !entry.reversed)
    }

    /// The totals of a person's period by field, in øre.
    pub(super) fn period_of(&self, se: &str, cpr: &str, days: (&str, &str)) -> BTreeMap<u16, i64> {
        self.totals(|entry| {
            (entry.se.as_str(), entry.cpr.as_str()) == (se, cpr)
                && (entry.first.as_str(), entry.last.as_str()) == days
        })
    }

    /// What the register thinks a person's year is: the totals by field, in øre.
    pub fn year_of(&self, se: &str, cpr: &str, year: &str) -> BTreeMap<u16, i64> {
        self.totals(|entry| {
            (entry.se.as_str(), entry.cpr.as_str()) == (se, cpr) && entry.first.starts_with(year)
        })
    }

    fn totals(&self, is_counted: impl Fn(&Entry) -> bool) -> BTreeMap<u16, i64> {
        let mut totals = BTreeMap::new();
        for entry in self.standing().filter(|entry| is_counted(entry)) {
            for (field, oere) in &entry.fields {
                *totals.entry(*field).or_default() += oere;
            }
        }
        totals.retain(|_, oere| *oere != 0);
        totals
    }
}
