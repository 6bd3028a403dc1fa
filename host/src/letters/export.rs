//! Notices of payments written to a folder as letters, for whoever delivers them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use ydun_domain::Day;
use ydun_domain::ids::PartyId;
use ydun_typeset::Print;

use super::specification::Specification;
use super::{Frame, Nameless, NoPdf, Stationery, payment};
use crate::access::{Act, Pay};
use crate::audit::{self, Action, Subject};
use crate::db::Tx;
use crate::notices::{Notice, service};
use crate::parties::{self, Party};

/// Why notices were not written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the file '{path}' could not be written; check the disk and the rights to the folder")]
    Write { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Nameless(#[from] Nameless),
    #[error(transparent)]
    NoPdf(#[from] NoPdf),
    #[error("the notices could not be read")]
    Store(#[from] sqlx::Error),
}

/// What is written of each notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts {
    TextAndJson,
    /// Setting a page takes longer than all the rest.
    PdfToo,
}

/// Writes the notices of payments at disposal within some days, and returns how many.
///
/// The files are named by the notice's id, which says nothing about anybody. Doing it again writes the
/// same files.
pub async fn export(
    tx: &mut Tx,
    act: &Act<Pay>,
    stationery: &Stationery,
    (folder, parts): (&Path, Parts),
    days: RangeInclusive<Day>,
) -> Result<usize, ExportError> {
    let detail = format!("at disposal {} to {}", days.start(), days.end());
    let notices = service::between(tx, act.tenant(), days).await?;
    let named: BTreeSet<PartyId> = notices.iter().flat_map(payment::named).collect();
    let parties =
        parties::service::by_ids(tx, act.tenant(), &named.into_iter().collect::<Vec<_>>()).await?;
    let parties: BTreeMap<PartyId, Party> =
        parties.into_iter().map(|party| (party.id, party)).collect();
    make(folder.to_owned(), |path| fs::create_dir_all(path))?;
    for notice in &notices {
        write(stationery, notice, &parties, (folder, parts))?;
    }
    audit::record(tx, act, Action::NoticesWritten, Subject::Municipality, detail).await?;
    Ok(notices.len())
}

fn write(
    stationery: &Stationery,
    notice: &Notice,
    parties: &BTreeMap<PartyId, Party>,
    (folder, parts): (&Path, Parts),
) -> Result<(), ExportError> {
    let (sender, content) = (&stationery.sender, &notice.content);
    let frame = Frame {
        sender,
        date: content.decided_on,
        case_number: &content.case_number,
        by: &content.decided_by,
    };
    let draft = payment::letter(&frame, notice, parties)?;
    let json = Specification { notice, sender, parties }.json()?;
    let file = |extension: &str| folder.join(format!("{}.{extension}", notice.id));
    if parts == Parts::PdfToo {
        let pdf = stationery.pdf(&draft.letter, Print::Normal)?;
        make(file("pdf"), |path| fs::write(path, &pdf))?;
    }
    make(file("txt"), |path| fs::write(path, draft.letter.to_string()))?;
    make(file("json"), |path| fs::write(path, &json))
}

fn make(path: PathBuf, how: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), ExportError> {
    how(&path).map_err(|source| ExportError::Write { path, source })
}
