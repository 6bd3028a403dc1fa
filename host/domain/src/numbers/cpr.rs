//! Personal numbers (CPR).

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;

use crate::time::Day;

/// A personal number: ten digits whose first six are a birthday.
///
/// `Display` and `Debug` hide the last four digits, so that no log or message can give the number
/// away. [`Cpr::digits`] is for the column, the payment and the letter, and nothing else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cpr([u8; 10]);

/// The text is no personal number. It is not repeated, as it may nearly be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotACpr {
    #[error("a personal number has ten digits, such as 010190-1234")]
    Digits,
    #[error("the first six digits of the personal number are not a birthday")]
    Birthday,
}

impl Cpr {
    const WEIGHTS: [u32; 10] = [4, 3, 2, 7, 6, 5, 4, 3, 2, 1];

    pub fn digits(&self) -> &str {
        std::str::from_utf8(&self.0).expect("only ASCII digits are let in")
    }

    /// Whether the number passes the old check digit. Since 2007 numbers are given out that do not,
    /// so a failure is worth a warning, never a refusal.
    pub fn passes_mod_11(&self) -> bool {
        let sum: u32 = self
            .0
            .iter()
            .zip(Self::WEIGHTS)
            .map(|(digit, weight)| u32::from(digit - b'0') * weight)
            .sum();
        sum.is_multiple_of(11)
    }

    /// The birthday, with the century told by the seventh digit.
    ///
    /// Numbers with 60 added to the day are given to people who are not registered residents.
    pub fn birthday(&self) -> Day {
        Self::read_birthday(self.0).expect("checked when the number was read")
    }

    fn read_birthday(digits: [u8; 10]) -> Option<Day> {
        let pair = |at: usize| u32::from(digits[at] - b'0') * 10 + u32::from(digits[at + 1] - b'0');
        let (day, month, year) = (pair(0), pair(2), pair(4));
        let century = match (digits[6], year) {
            (b'0'..=b'3', _) | (b'4' | b'9', 37..) => 1900,
            (b'5'..=b'8', 58..) => 1800,
            _ => 2000,
        };
        let day = if day > 60 { day - 60 } else { day };
        let date = NaiveDate::from_ymd_opt(i32::try_from(century + year).ok()?, month, day)?;
        Day::from_date(date).ok()
    }
}

impl FromStr for Cpr {
    type Err = NotACpr;

    /// Ten digits; a hyphen after the sixth is allowed.
    fn from_str(text: &str) -> Result<Self, NotACpr> {
        let plain = match text.split_once('-') {
            Some((birthday, serial)) if birthday.len() == 6 => format!("{birthday}{serial}"),
            _ => text.to_owned(),
        };
        let digits: [u8; 10] = plain.as_bytes().try_into().map_err(|_| NotACpr::Digits)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(NotACpr::Digits);
        }
        Self::read_birthday(digits).ok_or(NotACpr::Birthday)?;
        Ok(Self(digits))
    }
}

/// `010190-••••`
impl fmt::Display for Cpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-••••", &self.digits()[..6])
    }
}

impl fmt::Debug for Cpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn born(number: &str, birthday: &str) {
        assert_eq!(number.parse::<Cpr>().unwrap().birthday(), birthday.parse().unwrap());
    }

    #[test]
    fn the_seventh_digit_tells_the_century() {
        born("010136-3999", "1936-01-01");
        born("010136-4000", "2036-01-01");
        born("010137-4000", "1937-01-01");
        born("010157-5000", "2057-01-01");
        born("010158-5000", "1858-01-01");
        born("290200-4000", "2000-02-29");
        born("010136-9000", "2036-01-01");
        born("610190-1234", "1990-01-01"); // not a resident: 60 added to the day
    }

    #[test]
    fn what_is_no_birthday_is_no_personal_number() {
        assert_eq!("300290-1234".parse::<Cpr>(), Err(NotACpr::Birthday));
        assert_eq!("290219-1234".parse::<Cpr>(), Err(NotACpr::Birthday)); // 1919 was no leap year
        for text in [
            "",
            "010190123",
            "01019012345",
            "010190 1234",
            "0101901-234",
            "010190-123x",
            "٠١٠١٩٠١٢٣٤",
        ] {
            assert_eq!(text.parse::<Cpr>(), Err(NotACpr::Digits), "{text}");
        }
    }

    #[test]
    fn a_failed_check_digit_is_a_warning_only() {
        assert!("070761-4285".parse::<Cpr>().unwrap().passes_mod_11());
        assert!(!"070761-4286".parse::<Cpr>().unwrap().passes_mod_11());
    }

    #[test]
    fn the_number_hides_itself() {
        let cpr: Cpr = "0101901234".parse().unwrap();
        assert_eq!(format!("{cpr} {cpr:?}"), "010190-•••• 010190-••••");
    }
}
