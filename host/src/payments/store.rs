//! SQL for payments, their parts, events and files, and for what is overpaid.

mod columns;
pub(super) mod elsewhere;
mod file;
mod hold;
mod overpayment;
mod part;
pub(super) mod payee_account;
mod reconcile;
pub(super) mod redirection;
pub(super) mod request;
mod standing;
mod statement;
mod stop;
mod tax;

use std::ops::RangeInclusive;

use ydun_domain::ids::{CaseId, PaymentFileId, PaymentId};
use ydun_domain::{Day, Tenant};

use super::{Event, Lane, Payment, State};
use crate::access::{Act, Right};
use crate::db::{Bind as _, Read, Result, Tx, bulk, list, sql, sql_each};

use columns::{PaymentRow, payments_where};
pub(super) use file::{
    file, files_between, find_by_message, hear_once, insert_file, set_published,
};
use hold::is_held;
pub(super) use hold::{held_among, hold, holds_of_case, open_holds, release};
pub(super) use overpayment::{
    add as add_overpayment, close, insert as insert_overpayments, lower, open as open_overpayments,
    take_off as take_off_overpayment,
};
pub(super) use part::{
    Part, insert as insert_parts, of_file as parts_of_file, of_payments as parts_of_payments,
    open_parts, open_parts_seen,
};
pub(super) use reconcile::{
    Compared, at_bank, close_break, insert_breaks, on_statements, open_breaks, statements,
    stoppers, strangers, totals, wholes,
};
pub(super) use standing::{file_sums, open_sums, standing, sums};
pub(super) use statement::{BankEntry, insert_bank_entries, insert_statement};
pub(super) use stop::{
    ask as ask_to_stop, insert_stop_file, ready_to_stop, requests, seal_stop_file, send_stops,
    set_stop, set_stop_file_published, stop_file, stopped_by, stopping, unpublished_names,
};
pub(super) use tax::{
    Deduction, PartIncome, Taxed, allowances_used, atp_taken, deductions, incomes,
    insert_deductions, insert_incomes, insert_taxed, part_fields,
};

/// A payment moved to another state.
#[derive(Clone, Debug)]
pub(super) struct Move {
    pub(super) payment: PaymentId,
    /// The payment's version before the move.
    pub(super) version: i64,
    pub(super) to: State,
    pub(super) cause: String,
}

pub(super) async fn insert<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    payments: impl Iterator<Item = (&Payment, String)>,
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO payment
            (tenant, id, business_key, end_to_end, case_id, decision_id, payee, payee_kind, payee_number, payee_name,
             redirection, receiver, lane, disposal, send_by, amount, message, state, state_reason, version, planned_at)
         VALUES",
        "",
    );
    for (payment, business_key) in payments {
        let (kind, digits) = columns::number(&payment.payee.number);
        rows.row(vec![
            act.tenant().bind(),
            payment.id.bind(),
            business_key.bind(),
            payment.end_to_end.as_str().bind(),
            payment.case_id.bind(),
            payment.decision_id.bind(),
            payment.entitled.bind(),
            kind.bind(),
            digits.bind(),
            payment.payee.name.as_str().bind(),
            payment.redirection.bind(),
            payment.redirection.map(|_| payment.payee.id).bind(),
            payment.lane.bind(),
            payment.disposal.bind(),
            payment.send_by.bind(),
            payment.amount.bind(),
            payment.message.as_str().bind(),
            payment.state.bind(),
            payment.state_reason.as_str().bind(),
            payment.version.bind(),
            act.at().bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

/// Writes the events of moves. [`follow`] moves the payments.
pub(super) async fn insert_events<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    change: uuid::Uuid,
    moves: impl Iterator<Item = &Move>,
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO payment_event (tenant, payment_id, number, change, state, at, moved_by, cause) VALUES",
        "",
    );
    for step in moves {
        rows.row(vec![
            act.tenant().bind(),
            step.payment.bind(),
            (step.version + 1).bind(),
            change.bind(),
            step.to.bind(),
            act.at().bind(),
            act.by().bind(),
            step.cause.as_str().bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

/// Moves every payment of a change to its newest event's state, in one statement.
pub(super) async fn follow(tx: &mut Tx, tenant: Tenant, change: uuid::Uuid) -> Result<()> {
    const FOLLOW: &str = "
        UPDATE payment
        SET state = event.state, state_reason = event.cause, version = event.number,
            drawn = payment.drawn OR event.state IN ('settled', 'returned')
        FROM payment_event AS event
        WHERE event.tenant = $1 AND event.change = $2
          AND payment.tenant = event.tenant AND payment.id = event.payment_id";
    tx.execute(sql(FOLLOW).bind(tenant).bind(change)).await.map(drop)
}

/// As [`follow`], for payments that leave in a file.
pub(super) async fn follow_into_file(
    tx: &mut Tx,
    tenant: Tenant,
    file: PaymentFileId,
    disposal: Day,
) -> Result<()> {
    const FOLLOW: &str = "
        UPDATE payment
        SET state = event.state, state_reason = event.cause, version = event.number, file_id = $2, disposal = $3
        FROM payment_event AS event
        WHERE event.tenant = $1 AND event.change = $2
          AND payment.tenant = event.tenant AND payment.id = event.payment_id";
    tx.execute(sql(FOLLOW).bind(tenant).bind(file.0).bind(disposal)).await.map(drop)
}

fn payments(rows: Vec<PaymentRow>) -> Result<Vec<Payment>> {
    rows.into_iter().map(Payment::try_from).collect()
}

pub(super) async fn find(db: &mut Read, tenant: Tenant, id: PaymentId) -> Result<Option<Payment>> {
    const FIND: &str = payments_where!("id = $2");
    let found: Option<PaymentRow> = db.optional(sql(FIND).bind(tenant).bind(id)).await?;
    found.map(Payment::try_from).transpose()
}

/// As [`find`], and keeps others from changing it.
pub(super) async fn lock(tx: &mut Tx, tenant: Tenant, id: PaymentId) -> Result<Option<Payment>> {
    const FIND: &str = payments_where!("id = $2");
    let found: Option<PaymentRow> = tx.optional(sql(FIND).bind(tenant).bind(id).locking()).await?;
    found.map(Payment::try_from).transpose()
}

/// The payments of a case, oldest first.
pub(super) async fn of_case(db: &mut Read, tenant: Tenant, case: CaseId) -> Result<Vec<Payment>> {
    const OF_CASE: &str = payments_where!("case_id = $2 ORDER BY id");
    payments(db.all(sql(OF_CASE).bind(tenant).bind(case)).await?)
}

/// The payments of a file, in the order they have in it.
pub(super) async fn of_file(
    db: &mut Read,
    tenant: Tenant,
    file: PaymentFileId,
) -> Result<Vec<Payment>> {
    const OF_FILE: &str = payments_where!("file_id = $2 ORDER BY end_to_end");
    payments(db.all(sql(OF_FILE).bind(tenant).bind(file)).await?)
}

/// As [`of_file`], and keeps others from changing them.
pub(super) async fn lock_file(
    tx: &mut Tx,
    tenant: Tenant,
    file: PaymentFileId,
) -> Result<Vec<Payment>> {
    const LOCK: &str = payments_where!("file_id = $2 ORDER BY end_to_end");
    payments(tx.all(sql(LOCK).bind(tenant).bind(file).locking()).await?)
}

/// The payments with some end-to-end ids, which nobody else can change meanwhile.
pub(super) async fn lock_named(
    tx: &mut Tx,
    tenant: Tenant,
    end_to_end: &[&str],
) -> Result<Vec<Payment>> {
    const SQLITE: &str = payments_where!(
        "end_to_end IN (SELECT value FROM json_each($2))
         ORDER BY +end_to_end"
    );
    const POSTGRES: &str = payments_where!(
        "end_to_end = ANY (ARRAY(SELECT json_array_elements_text(CAST($2 AS JSON))))
         ORDER BY end_to_end"
    );
    let lock = sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(end_to_end)).locking();
    payments(tx.all(lock).await?)
}

/// Some payments, which nobody else can change meanwhile.
pub(super) async fn lock_all(
    tx: &mut Tx,
    tenant: Tenant,
    ids: &[PaymentId],
) -> Result<Vec<Payment>> {
    const SQLITE: &str = payments_where!(
        "id IN (SELECT unhex(value, '-') FROM json_each($2))
         ORDER BY +end_to_end"
    );
    const POSTGRES: &str = payments_where!(
        "id = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
         ORDER BY end_to_end"
    );
    payments(tx.all(sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(ids)).locking()).await?)
}

#[derive(sqlx::FromRow)]
struct GroupRow {
    #[sqlx(try_from = "String")]
    lane: Lane,
    disposal: Day,
}

/// The lane and disposal day of the payments that are to leave next, of all lanes or of one; those kept
/// back are not.
pub(super) async fn next_to_send(
    db: &mut Read,
    tenant: Tenant,
    day: Day,
    only: Option<Lane>,
) -> Result<Option<(Lane, Day)>> {
    const NEXT: &str = concat!(
        "SELECT lane, disposal
         FROM payment
         WHERE tenant = $1 AND state = 'planned' AND send_by <= $2 AND ($3 = '' OR lane = $3) AND NOT ",
        is_held!(),
        " ORDER BY disposal, lane LIMIT 1"
    );
    let next = sql(NEXT).bind(tenant).bind(day).bind(only.map_or("", Lane::word));
    let found: Option<GroupRow> = db.optional(next).await?;
    Ok(found.map(|GroupRow { lane, disposal }| (lane, disposal)))
}

/// Planned payments of one lane and disposal day that are not kept back. Nobody else can send or stop
/// them meanwhile.
pub(super) async fn lock_to_send(
    tx: &mut Tx,
    tenant: Tenant,
    (lane, disposal): (Lane, Day),
    limit: u32,
) -> Result<Vec<Payment>> {
    const TO_SEND: &str = concat!(
        payments_where!("state = 'planned' AND lane = $2 AND disposal = $3 AND NOT "),
        is_held!(),
        " ORDER BY end_to_end LIMIT $4"
    );
    let to_send = sql(TO_SEND).bind(tenant).bind(lane).bind(disposal).bind(i64::from(limit));
    let mut locked = payments(tx.all(to_send.locking()).await?)?;
    // One may have been put on hold while we waited for the others.
    let ids: Vec<PaymentId> = locked.iter().map(|payment| payment.id).collect();
    let held = held_among(tx, tenant, &ids).await?;
    locked.retain(|payment| !held.contains(&payment.id));
    Ok(locked)
}

/// The payments of a range of cases that somebody must look at.
pub(super) async fn troubled(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
) -> Result<Vec<Payment>> {
    const TROUBLED: &str = payments_where!(
        "case_id BETWEEN $2 AND $3 AND state IN ('rejected', 'returned', 'unknown')
         ORDER BY case_id, id"
    );
    let troubled = sql(TROUBLED).bind(tenant).bind(*cases.start()).bind(*cases.end());
    payments(db.all(troubled).await?)
}

/// Every state a payment has been in, oldest first.
pub(super) async fn events(
    db: &mut Read,
    tenant: Tenant,
    payment: PaymentId,
) -> Result<Vec<Event>> {
    const EVENTS: &str = "
        SELECT number, state, at, moved_by, cause
        FROM payment_event
        WHERE tenant = $1 AND payment_id = $2
        ORDER BY number";
    db.all(sql(EVENTS).bind(tenant).bind(payment)).await
}
