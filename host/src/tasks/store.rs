//! SQL for tasks.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use ydun_domain::benefit::Question;
use ydun_domain::ids::{CaseId, TaskId};
use ydun_domain::{Day, Tenant};
use ydun_runtime::Digest;

use super::{About, NewTask, Task};
use crate::access::{Act, Register, Right};
use crate::db::{Bind as _, Read, Result, Tx, bulk, sql};

#[derive(sqlx::FromRow)]
struct Row {
    id: TaskId,
    case_id: Option<CaseId>,
    module: Option<Vec<u8>>,
    topic: String,
    queue: String,
    title: String,
    detail: String,
    questions: String,
    due: Option<Day>,
    created_at: DateTime<Utc>,
}

impl TryFrom<Row> for Task {
    type Error = sqlx::Error;
    fn try_from(row: Row) -> Result<Self> {
        let Row { id, topic, queue, title, detail, due, created_at, .. } = row;
        let module = row.module.map(Digest::try_from).transpose();
        let about = match (row.case_id, module.map_err(|why| sqlx::Error::Decode(why.into()))?) {
            (Some(case), None) => About::Case(case),
            (None, Some(module)) => About::Module(module),
            _ => return Err(sqlx::Error::Decode(format!("task {id} is about nothing").into())),
        };
        let questions = serde_json::from_str(&row.questions)
            .map_err(|error| sqlx::Error::Decode(error.into()))?;
        Ok(Self { id, about, topic, queue, title, detail, questions, due, created_at })
    }
}

fn written(questions: &[Question]) -> String {
    serde_json::to_string(questions).expect("our own types can be written as JSON")
}

/// Puts the questions, opening again those that were thought to be answered.
pub(super) async fn ask(
    tx: &mut Tx,
    tenant: Tenant,
    at: DateTime<Utc>,
    tasks: Vec<NewTask>,
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO task (tenant, id, business_key, case_id, module, topic, queue, title, detail, questions, due, created_at) VALUES",
        "ON CONFLICT (tenant, business_key) DO UPDATE
        SET title = excluded.title, detail = excluded.detail, questions = excluded.questions, due = excluded.due,
            done_at = NULL, done_by = NULL",
    );
    for task in tasks {
        rows.row(vec![
            tenant.bind(),
            TaskId::generate().bind(),
            task.business_key.bind(),
            task.about.case().bind(),
            task.about.module().bind(),
            task.topic.bind(),
            task.queue.bind(),
            task.title.bind(),
            task.detail.bind(),
            written(&task.questions).bind(),
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

/// Closes the topic's open tasks about a module.
pub(super) async fn close_topic_of_module<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    topic: &str,
) -> Result<u64> {
    const CLOSE: &str = "
        UPDATE task SET done_at = $3, done_by = $4
        WHERE tenant = $1 AND topic = $2 AND module IS NOT NULL AND done_at IS NULL";
    tx.execute(sql(CLOSE).bind(act.tenant()).bind(topic).bind(act.at()).bind(act.by())).await
}

/// Open tasks, those with the earliest deadline first.
pub(super) async fn open(db: &mut Read, tenant: Tenant) -> Result<Vec<Task>> {
    const OPEN: &str = "
        SELECT id, case_id, module, topic, queue, title, detail, questions, due, created_at
        FROM task
        WHERE tenant = $1 AND done_at IS NULL
        ORDER BY due NULLS LAST, created_at, id";
    let rows: Vec<Row> = db.all(sql(OPEN).bind(tenant)).await?;
    rows.into_iter().map(Task::try_from).collect()
}

pub(super) async fn open_one(db: &mut Read, tenant: Tenant, id: TaskId) -> Result<Option<Task>> {
    const OPEN: &str = "
        SELECT id, case_id, module, topic, queue, title, detail, questions, due, created_at
        FROM task
        WHERE tenant = $1 AND id = $2 AND done_at IS NULL";
    let row: Option<Row> = db.optional(sql(OPEN).bind(tenant).bind(id)).await?;
    row.map(Task::try_from).transpose()
}

pub(super) async fn put_questions(
    tx: &mut Tx,
    tenant: Tenant,
    id: TaskId,
    questions: &[Question],
) -> Result<()> {
    const PUT: &str = "UPDATE task SET questions = $3 WHERE tenant = $1 AND id = $2";
    tx.execute(sql(PUT).bind(tenant).bind(id).bind(written(questions))).await.map(drop)
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
