//! A task as a row tells it: so much that nobody must open it to know what it is about.

use std::collections::HashMap;

use ydun_domain::{Day, Dkk};

use super::titles::Titles;
use crate::audit::hide_personal_numbers;
use crate::clock::danish;
use crate::tasks::Task;
use crate::tasks::bench::{Entry, Worker};

#[derive(Debug)]
pub(super) struct TaskRow {
    pub(super) id: String,
    pub(super) title: String,
    /// Its first title, where it is called something else here.
    pub(super) first_title: Option<String>,
    pub(super) case: Option<String>,
    pub(super) benefit: String,
    pub(super) labels: Vec<String>,
    pub(super) amount: Option<Dkk>,
    pub(super) due: Option<String>,
    pub(super) is_overdue: bool,
    pub(super) age: String,
    /// Name of who has it.
    pub(super) holder: Option<String>,
    /// `til 3. december 2020: lægens svar`
    pub(super) wait: Option<String>,
}

/// What rows are told with: what things are called, and what day it is.
#[derive(Debug)]
pub(super) struct Teller<'a> {
    pub(super) titles: &'a Titles,
    pub(super) names: HashMap<&'a str, &'a str>,
    pub(super) today: Day,
}

impl<'a> Teller<'a> {
    pub(super) fn new(titles: &'a Titles, workers: &'a [Worker], today: Day) -> Self {
        let names = workers.iter().map(|worker| (&*worker.id, &*worker.name)).collect();
        Self { titles, names, today }
    }

    pub(super) fn row(&self, entry: &Entry) -> TaskRow {
        let Entry { task, number, benefit, labels, .. } = entry;
        TaskRow {
            id: task.id.to_string(),
            title: hide_personal_numbers(task.called()),
            first_title: task.name.as_ref().map(|_| hide_personal_numbers(&task.title)),
            case: number.clone(),
            benefit: self.titles.of(benefit).to_owned(),
            labels: labels.clone(),
            amount: task.amount,
            due: task.due.map(Day::in_words),
            is_overdue: task.due.is_some_and(|due| due < self.today),
            age: age(danish(task.created_at), self.today),
            holder: task.worker.as_deref().map(|id| self.name(id).to_owned()),
            wait: self.wait(task),
        }
    }

    /// The name behind initials.
    pub(super) fn name<'b>(&'b self, id: &'b str) -> &'b str {
        self.names.get(id).copied().unwrap_or(id)
    }

    pub(super) fn wait(&self, task: &Task) -> Option<String> {
        let wait = task.waits_on(self.today)?;
        Some(format!("til {}: {}", wait.until.in_words(), hide_personal_numbers(&wait.reason)))
    }
}

/// How long ago a day was.
fn age(since: Day, today: Day) -> String {
    match today.epoch_days() - since.epoch_days() {
        ..=0 => "i dag".to_owned(),
        1 => "1 dag".to_owned(),
        days => format!("{days} dage"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_is_told_in_days() {
        let told = |since: &str| age(since.parse().unwrap(), Day::new(2020, 11, 30));
        assert_eq!(told("2020-11-30"), "i dag");
        assert_eq!(told("2020-11-29"), "1 dag");
        assert_eq!(told("2020-10-31"), "30 dage");
    }
}
