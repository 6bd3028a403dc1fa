//! Files the pages need. The name holds a digest of the content, so a browser keeps it for good.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ydun_runtime::Digest;

use super::App;
use super::failure::{Failure, PageError};

const STYLE: &str = include_str!("../../assets/ydun.css");
const KEPT: &str = "public, max-age=31536000, immutable";

static STYLE_NAME: LazyLock<String> = LazyLock::new(|| {
    let digest = Digest::of(STYLE.as_bytes()).to_string();
    format!("ydun-{}.css", &digest[..16])
});

pub(super) fn routes() -> Router<App> {
    Router::new().route("/assets/{name}", get(asset))
}

/// Where the style sheet is.
pub(super) fn style_path() -> String {
    format!("/assets/{}", *STYLE_NAME)
}

async fn asset(Path(name): Path<String>) -> Result<Response, PageError> {
    if name != *STYLE_NAME {
        return Err(Failure::NotFound("file").into());
    }
    Ok(([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, KEPT)], STYLE).into_response())
}
