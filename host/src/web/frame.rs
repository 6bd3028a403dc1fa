//! What every page has around its content.

use super::{App, assets, store};
use crate::db::{Read, Result};
use crate::municipalities;

/// Where the page is seen, by whom, and the style sheet.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) municipality: String,
    pub(super) worker: String,
    pub(super) style: String,
}

impl Frame {
    pub(super) async fn of(db: &mut Read, app: &App) -> Result<Self> {
        let municipality =
            municipalities::find(db, app.tenant).await?.ok_or(sqlx::Error::RowNotFound)?;
        let worker = store::worker_name(db, app.tenant, &app.worker).await?;
        Ok(Self { municipality: municipality.name, worker, style: assets::style_path() })
    }
}
