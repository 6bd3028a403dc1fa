//! Numbers of bank accounts.

use std::fmt;
use std::str::FromStr;

/// A Danish bank account: a registration number of four digits and an account of ten.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountNumber(String);

/// The text is no account. It is not repeated, as it may be a personal number in the wrong place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "an account is a registration number of four digits and an account of up to ten, such as 9999 12345678"
)]
pub struct NotAnAccount;

impl AccountNumber {
    /// All 14, as the bank wants them.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// Enough for its owner to know it by.
    pub fn hidden(&self) -> String {
        format!("•••• ••••••{}", &self.0[10..])
    }
}

/// As people write it: the registration number apart, and an account shorter than ten digits as it is.
/// Without anything between, it is all 14 digits.
impl FromStr for AccountNumber {
    type Err = NotAnAccount;
    fn from_str(text: &str) -> Result<Self, NotAnAccount> {
        let text = text.trim();
        let (registration, account) = match text.split_once([' ', '-']) {
            Some((registration, account)) => (registration, account.replace([' ', '-'], "")),
            None if text.len() == 14 && text.is_ascii() => {
                let (registration, account) = text.split_at(4);
                (registration, account.to_owned())
            }
            None => return Err(NotAnAccount),
        };
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let fits = registration.len() == 4 && (1..=10).contains(&account.len());
        if !fits || !all_digits(registration) || !all_digits(&account) {
            return Err(NotAnAccount);
        }
        Ok(Self(format!("{registration}{account:0>10}")))
    }
}

/// `9999 0012345678`
impl fmt::Display for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (registration, account) = self.0.split_at(4);
        f.pad(&format!("{registration} {account}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_read_as_people_write_it() {
        let read = |text: &str| text.parse::<AccountNumber>().map(|account| account.0);
        for written in ["9999 12345678", "9999-0012345678", "99990012345678", " 9999 1234 5678 "] {
            assert_eq!(read(written).as_deref(), Ok("99990012345678"), "{written}");
        }
        for wrong in
            ["", "9999", "999 12345678", "9999 12345678901", "9999 1234567x", "0101901234", "9999 "]
        {
            assert_eq!(read(wrong), Err(NotAnAccount), "{wrong}");
        }
    }

    #[test]
    fn it_is_shown_whole_or_by_its_end() {
        let account: AccountNumber = "9999 12345678".parse().unwrap();
        assert_eq!(account.to_string(), "9999 0012345678");
        assert_eq!(account.hidden(), "•••• ••••••5678");
        assert_eq!(account.digits(), "99990012345678");
    }
}
