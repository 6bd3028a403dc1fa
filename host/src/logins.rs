//! How a worker shows who it is: a password once, and a token from then on.
//!
//! A token is 256 random bits that only the browser or the other system has; we keep its digest. A
//! session ends after half an hour without a request and after ten hours whatever happens, so that a
//! forgotten browser is nobody's way in. What a login may do is asked anew at every request
//! ([`authorise`](crate::access::authorise)), so a right taken away is gone at once.

mod password;
pub mod service;
mod store;

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};

use crate::words::words;

pub use password::PasswordError;

/// A session ends after so long without a request.
const IDLE: TimeDelta = TimeDelta::minutes(30);
/// And after so long whatever happens: a working day.
const SESSION: TimeDelta = TimeDelta::hours(10);

words! {
    /// Who has the token.
    Kind("kind of login") {
        /// A browser.
        Session = "session",
        /// Another system.
        Key = "key",
    }
}

/// The secret that says who asks. Not printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    pub(crate) fn generate() -> Self {
        let mut bits = [0; 32];
        getrandom::fill(&mut bits).expect("the system has random numbers");
        Self(bits)
    }

    /// As it is handed over: 64 hexadecimal digits.
    pub fn reveal(&self) -> String {
        hex::encode(self.0)
    }

    /// The token written so, if it is one.
    pub fn read(text: &str) -> Option<Self> {
        let mut bits = [0; 32];
        hex::decode_to_slice(text, &mut bits).ok().map(|()| Self(bits))
    }

    /// What a form of this login carries, so that no other page can send it: it tells nothing of the
    /// token.
    pub fn form_key(&self) -> String {
        hex::encode(Sha256::new().chain_update(b"form").chain_update(self.0).finalize())
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A login that counts now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The worker's initials.
    pub worker: String,
    pub kind: Kind,
    seen_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

impl Login {
    fn counts_at(&self, now: DateTime<Utc>) -> bool {
        let is_idle = self.kind == Kind::Session && now - self.seen_at > IDLE;
        now < self.ends_at && !is_idle
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_handed_over_and_hides_itself() {
        let token = Token::generate();
        assert_eq!(Token::read(&token.reveal()), Some(token.clone()));
        assert_eq!(format!("{token:?}"), "Token(…)");
        assert_ne!(token, Token::generate());
        for wrong in ["", "00", &"x".repeat(64), &"0".repeat(66)] {
            assert_eq!(Token::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_form_key_is_of_its_login_and_is_not_its_token() {
        let token = Token::generate();
        assert_eq!(token.form_key(), token.form_key());
        assert_ne!(token.form_key(), Token::generate().form_key());
        assert_ne!(token.form_key(), token.reveal());
    }

    #[test]
    fn a_session_ends_when_nobody_comes_and_after_a_working_day() {
        let begun: DateTime<Utc> = "2026-11-23T08:00:00Z".parse().unwrap();
        let login = |kind, seen_after: TimeDelta| Login {
            worker: "abc".into(),
            kind,
            seen_at: begun + seen_after,
            ends_at: begun + SESSION,
        };
        let session = login(Kind::Session, TimeDelta::zero());
        assert!(session.counts_at(begun + IDLE));
        assert!(!session.counts_at(begun + IDLE + TimeDelta::seconds(1)));
        let busy = login(Kind::Session, SESSION - TimeDelta::minutes(1));
        assert!(busy.counts_at(begun + SESSION - TimeDelta::seconds(1)));
        assert!(!busy.counts_at(begun + SESSION));
        let key = login(Kind::Key, TimeDelta::zero());
        assert!(key.counts_at(begun + SESSION - TimeDelta::seconds(1)));
    }
}
