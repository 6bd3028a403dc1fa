//! What can be done with tasks.

mod moves;
mod rules;
mod views;

use std::ops::RangeInclusive;

use ydun_domain::Tenant;
use ydun_domain::benefit::Question;
use ydun_domain::ids::{CaseId, TaskId};

use super::bench::{Choice, Choices, Entry, Page, Place};
use super::moves::Move;
use super::{NewTask, Task, store};
use crate::access::{Act, Look, Register, Right};
use crate::clock::danish;
use crate::db::{self, Read, Tx};

pub use moves::{MoveError, change, change_all, history, take_next, unchanged};
pub use rules::{RuleError, distribute, plan, put_rule, remove_rule, rules};
pub use views::{ViewError, keep, remove, views};

/// Why a task was not closed.
#[derive(Debug, thiserror::Error)]
pub enum DoneError {
    #[error("there is no open task {0}; see `ydun task list`")]
    NotOpen(TaskId),
    #[error("the task could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Puts a topic's questions about a range of cases.
///
/// A question that is not among `tasks` any more has found its answer, and its task is closed.
pub async fn ask<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    topic: &str,
    cases: &RangeInclusive<CaseId>,
    tasks: Vec<NewTask>,
) -> db::Result<()> {
    store::close_topic(tx, act, topic, cases).await?;
    store::ask(tx, act.tenant(), act.at(), tasks).await
}

/// As [`ask`], of a topic about a module; without a task, the topic has found its answer.
pub async fn ask_about_module<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    topic: &str,
    task: Option<NewTask>,
) -> db::Result<()> {
    store::close_topic_of_module(tx, act, topic).await?;
    store::ask(tx, act.tenant(), act.at(), task.into_iter().collect()).await
}

/// The municipality's open tasks, those with the earliest deadline first.
pub async fn open(db: &mut Read, act: &Act<Look>) -> db::Result<Vec<Task>> {
    store::open(db, act.tenant()).await
}

/// One open task.
pub async fn open_one(db: &mut Read, tenant: Tenant, id: TaskId) -> db::Result<Option<Task>> {
    store::open_one(db, tenant, id).await
}

/// The chosen open tasks after a place, and where the rest begins.
pub async fn page(
    db: &mut Read,
    act: &Act<Look>,
    choice: &Choice,
    after: Option<Place>,
    size: u32,
) -> db::Result<Page> {
    let today = danish(act.at());
    let mut entries = store::entries(db, act.tenant(), choice, today, after, size + 1).await?;
    let has_more = entries.len() > size as usize;
    entries.truncate(size as usize);
    let next = entries.last().filter(|_| has_more).map(|entry| entry.place);
    Ok(Page { entries, next })
}

/// How many are chosen, counted no further than to a limit.
pub async fn count(db: &mut Read, act: &Act<Look>, choice: &Choice, limit: u32) -> db::Result<i64> {
    store::count(db, act.tenant(), choice, danish(act.at()), limit).await
}

/// What the open tasks can be chosen by.
pub async fn choices(db: &mut Read, act: &Act<Look>) -> db::Result<Choices> {
    store::choices(db, act.tenant()).await
}

/// One open task as the bench tells it.
pub async fn entry(db: &mut Read, tenant: Tenant, id: TaskId) -> db::Result<Option<Entry>> {
    store::entry(db, tenant, id).await
}

/// How many of a topic's questions are open.
pub async fn count_open(db: &mut Read, act: &Act<Look>, topic: &str) -> db::Result<i64> {
    store::count_open(db, act.tenant(), topic).await
}

/// Leaves a task open for the questions nobody has answered.
pub async fn leave(
    tx: &mut Tx,
    act: &Act<Register>,
    id: TaskId,
    questions: &[Question],
) -> db::Result<()> {
    store::put_questions(tx, act.tenant(), id, questions).await?;
    moves::record(tx, act, id, Move::Answered, "").await
}

/// Marks a task as done; the note says how, where that is not plain.
pub async fn done(
    tx: &mut Tx,
    act: &Act<Register>,
    id: TaskId,
    note: &str,
) -> Result<(), DoneError> {
    if !store::done(tx, act, id).await? {
        return Err(DoneError::NotOpen(id));
    }
    Ok(moves::record(tx, act, id, Move::Done, note).await?)
}
