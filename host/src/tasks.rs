//! Work for people: cases that cannot go on by themselves.
//!
//! A task has a business key, so that one question is one task however often it is asked. Its topic
//! is what asks: when a topic is asked again, tasks whose question is no longer open are closed.

pub mod service;
mod store;

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_domain::Day;
use ydun_domain::ids::{CaseId, TaskId};

/// A question to put to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTask {
    pub business_key: String,
    pub case: CaseId,
    /// Who asks, such as a month's run of a benefit.
    pub topic: String,
    /// Where the caseworkers find it.
    pub queue: String,
    /// In Danish; tells the content, so that nobody must open the task to know it.
    pub title: String,
    pub detail: String,
    pub due: Option<Day>,
}

/// A task as a caseworker sees it in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Task {
    pub id: TaskId,
    pub case_id: CaseId,
    pub topic: String,
    pub queue: String,
    pub title: String,
    pub detail: String,
    pub due: Option<Day>,
    pub created_at: DateTime<Utc>,
}
