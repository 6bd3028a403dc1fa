//! What the municipality wanted to gain, measured month by month from the rows themselves.
//!
//! The success criteria of the tender for KY (2013): fewer corrections, more self-service, fewer facts typed by
//! hand, less time for each step, no needless alarms. Each figure has its definition in words beside it and the
//! cases it counts behind it ([`service::behind`]).

pub mod service;
mod store;

use serde::Serialize;
use ydun_domain::Month;

use crate::words::words;

words! {
    /// What is measured.
    Measure("measure") {
        Corrected = "rettede-udbetalinger",
        SelfService = "selvbetjening",
        Typed = "tastede-oplysninger",
        Time = "tid-pr-opgave",
        Tasks = "opgaver-pr-sag",
    }
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Share {
    pub part: i64,
    pub whole: i64,
}

impl Share {
    /// In thousandths, rounded down; none of nothing.
    pub fn permille(self) -> Option<i64> {
        (self.whole > 0).then(|| self.part * 1000 / self.whole)
    }
}

/// Where the facts of a month came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Facts {
    /// Typed by a caseworker.
    pub typed: i64,
    /// Told by the citizen or the company.
    pub own: i64,
    /// Told by a register.
    pub register: i64,
    /// Read from a file.
    pub other: i64,
}

impl Facts {
    pub fn all(self) -> i64 {
        self.typed + self.own + self.register + self.other
    }

    pub fn typed_share(self) -> Share {
        Share { part: self.typed, whole: self.all() }
    }
}

/// A month in figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Figures {
    pub month: Month,
    /// Payments that reached their payees, and those of them whose decision another has taken the place of.
    pub corrected: Share,
    /// Cases opened, and those of them the applicant told about.
    pub self_service: Share,
    pub facts: Facts,
    /// Tasks that were done.
    pub tasks_done: i64,
    /// Hours from the task was put until it was done, of the middle one; none where none was done.
    pub hours_middle: Option<i64>,
    /// Tasks that were put, for cases that were decided.
    pub tasks_per_decided: Share,
    /// Events received, and those of them that were closed without anybody.
    pub events_closed: Share,
}

/// A case behind a figure, and how much of it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Behind {
    /// The case's number.
    pub number: String,
    pub count: i64,
}
