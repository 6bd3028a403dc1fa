//! Sharing the tasks: each is somebody's or nobody's, never two people's.

use ydun_domain::Tenant;
use ydun_domain::ids::TaskId;

use crate::access::{Act, Register};
use crate::audit::{self, Action, Event, Subject};
use crate::clock::danish;
use crate::db::{Read, Tx};
use crate::tasks::bench::Choice;
use crate::tasks::moves::{Move, Moved, Wish};
use crate::tasks::{Task, store};

/// A name, a label or a note is a line, not a letter.
const TEXT_MAX: usize = 200;

/// Why nothing was done with a task.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    #[error("there is no open task {0}; see `ydun task list`")]
    NotOpen(TaskId),
    #[error("'{holder}' has the task; hand it over to yourself to take it from there")]
    Held { holder: String },
    #[error("the task was changed since it was looked at; look at it again")]
    Changed,
    #[error("nobody here has the initials '{0}'")]
    NoWorker(String),
    #[error("a task waits until a day to come; {0} is none")]
    NotToCome(ydun_domain::Day),
    #[error("the text is missing, or longer than {TEXT_MAX} letters")]
    Text,
    #[error("the task could not be saved")]
    Store(#[from] sqlx::Error),
}

/// The open task as it was when somebody looked at it, and nobody else changes it meanwhile.
pub async fn unchanged(
    tx: &mut Tx,
    act: &Act<Register>,
    id: TaskId,
    seen: i64,
) -> Result<Task, MoveError> {
    let task = store::lock(tx, act.tenant(), id).await?.ok_or(MoveError::NotOpen(id))?;
    if task.version == seen { Ok(task) } else { Err(MoveError::Changed) }
}

/// Does with a task what a worker wants, who looked at the version `seen` of it.
pub async fn change(
    tx: &mut Tx,
    act: &Act<Register>,
    id: TaskId,
    seen: i64,
    wish: &Wish,
) -> Result<(), MoveError> {
    let task = unchanged(tx, act, id, seen).await?;
    check(tx, act, &task, wish).await?;
    let (what, note) = carry_out(tx, act, &task, wish).await?;
    record(tx, act, id, what, &note).await?;
    Ok(())
}

async fn check(
    db: &mut Read,
    act: &Act<Register>,
    task: &Task,
    wish: &Wish,
) -> Result<(), MoveError> {
    match wish {
        Wish::Take => match &task.worker {
            Some(holder) if holder != act.by() => Err(MoveError::Held { holder: holder.clone() }),
            _ => Ok(()),
        },
        Wish::HandOver { to, note } => {
            if !store::is_worker(db, act.tenant(), to).await? {
                return Err(MoveError::NoWorker(to.clone()));
            }
            if note.chars().count() > TEXT_MAX { Err(MoveError::Text) } else { Ok(()) }
        }
        Wish::Wait { until, .. } if *until <= danish(act.at()) => Err(MoveError::NotToCome(*until)),
        Wish::Wait { reason: text, .. } | Wish::Label(text) | Wish::Unlabel(text) => {
            if is_line(text) { Ok(()) } else { Err(MoveError::Text) }
        }
        Wish::Rename(name) if !name.is_empty() && !is_line(name) => Err(MoveError::Text),
        Wish::Rename(_) | Wish::GiveBack | Wish::Resume => Ok(()),
    }
}

fn is_line(text: &str) -> bool {
    (1..=TEXT_MAX).contains(&text.trim().chars().count())
}

async fn carry_out(
    tx: &mut Tx,
    act: &Act<Register>,
    task: &Task,
    wish: &Wish,
) -> Result<(Move, String), MoveError> {
    let (tenant, id) = (act.tenant(), task.id);
    Ok(match wish {
        Wish::Take => {
            store::set_worker(tx, tenant, id, Some(act.by())).await?;
            (Move::Taken, String::new())
        }
        Wish::HandOver { to, note } => {
            store::set_worker(tx, tenant, id, Some(to)).await?;
            (Move::HandedOver, with_note(to, note))
        }
        Wish::GiveBack => {
            store::set_worker(tx, tenant, id, None).await?;
            (Move::GivenBack, String::new())
        }
        Wish::Wait { until, reason } => {
            store::set_wait(tx, tenant, id, Some((*until, reason.trim()))).await?;
            (Move::Waits, with_note(&until.in_words(), reason))
        }
        Wish::Resume => {
            store::set_wait(tx, tenant, id, None).await?;
            (Move::Resumed, String::new())
        }
        Wish::Rename(name) => {
            let name = Some(name.trim()).filter(|name| !name.is_empty());
            store::set_name(tx, tenant, id, name).await?;
            (Move::Renamed, name.unwrap_or_default().to_owned())
        }
        Wish::Label(label) => {
            store::add_label(tx, tenant, id, label.trim()).await?;
            (Move::Labelled, label.trim().to_owned())
        }
        Wish::Unlabel(label) => {
            store::remove_label(tx, tenant, id, label.trim()).await?;
            (Move::Unlabelled, label.trim().to_owned())
        }
    })
}

/// `Anna: ring først`
fn with_note(what: &str, note: &str) -> String {
    match note.trim() {
        "" => what.to_owned(),
        note => format!("{what}: {note}"),
    }
}

/// Does the same with many tasks. Those that somebody has done meanwhile are left out; tells how many were moved.
pub async fn change_all(
    tx: &mut Tx,
    act: &Act<Register>,
    ids: &[TaskId],
    wish: &Wish,
) -> Result<usize, MoveError> {
    let mut ids = ids.to_vec();
    ids.sort_unstable(); // locked in one order by everybody
    ids.dedup();
    let mut moved = Vec::new();
    for id in ids {
        let Some(task) = store::lock(tx, act.tenant(), id).await? else { continue };
        check(tx, act, &task, wish).await?;
        let (what, note) = carry_out(tx, act, &task, wish).await?;
        store::add_move(tx, act, id, what, &note).await?;
        moved.push(Event::new(Action::TaskMoved, Subject::Task(id), what.word()));
    }
    let count = moved.len();
    audit::record_all(tx, act, moved).await?;
    Ok(count)
}

/// Takes the first of the chosen tasks that nobody has. Two who ask at once get two tasks.
pub async fn take_next(
    tx: &mut Tx,
    act: &Act<Register>,
    choice: &Choice,
) -> Result<Option<TaskId>, MoveError> {
    let taken = store::take_next(tx, act, choice, danish(act.at())).await?;
    if let Some(id) = taken {
        record(tx, act, id, Move::Taken, "").await?;
    }
    Ok(taken)
}

/// What people have done with a task, the newest first.
pub async fn history(db: &mut Read, tenant: Tenant, id: TaskId) -> crate::db::Result<Vec<Moved>> {
    store::history(db, tenant, id).await
}

/// Keeps what was done with a task, for those who look at it and for the audit.
pub(super) async fn record(
    tx: &mut Tx,
    act: &Act<Register>,
    id: TaskId,
    what: Move,
    note: &str,
) -> crate::db::Result<()> {
    store::add_move(tx, act, id, what, note).await?;
    let action = if what == Move::Done { Action::TaskDone } else { Action::TaskMoved };
    audit::record(tx, act, action, Subject::Task(id), what.word()).await
}
