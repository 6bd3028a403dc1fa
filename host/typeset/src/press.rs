//! Setting a letter: Typst as a library, with our fonts and our template and nothing else within reach.

use serde::Serialize;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World, comemo};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::fonts::{self, NoFonts};
use crate::{Letter, Print};

/// The names a template knows its letter by.
const TEMPLATE: &str = "letter.typ";
const DATA: &str = "letter.json";
const LOGO: &str = "logo.svg";

/// How many letters later what Typst remembers of one is dropped. What all letters share is used by
/// each and stays.
const REMEMBERED_LETTERS_MAX: usize = 10;

/// What is the same for every letter. It takes a while to make and serves all threads.
#[derive(Debug)]
pub struct Press {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
    data: FileId,
    logo: FileId,
    standards: PdfStandards,
}

/// A letter could not be set.
///
/// A letter is data for a template of ours, so this is a mistake in the template or in a logo.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the letter could not be set: {0}")]
pub struct NotSet(String);

impl Press {
    /// A press with the fonts that were built in.
    pub fn new() -> Result<Self, NoFonts> {
        let fonts = fonts::built_in()?;
        Ok(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            template: Source::new(file_id(TEMPLATE), include_str!("letter.typ").to_owned()),
            data: file_id(DATA),
            logo: file_id(LOGO),
            standards: PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
                .expect("the archive's standard and the screen readers' have a version in common"),
        })
    }

    /// The letter as PDF/A-2a and PDF/UA-1: to be kept for ever, and to be read aloud.
    ///
    /// There is no moment in it but the letter's own day, so the same letter gives the same bytes.
    pub fn pdf(&self, letter: &Letter, print: Print) -> Result<Vec<u8>, NotSet> {
        let document = self.set(letter, print)?;
        let options = PdfOptions {
            ident: Smart::Custom(letter.id.clone()),
            creator: Smart::Custom(Some("Ydun".to_owned())),
            standards: self.standards.clone(),
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&document, &options).map_err(|errors| NotSet::of(&errors));
        comemo::evict(REMEMBERED_LETTERS_MAX);
        pdf
    }

    pub(crate) fn set(&self, letter: &Letter, print: Print) -> Result<PagedDocument, NotSet> {
        let sheet = Sheet::new(self, letter, print);
        typst::compile(&sheet).output.map_err(|errors| NotSet::of(&errors))
    }
}

impl NotSet {
    fn of(errors: &[SourceDiagnostic]) -> Self {
        let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        Self(messages.join("; "))
    }
}

fn file_id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("our files have plain names");
    FileId::new(RootedPath::new(VirtualRoot::Project, path))
}

/// One letter on the press. The template reads it as data, so nothing in a letter is ever run.
struct Sheet<'a> {
    press: &'a Press,
    data: Bytes,
    logo: Option<Bytes>,
}

/// What the template reads.
#[derive(Serialize)]
struct Data<'a> {
    #[serde(flatten)]
    letter: &'a Letter,
    /// As in `31. oktober 2020`.
    day: String,
    print: Print,
}

impl<'a> Sheet<'a> {
    fn new(press: &'a Press, letter: &Letter, print: Print) -> Self {
        let data = Data { letter, day: letter.date.in_words(), print };
        let data = serde_json::to_vec(&data).expect("texts and days are always JSON");
        let logo = letter.sender.logo.as_ref().map(|logo| Bytes::from_string(logo.svg.clone()));
        Self { press, data: Bytes::new(data), logo }
    }
}

impl World for Sheet<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.press.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.press.book
    }

    fn main(&self) -> FileId {
        self.press.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.press.template.id() {
            Ok(self.press.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let logo = self.logo.as_ref().filter(|_| id == self.press.logo);
        let found = if id == self.press.data { Some(&self.data) } else { logo };
        found.cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.get(index).cloned()
    }

    /// A letter has the day that stands in it and no other.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests;
