//! Statutory figures with the two dates that decide which one counts.

use crate::time::{Day, Validity};

/// One value of a rate, and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate<T> {
    /// The days the value applies to.
    pub valid: Validity,
    /// The day the value was announced; before it, nobody could have used it.
    pub announced: Day,
    pub value: T,
    /// Act, section and paragraph, as a citizen could look it up.
    pub source: String,
}

/// Every value a rate has had, in order of announcement.
///
/// Two dates decide which value counts: the day being calculated, and the day it is calculated
/// *as of*. Recalculating last year as of last year gives last year's answer, even when a rate has
/// since been announced with back effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline<T>(Vec<Rate<T>>);

/// Why a list of rates is no timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTimeline {
    #[error("there is no value")]
    Empty,
    #[error("two values for {0} were announced on the same day")]
    Ambiguous(Day),
}

impl<T> Timeline<T> {
    /// Two values announced on the same day for the same day would leave the choice open: refused.
    pub fn new(mut rates: Vec<Rate<T>>) -> Result<Self, NoTimeline> {
        if rates.is_empty() {
            return Err(NoTimeline::Empty);
        }
        rates.sort_by_key(|rate| (rate.announced, rate.valid.first()));
        for pair in rates.windows(2) {
            if pair[0].announced == pair[1].announced && pair[0].valid.meets(pair[1].valid) {
                return Err(NoTimeline::Ambiguous(pair[1].valid.first()));
            }
        }
        Ok(Self(rates))
    }

    /// The value in force on `day`, as the rules were known on `known_at`.
    pub fn at(&self, day: Day, known_at: Day) -> Option<&Rate<T>> {
        self.0.iter().rev().find(|rate| rate.announced <= known_at && rate.valid.contains(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(first: &str, announced: &str, value: u32) -> Rate<u32> {
        Rate {
            valid: Validity::from_day(first.parse().unwrap()),
            announced: announced.parse().unwrap(),
            value,
            source: "invented".into(),
        }
    }

    #[track_caller]
    fn check(timeline: &Timeline<u32>, day: &str, known_at: &str, expected: Option<u32>) {
        let found = timeline.at(day.parse().unwrap(), known_at.parse().unwrap());
        assert_eq!(found.map(|rate| rate.value), expected);
    }

    #[test]
    fn last_year_as_of_last_year_gives_last_years_answer() {
        let timeline = Timeline::new(vec![
            rate("2020-01-01", "2020-04-27", 45), // announced with back effect
            rate("2015-01-01", "2014-12-01", 40),
        ])
        .unwrap();
        check(&timeline, "2014-12-31", "2021-01-01", None);
        check(&timeline, "2019-12-31", "2021-01-01", Some(40));
        check(&timeline, "2020-01-01", "2020-04-26", Some(40));
        check(&timeline, "2020-01-01", "2020-04-27", Some(45));
    }

    #[test]
    fn a_timeline_never_has_to_guess() {
        assert_eq!(Timeline::<u32>::new(vec![]), Err(NoTimeline::Empty));
        let two = vec![rate("2020-01-01", "2019-12-01", 1), rate("2020-06-01", "2019-12-01", 2)];
        assert_eq!(Timeline::new(two), Err(NoTimeline::Ambiguous("2020-06-01".parse().unwrap())));
    }
}
