//! The municipality's own numbers for our accounts (kontostrenge).
//!
//! The authorised chart of accounts changes every year, and each municipality has its own strings, so
//! both are data: a number counts from a booking day, and what was once set stays as it was known.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use ydun_domain::{Day, Dkk};

use super::Account;

/// A number of the municipality's, from a booking day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    pub account: Account,
    pub from: Day,
    /// None: the account has no number from that day on.
    pub number: Option<String>,
    pub source: String,
    pub set_at: DateTime<Utc>,
    pub set_by: String,
}

/// A number as somebody gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMapping {
    pub account: Account,
    pub from: Day,
    /// Empty: none from that day on.
    pub number: String,
    /// Where the municipality has it from.
    pub source: String,
}

/// The municipality's numbers as they are known at one moment.
#[derive(Clone, Debug, Default)]
pub struct Chart(BTreeMap<Account, BTreeMap<Day, Option<String>>>);

impl Chart {
    /// Of the mappings of one day, the one set last counts; they come in the order they were set.
    pub fn new(mappings: Vec<Mapping>) -> Self {
        let mut chart = Self::default();
        for Mapping { account, from, number, .. } in mappings {
            chart.0.entry(account).or_default().insert(from, number);
        }
        chart
    }

    /// The number that counts for what is booked on a day.
    pub fn number(&self, account: &Account, booked: Day) -> Option<&str> {
        let (_, number) = self.0.get(account)?.range(..=booked).next_back()?;
        number.as_deref()
    }
}

/// An account that was used on a booking day when it had no number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unmapped {
    pub account: Account,
    pub booked: Day,
}

impl fmt::Display for Unmapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.account, self.booked)
    }
}

/// An account's line in the trial balance (råbalance) of some booking days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialLine {
    pub account: Account,
    /// Debits less credits before the days.
    pub opening: Dkk,
    pub debit: Dkk,
    pub credit: Dkk,
}

impl TrialLine {
    /// Debits less credits at the end of the days. All accounts' sum to zero.
    pub fn closing(&self) -> Dkk {
        self.opening + self.debit - self.credit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(from: &str, number: Option<&str>) -> Mapping {
        Mapping {
            account: Account::Payable,
            from: from.parse().unwrap(),
            number: number.map(str::to_owned),
            source: "kontoplan".to_owned(),
            set_at: DateTime::UNIX_EPOCH,
            set_by: "abc".to_owned(),
        }
    }

    #[test]
    fn a_number_counts_from_its_day_until_the_next_one() {
        let chart = Chart::new(vec![
            mapping("2020-01-01", Some("wrong")),
            mapping("2021-01-01", Some("2021")),
            mapping("2020-01-01", Some("2020")),
            mapping("2022-01-01", None),
        ]);
        for (day, expected) in [
            ("2019-12-31", None),
            ("2020-01-01", Some("2020")),
            ("2020-12-31", Some("2020")),
            ("2021-01-01", Some("2021")),
            ("2022-01-01", None),
        ] {
            assert_eq!(chart.number(&Account::Payable, day.parse().unwrap()), expected, "{day}");
        }
        assert_eq!(chart.number(&Account::Bank, "2020-06-01".parse().unwrap()), None);
    }
}
