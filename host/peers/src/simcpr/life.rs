//! What happens to the persons of the register.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{About, Books, Happened};

/// Who is in the register, and where they live.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Population {
    pub source: String,
    /// The code of the municipality they all live in at first.
    pub municipality: String,
    /// Personal numbers, household by household.
    pub households: Vec<Vec<String>>,
}

/// Lets so many things happen from a day on; the same seed gives the same lives.
pub fn live(books: &mut Books, population: &Population, events: usize, seed: u64, from: NaiveDate) {
    let mut dice = Dice(seed | 1);
    let until = books.happened.len() + events;
    while books.happened.len() < until {
        let household = dice.pick(&population.households);
        let person = dice.pick(household);
        let day = from + Days::new(dice.below(20));
        match dice.below(100) {
            0..40 => move_together(books, population, household, &population.municipality, day),
            40..45 => move_together(books, population, household, "0563", day),
            45..60 => tell(books, population, person, "income-changed", day, None),
            60..75 => tell(books, population, person, "civil-status-changed", day, None),
            75..90 => tell(books, population, person, "protection-changed", day, None),
            90..97 => tell(books, population, person, "absent", day, None),
            _ => tell(books, population, person, "died", day, None),
        }
    }
    books.happened.truncate(until);
}

/// A family moves, and the register tells it person by person.
fn move_together(
    books: &mut Books,
    population: &Population,
    household: &[String],
    to: &str,
    day: NaiveDate,
) {
    for person in household {
        tell(books, population, person, "moved", day, Some(to));
    }
}

fn tell(
    books: &mut Books,
    population: &Population,
    person: &str,
    kind: &str,
    day: NaiveDate,
    to: Option<&str>,
) {
    let sequence = books.happened.len() as u64 + 1;
    books.happened.push(Happened {
        source: population.source.clone(),
        message_id: format!("{}-{sequence}", population.source),
        sequence,
        kind: kind.to_owned(),
        about: About::Cpr(person.to_owned()),
        day: day.to_string(),
        known: (day + Days::new(1)).to_string(),
        municipality: to.map(str::to_owned),
        name: None,
    });
}

/// Numbers that look like chance and come again with the seed (xorshift).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let place = self.below(of.len() as u64);
        &of[usize::try_from(place).expect("a place in a list")]
    }
}
