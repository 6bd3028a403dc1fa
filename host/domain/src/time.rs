//! Days, months and periods. Every period includes both its ends, as the law counts.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// A calendar day between 1850 and 2199, which holds everybody a benefit can concern.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

/// The text or number is no day between 1850 and 2199.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a day such as 2020-10-31")]
pub struct NotADay(String);

impl Day {
    /// Panics on a day that does not exist: for days written in the program.
    pub const fn new(year: i32, month: u32, day: u32) -> Self {
        match NaiveDate::from_ymd_opt(year, month, day) {
            Some(date) => Self(date),
            None => panic!("no such day"),
        }
    }

    pub fn from_date(date: NaiveDate) -> Result<Self, NotADay> {
        if (1850..=2199).contains(&date.year()) {
            Ok(Self(date))
        } else {
            Err(NotADay(date.to_string()))
        }
    }

    /// Days since 1970-01-01.
    pub fn from_epoch_days(days: i32) -> Result<Self, NotADay> {
        NaiveDate::from_epoch_days(days)
            .ok_or_else(|| NotADay(days.to_string()))
            .and_then(Self::from_date)
    }

    pub fn epoch_days(self) -> i32 {
        self.0.to_epoch_days()
    }

    pub fn date(self) -> NaiveDate {
        self.0
    }

    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// 1 for the first of the month.
    pub fn number(self) -> u32 {
        self.0.day()
    }

    pub fn month(self) -> Month {
        Month { year: self.0.year(), number: self.0.month() }
    }

    pub fn weekday(self) -> Weekday {
        self.0.weekday()
    }

    /// Monday to Friday, public holidays included.
    pub fn is_weekday(self) -> bool {
        !matches!(self.weekday(), Weekday::Sat | Weekday::Sun)
    }

    /// The Monday of the ISO week.
    pub fn monday(self) -> Self {
        self.minus_days(self.weekday().num_days_from_monday())
    }

    pub fn next(self) -> Self {
        self.plus_days(1)
    }

    pub fn previous(self) -> Self {
        self.minus_days(1)
    }

    pub fn plus_days(self, days: u32) -> Self {
        Self(
            self.0
                .checked_add_days(Days::new(days.into()))
                .expect("days stay within chrono's calendar"),
        )
    }

    pub fn minus_days(self, days: u32) -> Self {
        Self(
            self.0
                .checked_sub_days(Days::new(days.into()))
                .expect("days stay within chrono's calendar"),
        )
    }

    /// The same day number so many months later, or that month's last day when it lacks the number.
    pub fn plus_months(self, months: u32) -> Self {
        Self(
            self.0
                .checked_add_months(chrono::Months::new(months))
                .expect("days stay within chrono's calendar"),
        )
    }

    pub fn minus_months(self, months: u32) -> Self {
        Self(
            self.0
                .checked_sub_months(chrono::Months::new(months))
                .expect("days stay within chrono's calendar"),
        )
    }

    /// Whole years from this day to `later`: an age. One born on 29 February turns a year on 1 March
    /// in other years.
    pub fn years_until(self, later: Self) -> i32 {
        let before_anniversary = (later.0.month(), later.0.day()) < (self.0.month(), self.0.day());
        later.year() - self.year() - i32::from(before_anniversary)
    }

    /// `31. oktober 2020`
    pub fn in_words(self) -> String {
        format!("{}. {}", self.0.day(), self.month().in_words())
    }
}

impl FromStr for Day {
    type Err = NotADay;
    fn from_str(text: &str) -> Result<Self, NotADay> {
        let date =
            NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| NotADay(text.to_owned()))?;
        let day = Self::from_date(date)?;
        if day.to_string() == text { Ok(day) } else { Err(NotADay(text.to_owned())) }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A calendar month.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    number: u32,
}

/// The text is no month.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a month such as 2020-10")]
pub struct NotAMonth(String);

impl Month {
    const NAMES: [&'static str; 12] = [
        "januar",
        "februar",
        "marts",
        "april",
        "maj",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "december",
    ];

    pub fn year(self) -> i32 {
        self.year
    }

    /// 1 for January.
    pub fn number(self) -> u32 {
        self.number
    }

    pub fn first(self) -> Day {
        Day::new(self.year, self.number, 1)
    }

    pub fn last(self) -> Day {
        self.next().first().previous()
    }

    pub fn period(self) -> Period {
        Period { first: self.first(), last: self.last() }
    }

    pub fn next(self) -> Self {
        self.first().plus_months(1).month()
    }

    pub fn previous(self) -> Self {
        self.first().minus_months(1).month()
    }

    /// `oktober 2020`
    pub fn in_words(self) -> String {
        format!("{} {}", Self::NAMES[self.number as usize - 1], self.year)
    }
}

impl FromStr for Month {
    type Err = NotAMonth;
    fn from_str(text: &str) -> Result<Self, NotAMonth> {
        format!("{text}-01").parse().map(Day::month).map_err(|_| NotAMonth(text.to_owned()))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.number)
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The last day lies before the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the last day, {last}, is before the first, {first}")]
pub struct Backwards {
    pub first: Day,
    pub last: Day,
}

/// Days from first to last, both included; never empty.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    first: Day,
    last: Day,
}

impl Period {
    pub fn new(first: Day, last: Day) -> Result<Self, Backwards> {
        if first <= last { Ok(Self { first, last }) } else { Err(Backwards { first, last }) }
    }

    pub fn of_day(day: Day) -> Self {
        Self { first: day, last: day }
    }

    pub fn first(self) -> Day {
        self.first
    }

    pub fn last(self) -> Day {
        self.last
    }

    pub fn contains(self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    pub fn covers(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// The days both have.
    pub fn overlap(self, other: Self) -> Option<Self> {
        Self::new(self.first.max(other.first), self.last.min(other.last)).ok()
    }

    /// How many days, at least 1.
    #[expect(clippy::len_without_is_empty, reason = "a period is never empty")]
    pub fn len(self) -> u32 {
        u32::try_from(self.last.epoch_days() - self.first.epoch_days() + 1)
            .expect("a period is never empty")
    }

    pub fn days(self) -> impl Iterator<Item = Day> {
        (0..self.len()).map(move |offset| self.first.plus_days(offset))
    }

    /// How many Mondays to Fridays, public holidays included.
    pub fn weekdays(self) -> u32 {
        let (weeks, rest) = (self.len() / 7, self.len() % 7);
        let tail = (0..rest).filter(|offset| self.first.plus_days(*offset).is_weekday()).count();
        weeks * 5 + u32::try_from(tail).expect("at most six days")
    }

    pub fn months(self) -> impl Iterator<Item = Month> {
        let last = self.last.month();
        std::iter::successors(Some(self.first.month()), |month| Some(month.next()))
            .take_while(move |month| *month <= last)
    }

    /// `oktober 2020`, `oktober til december 2020`, `12. til 31. oktober 2020`: whole months without
    /// their days, and what both ends share is said once.
    pub fn in_words(self) -> String {
        let (first, last) = (self.first.month(), self.last.month());
        let is_whole_months = self.first == first.first() && self.last == last.last();
        let (from, to) = if is_whole_months {
            (first.in_words(), last.in_words())
        } else {
            (self.first.in_words(), self.last.in_words())
        };
        if from == to {
            return to;
        }
        let shared =
            from.rsplit(' ').zip(to.rsplit(' ')).take_while(|(one, other)| one == other).count();
        let words: Vec<&str> = from.split(' ').collect();
        format!("{} til {to}", words[..words.len() - shared].join(" "))
    }

    /// The period cut at the month ends.
    pub fn by_month(self) -> impl Iterator<Item = Self> {
        self.months().filter_map(move |month| self.overlap(month.period()))
    }

    /// The period cut after each Sunday.
    pub fn by_week(self) -> impl Iterator<Item = Self> {
        let week_of = |day: Day| Self { first: day.monday(), last: day.monday().plus_days(6) };
        std::iter::successors(Some(week_of(self.first)), move |week| {
            Some(week_of(week.last.next()))
        })
        .map_while(move |week| self.overlap(week))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.first, self.last)
    }
}

/// The text is no period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a period such as 2020-10-01..2020-10-31")]
pub struct NotAPeriod(String);

impl FromStr for Period {
    type Err = NotAPeriod;
    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        let read = || {
            let (first, last) = text.split_once("..")?;
            Self::new(first.parse().ok()?, last.parse().ok()?).ok()
        };
        read().ok_or_else(|| NotAPeriod(text.to_owned()))
    }
}

impl fmt::Debug for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// As a [`Period`], but it may go on until further notice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Validity {
    first: Day,
    last: Option<Day>,
}

impl Validity {
    pub fn new(first: Day, last: Option<Day>) -> Result<Self, Backwards> {
        match last {
            Some(last) => Period::new(first, last).map(Self::from),
            None => Ok(Self::from_day(first)),
        }
    }

    /// From a day until further notice.
    pub fn from_day(first: Day) -> Self {
        Self { first, last: None }
    }

    pub fn first(self) -> Day {
        self.first
    }

    pub fn last(self) -> Option<Day> {
        self.last
    }

    pub fn contains(self, day: Day) -> bool {
        self.first <= day && self.last.is_none_or(|last| day <= last)
    }

    /// The days of `period` it covers.
    pub fn within(self, period: Period) -> Option<Period> {
        let last = self.last.map_or(period.last, |last| last.min(period.last));
        Period::new(self.first.max(period.first), last).ok()
    }

    /// What is left when the days of `taken` are cut out: nothing, one piece or two.
    pub fn without(self, taken: Self) -> Vec<Self> {
        if !self.meets(taken) {
            return vec![self];
        }
        let before = Self::new(self.first, Some(taken.first.previous())).ok();
        let after = taken.last.and_then(|last| Self::new(last.next(), self.last).ok());
        before.into_iter().chain(after).collect()
    }

    /// Whether some day is in both.
    pub fn meets(self, other: Self) -> bool {
        other.last.is_none_or(|last| self.first <= last)
            && self.last.is_none_or(|last| other.first <= last)
    }
}

impl From<Period> for Validity {
    fn from(period: Period) -> Self {
        Self { first: period.first, last: Some(period.last) }
    }
}

impl fmt::Display for Validity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.last {
            Some(last) => write!(f, "{}..{last}", self.first),
            None => write!(f, "{}..", self.first),
        }
    }
}

impl FromStr for Validity {
    type Err = NotAPeriod;
    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        match text.strip_suffix("..") {
            Some(first) => {
                first.parse().map(Self::from_day).map_err(|_| NotAPeriod(text.to_owned()))
            }
            None => text.parse::<Period>().map(Self::from),
        }
    }
}

impl fmt::Debug for Validity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn period(first: &str, last: &str) -> Period {
        Period::new(day(first), day(last)).unwrap()
    }

    #[test]
    fn only_a_whole_iso_date_is_a_day() {
        for text in
            ["2020-02-30", "2020-1-1", "20200101", "2020-01-01 ", "1849-12-31", "2200-01-01", ""]
        {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
        assert!(Day::from_epoch_days(i32::MIN).is_err());
    }

    #[test]
    fn a_birthday_counts_on_the_day_itself() {
        assert_eq!(day("1995-10-01").years_until(day("2020-09-30")), 24);
        assert_eq!(day("1995-10-01").years_until(day("2020-10-01")), 25);
        assert_eq!(day("1996-02-29").years_until(day("2021-02-28")), 24);
        assert_eq!(day("1996-02-29").years_until(day("2021-03-01")), 25);
    }

    #[test]
    fn a_month_that_lacks_the_day_number_gives_its_last_day() {
        assert_eq!(day("2020-03-01").plus_months(1), day("2020-04-01"));
        assert_eq!(day("2020-01-31").plus_months(1), day("2020-02-29"));
        assert_eq!(day("2020-03-31").minus_months(1), day("2020-02-29"));
    }

    #[test]
    fn october_2020_has_22_weekdays_and_five_weeks() {
        let october = "2020-10".parse::<Month>().unwrap().period();
        assert_eq!((october.len(), october.weekdays()), (31, 22));
        let weeks: Vec<Period> = october.by_week().collect();
        assert_eq!(weeks.len(), 5);
        assert_eq!(weeks[0], period("2020-10-01", "2020-10-04"));
        assert_eq!(weeks[4], period("2020-10-26", "2020-10-31"));
    }

    #[test]
    fn touching_periods_meet_only_on_a_shared_day() {
        let october = period("2020-10-01", "2020-10-31");
        assert_eq!(october.overlap(period("2020-11-01", "2020-11-30")), None);
        assert_eq!(
            october.overlap(period("2020-10-31", "2020-11-30")),
            Some(Period::of_day(day("2020-10-31")))
        );
        assert!(!Validity::from_day(day("2020-11-01")).meets(october.into()));
        assert!(Validity::from_day(day("2020-10-31")).meets(october.into()));
    }

    #[test]
    fn what_is_left_keeps_every_day_that_was_not_taken() {
        let check = |days: &str, taken: &str, left: &[&str]| {
            let left: Vec<Validity> = left.iter().map(|days| days.parse().unwrap()).collect();
            let days: Validity = days.parse().unwrap();
            assert_eq!(days.without(taken.parse().unwrap()), left, "{days} without {taken}");
        };
        check("2020-01-01..2020-12-31", "2021-01-01..", &["2020-01-01..2020-12-31"]);
        check("2020-01-01..", "2020-01-01..", &[]);
        check("2020-01-01..", "2020-07-01..", &["2020-01-01..2020-06-30"]);
        check("2020-01-01..", "2020-01-01..2020-06-30", &["2020-07-01.."]);
        let spring = &["2020-01-01..2020-02-29", "2020-04-01..2020-12-31"];
        check("2020-01-01..2020-12-31", "2020-03-01..2020-03-31", spring);
    }

    #[test]
    fn a_day_is_told_in_danish() {
        assert_eq!(day("2020-10-31").in_words(), "31. oktober 2020");
    }

    #[test]
    fn a_period_says_what_its_ends_share_once() {
        let check = |first, last, expected| assert_eq!(period(first, last).in_words(), expected);
        check("2020-10-01", "2020-10-31", "oktober 2020");
        check("2020-10-01", "2020-12-31", "oktober til december 2020");
        check("2020-12-01", "2021-01-31", "december 2020 til januar 2021");
        check("2020-10-12", "2020-10-12", "12. oktober 2020");
        check("2020-10-12", "2020-10-31", "12. til 31. oktober 2020");
        check("2020-10-12", "2020-11-12", "12. oktober til 12. november 2020");
        check("2020-10-12", "2021-10-12", "12. oktober 2020 til 12. oktober 2021");
    }

    prop_compose! {
        fn any_period()(first in 0i32..40_000, len in 0u32..1_500) -> Period {
            let first = Day::from_epoch_days(first).unwrap();
            Period::new(first, first.plus_days(len)).unwrap()
        }
    }

    proptest! {
        #[test]
        fn months_and_weeks_cut_a_period_without_gap_or_overlap(whole in any_period()) {
            for parts in [whole.by_month().collect::<Vec<_>>(), whole.by_week().collect()] {
                prop_assert_eq!(parts[0].first(), whole.first());
                prop_assert_eq!(parts[parts.len() - 1].last(), whole.last());
                for pair in parts.windows(2) {
                    prop_assert_eq!(pair[0].last().next(), pair[1].first());
                }
                prop_assert_eq!(parts.iter().map(|part| part.weekdays()).sum::<u32>(), whole.weekdays());
            }
        }

        #[test]
        fn weekdays_are_counted_as_one_would_by_hand(whole in any_period()) {
            let by_hand = whole.days().filter(|day| day.is_weekday()).count();
            prop_assert_eq!(whole.weekdays() as usize, by_hand);
        }

        #[test]
        fn a_day_survives_text_and_number(days in -40_000i32..80_000) {
            let day = Day::from_epoch_days(days).unwrap();
            prop_assert_eq!(day.to_string().parse::<Day>(), Ok(day));
            prop_assert_eq!(Day::from_epoch_days(day.epoch_days()), Ok(day));
        }
    }
}
