//! What people do with a task besides answering it: take it, hand it over, let it wait, call it something.

use chrono::{DateTime, Utc};
use ydun_domain::Day;

use crate::words::words;

words! {
    /// What was done with a task. The words are kept for ever: rename the variant, never the word.
    Move("move") {
        Taken = "taken",
        /// By another than who had it, or to another.
        HandedOver = "handed-over",
        /// By a rule, which the note names.
        Distributed = "distributed",
        GivenBack = "given-back",
        Waits = "waits",
        Resumed = "resumed",
        Renamed = "renamed",
        Labelled = "labelled",
        Unlabelled = "unlabelled",
        Answered = "answered",
        Done = "done",
    }
}

/// What a worker wants done with a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Have it oneself, where nobody has it.
    Take,
    HandOver {
        to: String,
        note: String,
    },
    /// Leave it to whoever takes it.
    GiveBack,
    Wait {
        until: Day,
        reason: String,
    },
    Resume,
    /// Call it something; an empty name gives it its first one back.
    Rename(String),
    Label(String),
    Unlabel(String),
}

/// One thing that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub what: Move,
    /// To whom, until when and why, what it was called.
    pub note: String,
    pub at: DateTime<Utc>,
    /// Initials.
    pub by: String,
}
