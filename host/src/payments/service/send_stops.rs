//! Sending requests to stop payments to the bank.

use uuid::Uuid;
use ydun_domain::ids::PaymentId;

use super::send::SendError;
use crate::access::{Act, Pay};
use crate::audit::{self, Action, Subject};
use crate::db::Db;
use crate::jobs::{self, Topic};
use crate::payments::outbox::Outbox;
use crate::payments::state::Stopper;
use crate::payments::stop::StopFile;
use crate::payments::{BankFormat, Payment, store};

/// Asks the bank, in one file, to stop every payment that is to be stopped and that it knows by now.
///
/// As with payments the file lies complete on the disk, where the bank does not look, before the
/// transaction commits.
#[tracing::instrument(skip_all, fields(by = act.by()))]
pub async fn send_stops(
    db: &Db,
    act: &Act<Pay>,
    format: &dyn BankFormat,
    outbox: &Outbox,
) -> Result<Option<StopFile>, SendError> {
    let tenant = act.tenant();
    if !format.takes_stops() {
        return Ok(None);
    }
    let mut tx = db.begin().await?;
    let ready = store::ready_to_stop(&mut tx, tenant).await?;
    let payments = store::lock_all(&mut tx, tenant, &ready).await?;
    let payments: Vec<PaymentId> =
        payments.iter().filter(|payment| can_be_asked(payment)).map(|payment| payment.id).collect();
    if payments.is_empty() {
        return Ok(None);
    }
    let message_id = Uuid::now_v7().simple().to_string();
    let mut file = StopFile {
        tenant,
        name: format!("{tenant}-stop-{message_id}.{}", format.stop_extension()),
        message_id,
        digest: Vec::new(),
        made_at: act.at(),
        published_at: None,
    };
    store::insert_stop_file(&mut tx, act, &file).await?;
    store::send_stops(&mut tx, tenant, &payments, &file.message_id).await?;
    let requests = store::stopping(&mut tx, tenant, &file.message_id).await?;
    file.digest = outbox.write(&file.name, |to| format.write_stops(&file, &requests, to))?;
    store::seal_stop_file(&mut tx, &file).await?;

    let id = &file.message_id;
    jobs::plan(&mut tx, tenant, Topic::PublishStopFile, id, id, act.at()).await?;
    let detail = format!("{} payments in message {id}", requests.len());
    audit::record(&mut tx, act, Action::StopsSent, Subject::Municipality, detail).await?;
    tx.commit().await?;
    Ok(Some(file))
}

/// The bank's answer may have come meanwhile.
fn can_be_asked(payment: &Payment) -> bool {
    payment.state.stop() == Ok(Stopper::Bank { knows_it: true })
}
