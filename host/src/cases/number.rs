//! The number people call a case by.

use std::fmt;
use std::str::FromStr;

/// `2020-00017`: the seventeenth case of the municipality opened in 2020.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseNumber {
    pub(super) year: i64,
    pub(super) sequence: i64,
}

/// The text is no case number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a case number such as 2020-00017")]
pub struct NotACaseNumber(String);

impl FromStr for CaseNumber {
    type Err = NotACaseNumber;
    fn from_str(text: &str) -> Result<Self, NotACaseNumber> {
        let read = || {
            let (year, sequence) = text.split_once('-')?;
            let number = Self { year: year.parse().ok()?, sequence: sequence.parse().ok()? };
            (number.sequence > 0 && number.to_string() == text).then_some(number)
        };
        read().ok_or_else(|| NotACaseNumber(text.to_owned()))
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:05}", self.year, self.sequence)
    }
}

impl serde::Serialize for CaseNumber {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Debug for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_number_is_written_in_one_way() {
        assert_eq!("2020-00017".parse(), Ok(CaseNumber { year: 2020, sequence: 17 }));
        assert_eq!("2020-100000".parse(), Ok(CaseNumber { year: 2020, sequence: 100_000 }));
        for text in [
            "",
            "2020",
            "2020-17",
            "2020-00000",
            "2020-0017a",
            "20-00017",
            "2020--0017",
            "+2020-00017",
        ] {
            assert!(text.parse::<CaseNumber>().is_err(), "{text}");
        }
    }
}
