//! Tasks for people, worded so that they are understood in a list.

use ydun_domain::Period;
use ydun_domain::benefit::{Condition, Party, Question, Task};

use super::Assessments;
use crate::attributes::told;

/// Where the tasks of a case go, what it is called in a list, and whom they are about.
#[derive(Clone, Debug)]
pub struct Asking<'a> {
    /// A queue of the manifest.
    pub queue: &'a str,
    /// What the benefit is called in a list of tasks.
    pub subject: &'a str,
    /// The party whom assessments are about.
    pub about: &'a Party,
    /// The days calculated, for conditions that are about the case as a whole.
    pub span: Period,
}

impl Asking<'_> {
    /// A person is to judge a condition. The title says of what and when, the attributes what she
    /// must know, and the question which assessment answers it.
    pub(super) fn to_judge(&self, condition: &Condition, question: Question, days: Period) -> Task {
        let when = days.in_words();
        let mut attributes = vec![
            told("betingelse", condition.label.as_str()),
            told("lov", condition.law.as_str()),
            told("periode", when.as_str()),
        ];
        attributes.extend(condition.note.iter().cloned());
        Task {
            key: format!("vurder:{}", condition.id),
            queue: self.queue.into(),
            title: format!("{}, vurder for {when}: {}", self.subject, condition.label),
            due: None,
            attributes,
            questions: vec![question],
        }
    }

    /// The assessment that answers a condition, or a part of it.
    pub(super) fn question(&self, condition: &str, part: Option<u32>, days: Period) -> Question {
        Assessments::question(condition, part, self.about, days)
    }
}
