//! `/opgaver`: what waits for a person.

use askama::Template;
use axum::response::Html;
use ydun_domain::Day;

use super::html;
use crate::access::{Act, Look};
use crate::audit::{self, Subject, hide_personal_numbers};
use crate::clock::danish;
use crate::db::{Read, Result};
use crate::tasks::service as tasks;
use crate::web::desk::Desk;
use crate::web::failure::PageError;
use crate::web::frame::Frame;
use crate::web::store;

#[derive(Template)]
#[template(path = "tasks.html")]
struct TasksPage {
    frame: Frame,
    tasks: TaskList,
}

/// Open tasks, those with the earliest deadline first.
#[derive(Debug)]
pub(super) struct TaskList {
    pub(super) rows: Vec<TaskRow>,
    /// How many there are in all.
    pub(super) open: usize,
}

#[derive(Debug)]
pub(super) struct TaskRow {
    pub(super) title: String,
    pub(super) detail: String,
    /// None where the task is about a module.
    pub(super) case: Option<String>,
    pub(super) due: Option<String>,
    pub(super) created: String,
}

pub(super) async fn show(desk: Desk) -> std::result::Result<Html<String>, PageError> {
    const SHOWN_MAX: usize = 500;
    let (mut tx, act) = desk.act::<Look>().await?;
    let frame = Frame::of(&mut tx, &desk).await?;
    let tasks = TaskList::read(&mut tx, &act, SHOWN_MAX).await?;
    audit::record_look(&mut tx, &act, Subject::Municipality, format!("{} tasks", tasks.rows.len()))
        .await?;
    tx.commit().await?;
    html(&TasksPage { frame, tasks })
}

impl TaskList {
    pub(super) async fn read(db: &mut Read, act: &Act<Look>, shown_max: usize) -> Result<Self> {
        let mut open = tasks::open(db, act).await?;
        let count = open.len();
        open.truncate(shown_max);
        let cases: Vec<_> = open.iter().filter_map(|task| task.about.case()).collect();
        let numbers = store::numbers(db, act.tenant(), &cases).await?;
        let rows = open.into_iter().map(|task| TaskRow {
            title: hide_personal_numbers(&task.title),
            detail: hide_personal_numbers(&task.detail),
            case: task.about.case().and_then(|case| numbers.get(&case).cloned()),
            due: task.due.map(Day::in_words),
            created: danish(task.created_at).in_words(),
        });
        Ok(Self { rows: rows.collect(), open: count })
    }

    pub(super) fn is_cut(&self) -> bool {
        self.rows.len() < self.open
    }
}
