//! What the bench shows, as it stands in its address: so a choice can be kept, shared and gone back to.

use std::str::FromStr;

use serde::Deserialize;
use ydun_domain::ids::TaskId;

use super::failure::Failure;
use crate::tasks::bench::{Choice, Holder, Pace, Place};

/// What the address of the bench asks for; everything is optional.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
pub(super) struct TaskQuery {
    /// `mig`, `ingen`, or somebody's initials.
    pub(super) hos: String,
    pub(super) ydelse: String,
    pub(super) koe: String,
    pub(super) maerke: String,
    /// `overskredet`, `venter` or `alle`.
    pub(super) tempo: String,
    /// The place of the last row of the page before.
    pub(super) efter: String,
}

const PACES: [(&str, Pace); 4] = [
    ("", Pace::Ready),
    ("overskredet", Pace::Overdue),
    ("venter", Pace::Waiting),
    ("alle", Pace::All),
];

impl TaskQuery {
    /// The choice that was written as [`Self::text`] does.
    pub(super) fn read(text: &str) -> Result<Self, Failure> {
        serde_urlencoded::from_str(text).map_err(Failure::misunderstood)
    }

    /// What is chosen by a worker.
    pub(super) fn choice(&self, worker: &str) -> Result<Choice, Failure> {
        let holder = match self.hos.as_str() {
            "" => Holder::Anybody,
            "ingen" => Holder::Nobody,
            "mig" => Holder::Worker(worker.to_owned()),
            initials => Holder::Worker(initials.to_owned()),
        };
        let pace = PACES.iter().find(|(word, _)| *word == self.tempo);
        let pace = pace.ok_or_else(|| Failure::misunderstood("'tempo' is no pace of the bench"))?.1;
        Ok(Choice {
            holder,
            pace,
            benefit: self.ydelse.clone(),
            queue: self.koe.clone(),
            label: self.maerke.clone(),
        })
    }

    /// The place of the last row of the page before.
    pub(super) fn after(&self) -> Result<Option<Place>, Failure> {
        if self.efter.is_empty() {
            return Ok(None);
        }
        let place = self.efter.split_once('_').and_then(|(day, task)| {
            Some(Place { sort_day: day.parse().ok()?, task: TaskId::from_str(task).ok()? })
        });
        place.map(Some).ok_or_else(|| Failure::misunderstood("'efter' is no place on the bench"))
    }

    /// The choice without a place, as it stands in an address.
    pub(super) fn text(&self) -> String {
        let chosen = [
            ("hos", &self.hos),
            ("ydelse", &self.ydelse),
            ("koe", &self.koe),
            ("maerke", &self.maerke),
            ("tempo", &self.tempo),
        ];
        let chosen: Vec<_> = chosen.into_iter().filter(|(_, word)| !word.is_empty()).collect();
        serde_urlencoded::to_string(chosen).expect("texts can always be written in an address")
    }

    /// Where the bench shows the choice.
    pub(super) fn address(&self) -> String {
        address(&self.text())
    }

    /// Where the page after a place is.
    pub(super) fn address_after(&self, place: Place) -> String {
        let Place { sort_day, task } = place;
        match self.text().as_str() {
            "" => format!("/opgaver?efter={sort_day}_{task}"),
            chosen => format!("/opgaver?{chosen}&efter={sort_day}_{task}"),
        }
    }

    pub(super) fn with_holder(&self, hos: &str) -> Self {
        Self { hos: hos.to_owned(), tempo: String::new(), ..self.clone() }
    }

    pub(super) fn with_pace(&self, tempo: &str) -> Self {
        Self { tempo: tempo.to_owned(), hos: String::new(), ..self.clone() }
    }
}

/// Where the bench shows a choice that was written before.
pub(super) fn address(choice: &str) -> String {
    if choice.is_empty() { "/opgaver".to_owned() } else { format!("/opgaver?{choice}") }
}

#[cfg(test)]
mod tests {
    use ydun_domain::Day;

    use super::*;

    #[test]
    fn a_choice_comes_back_from_its_address() {
        let asked = TaskQuery {
            hos: "ingen".into(),
            maerke: "haster & ring".into(),
            tempo: "overskredet".into(),
            ..TaskQuery::default()
        };
        assert_eq!(asked.text(), "hos=ingen&maerke=haster+%26+ring&tempo=overskredet");
        let read = TaskQuery::read(&asked.text()).unwrap();
        assert_eq!(read, asked);
        let choice = read.choice("abc").unwrap();
        assert_eq!((choice.holder, choice.pace), (Holder::Nobody, Pace::Overdue));
    }

    #[test]
    fn the_next_page_begins_where_this_one_ends() {
        let place = Place { sort_day: Day::new(2020, 11, 15), task: TaskId::generate() };
        let asked = TaskQuery { hos: "mig".into(), ..TaskQuery::default() };
        let (_, query) = asked
            .address_after(place)
            .split_once('?')
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        let read = TaskQuery::read(&query).unwrap();
        assert_eq!(read.after().unwrap(), Some(place));
        assert_eq!(read.choice("abc").unwrap().holder, Holder::Worker("abc".into()));
        assert!(TaskQuery { efter: "i går".into(), ..asked }.after().is_err());
    }
}
