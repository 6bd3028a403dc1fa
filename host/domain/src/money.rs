//! Amounts in Danish kroner.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use rust_decimal::{Decimal, RoundingStrategy};

/// An amount in Danish kroner: always whole øre, negative when it goes the other way.
///
/// Rates, percentages and half-done sums are plain [`Decimal`]s. They become an amount in one
/// way only, [`Dkk::round`], where the caller names the rounding that the rule prescribes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Dkk(i64);

/// How a raw result becomes an amount. Halves go away from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    NearestOere,
    NearestKrone,
    /// Towards zero, in whole kroner.
    DownToKrone,
}

/// The amount is larger than any public payment: more than 90 billion kroner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the amount is out of range")]
pub struct OutOfRange;

impl Dkk {
    pub const ZERO: Self = Self(0);
    /// The largest amount, 90 billion kroner; sums of many such still fit.
    pub const MAX: Self = Self(9_000_000_000_000);

    /// An amount from a file or a module, refused when it is beyond [`Dkk::MAX`] either way.
    pub const fn try_from_oere(oere: i64) -> Result<Self, OutOfRange> {
        if oere >= -Self::MAX.0 && oere <= Self::MAX.0 { Ok(Self(oere)) } else { Err(OutOfRange) }
    }

    /// An amount we have stored ourselves.
    pub const fn from_oere(oere: i64) -> Self {
        Self(oere)
    }

    pub const fn from_kroner(kroner: i64) -> Self {
        Self(kroner * 100)
    }

    pub const fn oere(self) -> i64 {
        self.0
    }

    /// The amount in kroner, for calculating on.
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// Finishes a calculation in kroner. Results beyond [`Dkk::MAX`] are refused.
    pub fn round(kroner: Decimal, how: Rounding) -> Result<Self, OutOfRange> {
        let (places, strategy) = match how {
            Rounding::NearestOere => (2, RoundingStrategy::MidpointAwayFromZero),
            Rounding::NearestKrone => (0, RoundingStrategy::MidpointAwayFromZero),
            Rounding::DownToKrone => (0, RoundingStrategy::ToZero),
        };
        let mut rounded = kroner.round_dp_with_strategy(places, strategy);
        rounded.rescale(2);
        let oere = i64::try_from(rounded.mantissa()).map_err(|_| OutOfRange)?;
        if rounded.scale() == 2 { Self::try_from_oere(oere) } else { Err(OutOfRange) }
    }

    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    pub const fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// The amount as computers write it: `-1234.50`.
    pub fn plain(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let oere = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", oere / 100, oere % 100)
    }

    /// Reads what [`Dkk::plain`] writes; the øre may be left out.
    pub fn parse_plain(text: &str) -> Result<Self, NotAnAmount> {
        let refuse = || NotAnAmount(text.to_owned());
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (kroner, oere) = digits.split_once('.').unwrap_or((digits, "00"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(kroner) || !all_digits(oere) || oere.len() != 2 {
            return Err(refuse());
        }
        let whole: i64 = format!("{kroner}{oere}").parse().map_err(|_| refuse())?;
        Self::try_from_oere(if negative { -whole } else { whole }).map_err(|_| refuse())
    }
}

/// The text is not an amount such as `1234.50`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not an amount in kroner such as 1234.50")]
pub struct NotAnAmount(String);

/// `-1.234,50 kr.`
impl fmt::Display for Dkk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let oere = self.0.unsigned_abs();
        let digits = (oere / 100).to_string();
        let mut text = String::from(if self.0 < 0 { "-" } else { "" });
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push('.');
            }
            text.push(digit);
        }
        f.pad(&format!("{text},{:02} kr.", oere % 100))
    }
}

/// As [`fmt::Display`], so that failing tests read in kroner.
impl fmt::Debug for Dkk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Add for Dkk {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Dkk {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Dkk {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Dkk {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Dkk {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Dkk {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn rounds(kroner: &str, how: Rounding, expected: &str) {
        let raw: Decimal = kroner.parse().unwrap();
        assert_eq!(Dkk::round(raw, how).unwrap().plain(), expected);
    }

    #[test]
    fn rounding_goes_where_the_rule_says() {
        rounds("0.005", Rounding::NearestOere, "0.01");
        rounds("-0.005", Rounding::NearestOere, "-0.01");
        rounds("0.0049999999", Rounding::NearestOere, "0.00");
        rounds("35246.925", Rounding::NearestKrone, "35247.00"); // the cap of 2024
        rounds("0.5", Rounding::NearestKrone, "1.00");
        rounds("1.99", Rounding::DownToKrone, "1.00");
        rounds("-1.99", Rounding::DownToKrone, "-1.00");
    }

    #[test]
    fn an_absurd_amount_is_refused() {
        assert_eq!(Dkk::round(Decimal::MAX, Rounding::NearestOere), Err(OutOfRange));
        assert_eq!(Dkk::try_from_oere(i64::MIN), Err(OutOfRange));
        assert!(Dkk::try_from_oere(Dkk::MAX.oere()).is_ok());
    }

    #[test]
    fn an_amount_is_shown_the_danish_way() {
        for (oere, shown) in [
            (0, "0,00 kr."),
            (5, "0,05 kr."),
            (-5, "-0,05 kr."),
            (99_999, "999,99 kr."),
            (100_000, "1.000,00 kr."),
            (-123_456_789, "-1.234.567,89 kr."),
        ] {
            assert_eq!(Dkk::from_oere(oere).to_string(), shown);
        }
    }

    #[test]
    fn only_an_amount_is_read_as_one() {
        for text in
            ["", "-", "1,50", "1.5", "1.505", "+1.50", "1.50 ", ".50", "1e3", "99999999999999.00"]
        {
            assert!(Dkk::parse_plain(text).is_err(), "{text}");
        }
        assert_eq!(Dkk::parse_plain("45"), Ok(Dkk::from_kroner(45)));
    }

    proptest! {
        #[test]
        fn plain_text_comes_back_as_the_same_amount(oere in -Dkk::MAX.0..=Dkk::MAX.0) {
            let amount = Dkk::from_oere(oere);
            prop_assert_eq!(Dkk::parse_plain(&amount.plain()), Ok(amount));
        }

        #[test]
        fn whole_oere_are_never_changed_by_rounding(oere in -Dkk::MAX.0..=Dkk::MAX.0) {
            let amount = Dkk::from_oere(oere);
            prop_assert_eq!(Dkk::round(amount.decimal(), Rounding::NearestOere), Ok(amount));
        }

        #[test]
        fn rounding_to_oere_moves_less_than_an_oere(digits in -1_000_000_000i64..1_000_000_000, scale in 0u32..8) {
            let raw = Decimal::new(digits, scale);
            let amount = Dkk::round(raw, Rounding::NearestOere).unwrap();
            prop_assert!((amount.decimal() - raw).abs() <= Decimal::new(5, 3));
        }
    }
}
