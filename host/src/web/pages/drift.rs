//! `/drift`: the ways to what those who run the municipality's Ydun look after.

use askama::Template;
use axum::response::Html;

use super::html;
use crate::access::{Act, Administer, Look};
use crate::db::Tx;
use crate::web::desk::Desk;
use crate::web::failure::PageError;
use crate::web::frame::Frame;

#[derive(Template)]
#[template(path = "drift.html")]
struct DriftPage {
    frame: Frame,
    may_administer: bool,
}

/// Nothing of anybody is shown, so the look is not recorded.
pub(super) async fn show(desk: Desk) -> Result<Html<String>, PageError> {
    let (mut tx, _): (Tx, Act<Look>) = desk.act().await?;
    let frame = Frame::of(&mut tx, &desk).await?;
    html(&DriftPage { may_administer: frame.may::<Administer>(), frame })
}
