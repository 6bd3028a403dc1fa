//! Putting files where the income register fetches them.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::access::{Act, Pay};
use crate::audit::{self, Action, Subject};
use crate::db::{Db, Tx};
use crate::reports::{Item, ReportFile, ReportFormat, State, store};

/// Why a file was not sent. It will be the next time.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    #[error("the file '{path}' could not be written; check the disk and the rights to the folder")]
    Write { path: PathBuf, source: io::Error },
    #[error("that the files were sent could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Sends the files that were made and not sent.
///
/// A file is made of its rows, so one that is killed before it is marked as sent is sent again with the
/// same bytes, and the register answers as it did the first time.
pub async fn send(
    db: &Db,
    act: &Act<Pay>,
    format: &dyn ReportFormat,
    folder: &Path,
) -> Result<Vec<ReportFile>, SendError> {
    let mut tx = db.begin().await?;
    let files = store::unsent(&mut tx, act.tenant()).await?;
    for file in &files {
        let items = store::of_file(&mut tx, act.tenant(), file.id).await?;
        let path = folder.join(file.name());
        write(&path, file, &items, format)
            .map_err(|source| SendError::Write { path: path.clone(), source })?;
        mark(&mut tx, act, file, &items).await?;
    }
    tx.commit().await?;
    Ok(files)
}

async fn mark(
    tx: &mut Tx,
    act: &Act<Pay>,
    file: &ReportFile,
    items: &[Item],
) -> Result<(), sqlx::Error> {
    for item in items {
        store::set_state(tx, act.tenant(), &item.report_id, State::Sent, None).await?;
    }
    store::set_sent(tx, act, file.id).await?;
    let subject = Subject::ReportFile(file.id);
    audit::record(tx, act, Action::ReportsSent, subject, format!("{} items", items.len())).await
}

/// Writes a file beside the folder's eyes and moves it in when it is whole. Only the owner may read it.
fn write(
    path: &Path,
    file: &ReportFile,
    items: &[Item],
    format: &dyn ReportFormat,
) -> io::Result<()> {
    let hidden = path.with_extension("part");
    let opened =
        File::options().write(true).create(true).truncate(true).mode(0o600).open(&hidden)?;
    let mut writer = BufWriter::new(opened);
    format.write(file, items, &mut writer)?;
    writer.flush()?;
    writer.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    fs::rename(&hidden, path)?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
