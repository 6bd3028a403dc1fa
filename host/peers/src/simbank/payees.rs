//! Who is paid: a number in a public register, or an account.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What kind of number names the payee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A person.
    Cpr,
    /// A company.
    Cvr,
    /// A unit that is registered with the tax authority.
    Se,
    /// A production unit.
    Pnr,
    /// A bank account: registration number and account number.
    Bban,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Cpr, Self::Cvr, Self::Se, Self::Pnr, Self::Bban];

    /// The name that the file and the books write.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpr => "CPR",
            Self::Cvr => "CVR",
            Self::Se => "SE",
            Self::Pnr => "PNR",
            Self::Bban => "BBAN",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    fn digits(self) -> usize {
        match self {
            Self::Cvr | Self::Se => 8,
            Self::Cpr | Self::Pnr => 10,
            Self::Bban => 14,
        }
    }
}

/// A payee whose number has the right form: `SE:97000018`.
///
/// Shown and debugged it hides most of a CPR number. Only [`Payee::key`] has all of it, for the books.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Payee {
    kind: Kind,
    number: String,
}

/// The number cannot name a payee. The sentences go to caseworkers, therefore in Danish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPayee {
    #[error("Modtageren skal skrives som KIND:NUMMER, hvor KIND er CPR, CVR, SE, PNR eller BBAN")]
    UnknownKind,
    #[error("{}-nummeret skal have {} cifre", .0.name(), .0.digits())]
    WrongLength(Kind),
    #[error("{}-nummeret har forkert kontrolciffer", .0.name())]
    WrongCheckDigit(Kind),
    #[error("CPR-nummeret begynder ikke med en dato")]
    NoBirthday,
}

impl Payee {
    pub fn new(kind: Kind, number: &str) -> Result<Self, BadPayee> {
        let digits: Vec<u32> = number.chars().map_while(|c| c.to_digit(10)).collect();
        if digits.len() != kind.digits() || digits.len() != number.chars().count() {
            return Err(BadPayee::WrongLength(kind));
        }
        match kind {
            Kind::Cvr | Kind::Se if !is_divisible_by_11(&digits) => {
                Err(BadPayee::WrongCheckDigit(kind))
            }
            Kind::Cpr if birthday(&digits).is_none() => Err(BadPayee::NoBirthday),
            _ => Ok(Self { kind, number: number.to_owned() }),
        }
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The whole number with its kind: for the books, never for a log.
    pub fn key(&self) -> String {
        format!("{}:{}", self.kind.name(), self.number)
    }
}

/// CVR and SE numbers: the weighted sum of all eight digits is divisible by 11.
fn is_divisible_by_11(digits: &[u32]) -> bool {
    const WEIGHTS: [u32; 8] = [2, 7, 6, 5, 4, 3, 2, 1];
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    sum.is_multiple_of(11)
}

/// The day in a CPR number; the seventh digit tells the century.
///
/// The last digit is not looked at: since 2007 numbers are given out that fail the old check.
fn birthday(digits: &[u32]) -> Option<NaiveDate> {
    let pair = |at: usize| digits[at] * 10 + digits[at + 1];
    let short_year = pair(4);
    let century = match (digits[6], short_year) {
        (0..=3, _) | (4 | 9, 37..) => 1900,
        (4 | 9, _) | (5..=8, ..=57) => 2000,
        _ => 1800,
    };
    NaiveDate::from_ymd_opt(i32::try_from(century + short_year).ok()?, pair(2), pair(0))
}

impl FromStr for Payee {
    type Err = BadPayee;

    fn from_str(key: &str) -> Result<Self, BadPayee> {
        let (kind, number) = key.split_once(':').ok_or(BadPayee::UnknownKind)?;
        Self::new(Kind::named(kind).ok_or(BadPayee::UnknownKind)?, number)
    }
}

impl TryFrom<String> for Payee {
    type Error = BadPayee;

    fn try_from(key: String) -> Result<Self, BadPayee> {
        key.parse()
    }
}

impl From<Payee> for String {
    fn from(payee: Payee) -> Self {
        payee.key()
    }
}

impl fmt::Display for Payee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Cpr => f.pad(&format!("CPR:{}****", &self.number[..6])),
            _ => f.pad(&self.key()),
        }
    }
}

impl fmt::Debug for Payee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text from a file, fit for a log: whatever might be a personal number is starred out.
pub(crate) fn masked(text: &str) -> String {
    const SHORTEST: usize = 6;
    let is_part = |c: char| c.is_ascii_digit() || c == '-';
    let mut safe = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let (before, run) = rest.split_at(start);
        let (run, after) = run.split_at(run.find(|c| !is_part(c)).unwrap_or(run.len()));
        let digits = run.bytes().filter(u8::is_ascii_digit).count();
        safe.push_str(before);
        safe.push_str(if digits >= SHORTEST { "******" } else { run });
        rest = after;
    }
    safe + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(key: &str, expected: Result<(), BadPayee>) {
        assert_eq!(key.parse::<Payee>().map(drop), expected, "{key}");
    }

    #[test]
    fn a_number_has_its_length_and_its_check() {
        check("SE:97000018", Ok(()));
        check("CVR:97000018", Ok(()));
        check("CVR:97000015", Err(BadPayee::WrongCheckDigit(Kind::Cvr)));
        check("SE:87654321", Err(BadPayee::WrongCheckDigit(Kind::Se)));
        check("SE:9700001", Err(BadPayee::WrongLength(Kind::Se)));
        check("CVR:9700001x", Err(BadPayee::WrongLength(Kind::Cvr)));
        check("PNR:9900000001", Ok(())); // P numbers have no check digit
        check("PNR:990000001", Err(BadPayee::WrongLength(Kind::Pnr)));
        check("BBAN:99990000000002", Ok(()));
        check("BBAN:9999000000002", Err(BadPayee::WrongLength(Kind::Bban)));
        check("GLN:9999000000002", Err(BadPayee::UnknownKind));
        check("97000018", Err(BadPayee::UnknownKind));
    }

    #[test]
    fn a_personal_number_begins_with_a_date_of_its_century() {
        check("CPR:0101010000", Ok(())); // fails the old check on purpose
        check("CPR:3101010000", Ok(()));
        check("CPR:3201010000", Err(BadPayee::NoBirthday));
        check("CPR:0113010000", Err(BadPayee::NoBirthday));
        check("CPR:2902000000", Err(BadPayee::NoBirthday)); // 1900 had no 29 February
        check("CPR:2902004000", Ok(())); // 2000 had
        check("CPR:010101-000", Err(BadPayee::WrongLength(Kind::Cpr)));
    }

    #[test]
    fn no_text_shows_a_whole_personal_number() {
        let payee: Payee = "CPR:0101010000".parse().unwrap();
        assert_eq!(payee.to_string(), "CPR:010101****");
        assert_eq!(format!("{payee:?}"), "CPR:010101****");
        assert_eq!(payee.key(), "CPR:0101010000");
        assert_eq!(
            masked("value '0101010000' at 12:3, 010101-0000"),
            "value '******' at 12:3, ******"
        );
    }
}
