//! The national login (MitID, MitID Erhverv) through a broker that speaks OpenID Connect.
//!
//! The authorization code flow with PKCE: the browser is sent to the broker and comes back with a code, which
//! we exchange for an ID token that says who somebody is. Its names are those Danish brokers use: `dk.cpr` of a
//! citizen, `nemlogin.cvr` and its like of somebody who acts for a company.
//!
//! Our own client, as the crate `openidconnect` would bring second editions of our digests and signatures and
//! still no way to ask. `ureq` asks, `jsonwebtoken` checks signatures.

mod claims;
mod profile;
mod token;

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use tokio::sync::OnceCell;

pub use self::profile::{Profile, ProfileError};
use crate::logins::Token;
use crate::visits::Shown;

/// What we ask to know: who it is, the personal number, and the company one acts for.
const SCOPE: &str = "openid mitid ssn nemlogin";
/// The broker answers within this, or somebody tries again.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why nobody was let in.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    #[error("the broker could not be asked; see that it answers, and try again: {0}")]
    Unreachable(#[from] ureq::Error),
    #[error("the broker calls itself '{0}'; write that as the issuer, or mend the address")]
    AnotherIssuer(String),
    #[error("the broker's answer cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    #[error("the ID token cannot be trusted: {0}; log in again")]
    Untrusted(String),
    #[error("the login is not secure enough: {0}; it must be NSIS Substantial or High")]
    TooWeak(String),
    #[error("the login does not say who it is: {0}")]
    Nobody(&'static str),
}

impl From<jsonwebtoken::errors::Error> for OidcError {
    fn from(error: jsonwebtoken::errors::Error) -> Self {
        Self::Untrusted(error.to_string())
    }
}

/// The secrets of one attempt to log in, all made from one that only the browser has.
#[derive(Debug)]
pub struct Attempt(Token);

impl Attempt {
    pub fn new() -> Self {
        Self(Token::generate())
    }

    /// As the browser has kept it.
    pub fn read(text: &str) -> Option<Self> {
        Token::read(text).map(Self)
    }

    /// For the browser to keep.
    pub fn reveal(&self) -> String {
        self.0.reveal()
    }

    /// Comes back with the code, and shows that this browser asked for it.
    pub fn state(&self) -> String {
        self.derive("state")
    }

    /// Stands in the ID token, which so belongs to this attempt and no other.
    fn nonce(&self) -> String {
        self.derive("nonce")
    }

    /// Shown when the code is exchanged: whoever has only seen the code cannot (RFC 7636).
    fn verifier(&self) -> String {
        self.derive("verifier")
    }

    fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier()))
    }

    fn derive(&self, what: &str) -> String {
        hex::encode(Sha256::new().chain_update(what).chain_update(self.0.reveal()).finalize())
    }
}

impl Default for Attempt {
    fn default() -> Self {
        Self::new()
    }
}

/// A broker we have an agreement with.
#[derive(Clone, Debug)]
pub struct Provider {
    profile: Arc<Profile>,
    agent: ureq::Agent,
    endpoints: Arc<OnceCell<Endpoints>>,
}

/// Where the broker says its parts are.
#[derive(Clone, Debug, Deserialize)]
struct Endpoints {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

impl Provider {
    pub fn new(profile: Profile) -> Self {
        let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(0);
        let agent = config.build().into();
        Self { profile: Arc::new(profile), agent, endpoints: Arc::default() }
    }

    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Where the browser is sent to log in.
    pub async fn login_address(&self, attempt: &Attempt) -> Result<String, OidcError> {
        let endpoints = self.endpoints().await?;
        let query = serde_urlencoded::to_string([
            ("response_type", "code"),
            ("client_id", &self.profile.client_id),
            ("redirect_uri", &self.profile.redirect_address()),
            ("scope", SCOPE),
            ("state", &attempt.state()),
            ("nonce", &attempt.nonce()),
            ("code_challenge", &attempt.challenge()),
            ("code_challenge_method", "S256"),
        ])
        .expect("pairs of texts can be written");
        let sign = if endpoints.authorization_endpoint.contains('?') { '&' } else { '?' };
        Ok(format!("{}{sign}{query}", endpoints.authorization_endpoint))
    }

    /// Who somebody is who has come back with a code.
    pub async fn who(
        &self,
        code: &str,
        attempt: &Attempt,
        now: DateTime<Utc>,
    ) -> Result<Shown, OidcError> {
        let endpoints = self.endpoints().await?;
        let tokens: Tokens = self.exchange(&endpoints.token_endpoint, code, attempt).await?;
        let keys = self.get(endpoints.jwks_uri.clone()).await?;
        let expected = token::Expected {
            issuer: &endpoints.issuer,
            audience: &self.profile.client_id,
            nonce: &attempt.nonce(),
            now,
        };
        token::check(&tokens.id_token, &keys, &expected)?.shown()
    }

    async fn endpoints(&self) -> Result<&Endpoints, OidcError> {
        let discover = || async {
            let issuer = self.profile.issuer.trim_end_matches('/');
            let found: Endpoints =
                self.get(format!("{issuer}/.well-known/openid-configuration")).await?;
            if found.issuer.trim_end_matches('/') != issuer {
                return Err(OidcError::AnotherIssuer(found.issuer));
            }
            Ok(found)
        };
        self.endpoints.get_or_try_init(discover).await
    }

    async fn get<T: DeserializeOwned + Send + 'static>(
        &self,
        address: String,
    ) -> Result<T, OidcError> {
        let agent = self.agent.clone();
        aside(move || {
            let answer = agent.get(&address).call()?.body_mut().read_to_string()?;
            Ok(serde_json::from_str(&answer)?)
        })
        .await
    }

    async fn exchange(
        &self,
        address: &str,
        code: &str,
        attempt: &Attempt,
    ) -> Result<Tokens, OidcError> {
        let (agent, address) = (self.agent.clone(), address.to_owned());
        let client = format!("{}:{}", self.profile.client_id, self.profile.secret());
        let fields = [
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", self.profile.redirect_address()),
            ("code_verifier", attempt.verifier()),
        ];
        aside(move || {
            let asked = agent
                .post(&address)
                .header("authorization", format!("Basic {}", STANDARD.encode(client)));
            let answer = asked.send_form(fields)?.body_mut().read_to_string()?;
            Ok(serde_json::from_str(&answer)?)
        })
        .await
    }
}

/// Asks on a thread that may wait.
async fn aside<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, OidcError> + Send + 'static,
) -> Result<T, OidcError> {
    tokio::task::spawn_blocking(ask).await.expect("asking does not stop")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_known_again_and_its_secrets_tell_nothing_of_each_other() {
        let attempt = Attempt::new();
        let again = Attempt::read(&attempt.reveal()).unwrap();
        assert_eq!(attempt.state(), again.state());
        let secrets = [attempt.reveal(), attempt.state(), attempt.nonce(), attempt.verifier()];
        for (place, secret) in secrets.iter().enumerate() {
            assert!(!secrets[place + 1..].contains(secret));
        }
        assert_ne!(attempt.state(), Attempt::new().state());
        assert!(Attempt::read("kort").is_none());
    }
}
