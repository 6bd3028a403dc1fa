//! SQL for tasks.

mod bench;
mod moves;
mod rules;
mod views;

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use ydun_domain::benefit::Question;
use ydun_domain::ids::{CaseId, TaskId};
use ydun_domain::{Day, Dkk, Tenant};
use ydun_runtime::Digest;

use super::{About, NewTask, Task, Wait};
use crate::access::{Act, Register, Right};
use crate::db::{Bind as _, Read, Result, Tx, bulk, sql};

pub(super) use bench::{choices, count, entries, entry};
pub(super) use moves::{
    add_label, add_move, history, is_worker, lock, remove_label, set_name, set_wait, set_worker,
    take_next,
};
pub(super) use rules::{fitting, give, put_rule, remove_rule, rules};
pub(super) use views::{put_view, remove_view, views};

/// Where tasks without a deadline stand: after all that have one.
const NO_DEADLINE: Day = Day::new(2199, 12, 31);

#[derive(sqlx::FromRow)]
struct Row {
    id: TaskId,
    case_id: Option<CaseId>,
    module: Option<Vec<u8>>,
    topic: String,
    queue: String,
    title: String,
    name: Option<String>,
    detail: String,
    questions: String,
    amount: Option<Dkk>,
    due: Option<Day>,
    created_at: DateTime<Utc>,
    worker: Option<String>,
    waits_until: Option<Day>,
    waits_for: Option<String>,
    version: i64,
}

impl TryFrom<Row> for Task {
    type Error = sqlx::Error;
    fn try_from(row: Row) -> Result<Self> {
        let Row { id, topic, queue, title, name, detail, amount, due, created_at, .. } = row;
        let module = row.module.map(Digest::try_from).transpose();
        let about = match (row.case_id, module.map_err(|why| sqlx::Error::Decode(why.into()))?) {
            (Some(case), None) => About::Case(case),
            (None, Some(module)) => About::Module(module),
            _ => return Err(sqlx::Error::Decode(format!("task {id} is about nothing").into())),
        };
        let questions = serde_json::from_str(&row.questions)
            .map_err(|error| sqlx::Error::Decode(error.into()))?;
        let wait = row.waits_until.zip(row.waits_for).map(|(until, reason)| Wait { until, reason });
        let (worker, version) = (row.worker, row.version);
        Ok(Self {
            id,
            about,
            topic,
            queue,
            title,
            name,
            detail,
            questions,
            amount,
            due,
            created_at,
            worker,
            wait,
            version,
        })
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
        "INSERT INTO task (tenant, id, business_key, case_id, module, topic, queue, title, detail, questions, amount, due, sort_day, created_at) VALUES",
        "ON CONFLICT (tenant, business_key) DO UPDATE
        SET title = excluded.title, detail = excluded.detail, questions = excluded.questions, amount = excluded.amount,
            due = excluded.due, sort_day = excluded.sort_day, done_at = NULL, done_by = NULL,
            version = task.version + CASE WHEN task.questions = excluded.questions THEN 0 ELSE 1 END",
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
            task.amount.bind(),
            task.due.bind(),
            task.due.unwrap_or(NO_DEADLINE).bind(),
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
        SELECT id, case_id, module, topic, queue, title, name, detail, questions, amount, due, created_at,
               worker, waits_until, waits_for, version
        FROM task
        WHERE tenant = $1 AND done_at IS NULL
        ORDER BY due NULLS LAST, created_at, id";
    let rows: Vec<Row> = db.all(sql(OPEN).bind(tenant)).await?;
    rows.into_iter().map(Task::try_from).collect()
}

pub(super) async fn open_one(db: &mut Read, tenant: Tenant, id: TaskId) -> Result<Option<Task>> {
    const OPEN: &str = "
        SELECT id, case_id, module, topic, queue, title, name, detail, questions, amount, due, created_at,
               worker, waits_until, waits_for, version
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
    const PUT: &str = "
        UPDATE task SET questions = $3, version = version + 1 WHERE tenant = $1 AND id = $2";
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
