//! simskat: an income register of its own, to report to on one machine.
//!
//! It reads files of fixed width byte by byte, from its own copy of the positions, keeps the account of
//! each payer, person, period and field, refuses what the tax authority refuses, and answers. Asked what
//! a person's year is, it says what it has accepted. The form of its answers is ours, as the authority's
//! is not public.

mod answers;
mod books;
mod file;
mod rules;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

pub use self::answers::{Answer, Remark, Severity, Verdict};
pub use self::books::{Books, BooksError};

use self::file::{Item, Unread};

/// The register, with its books open.
#[derive(Debug)]
pub struct Simskat {
    books: Books,
    path: PathBuf,
    /// Persons of whom it refuses everything, to try what then happens.
    refuses: BTreeSet<String>,
}

impl Simskat {
    /// Opens the register on its books; without a file it begins new ones. [`Simskat::save`] writes them.
    pub fn open(books: &Path) -> Result<Self, BooksError> {
        Ok(Self { books: Books::open(books)?, path: books.to_owned(), refuses: BTreeSet::new() })
    }

    /// Refuses everything about some persons.
    pub fn refusing(self, refuses: BTreeSet<String>) -> Self {
        Self { refuses, ..self }
    }

    pub fn save(&self) -> Result<(), BooksError> {
        self.books.save(&self.path)
    }

    pub fn books(&self) -> &Books {
        &self.books
    }

    /// Answers a file: a receipt, and then what became of it. The same content again gets the same answers.
    pub fn receive(&mut self, content: &[u8]) -> Vec<Answer> {
        let digest = hex::encode(Sha256::digest(content));
        if let Some(answers) = self.books.answers_to(&digest) {
            return answers;
        }
        let answers = match file::read(content) {
            Ok(file) if self.books.knows_file(&file.main_id) => {
                let reused = Remark::of_file("E02", "Hovedindberetnings-ID er brugt før");
                vec![self.answer(&file.main_id, Verdict::Refused, vec![reused])]
            }
            Ok(file) => self.work_on(&file),
            Err(Unread { main_id, remark }) => {
                vec![self.answer(&main_id, Verdict::Refused, vec![remark])]
            }
        };
        self.books.keep_answers(digest, &answers);
        answers
    }

    fn work_on(&mut self, file: &file::File) -> Vec<Answer> {
        let receipt = self.answer(&file.main_id, Verdict::Received, Vec::new());
        let mut remarks = Vec::new();
        for item in &file.items {
            if let Err(remark) = self.enter(item) {
                remarks.push(remark);
            }
        }
        vec![receipt, self.answer(&file.main_id, Verdict::Processed, remarks)]
    }

    /// Enters an item in the books, or says why not.
    fn enter(&mut self, item: &Item) -> Result<(), Remark> {
        if self.refuses.contains(item.cpr()) {
            return Err(Remark::of_item(item, None, "E99", "Personen kan ikke behandles lige nu"));
        }
        rules::check(&self.books, item)?;
        self.books.enter(item);
        Ok(())
    }

    fn answer(&mut self, file_id: &str, verdict: Verdict, remarks: Vec<Remark>) -> Answer {
        let answer_id = self.books.next_answer_id();
        Answer { answer_id, file_id: file_id.to_owned(), verdict, remarks }
    }
}

/// Works on the files of a folder that it has not seen, and writes its answers to another.
pub fn work(register: &mut Simskat, inbox: &Path, outbox: &Path) -> anyhow::Result<Vec<Answer>> {
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(inbox)? {
        files.push(entry?.path());
    }
    files.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    let mut answers = Vec::new();
    for file in files {
        for answer in register.receive(&std::fs::read(&file)?) {
            let path = outbox.join(format!("{}.json", answer.answer_id));
            if !path.exists() {
                std::fs::write(&path, serde_json::to_vec_pretty(&answer)?)?;
                answers.push(answer);
            }
        }
    }
    register.save()?;
    Ok(answers)
}
