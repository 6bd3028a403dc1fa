//! SQL for the bench: open tasks in the order of their deadlines, some at a time.

use std::collections::HashMap;

use ydun_domain::ids::TaskId;
use ydun_domain::{Day, Tenant};

use super::Row;
use crate::db::{Read, Result, Sql, list, sql, sql_each};
use crate::tasks::Task;
use crate::tasks::bench::{Choice, Choices, Entry, Holder, Pace, Place};

#[derive(sqlx::FromRow)]
struct EntryRow {
    #[sqlx(flatten)]
    task: Row,
    sort_day: Day,
    number: Option<String>,
    benefit: String,
}

/// The one text that finds rows of the bench, with what they must fulfil.
macro_rules! entries_where {
    ($condition:literal) => {
        concat!(
            "SELECT task.id, task.case_id, task.module, task.topic, task.queue, task.title, task.name, task.detail,
                    task.questions, task.amount, task.due, task.created_at, task.worker, task.waits_until,
                    task.waits_for, task.version, task.sort_day, benefit_case.number,
                    COALESCE(benefit_case.benefit, artifact.benefit) AS benefit
             FROM task
             LEFT JOIN benefit_case ON benefit_case.tenant = task.tenant AND benefit_case.id = task.case_id
             LEFT JOIN artifact ON artifact.digest = task.module
             WHERE task.tenant = $1 AND ",
            $condition
        )
    };
}

/// The chosen tasks after a place. Read by key: a page costs what is on it.
pub(in crate::tasks) async fn entries(
    db: &mut Read,
    tenant: Tenant,
    choice: &Choice,
    today: Day,
    after: Option<Place>,
    limit: u32,
) -> Result<Vec<Entry>> {
    const ENTRIES: &str = entries_where!(
        "task.done_at IS NULL
          AND ($2 = 'anybody' OR ($2 = 'nobody' AND task.worker IS NULL) OR task.worker = $3)
          AND ($4 = '' OR COALESCE(benefit_case.benefit, artifact.benefit) = $4)
          AND ($5 = '' OR task.queue = $5)
          AND ($6 = '' OR EXISTS (
              SELECT 1 FROM task_label
              WHERE task_label.tenant = task.tenant AND task_label.task = task.id AND task_label.label = $6))
          AND CASE $7
              WHEN 'ready' THEN task.waits_until IS NULL OR task.waits_until <= $8
              WHEN 'overdue' THEN task.due < $8 AND (task.waits_until IS NULL OR task.waits_until <= $8)
              WHEN 'waiting' THEN task.waits_until > $8
              ELSE TRUE END
          AND (task.sort_day, task.id) > ($9, $10)
        ORDER BY task.sort_day, task.id
        LIMIT $11"
    );
    let start = Place { sort_day: Day::new(1900, 1, 1), task: TaskId(uuid::Uuid::nil()) };
    let after = after.unwrap_or(start);
    let ask = chosen(sql(ENTRIES), tenant, choice, today).bind(after.sort_day).bind(after.task);
    let rows = db.all(ask.bind(i64::from(limit))).await?;
    with_labels(db, tenant, rows).await
}

/// One open task as a row of the bench.
pub(in crate::tasks) async fn entry(
    db: &mut Read,
    tenant: Tenant,
    id: TaskId,
) -> Result<Option<Entry>> {
    const ENTRY: &str = entries_where!("task.id = $2 AND task.done_at IS NULL");
    let rows = db.all(sql(ENTRY).bind(tenant).bind(id)).await?;
    Ok(with_labels(db, tenant, rows).await?.pop())
}

async fn with_labels(db: &mut Read, tenant: Tenant, rows: Vec<EntryRow>) -> Result<Vec<Entry>> {
    let ids: Vec<TaskId> = rows.iter().map(|row| row.task.id).collect();
    let mut labels = labels_of(db, tenant, &ids).await?;
    let entry = |EntryRow { task, sort_day, number, benefit }: EntryRow| {
        let place = Place { sort_day, task: task.id };
        let labels = labels.remove(&task.id).unwrap_or_default();
        Ok(Entry { task: Task::try_from(task)?, place, number, benefit, labels })
    };
    rows.into_iter().map(entry).collect()
}

/// How many are chosen, counted no further than to a limit.
pub(in crate::tasks) async fn count(
    db: &mut Read,
    tenant: Tenant,
    choice: &Choice,
    today: Day,
    limit: u32,
) -> Result<i64> {
    const COUNT: &str = "
        SELECT COUNT(*) FROM (
            SELECT 1 AS one
            FROM task
            LEFT JOIN benefit_case ON benefit_case.tenant = task.tenant AND benefit_case.id = task.case_id
            LEFT JOIN artifact ON artifact.digest = task.module
            WHERE task.tenant = $1 AND task.done_at IS NULL
              AND ($2 = 'anybody' OR ($2 = 'nobody' AND task.worker IS NULL) OR task.worker = $3)
              AND ($4 = '' OR COALESCE(benefit_case.benefit, artifact.benefit) = $4)
              AND ($5 = '' OR task.queue = $5)
              AND ($6 = '' OR EXISTS (
                  SELECT 1 FROM task_label
                  WHERE task_label.tenant = task.tenant AND task_label.task = task.id AND task_label.label = $6))
              AND CASE $7
                  WHEN 'ready' THEN task.waits_until IS NULL OR task.waits_until <= $8
                  WHEN 'overdue' THEN task.due < $8 AND (task.waits_until IS NULL OR task.waits_until <= $8)
                  WHEN 'waiting' THEN task.waits_until > $8
                  ELSE TRUE END
            LIMIT $9) AS chosen";
    let ask = chosen(sql(COUNT), tenant, choice, today).bind(i64::from(limit));
    db.one::<(i64,)>(ask).await.map(|(count,)| count)
}

/// Binds what is chosen as arguments 1 to 8.
fn chosen(ask: Sql, tenant: Tenant, choice: &Choice, today: Day) -> Sql {
    let (holder, worker) = match &choice.holder {
        Holder::Anybody => ("anybody", ""),
        Holder::Nobody => ("nobody", ""),
        Holder::Worker(worker) => ("worker", worker.as_str()),
    };
    let pace = match choice.pace {
        Pace::Ready => "ready",
        Pace::Overdue => "overdue",
        Pace::Waiting => "waiting",
        Pace::All => "all",
    };
    ask.bind(tenant)
        .bind(holder)
        .bind(worker)
        .bind(choice.benefit.as_str())
        .bind(choice.queue.as_str())
        .bind(choice.label.as_str())
        .bind(pace)
        .bind(today)
}

/// The labels of some tasks, in order.
async fn labels_of(
    db: &mut Read,
    tenant: Tenant,
    tasks: &[TaskId],
) -> Result<HashMap<TaskId, Vec<String>>> {
    const SQLITE: &str = "
        SELECT task, label FROM task_label
        WHERE tenant = $1 AND task IN (SELECT unhex(value, '-') FROM json_each($2))
        ORDER BY task, label";
    const POSTGRES: &str = "
        SELECT task, label FROM task_label
        WHERE tenant = $1 AND task = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
        ORDER BY task, label";
    let ask = sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(tasks));
    let mut labels: HashMap<TaskId, Vec<String>> = HashMap::new();
    for (task, label) in db.all::<(TaskId, String)>(ask).await? {
        labels.entry(task).or_default().push(label);
    }
    Ok(labels)
}

/// What the open tasks can be chosen by.
pub(in crate::tasks) async fn choices(db: &mut Read, tenant: Tenant) -> Result<Choices> {
    const QUEUES: &str =
        "SELECT DISTINCT queue FROM task WHERE tenant = $1 AND done_at IS NULL ORDER BY queue";
    const LABELS: &str = "SELECT DISTINCT label FROM task_label WHERE tenant = $1 ORDER BY label";
    const WORKERS: &str = "SELECT id, name FROM worker WHERE tenant = $1 ORDER BY name, id";
    let words = |rows: Vec<(String,)>| rows.into_iter().map(|(word,)| word).collect();
    Ok(Choices {
        queues: words(db.all(sql(QUEUES).bind(tenant)).await?),
        labels: words(db.all(sql(LABELS).bind(tenant)).await?),
        workers: db.all(sql(WORKERS).bind(tenant)).await?,
    })
}
