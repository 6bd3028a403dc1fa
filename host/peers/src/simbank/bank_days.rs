//! The days on which the bank moves money.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// The last year with a store bededag; the day was abolished from 2024.
const LAST_STORE_BEDEDAG: i32 = 2023;

/// Whether the banks are open: no weekend, no holiday, none of the banks' own closing days.
///
/// The closing days are those that Danmarks Nationalbank publishes: the holidays, the Friday after
/// Ascension, 5 June, 24 and 31 December.
pub fn is_bank_day(day: NaiveDate) -> bool {
    let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    !weekend && !is_fixed_closing_day(day) && !is_moving_closing_day(day)
}

fn is_fixed_closing_day(day: NaiveDate) -> bool {
    matches!((day.month(), day.day()), (1, 1) | (6, 5) | (12, 24 | 25 | 26 | 31))
}

fn is_moving_closing_day(day: NaiveDate) -> bool {
    /// Days after Easter: skærtorsdag, langfredag, 2. påskedag, Kristi himmelfartsdag, the Friday after it,
    /// 2. pinsedag.
    const CLOSED: [i64; 6] = [-3, -2, 1, 39, 40, 50];
    /// The fourth Friday after Easter.
    const STORE_BEDEDAG: i64 = 26;
    let after_easter = (day - easter(day.year())).num_days();
    CLOSED.contains(&after_easter)
        || (after_easter == STORE_BEDEDAG && day.year() <= LAST_STORE_BEDEDAG)
}

/// Easter Sunday of a year, by the Gregorian rule of the golden number and the epact.
fn easter(year: i32) -> NaiveDate {
    let golden = year % 19;
    let century = year / 100;
    let skipped_leap_days = century - century / 4;
    let moon_shift = (8 * century + 13) / 25;
    let epact = (19 * golden + skipped_leap_days - moon_shift + 15) % 30;
    let late_moon = i32::from(epact == 29 || (epact == 28 && golden > 10));
    let full_moon = epact - late_moon; // days after 21 March
    let first = NaiveDate::from_ymd_opt(year, 3, 22).expect("every year has a 22 March");
    let after_moon =
        first + Days::new(u64::try_from(full_moon).expect("the epact is never negative"));
    let to_sunday = u64::from((7 - after_moon.weekday().num_days_from_sunday()) % 7);
    after_moon + Days::new(to_sunday)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_falls_where_the_almanac_has_it() {
        let almanac = [
            "1954-04-18",
            "1981-04-19",
            "2000-04-23",
            "2008-03-23",
            "2011-04-24",
            "2019-04-21",
            "2020-04-12",
            "2021-04-04",
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2027-03-28",
            "2038-04-25",
            "2049-04-18",
            "2076-04-19",
        ];
        for sunday in almanac {
            let sunday: NaiveDate = sunday.parse().unwrap();
            assert_eq!(easter(sunday.year()), sunday);
        }
    }

    #[track_caller]
    fn check(day: &str, open: bool) {
        assert_eq!(is_bank_day(day.parse().unwrap()), open, "{day}");
    }

    #[test]
    fn the_banks_close_on_holidays_and_their_own_days() {
        check("2021-01-28", true); // a Thursday
        check("2021-01-30", false); // Saturday
        check("2021-01-31", false); // Sunday
        check("2021-01-01", false);
        check("2021-04-01", false); // skærtorsdag
        check("2021-04-02", false); // langfredag
        check("2021-04-05", false); // 2. påskedag
        check("2021-04-06", true);
        check("2021-04-30", false); // store bededag
        check("2021-05-13", false); // Kristi himmelfartsdag
        check("2021-05-14", false); // the Friday after
        check("2021-05-24", false); // 2. pinsedag
        check("2023-05-05", false); // the last store bededag
        check("2024-04-26", true); // would have been store bededag
        check("2026-06-05", false);
        check("2021-12-24", false);
        check("2021-12-27", true);
        check("2021-12-30", true);
        check("2021-12-31", false);
    }
}
