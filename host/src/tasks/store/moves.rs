//! SQL for what people do with tasks.

use chrono::{DateTime, Utc};
use ydun_domain::ids::TaskId;
use ydun_domain::{Day, Tenant};

use super::Row;
use crate::access::{Act, Register, Right};
use crate::db::{Read, Result, Tx, sql, sql_each};
use crate::tasks::Task;
use crate::tasks::bench::{Choice, Holder};
use crate::tasks::moves::{Move, Moved};

/// An open task that nobody else changes until the transaction ends.
pub(in crate::tasks) async fn lock(
    tx: &mut Tx,
    tenant: Tenant,
    id: TaskId,
) -> Result<Option<Task>> {
    const LOCK: &str = "
        SELECT id, case_id, module, topic, queue, title, name, detail, questions, amount, due, created_at,
               worker, waits_until, waits_for, version
        FROM task
        WHERE tenant = $1 AND id = $2 AND done_at IS NULL";
    let row: Option<Row> = tx.optional(sql(LOCK).bind(tenant).bind(id).locking()).await?;
    row.map(Task::try_from).transpose()
}

pub(in crate::tasks) async fn is_worker(db: &mut Read, tenant: Tenant, id: &str) -> Result<bool> {
    const THERE: &str = "SELECT COUNT(*) FROM worker WHERE tenant = $1 AND id = $2";
    db.one::<(i64,)>(sql(THERE).bind(tenant).bind(id)).await.map(|(count,)| count == 1)
}

pub(in crate::tasks) async fn set_worker(
    tx: &mut Tx,
    tenant: Tenant,
    id: TaskId,
    worker: Option<&str>,
) -> Result<()> {
    const SET: &str =
        "UPDATE task SET worker = $3, version = version + 1 WHERE tenant = $1 AND id = $2";
    tx.execute(sql(SET).bind(tenant).bind(id).bind(worker)).await.map(drop)
}

pub(in crate::tasks) async fn set_wait(
    tx: &mut Tx,
    tenant: Tenant,
    id: TaskId,
    wait: Option<(Day, &str)>,
) -> Result<()> {
    const SET: &str = "
        UPDATE task SET waits_until = $3, waits_for = $4, version = version + 1
        WHERE tenant = $1 AND id = $2";
    let (until, reason) = wait.unzip();
    tx.execute(sql(SET).bind(tenant).bind(id).bind(until).bind(reason)).await.map(drop)
}

pub(in crate::tasks) async fn set_name(
    tx: &mut Tx,
    tenant: Tenant,
    id: TaskId,
    name: Option<&str>,
) -> Result<()> {
    const SET: &str =
        "UPDATE task SET name = $3, version = version + 1 WHERE tenant = $1 AND id = $2";
    tx.execute(sql(SET).bind(tenant).bind(id).bind(name)).await.map(drop)
}

pub(in crate::tasks) async fn add_label(
    tx: &mut Tx,
    tenant: Tenant,
    id: TaskId,
    label: &str,
) -> Result<()> {
    const ADD: &str =
        "INSERT INTO task_label (tenant, label, task) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    tx.execute(sql(ADD).bind(tenant).bind(label).bind(id)).await.map(drop)
}

pub(in crate::tasks) async fn remove_label(
    tx: &mut Tx,
    tenant: Tenant,
    id: TaskId,
    label: &str,
) -> Result<()> {
    const REMOVE: &str = "DELETE FROM task_label WHERE tenant = $1 AND task = $2 AND label = $3";
    tx.execute(sql(REMOVE).bind(tenant).bind(id).bind(label)).await.map(drop)
}

/// Takes the first of the chosen tasks that nobody has and that waits for nothing.
pub(in crate::tasks) async fn take_next(
    tx: &mut Tx,
    act: &Act<Register>,
    choice: &Choice,
    today: Day,
) -> Result<Option<TaskId>> {
    const SQLITE: &str = "
        UPDATE task SET worker = $2, version = version + 1
        WHERE tenant = $1 AND id = (
            SELECT task.id FROM task
            LEFT JOIN benefit_case ON benefit_case.tenant = task.tenant AND benefit_case.id = task.case_id
            WHERE task.tenant = $1 AND task.done_at IS NULL AND task.worker IS NULL
              AND (task.waits_until IS NULL OR task.waits_until <= $3)
              AND ($4 = '' OR benefit_case.benefit = $4)
              AND ($5 = '' OR task.queue = $5)
              AND ($6 = '' OR EXISTS (
                  SELECT 1 FROM task_label
                  WHERE task_label.tenant = task.tenant AND task_label.task = task.id AND task_label.label = $6))
            ORDER BY task.sort_day, task.id
            LIMIT 1)
        RETURNING id";
    const POSTGRES: &str = "
        UPDATE task SET worker = $2, version = version + 1
        WHERE tenant = $1 AND id = (
            SELECT task.id FROM task
            LEFT JOIN benefit_case ON benefit_case.tenant = task.tenant AND benefit_case.id = task.case_id
            WHERE task.tenant = $1 AND task.done_at IS NULL AND task.worker IS NULL
              AND (task.waits_until IS NULL OR task.waits_until <= $3)
              AND ($4 = '' OR benefit_case.benefit = $4)
              AND ($5 = '' OR task.queue = $5)
              AND ($6 = '' OR EXISTS (
                  SELECT 1 FROM task_label
                  WHERE task_label.tenant = task.tenant AND task_label.task = task.id AND task_label.label = $6))
            ORDER BY task.sort_day, task.id
            LIMIT 1
            FOR UPDATE OF task SKIP LOCKED)
        RETURNING id";
    debug_assert_eq!(choice.holder, Holder::Nobody, "only what nobody has can be taken");
    let take = sql_each(SQLITE, POSTGRES)
        .bind(act.tenant())
        .bind(act.by())
        .bind(today)
        .bind(choice.benefit.as_str())
        .bind(choice.queue.as_str())
        .bind(choice.label.as_str());
    tx.optional::<(TaskId,)>(take).await.map(|taken| taken.map(|(id,)| id))
}

pub(in crate::tasks) async fn add_move<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    id: TaskId,
    what: Move,
    note: &str,
) -> Result<()> {
    const ADD: &str = "
        INSERT INTO task_move (tenant, task, number, move, note, moved_at, moved_by)
        SELECT $1, $2, COALESCE(MAX(number), 0) + 1, $3, $4, $5, $6
        FROM task_move
        WHERE tenant = $1 AND task = $2";
    let add = sql(ADD).bind(act.tenant()).bind(id).bind(what).bind(note);
    tx.execute(add.bind(act.at()).bind(act.by())).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct MovedRow {
    #[sqlx(try_from = "String")]
    what: Move,
    note: String,
    moved_at: DateTime<Utc>,
    moved_by: String,
}

pub(in crate::tasks) async fn history(
    db: &mut Read,
    tenant: Tenant,
    id: TaskId,
) -> Result<Vec<Moved>> {
    const HISTORY: &str = "
        SELECT move AS what, note, moved_at, moved_by
        FROM task_move
        WHERE tenant = $1 AND task = $2
        ORDER BY number DESC";
    let rows: Vec<MovedRow> = db.all(sql(HISTORY).bind(tenant).bind(id)).await?;
    let moved = |MovedRow { what, note, moved_at, moved_by }| Moved {
        what,
        note,
        at: moved_at,
        by: moved_by,
    };
    Ok(rows.into_iter().map(moved).collect())
}
