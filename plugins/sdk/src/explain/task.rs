//! Tasks for people, worded so that they are understood in a list.

use ydun_domain::Period;
use ydun_domain::benefit::{Condition, Task};

use crate::attributes::told;

/// A person is to judge a condition. The title says of what and when, the attributes what she must
/// know; the condition's own id is in the key only.
pub(super) fn to_judge(condition: &Condition, queue: &str, subject: &str, days: Period) -> Task {
    let when = days.in_words();
    let mut attributes = vec![
        told("betingelse", condition.label.as_str()),
        told("lov", condition.law.as_str()),
        told("periode", when.as_str()),
    ];
    attributes.extend(condition.note.iter().cloned());
    Task {
        key: format!("vurder:{}", condition.id),
        queue: queue.into(),
        title: format!("{subject}, vurder for {when}: {}", condition.label),
        due: None,
        attributes,
    }
}
