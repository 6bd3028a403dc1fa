//! Sending planned payments to the bank.

use ydun_domain::ids::PaymentFileId;
use ydun_domain::{Day, Dkk};

use super::moves::post;
use crate::access::{Act, Pay};
use crate::audit::{self, Action, Subject};
use crate::clock::danish;
use crate::db::{Db, Read, Tx};
use crate::freezes::{Frozen, Kind, service as freezes};
use crate::jobs::{self, Topic};
use crate::ledger::{self, Account, Cause, Entry};
use crate::notices;
use crate::payments::outbox::{Outbox, OutboxError};
use crate::payments::profile::NoTermsYet;
use crate::payments::state::Stuck;
use crate::payments::store::{self, Move};
use crate::payments::{BankFormat, BankProfile, Lane, Payment, PaymentFile};

/// Why payments were not sent. Files made before the failure are sent all the same.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    #[error(transparent)]
    Frozen(#[from] Frozen),
    #[error(transparent)]
    NoTerms(#[from] NoTermsYet),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    #[error(transparent)]
    Stuck(#[from] Stuck),
    #[error("the payment file could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Sends every payment that must leave by a bank day, in files by lane and disposal day.
///
/// Each file is a transaction of its own. Before it commits the file lies complete on the disk where
/// the bank does not look; afterwards a job shows it to the bank. Killed before, nothing was sent
/// and the payments are still planned; killed after, the job does the rest, with the same bytes.
///
/// While sending is frozen only payments at once leave, which two persons have wanted.
#[tracing::instrument(skip_all, fields(%day, by = act.by()))]
pub async fn send(
    db: &Db,
    act: &Act<Pay>,
    bank: &BankProfile,
    format: &dyn BankFormat,
    outbox: &Outbox,
    day: Day,
) -> Result<Vec<PaymentFile>, SendError> {
    let mut files = Vec::new();
    loop {
        let mut tx = db.begin().await?;
        let Some(group) = next(&mut tx, act, day).await? else {
            return Ok(files);
        };
        let mut payments =
            store::lock_to_send(&mut tx, act.tenant(), group, bank.payments_max).await?;
        if payments.is_empty() {
            continue; // another sender took them while we waited
        }
        store::payee_account::point(&mut tx, act.tenant(), &mut payments).await?;
        store::redirection::point(&mut tx, act.tenant(), &mut payments).await?;
        let (lane, wanted) = group;
        let disposal = bank.schedule_from(lane, day, wanted)?.disposal;
        let mut file = new_file(act, format, disposal, &payments);
        file.digest = outbox.write(&file.name, |to| format.write(&file, &payments, to))?;
        send_file(&mut tx, act, &file, &payments).await?;
        tx.commit().await?;
        files.push(file);
    }
}

/// The lane and disposal day of the payments that are to leave next.
async fn next(db: &mut Read, act: &Act<Pay>, day: Day) -> Result<Option<(Lane, Day)>, SendError> {
    let today = danish(act.at());
    let Some(frozen) = freezes::in_force(db, act.tenant(), Kind::Sending, today).await? else {
        return Ok(store::next_to_send(db, act.tenant(), day, None).await?);
    };
    let at_once = store::next_to_send(db, act.tenant(), day, Some(Lane::Straks)).await?;
    if at_once.is_some() {
        return Ok(at_once);
    }
    match store::next_to_send(db, act.tenant(), day, None).await? {
        Some(_) => Err(frozen.into()),
        None => Ok(None),
    }
}

/// A file without its digest, which is known when it is written.
fn new_file(
    act: &Act<Pay>,
    format: &dyn BankFormat,
    disposal: Day,
    payments: &[Payment],
) -> PaymentFile {
    let id = PaymentFileId::generate();
    let message_id = id.0.simple().to_string();
    let lane = payments[0].lane;
    PaymentFile {
        tenant: act.tenant(),
        id,
        lane,
        disposal,
        payments: i64::try_from(payments.len()).expect("a file holds what memory can"),
        total: payments.iter().map(|payment| payment.amount).sum::<Dkk>(),
        name: format!("{}-{disposal}-{lane}-{message_id}.{}", act.tenant(), format.extension()),
        message_id,
        digest: Vec::new(),
        made_at: act.at(),
        published_at: None,
    }
}

async fn send_file(
    tx: &mut Tx,
    act: &Act<Pay>,
    file: &PaymentFile,
    payments: &[Payment],
) -> Result<(), SendError> {
    let tenant = act.tenant();
    store::insert_file(tx, act, file).await?;
    let step = |payment: &Payment| {
        let (payment, version, to) = (payment.id, payment.version, payment.state.send()?);
        Ok(Move { payment, version, to, cause: format!("sendt i filen {}", file.message_id) })
    };
    let moves = payments.iter().map(step).collect::<Result<Vec<_>, Stuck>>()?;
    store::insert_events(tx, act, file.id.0, moves.iter()).await?;
    store::follow_into_file(tx, tenant, file.id, file.disposal).await?;
    notices::service::reschedule(tx, tenant, file.id, file.disposal).await?;

    let parts = store::parts_of_file(tx, tenant, file.id).await?;
    let leaves = |part| post(part, Account::Payable, Account::BankInTransit);
    let postings = parts.iter().filter_map(leaves).collect();
    let entry =
        Entry::new(format!("file:{}", file.id), Cause::File(file.id), danish(act.at()), postings);
    ledger::service::book(tx, act, &[entry]).await?;

    jobs::plan(tx, tenant, Topic::PublishPaymentFile, &file.message_id, &file.id, act.at()).await?;
    let detail = format!("{} payments, {}, {}", file.payments, file.total, file.lane);
    audit::record(tx, act, Action::PaymentsSent, Subject::PaymentFile(file.id), detail).await?;
    Ok(())
}
