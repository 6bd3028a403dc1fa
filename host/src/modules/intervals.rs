//! Days cut out of days.

use ydun_domain::{Day, Period, Validity};

const END_OF_DAYS: Day = Day::new(2199, 12, 31);

/// What is left of `days` when those of `taken` are cut out: nothing, one piece or two.
pub(super) fn without(days: Validity, taken: Validity) -> Vec<Validity> {
    if !days.meets(taken) {
        return vec![days];
    }
    let before = Validity::new(days.first(), Some(taken.first().previous())).ok();
    let after = taken.last().and_then(|last| Validity::new(last.next(), days.last()).ok());
    before.into_iter().chain(after).collect()
}

/// The days that both have.
pub(super) fn shared(one: Validity, other: Validity) -> Option<Validity> {
    let last = [one.last(), other.last()].into_iter().flatten().min();
    Validity::new(one.first().max(other.first()), last).ok()
}

/// The days between the first and the last that none of the intervals has.
pub(super) fn gaps(mut intervals: Vec<Validity>) -> Vec<Period> {
    intervals.sort();
    let mut gaps = Vec::new();
    let Some(mut reached) = intervals.first().map(|days| days.first().previous()) else {
        return gaps;
    };
    for days in intervals {
        gaps.extend(Period::new(reached.next(), days.first().previous()));
        reached = reached.max(days.last().unwrap_or(END_OF_DAYS));
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn cut(days: &str, taken: &str, left: &[&str]) {
        let left: Vec<Validity> = left.iter().map(|days| days.parse().unwrap()).collect();
        assert_eq!(
            without(days.parse().unwrap(), taken.parse().unwrap()),
            left,
            "{days} without {taken}"
        );
    }

    #[test]
    fn what_is_left_keeps_every_day_that_was_not_taken() {
        cut("2020-01-01..2020-12-31", "2021-01-01..", &["2020-01-01..2020-12-31"]); // they do not meet
        cut("2020-01-01..", "2020-01-01..", &[]);
        cut("2020-01-01..", "2020-07-01..", &["2020-01-01..2020-06-30"]);
        cut("2020-01-01..", "2020-01-01..2020-06-30", &["2020-07-01.."]);
        cut(
            "2020-01-01..2020-12-31",
            "2020-03-01..2020-03-31",
            &["2020-01-01..2020-02-29", "2020-04-01..2020-12-31"],
        );
        cut("2020-03-01..2020-03-31", "2020-01-01..", &[]);
    }

    #[track_caller]
    fn both(one: &str, other: &str, expected: Option<&str>) {
        let (one, other) = (one.parse().unwrap(), other.parse().unwrap());
        let expected = expected.map(|days| days.parse().unwrap());
        assert_eq!((shared(one, other), shared(other, one)), (expected, expected));
    }

    #[test]
    fn shared_days_are_those_that_both_have() {
        both("2020-01-01..", "2020-02-01..", Some("2020-02-01.."));
        both("2020-01-01..", "2019-01-01..2020-01-01", Some("2020-01-01..2020-01-01"));
        both("2020-01-02..", "2019-01-01..2020-01-01", None);
        both("2020-01-01..2020-12-31", "2020-03-01..2020-03-31", Some("2020-03-01..2020-03-31"));
    }

    #[test]
    fn a_gap_is_found_on_its_first_and_last_day() {
        let gaps =
            |intervals: &[&str]| gaps(intervals.iter().map(|days| days.parse().unwrap()).collect());
        assert_eq!(gaps(&["2020-02-01..", "2020-01-01..2020-01-31"]), []);
        assert_eq!(
            gaps(&["2020-02-02..", "2020-01-01..2020-01-31"]),
            ["2020-02-01..2020-02-01".parse().unwrap()]
        );
        assert_eq!(gaps(&["2020-01-01..", "2020-06-01..2020-06-30", "2021-01-01.."]), []);
        let nested = ["2020-01-01..2020-12-31", "2020-02-01..2020-02-29", "2021-01-02.."];
        assert_eq!(gaps(&nested), ["2021-01-01..2021-01-01".parse().unwrap()]);
    }
}
