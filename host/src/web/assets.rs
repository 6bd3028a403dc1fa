//! Files the pages need: style sheet, fonts, icons and scripts, which `cargo xtask assets` makes.
//!
//! Their address holds a digest of them all, so a browser keeps them for good and asks anew when one of
//! them is another; inside a style sheet they find each other by name.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use ydun_runtime::Digest;

use super::App;
use super::failure::{Failure, PageError};

static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

const KEPT: &str = "public, max-age=31536000, immutable";

static EDITION: LazyLock<String> = LazyLock::new(|| {
    let bytes = FILES.iter().flat_map(|(name, content)| [name.as_bytes(), content]);
    Digest::of(&bytes.collect::<Vec<_>>().concat()).to_string()[..16].to_owned()
});

pub(super) fn routes() -> Router<App> {
    Router::new().route("/assets/{edition}/{*name}", get(asset))
}

/// Whether the program has them: one that was built before they were made has not.
pub fn are_built_in() -> bool {
    !FILES.is_empty()
}

/// Where a file is.
pub(super) fn address(name: &str) -> String {
    format!("/assets/{}/{name}", *EDITION)
}

async fn asset(Path((edition, name)): Path<(String, String)>) -> Result<Response, PageError> {
    let found = FILES.iter().find(|(known, _)| edition == *EDITION && *known == name);
    let (_, content) = found.ok_or(Failure::NotFound("file"))?;
    let headers = [(CONTENT_TYPE, content_type(&name)), (CACHE_CONTROL, KEPT)];
    Ok((headers, *content).into_response())
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
