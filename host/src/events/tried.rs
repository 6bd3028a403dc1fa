//! What the rules made of a month's events: the permanent answer to "would this rule have stopped anybody?".

use serde::Serialize;

use super::Kind;

/// What came of the events of one kind that were received in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tried {
    pub kind: Kind,
    pub received: i64,
    /// Not judged yet.
    pub waiting: i64,
    /// Closed without anybody being disturbed.
    pub closed: i64,
    /// Tasks they gave.
    pub tasks: i64,
    /// Of these, how many kept money back.
    pub holds: i64,
    /// Of the tasks, how many a person has dealt with.
    pub done: i64,
    /// Of those, where the person changed nothing: no new fact and no new decision.
    pub for_nothing: i64,
}

/// All kinds together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Total {
    pub received: i64,
    pub waiting: i64,
    pub closed: i64,
    pub tasks: i64,
    pub holds: i64,
    pub done: i64,
    pub for_nothing: i64,
}

impl Total {
    pub fn of(kinds: &[Tried]) -> Self {
        let sum = |of: fn(&Tried) -> i64| kinds.iter().map(of).sum();
        Self {
            received: sum(|kind| kind.received),
            waiting: sum(|kind| kind.waiting),
            closed: sum(|kind| kind.closed),
            tasks: sum(|kind| kind.tasks),
            holds: sum(|kind| kind.holds),
            done: sum(|kind| kind.done),
            for_nothing: sum(|kind| kind.for_nothing),
        }
    }
}
