//! What time it is. Everything that needs to know is given a [`Clock`].

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta, Utc};
use ydun_domain::Day;

/// The time, real or set.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    System,
    /// Stands still, for tests, demonstrations and runs of the past.
    Fixed(DateTime<Utc>),
}

impl Clock {
    pub fn now(self) -> DateTime<Utc> {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is the Clock")]
            Self::System => Utc::now(),
            Self::Fixed(moment) => moment,
        }
    }

    /// Today in Denmark.
    pub fn today(self) -> Day {
        danish(self.now())
    }
}

/// The day it is in Denmark at a moment.
pub fn danish(moment: DateTime<Utc>) -> Day {
    Day::from_date(danish_wall(moment).date()).expect("the clock is within two centuries of now")
}

/// The moment a day begins in Denmark.
pub fn midnight(day: Day) -> DateTime<Utc> {
    let wall = day.date().and_hms_opt(0, 0, 0).expect("midnight exists").and_utc();
    let candidates = [2, 1].map(|hours| wall - TimeDelta::hours(hours));
    let found = candidates.into_iter().find(|moment| danish_wall(*moment) == wall.naive_utc());
    found.expect("Denmark is one or two hours ahead")
}

/// What a clock on a wall in Denmark shows at a moment.
pub fn danish_wall(moment: DateTime<Utc>) -> NaiveDateTime {
    moment.with_timezone(&danish_offset(moment)).naive_local()
}

/// Summer time runs from the last Sunday of March to the last Sunday of October, both at 01:00 UTC
/// (directive 2000/84/EC).
fn danish_offset(moment: DateTime<Utc>) -> FixedOffset {
    let year = moment.date_naive().format("%Y").to_string().parse().expect("a year is a number");
    let change = |month| {
        let last = Day::new(year, month, 31);
        let sunday = last.minus_days(last.weekday().num_days_from_sunday());
        sunday.date().and_hms_opt(1, 0, 0).expect("one o'clock exists").and_utc()
    };
    let hours = if (change(3)..change(10)).contains(&moment) { 2 } else { 1 };
    FixedOffset::east_opt(hours * 3600).expect("a whole number of hours")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(moment: &str, day: &str) {
        assert_eq!(danish(moment.parse().unwrap()), day.parse().unwrap());
    }

    #[test]
    fn a_day_begins_at_its_midnight_on_either_side_of_summer_time() {
        let begins = |day: &str| midnight(day.parse().unwrap()).to_rfc3339();
        assert_eq!(begins("2020-10-25"), "2020-10-24T22:00:00+00:00"); // summer time ends in its night
        assert_eq!(begins("2020-10-26"), "2020-10-25T23:00:00+00:00");
        assert_eq!(begins("2021-03-28"), "2021-03-27T23:00:00+00:00");
        assert_eq!(begins("2021-03-29"), "2021-03-28T22:00:00+00:00");
    }

    #[test]
    fn midnight_is_danish_summer_and_winter() {
        check("2020-10-24T21:59:59Z", "2020-10-24");
        check("2020-10-24T22:00:00Z", "2020-10-25");
        check("2020-10-25T22:59:59Z", "2020-10-25"); // summer time ended the night before
        check("2020-12-31T23:00:00Z", "2021-01-01");
        check("2021-03-27T22:59:59Z", "2021-03-27");
        check("2021-03-28T22:00:00Z", "2021-03-29");
    }
}
