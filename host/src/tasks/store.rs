//! SQL for tasks.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use ydun_domain::Tenant;
use ydun_domain::ids::{CaseId, TaskId};

use super::{NewTask, Task};
use crate::access::{Act, Register, Right};
use crate::db::{Bind as _, Read, Result, Tx, bulk, sql};

/// Puts the questions, opening again those that were thought to be answered.
pub(super) async fn ask(
    tx: &mut Tx,
    tenant: Tenant,
    at: DateTime<Utc>,
    tasks: Vec<NewTask>,
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO task (tenant, id, business_key, case_id, topic, queue, title, detail, due, created_at) VALUES",
        "ON CONFLICT (tenant, business_key) DO UPDATE
        SET title = excluded.title, detail = excluded.detail, due = excluded.due, done_at = NULL, done_by = NULL",
    );
    for task in tasks {
        rows.row(vec![
            tenant.bind(),
            TaskId::generate().bind(),
            task.business_key.bind(),
            task.case.bind(),
            task.topic.bind(),
            task.queue.bind(),
            task.title.bind(),
            task.detail.bind(),
            task.due.bind(),
            at.bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

/// Closes the topic's open tasks in a range of cases.
pub(super) async fn close_topic<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    topic: &str,
    cases: &RangeInclusive<CaseId>,
) -> Result<u64> {
    const CLOSE: &str = "
        UPDATE task SET done_at = $5, done_by = $6
        WHERE tenant = $1 AND topic = $2 AND case_id >= $3 AND case_id <= $4 AND done_at IS NULL";
    let close = sql(CLOSE).bind(act.tenant()).bind(topic).bind(*cases.start()).bind(*cases.end());
    tx.execute(close.bind(act.at()).bind(act.by())).await
}

/// Open tasks, those with the earliest deadline first.
pub(super) async fn open(db: &mut Read, tenant: Tenant) -> Result<Vec<Task>> {
    const OPEN: &str = "
        SELECT id, case_id, topic, queue, title, detail, due, created_at
        FROM task
        WHERE tenant = $1 AND done_at IS NULL
        ORDER BY due NULLS LAST, created_at, id";
    db.all(sql(OPEN).bind(tenant)).await
}

pub(super) async fn count_open(db: &mut Read, tenant: Tenant, topic: &str) -> Result<i64> {
    const COUNT: &str =
        "SELECT COUNT(*) FROM task WHERE tenant = $1 AND topic = $2 AND done_at IS NULL";
    db.one::<(i64,)>(sql(COUNT).bind(tenant).bind(topic)).await.map(|(count,)| count)
}

/// Marks an open task as done, and tells whether there was one.
pub(super) async fn done(tx: &mut Tx, act: &Act<Register>, id: TaskId) -> Result<bool> {
    const DONE: &str = "
        UPDATE task SET done_at = $3, done_by = $4 WHERE tenant = $1 AND id = $2 AND done_at IS NULL";
    let touched =
        tx.execute(sql(DONE).bind(act.tenant()).bind(id).bind(act.at()).bind(act.by())).await?;
    Ok(touched == 1)
}
