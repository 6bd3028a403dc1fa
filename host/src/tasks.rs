//! Work for people: what cannot go on by itself.
//!
//! A task has a business key, so that one question is one task however often it is asked. Its topic
//! is what asks: when a topic is asked again, tasks whose question is no longer open are closed.
//!
//! A task of a benefit says which facts answer it, for which days. Who answers it records exactly
//! those (`operations::reply`), so an answer about October is never taken for one about November.

pub mod bench;
pub mod moves;
pub mod rules;
pub mod service;
mod store;

use chrono::{DateTime, Utc};
use serde::Serialize;
use ydun_domain::benefit::Question;
use ydun_domain::ids::{CaseId, TaskId};
use ydun_domain::{Day, Dkk};
use ydun_runtime::Digest;

/// What a task is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    Case(CaseId),
    /// A version of a benefit: a task for those who answer for it.
    Module(Digest),
}

/// A question to put to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTask {
    pub business_key: String,
    pub about: About,
    /// Who asks, such as a month's run of a benefit.
    pub topic: String,
    /// Where the caseworkers find it.
    pub queue: String,
    /// In Danish; tells the content, so that nobody must open the task to know it.
    pub title: String,
    pub detail: String,
    /// The facts that answer it; none where it is done elsewhere.
    pub questions: Vec<Question>,
    /// What is at stake, where that is known.
    pub amount: Option<Dkk>,
    pub due: Option<Day>,
}

/// A task as a caseworker sees it in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Task {
    pub id: TaskId,
    pub about: About,
    pub topic: String,
    pub queue: String,
    /// As it was put; it stays, whatever the task is called here.
    pub title: String,
    /// What the municipality calls it.
    pub name: Option<String>,
    pub detail: String,
    /// The facts that answer it and have not been given.
    pub questions: Vec<Question>,
    pub amount: Option<Dkk>,
    pub due: Option<Day>,
    pub created_at: DateTime<Utc>,
    /// Initials of who has it.
    pub worker: Option<String>,
    pub wait: Option<Wait>,
    /// One more for each change that somebody who looks at it must see before it is answered.
    pub version: i64,
}

/// What a task waits for, and the day it is back by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wait {
    pub until: Day,
    pub reason: String,
}

impl Task {
    /// What it is called here.
    pub fn called(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.title)
    }

    /// What it waits for on a day.
    pub fn waits_on(&self, day: Day) -> Option<&Wait> {
        self.wait.as_ref().filter(|wait| wait.until > day)
    }
}

impl About {
    pub fn case(self) -> Option<CaseId> {
        match self {
            Self::Case(case) => Some(case),
            Self::Module(_) => None,
        }
    }

    pub fn module(self) -> Option<Digest> {
        match self {
            Self::Case(_) => None,
            Self::Module(digest) => Some(digest),
        }
    }
}
