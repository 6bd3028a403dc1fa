//! SQL for reports: what was paid, what was sent, and what became of it.

mod elsewhere;
mod item;
mod paid;

use ydun_domain::ids::{PartyId, ReportFileId};
use ydun_domain::{Period, Tenant};

use super::ReportFile;
use crate::access::{Act, Right};
use crate::db::{Read, Result, Tx, sql};

pub(super) use item::{
    in_state, insert as insert_items, last_number, of_file, open_groups, replace_refused,
    set_state, standing,
};
pub(super) use paid::{Repayment, benefits_for, insert_repayment, paid, paid_of, set_report};

/// Which incomes and reports are looked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which {
    All,
    /// Incomes for days within a period, and reports of days that end in it.
    For(Period),
    /// Those of one person.
    To(PartyId),
}

pub(super) async fn insert_file<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    file: &ReportFile,
) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO report_file (tenant, id, main_id, se_number, made_at, made_by)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let insert = sql(INSERT)
        .bind(act.tenant())
        .bind(file.id)
        .bind(file.main_id.as_str())
        .bind(file.se_number.as_str())
        .bind(file.made_at)
        .bind(act.by());
    tx.execute(insert).await.map(drop)
}

/// The files that were made and not sent, oldest first. Locks them.
pub(super) async fn unsent(tx: &mut Tx, tenant: Tenant) -> Result<Vec<ReportFile>> {
    const UNSENT: &str = "
        SELECT id, main_id, se_number, made_at, sent_at
        FROM report_file
        WHERE tenant = $1 AND sent_at IS NULL
        ORDER BY id";
    tx.all(sql(UNSENT).bind(tenant).locking()).await
}

pub(super) async fn set_sent<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    file: ReportFileId,
) -> Result<()> {
    const SENT: &str =
        "UPDATE report_file SET sent_at = $3 WHERE tenant = $1 AND id = $2 AND sent_at IS NULL";
    tx.execute(sql(SENT).bind(act.tenant()).bind(file).bind(act.at())).await.map(drop)
}

pub(super) async fn file_by_main_id(
    db: &mut Read,
    tenant: Tenant,
    main_id: &str,
) -> Result<Option<ReportFile>> {
    const BY_MAIN_ID: &str = "
        SELECT id, main_id, se_number, made_at, sent_at
        FROM report_file
        WHERE tenant = $1 AND main_id = $2";
    db.optional(sql(BY_MAIN_ID).bind(tenant).bind(main_id)).await
}

/// Remembers an answer, and returns the digest it was remembered with before, if it was.
pub(super) async fn hear_once<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    answer_id: &str,
    digest: &[u8],
) -> Result<Option<Vec<u8>>> {
    const HEAR: &str = "
        INSERT INTO inbox (tenant, source, message_id, received_at, digest)
        VALUES ($1, 'eindkomst', $2, $3, $4)
        ON CONFLICT (tenant, source, message_id) DO NOTHING";
    const HEARD: &str = "
        SELECT digest FROM inbox WHERE tenant = $1 AND source = 'eindkomst' AND message_id = $2";
    let hear = sql(HEAR).bind(act.tenant()).bind(answer_id).bind(act.at()).bind(digest);
    if tx.execute(hear).await? == 1 {
        return Ok(None);
    }
    let (digest,): (Vec<u8>,) = tx.one(sql(HEARD).bind(act.tenant()).bind(answer_id)).await?;
    Ok(Some(digest))
}
