//! Numbers of companies and their units.

use std::fmt;
use std::str::FromStr;

/// The text is no such number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotACompanyNumber {
    #[error("'{text}' is not {kind}: it has {digits} digits")]
    Digits { text: String, kind: &'static str, digits: usize },
    #[error("'{text}' is not {kind}: the check digit is wrong, so a digit was mistyped")]
    Check { text: String, kind: &'static str },
}

/// Weighted with 2 7 6 5 4 3 2 1, the digits of a CVR or SE number add up to a multiple of 11.
fn passes_mod_11(digits: &str) -> bool {
    const WEIGHTS: [u32; 8] = [2, 7, 6, 5, 4, 3, 2, 1];
    let sum: u32 =
        digits.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    sum.is_multiple_of(11)
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident, $kind:literal, $digits:literal, $checked:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            pub fn digits(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotACompanyNumber;
            fn from_str(text: &str) -> Result<Self, NotACompanyNumber> {
                let plain: String = text.split(' ').collect();
                if plain.len() != $digits || !plain.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(NotACompanyNumber::Digits { text: text.to_owned(), kind: $kind, digits: $digits });
                }
                if $checked && !passes_mod_11(&plain) {
                    return Err(NotACompanyNumber::Check { text: text.to_owned(), kind: $kind });
                }
                Ok(Self(plain))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )*};
}

numbers! {
    /// A company, as the business register knows it.
    Cvr, "a CVR number", 8, true;
    /// A unit of a company, as the tax authority knows it. It may have its own NemKonto.
    SeNumber, "an SE number", 8, true;
    /// A place of production, as the business register knows it.
    PNumber, "a P number", 10, false;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_digit_is_found() {
        assert!("29189803".parse::<Cvr>().is_ok()); // the municipality of Esbjerg
        assert!("29 18 98 03".parse::<Cvr>().is_ok());
        assert!(matches!("29189804".parse::<SeNumber>(), Err(NotACompanyNumber::Check { .. })));
        assert!(matches!("2918980".parse::<Cvr>(), Err(NotACompanyNumber::Digits { .. })));
    }

    #[test]
    fn a_p_number_has_ten_digits_and_no_check() {
        assert!("1003000000".parse::<PNumber>().is_ok());
        assert!("100300000".parse::<PNumber>().is_err());
    }
}
