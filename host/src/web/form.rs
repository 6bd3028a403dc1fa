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
