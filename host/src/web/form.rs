//! What a form sends.

use axum::body::{Body, Bytes, to_bytes};
use serde::de::DeserializeOwned;

use super::failure::Failure;

/// Forms are fields and short texts; files come by another way.
const LENGTH_MAX: usize = 256 << 10;

pub(super) async fn read(body: Body) -> Result<Bytes, Failure> {
    to_bytes(body, LENGTH_MAX).await.map_err(|_| Failure::misunderstood("the form is too long"))
}

pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_urlencoded::from_bytes(body).map_err(Failure::misunderstood)
}

/// The fields of a form that is not always the same: by name, and more than once where they are ticked.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(transparent)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// What stands in a field, without blanks around it; empty where there is no such field.
    pub(super) fn get(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// What somebody has given: all but what the page sent along.
    pub(super) fn texts(&self) -> Vec<String> {
        let is_sent_along = |name: &str| ["form-key", "version"].contains(&name);
        let given = self.0.iter().filter(|(name, text)| !is_sent_along(name) && !text.is_empty());
        given.map(|(_, text)| text.clone()).collect()
    }

    /// Whether a field has a text: what is ticked among others of its name.
    pub(super) fn has(&self, name: &str, text: &str) -> bool {
        self.all(name).any(|there| there == text)
    }

    pub(super) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(field, _)| field == name);
        named.map(|(_, text)| text.trim())
    }
}
