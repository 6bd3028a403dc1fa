//! Passwords: which are good enough, and how they are kept.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Argon2, Params};

/// The shortest that is taken. Length is what counts; no rule of signs makes a word hard to guess.
const LENGTH_MIN: usize = 12;
/// Longer ones are no password and would only cost time.
const LENGTH_MAX: usize = 200;

/// Why a password is not taken.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error(
        "a password has at least {LENGTH_MIN} characters; three or four words are easy to remember"
    )]
    TooShort,
    #[error("a password has at most {LENGTH_MAX} characters")]
    TooLong,
    #[error("the password is made of too few different characters; choose another")]
    TooSimple,
    #[error("municipality has no worker '{0}'; the import file sets workers up")]
    NoWorker(String),
    #[error("the password could not be kept")]
    Store(#[from] sqlx::Error),
}

/// A password as it is kept: Argon2id with a salt of its own, never the password.
pub(super) fn hash(password: &str) -> Result<String, PasswordError> {
    check(password)?;
    Ok(salted(password).to_string())
}

/// Whether a password is the one that was kept. Takes as long where none is kept.
pub(super) fn is_right(kept: Option<&str>, password: &str) -> bool {
    let Some(kept) = kept else {
        salted(password);
        return false;
    };
    hasher().verify_password(password.as_bytes(), kept).is_ok()
}

fn salted(password: &str) -> PasswordHash {
    hasher().hash_password(password.as_bytes()).expect("the cost is one Argon2 knows")
}

fn check(password: &str) -> Result<(), PasswordError> {
    const DIFFERENT_MIN: usize = 5;
    let length = password.chars().count();
    let different: std::collections::BTreeSet<char> = password.chars().collect();
    match () {
        () if length < LENGTH_MIN => Err(PasswordError::TooShort),
        () if length > LENGTH_MAX => Err(PasswordError::TooLong),
        () if different.len() < DIFFERENT_MIN => Err(PasswordError::TooSimple),
        () => Ok(()),
    }
}

/// 19 MiB and two passes, as OWASP recommends for Argon2id.
fn hasher() -> Argon2<'static> {
    const MEMORY_KIB: u32 = 19 * 1024;
    let params = Params::new(MEMORY_KIB, 2, 1, None).expect("a cost within bounds");
    Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_is_not_what_is_kept() {
        let kept = hash("blå cykel i regnvejr").unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(!kept.contains("cykel"));
        assert_ne!(kept, hash("blå cykel i regnvejr").unwrap());
        assert!(is_right(Some(&kept), "blå cykel i regnvejr"));
        assert!(!is_right(Some(&kept), "blå cykel i regnvejR"));
        assert!(!is_right(None, "blå cykel i regnvejr"));
        assert!(!is_right(Some("no hash"), "blå cykel i regnvejr"));
    }

    #[test]
    fn what_is_easy_to_guess_is_refused() {
        assert!(matches!(hash("kort"), Err(PasswordError::TooShort)));
        assert!(matches!(hash(&"lang ".repeat(50)), Err(PasswordError::TooLong)));
        assert!(matches!(hash("aaaaaaaaaaaabb"), Err(PasswordError::TooSimple)));
        assert!(hash("æøå er fine her").is_ok());
    }
}
