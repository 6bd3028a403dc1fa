//! Who gets which tasks by themselves: rules over what a task is about, tried before they are switched on.

use ydun_domain::Dkk;
use ydun_domain::ids::TaskId;

/// A rule of distribution. The first that fits a task decides who gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its place among the rules.
    pub number: i64,
    pub name: String,
    pub fits: Fits,
    /// Initials. With more than one, a case goes to the same of them each time.
    pub workers: Vec<String>,
    pub is_on: bool,
}

/// What a task is like for a rule to fit. What is left out makes no difference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fits {
    pub benefit: String,
    pub queue: String,
    /// The smallest amount at stake; a task without an amount does not fit.
    pub amount_from: Option<Dkk>,
    pub amount_to: Option<Dkk>,
    /// Day of the month a citizen of the case is born on, both ends included.
    pub born: Option<(i64, i64)>,
}

/// A task and who a rule gives it to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    pub task: TaskId,
    pub title: String,
    /// Number of the case; none where it is about a module.
    pub case: Option<String>,
    /// Initials.
    pub worker: String,
    /// Name of the rule.
    pub rule: String,
}
