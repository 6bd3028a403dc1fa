//! Notices written to a folder, for whoever delivers them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use ydun_domain::Day;
use ydun_domain::ids::PartyId;

use super::render::{Letter, Nameless, Sender};
use super::{Notice, service};
use crate::access::{Act, Pay};
use crate::audit::{self, Action, Subject};
use crate::db::Tx;
use crate::parties;

/// Why notices were not written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the file '{path}' could not be written; check the disk and the rights to the folder")]
    Write { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Nameless(#[from] Nameless),
    #[error("the notices could not be read")]
    Store(#[from] sqlx::Error),
}

/// Writes the notices of payments at disposal within some days, and returns how many.
///
/// Each is a text and a JSON file named by the notice's id, which says nothing about anybody. Doing
/// it again writes the same files.
pub async fn export(
    tx: &mut Tx,
    act: &Act<Pay>,
    sender: &Sender,
    folder: &Path,
    days: RangeInclusive<Day>,
) -> Result<usize, ExportError> {
    let detail = format!("at disposal {} to {}", days.start(), days.end());
    let notices = service::between(tx, act.tenant(), days).await?;
    let named: BTreeSet<PartyId> = notices.iter().flat_map(names).collect();
    let parties =
        parties::service::by_ids(tx, act.tenant(), &named.into_iter().collect::<Vec<_>>()).await?;
    let parties: BTreeMap<PartyId, _> =
        parties.into_iter().map(|party| (party.id, party)).collect();
    make(folder.to_owned(), |path| fs::create_dir_all(path))?;
    for notice in &notices {
        let letter = Letter { notice, sender, parties: &parties };
        let (text, json) = (letter.text()?, letter.json()?);
        make(folder.join(format!("{}.txt", notice.id)), |path| fs::write(path, &text))?;
        make(folder.join(format!("{}.json", notice.id)), |path| fs::write(path, &json))?;
    }
    audit::record(tx, act, Action::NoticesWritten, Subject::Municipality, detail).await?;
    Ok(notices.len())
}

fn names(notice: &Notice) -> impl Iterator<Item = PartyId> + '_ {
    let content = &notice.content;
    let about = content.lines.iter().filter_map(|line| line.about).chain(content.on_behalf_of);
    about.chain(content.to_others.iter().map(|other| other.receiver)).chain([notice.recipient])
}

fn make(path: PathBuf, how: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), ExportError> {
    how(&path).map_err(|source| ExportError::Write { path, source })
}
