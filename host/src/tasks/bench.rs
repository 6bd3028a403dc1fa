//! What a worker sees of the open tasks: which are chosen, in what order, and what a row tells.

use ydun_domain::Day;
use ydun_domain::ids::TaskId;

use super::Task;

/// Which open tasks are looked at. Empty texts choose nothing away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    pub holder: Holder,
    pub benefit: String,
    pub queue: String,
    pub label: String,
    pub pace: Pace,
}

/// Who has the task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Holder {
    #[default]
    Anybody,
    Nobody,
    Worker(String),
}

/// Whether it can be worked on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// Now: it waits for nothing.
    #[default]
    Ready,
    /// Now, and its deadline has passed.
    Overdue,
    /// It waits for something.
    Waiting,
    All,
}

/// A place in the order of the bench: the next page begins after it.
///
/// Deadlines come first, the nearest in front; tasks without one follow, the oldest in front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub sort_day: Day,
    pub task: TaskId,
}

/// An open task as a row of the bench.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub task: Task,
    pub place: Place,
    /// Number of its case; none where it is about a module.
    pub number: Option<String>,
    pub benefit: String,
    pub labels: Vec<String>,
}

/// Some entries in order, and where the rest begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub entries: Vec<Entry>,
    pub next: Option<Place>,
}

/// What can be chosen among the open tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    pub queues: Vec<String>,
    pub labels: Vec<String>,
    pub workers: Vec<Worker>,
}

/// Somebody who can have tasks.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Worker {
    /// Initials.
    pub id: String,
    pub name: String,
}

/// A choice that is kept under a name.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct View {
    pub name: String,
    /// Initials.
    pub owner: String,
    /// Everybody sees it.
    pub is_shared: bool,
    /// As it stands in the address of the bench.
    pub choice: String,
}
