//! What can be done with files of postings: make them, publish them, make them again.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use ydun_domain::ids::PostingExportId;
use ydun_domain::{Dkk, Month, Tenant};

use super::{Layout, Leaving, PostingExport, PostingFormat, store};
use crate::access::{Act, Pay};
use crate::audit::{self, Action, Subject};
use crate::db::{self, Db, Read, is_duplicate};
use crate::jobs::{self, Claimed, LeaseError, Topic};
use crate::ledger::Account;
use crate::ledger::chart::{Chart, Unmapped};
use crate::ledger::service::chart;
use crate::payments::outbox::{Outbox, OutboxError};

const FILES_MAX: u32 = 100;

/// Why nothing was exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(
        "nothing leaves, as accounts have no number of the municipality's: {}; give them one with `ydun \
         account set`",
        listed(.0)
    )]
    Unmapped(Vec<Unmapped>),
    #[error(
        "the number '{number}' of {account} cannot stand in the file: {why}; choose another, or another layout"
    )]
    Number { account: String, number: String, why: String },
    #[error("there is no file of postings {0}; see `ydun account exports`")]
    NotFound(PostingExportId),
    #[error("somebody else is exporting postings; try again")]
    Busy,
    #[error("an account of the ledger cannot be read: {0}")]
    Account(#[from] crate::ledger::NotAnAccount),
    #[error("the job does not say which file it is about")]
    Job(#[from] serde_json::Error),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    #[error(transparent)]
    Lease(#[from] LeaseError),
    #[error("the postings could not be read or saved")]
    Store(#[from] sqlx::Error),
}

fn listed(unmapped: &[Unmapped]) -> String {
    unmapped.iter().map(Unmapped::to_string).collect::<Vec<_>>().join(", ")
}

/// Makes files of what is booked in a month and has not left. Doing it again at once makes none.
///
/// The files lie complete where nobody looks before the transaction commits; jobs then show them.
pub async fn export(
    db: &Db,
    act: &Act<Pay>,
    format: &dyn PostingFormat,
    outbox: &Outbox,
    month: Month,
    layout: Layout,
) -> Result<Vec<PostingExport>, ExportError> {
    let mut tx = db.begin().await?;
    let mut leaving = store::ready(&mut tx, act.tenant(), month.period()).await?;
    number(&mut leaving, &chart::chart(&mut tx, act.tenant()).await?)?;
    check(&leaving, format, layout)?;
    let first = store::last_serial(&mut tx, act.tenant()).await? + 1;
    for (serial, posting) in (first..).zip(&mut leaving) {
        posting.serial = serial;
    }
    let mut files = Vec::new();
    for postings in leaving.chunks(format.postings_max(layout)) {
        let mut file = new_file(act, format, month, layout, postings);
        file.digest = outbox.write(&file.name, |to| format.write(&file, postings, to))?;
        store::insert(&mut tx, act, &file, postings).await.map_err(busy)?;
        let key = file.id.to_string();
        jobs::plan(&mut tx, file.tenant, Topic::PublishPostings, &key, &file.id, act.at()).await?;
        files.push(file);
    }
    if !files.is_empty() {
        let detail = format!("{} postings of {month} in {} files", leaving.len(), files.len());
        audit::record(&mut tx, act, Action::PostingsExported, Subject::Municipality, detail)
            .await?;
    }
    tx.commit().await?;
    Ok(files)
}

/// Two who export at once would send the same rows; only one can.
fn busy(error: sqlx::Error) -> ExportError {
    if is_duplicate(&error) { ExportError::Busy } else { error.into() }
}

/// Gives the postings the municipality's own numbers, or tells every account that has none.
fn number(leaving: &mut [Leaving], chart: &Chart) -> Result<(), ExportError> {
    let mut unmapped = BTreeSet::new();
    for posting in leaving {
        let (debit, credit): (Account, Account) = (posting.debit.parse()?, posting.credit.parse()?);
        for (account, number) in
            [(debit, &mut posting.debit_number), (credit, &mut posting.credit_number)]
        {
            match chart.number(&account, posting.booked) {
                Some(found) => found.clone_into(number),
                None => {
                    unmapped.insert(Unmapped { account, booked: posting.booked });
                }
            }
        }
    }
    if unmapped.is_empty() {
        Ok(())
    } else {
        Err(ExportError::Unmapped(unmapped.into_iter().collect()))
    }
}

fn check(
    leaving: &[Leaving],
    format: &dyn PostingFormat,
    layout: Layout,
) -> Result<(), ExportError> {
    let used: BTreeMap<&str, &str> = leaving
        .iter()
        .flat_map(|one| [(&*one.debit_number, &*one.debit), (&*one.credit_number, &*one.credit)])
        .collect();
    let refused = used
        .into_iter()
        .find_map(|(number, account)| Some((account, number, format.refuse(layout, number)?)));
    match refused {
        None => Ok(()),
        Some((account, number, why)) => {
            Err(ExportError::Number { account: account.to_owned(), number: number.to_owned(), why })
        }
    }
}

/// A file without its digest, which is known when it is written.
fn new_file(
    act: &Act<Pay>,
    format: &dyn PostingFormat,
    month: Month,
    layout: Layout,
    postings: &[Leaving],
) -> PostingExport {
    let id = PostingExportId::generate();
    let (tenant, unique) = (act.tenant(), id.0.simple());
    PostingExport {
        tenant,
        id,
        layout,
        month,
        name: format!("{tenant}-{month}-posteringer-{unique}.{}", format.extension(layout)),
        digest: Vec::new(),
        postings: i64::try_from(postings.len()).expect("a file holds what memory can"),
        total: postings.iter().map(|posting| posting.amount).sum::<Dkk>(),
        made_at: act.at(),
        published_at: None,
    }
}

/// Shows every file to the ERP that it has not seen. Done twice, it is done once: a file that was lost
/// from the disk is made again, and its digest must be the one it left with.
pub async fn publish(
    db: &Db,
    tenant: Tenant,
    format: &dyn PostingFormat,
    outbox: &Outbox,
    lease: TimeDelta,
    now: DateTime<Utc>,
) -> Result<Vec<PostingExport>, ExportError> {
    let mut published = Vec::new();
    for job in jobs::claim(db, tenant, Topic::PublishPostings, FILES_MAX, lease, now).await? {
        match publish_one(db, format, outbox, &job, now).await {
            Ok(file) => published.push(file),
            Err(error) => {
                jobs::give_back(db, &job, &error, now).await?;
                return Err(error);
            }
        }
    }
    let waiting = store::unpublished_names(&mut db.read().await?, tenant).await?;
    outbox.sweep(tenant, &waiting)?;
    Ok(published)
}

async fn publish_one(
    db: &Db,
    format: &dyn PostingFormat,
    outbox: &Outbox,
    job: &Claimed,
    now: DateTime<Utc>,
) -> Result<PostingExport, ExportError> {
    let id: PostingExportId = job.payload()?;
    let mut tx = db.begin().await?;
    let file = show(&mut tx, job.tenant, format, outbox, id).await?;
    store::set_published(&mut tx, job.tenant, id, now).await?;
    jobs::complete(&mut tx, job, now).await?;
    tx.commit().await?;
    Ok(file)
}

/// Makes a file again, with the bytes it left with.
pub async fn show(
    db: &mut Read,
    tenant: Tenant,
    format: &dyn PostingFormat,
    outbox: &Outbox,
    id: PostingExportId,
) -> Result<PostingExport, ExportError> {
    let file = store::find(db, tenant, id).await?.ok_or(ExportError::NotFound(id))?;
    if !outbox.has(&file.name) {
        let postings = store::of_export(db, tenant, id).await?;
        outbox.write(&file.name, |to| format.write(&file, &postings, to))?;
    }
    outbox.publish(&file.name, &file.digest)?;
    Ok(file)
}

/// The files there are, oldest first.
pub async fn exports(db: &mut Read, tenant: Tenant) -> db::Result<Vec<PostingExport>> {
    store::all(db, tenant).await
}
