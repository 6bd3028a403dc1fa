//! Money: whole øre in the books, decimals as the file writes them.

use std::fmt;
use std::iter::Sum;
use std::ops::{AddAssign, Sub};

use serde::{Deserialize, Serialize};

/// An amount in whole øre. Shown in kroner, `1234.50`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Oere(pub i64);

impl Oere {
    pub const ZERO: Self = Self(0);
    /// No single payment is larger, 50 billion kroner; the books can add up many of them.
    pub(crate) const LARGEST_PAYMENT: Self = Self(5_000_000_000_000);
}

impl fmt::Display for Oere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let oere = self.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", oere / 100, oere % 100))
    }
}

impl AddAssign for Oere {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Oere {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Sum for Oere {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.map(|amount| amount.0).sum())
    }
}

/// A number as a file writes it, exact, in hundred-thousandths: ISO 20022 amounts have up to five decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Written(i128);

impl Written {
    const DECIMALS: usize = 5;
    const LONGEST: usize = 18;
    const PER_OERE: i128 = 1_000;

    /// Reads a decimal number of XML Schema: `12`, `12.50`, `.5`, `-3`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let decimals = decimals.trim_end_matches('0');
        let is_number = digits.bytes().any(|byte| byte.is_ascii_digit())
            && whole.bytes().chain(decimals.bytes()).all(|byte| byte.is_ascii_digit());
        if !is_number || whole.len() > Self::LONGEST || decimals.len() > Self::DECIMALS {
            return None;
        }
        let value: i128 =
            format!("{whole}{decimals:0<width$}", width = Self::DECIMALS).parse().ok()?;
        Some(Self(if negative { -value } else { value }))
    }

    /// The amount in whole øre; nothing when there is a part of an øre, or more than anyone pays.
    pub(crate) fn oere(self) -> Option<Oere> {
        let whole = self.0 % Self::PER_OERE == 0;
        let oere = i64::try_from(self.0 / Self::PER_OERE).ok().map(Oere)?;
        (whole && oere <= Oere::LARGEST_PAYMENT).then_some(oere)
    }

    pub(crate) fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn is_negative(self) -> bool {
        self.0 < 0
    }
}

impl Sum for Written {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        Self(numbers.map(|number| number.0).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<i64>) {
        assert_eq!(
            Written::parse(text).and_then(Written::oere).map(|oere| oere.0),
            expected,
            "{text}"
        );
    }

    #[test]
    fn a_written_amount_becomes_whole_oere_or_nothing() {
        check("12550.00", Some(1_255_000));
        check("0.01", Some(1));
        check("7", Some(700));
        check("7.5", Some(750));
        check(".5", Some(50));
        check("12.500000000", Some(1_250)); // trailing zeros are no decimals
        check("-3.10", Some(-310));
        check("12.505", None); // half an øre
        check("12.5000001", None); // more decimals than the format has
        check("50000000000.01", None); // more than the largest payment
        check("1e3", None);
        check("1,50", None);
        check("", None);
        check(".", None);
        check("--1", None);
        check("1.-5", None);
    }

    #[test]
    fn an_amount_is_shown_with_two_decimals() {
        assert_eq!(Oere(5).to_string(), "0.05");
        assert_eq!(Oere(-123_450).to_string(), "-1234.50");
    }
}
