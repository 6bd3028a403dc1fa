//! The folders between sender and bank.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::Simbank;
use super::books::BooksError;
use super::delivery::Message;
use super::orders::READ_BYTES;

/// The bank cannot work with its folders.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("{0} cannot be read; see that it exists and is yours")]
    Unreadable(PathBuf, #[source] io::Error),
    #[error("{0} cannot be written; see that its folder exists and has room")]
    Unwritable(PathBuf, #[source] io::Error),
    #[error(transparent)]
    Books(#[from] BooksError),
}

/// Works for a day on every file in the inbox that is new, and puts what the bank says in the outbox.
///
/// Messages are written before the books. Killed in between, the bank does the same again and writes the
/// same messages once more: they have their ids from their place and their content.
pub fn work(
    bank: &mut Simbank,
    inbox: &Path,
    outbox: &Path,
    day: NaiveDate,
) -> Result<Vec<Message>, FolderError> {
    let mut files = Vec::new();
    for path in order_files(inbox)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes =
            read_limited(&path).map_err(|error| FolderError::Unreadable(path.clone(), error))?;
        files.push((name, bytes));
    }
    let messages = bank.work(&files, day);
    for message in &messages {
        let path = outbox.join(format!("{}.xml", message.id()));
        write_whole(&path, &message.xml()).map_err(|error| FolderError::Unwritable(path, error))?;
    }
    bank.save()?;
    Ok(messages)
}

/// The files `*.xml`, in the order of their names.
fn order_files(inbox: &Path) -> Result<Vec<PathBuf>, FolderError> {
    let unreadable = |error| FolderError::Unreadable(inbox.to_owned(), error);
    let entries = fs::read_dir(inbox)
        .map_err(unreadable)?
        .collect::<Result<Vec<_>, _>>()
        .map_err(unreadable)?;
    let is_order =
        |path: &PathBuf| path.is_file() && path.extension().is_some_and(|end| end == "xml");
    let mut files: Vec<PathBuf> =
        entries.into_iter().map(|entry| entry.path()).filter(is_order).collect();
    files.sort();
    Ok(files)
}

/// Not more of a file than shows that it is too large.
fn read_limited(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(READ_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes a file so that others see all of it or nothing: beside its place, then moved there.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut beside: OsString = path.into();
    beside.push(".tmp");
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(beside, path)
}
