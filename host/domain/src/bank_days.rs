//! The days on which Danish banks move money.

use crate::time::Day;

/// One version of the rule for closing days, in force for some years.
///
/// A change of the rule is a new version with its first year; earlier years keep theirs, so that a
/// due date of the past is found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Version {
    first_year: i32,
    /// Days counted from Easter Sunday, and what they are called.
    from_easter: &'static [(i32, &'static str)],
    /// Month and day, and what the day is called.
    fixed: &'static [((u32, u32), &'static str)],
}

const FIXED: [((u32, u32), &str); 6] = [
    ((1, 1), "Nytårsdag"),
    ((6, 5), "Grundlovsdag"),
    ((12, 24), "Juleaftensdag"),
    ((12, 25), "Juledag"),
    ((12, 26), "2. juledag"),
    ((12, 31), "Nytårsaftensdag"),
];

/// Maundy Thursday, Good Friday, Easter Monday, Ascension Day and the Friday after, Whit Monday; the
/// fourth Friday after Easter (store bededag) was closed through 2023. New Year's Day, 5 June,
/// Christmas and 31 December. Source: the closing days the central bank publishes.
const VERSIONS: [Version; 2] = [
    Version {
        first_year: 2024,
        from_easter: &[
            (-3, "Skærtorsdag"),
            (-2, "Langfredag"),
            (1, "2. påskedag"),
            (39, "Kristi himmelfartsdag"),
            (40, "Dagen efter Kristi himmelfartsdag"),
            (50, "2. pinsedag"),
        ],
        fixed: &FIXED,
    },
    Version {
        first_year: 1900,
        from_easter: &[
            (-3, "Skærtorsdag"),
            (-2, "Langfredag"),
            (1, "2. påskedag"),
            (26, "Store bededag"),
            (39, "Kristi himmelfartsdag"),
            (40, "Dagen efter Kristi himmelfartsdag"),
            (50, "2. pinsedag"),
        ],
        fixed: &FIXED,
    },
];

/// Whether banks are open.
pub fn is_bank_day(day: Day) -> bool {
    day.is_weekday() && closing_day(day).is_none()
}

/// The day itself when banks are open, else the last bank day before it.
pub fn on_or_before(day: Day) -> Day {
    step_while(day, Day::previous, |day| !is_bank_day(day))
}

/// The day itself when banks are open, else the first bank day after it.
pub fn on_or_after(day: Day) -> Day {
    step_while(day, Day::next, |day| !is_bank_day(day))
}

/// So many bank days after `day`; zero gives the first bank day on or after it.
pub fn plus(day: Day, bank_days: u32) -> Day {
    (0..bank_days).fold(on_or_after(day), |day, _| on_or_after(day.next()))
}

/// So many bank days before `day`; zero gives the last bank day on or before it.
pub fn minus(day: Day, bank_days: u32) -> Day {
    (0..bank_days).fold(on_or_before(day), |day, _| on_or_before(day.previous()))
}

fn step_while(day: Day, step: impl Fn(Day) -> Day, closed: impl Fn(Day) -> bool) -> Day {
    std::iter::successors(Some(day), |day| Some(step(*day)))
        .find(|day| !closed(*day))
        .expect("banks open again within days")
}

/// What a day is called in Danish on which banks are closed, whichever day of the week it is.
pub fn closing_day(day: Day) -> Option<&'static str> {
    let version = VERSIONS
        .iter()
        .find(|version| version.first_year <= day.year())
        .unwrap_or(&VERSIONS[VERSIONS.len() - 1]);
    let date = (day.month().number(), day.number());
    let from_easter = day.epoch_days() - easter(day.year()).epoch_days();
    let fixed = version.fixed.iter().find(|(fixed, _)| *fixed == date).map(|(_, name)| *name);
    let moving = || version.from_easter.iter().find(|(days, _)| *days == from_easter);
    fixed.or_else(|| moving().map(|(_, name)| *name))
}

fn easter(year: i32) -> Day {
    let easter = computus::gregorian(year).expect("a Day lies within the Gregorian calendar");
    Day::new(easter.year, easter.month, easter.day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_bank_day_of_a_month_can_lie_days_before_its_end() {
        assert_eq!(on_or_before(day("2018-03-31")), day("2018-03-28")); // Easter
        assert_eq!(on_or_before(day("2023-12-31")), day("2023-12-29"));
        assert_eq!(on_or_before(day("2020-10-31")), day("2020-10-30"));
    }

    #[test]
    fn store_bededag_was_closed_until_2023() {
        assert!(!is_bank_day(day("2023-05-05")));
        assert!(is_bank_day(day("2024-04-26")));
    }

    #[test]
    fn a_closing_day_has_a_name() {
        assert_eq!(closing_day(day("2020-04-10")), Some("Langfredag"));
        assert_eq!(closing_day(day("2020-12-26")), Some("2. juledag")); // a Saturday
        assert_eq!(closing_day(day("2020-04-14")), None);
    }

    #[test]
    fn lead_times_step_over_closing_days() {
        assert_eq!(plus(day("2020-12-23"), 1), day("2020-12-28"));
        assert_eq!(plus(day("2020-12-26"), 0), day("2020-12-28"));
        assert_eq!(minus(day("2021-01-04"), 4), day("2020-12-23")); // 30, 29, 28, then Christmas
    }

    proptest! {
        #[test]
        fn forth_and_back_is_the_same_bank_day(days in 0i32..60_000, lead in 0u32..30) {
            let start = on_or_after(Day::from_epoch_days(days).unwrap());
            prop_assert_eq!(minus(plus(start, lead), lead), start);
        }

        #[test]
        fn banks_never_close_for_more_than_six_days(days in 0i32..80_000) {
            let day = Day::from_epoch_days(days).unwrap();
            prop_assert!(on_or_after(day).epoch_days() - day.epoch_days() <= 6);
        }
    }
}
