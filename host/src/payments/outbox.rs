//! The folder the bank fetches files from.
//!
//! A file is written beside the folder's eyes, forced to the disk, and renamed into the folder when
//! the transaction that sends its payments has committed. So the bank never sees half a file, nor a
//! file of payments that were not sent after all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use ydun_domain::Tenant;

/// The folder the bank fetches files from.
#[derive(Clone, Debug)]
pub struct Outbox {
    folder: PathBuf,
}

/// Why a file could not be put in the outbox.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    #[error("the file '{path}' could not be written; check the disk and the rights to the folder")]
    Write { path: PathBuf, source: io::Error },
    #[error(
        "the file '{0}' is not the one that was sent: another program has changed it; take it out of the folder"
    )]
    Changed(PathBuf),
}

impl Outbox {
    /// Uses a folder, which is made if there is none.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, OutboxError> {
        let outbox = Self { folder: folder.into() };
        let pending = outbox.folder.join(Self::PENDING);
        fs::create_dir_all(&pending)
            .map_err(|source| OutboxError::Write { path: pending, source })?;
        Ok(outbox)
    }

    const PENDING: &str = ".pending";

    /// Where the bank finds a file.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn pending_path(&self, name: &str) -> PathBuf {
        self.folder.join(Self::PENDING).join(name)
    }

    /// Writes a file where the bank does not see it, waits until it is on the disk, and returns its digest.
    pub(crate) fn write(
        &self,
        name: &str,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Vec<u8>, OutboxError> {
        let path = self.pending_path(name);
        write_to_disk(&path, content).map_err(|source| OutboxError::Write { path, source })
    }

    /// Whether the file is here, published or not.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.path(name).exists() || self.pending_path(name).exists()
    }

    /// Shows the file to the bank. Doing it again changes nothing.
    pub(crate) fn publish(&self, name: &str, digest: &[u8]) -> Result<(), OutboxError> {
        let (pending, published) = (self.pending_path(name), self.path(name));
        if published.exists() {
            return is_as_sent(&published, digest);
        }
        is_as_sent(&pending, digest)?;
        let rename = || {
            fs::rename(&pending, &published)?;
            File::open(&self.folder)?.sync_all()
        };
        rename().map_err(|source| OutboxError::Write { path: published.clone(), source })
    }

    /// Removes a municipality's files that were never sent, as the process that wrote them was killed:
    /// they hold personal numbers. Returns how many.
    ///
    /// One that is being written now and is removed too does no harm: it is made again from the rows.
    pub(crate) fn sweep(&self, tenant: Tenant, sent: &[String]) -> Result<usize, OutboxError> {
        let folder = self.folder.join(Self::PENDING);
        let own = format!("{tenant}-");
        let left_over = |name: &str| name.starts_with(&own) && sent.iter().all(|sent| sent != name);
        let sweep = || {
            let mut swept = 0;
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                if entry.file_name().to_str().is_some_and(left_over) {
                    fs::remove_file(entry.path())?;
                    swept += 1;
                }
            }
            Ok(swept)
        };
        sweep().map_err(|source| OutboxError::Write { path: folder.clone(), source })
    }
}

/// Only the owner may read it: it holds personal numbers.
fn write_to_disk(
    path: &Path,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<Vec<u8>> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    let mut hashing = Hashing { to: BufWriter::new(file), hasher: Sha256::new() };
    content(&mut hashing)?;
    hashing.to.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    Ok(hashing.hasher.finalize().to_vec())
}

fn is_as_sent(path: &Path, sent: &[u8]) -> Result<(), OutboxError> {
    let read = || {
        let mut hashing = Hashing { to: io::sink(), hasher: Sha256::new() };
        io::copy(&mut File::open(path)?, &mut hashing)?;
        Ok(hashing.hasher.finalize().to_vec())
    };
    let digest = read().map_err(|source| OutboxError::Write { path: path.to_owned(), source })?;
    if digest == sent { Ok(()) } else { Err(OutboxError::Changed(path.to_owned())) }
}

/// Writes on, and digests what it writes.
struct Hashing<W> {
    to: W,
    hasher: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
