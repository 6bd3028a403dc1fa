//! What every page has around its content.

use super::desk::Desk;
use super::{assets, store};
use crate::db::{Read, Result};
use crate::municipalities;

/// Where the page is seen, by whom, and the style sheet.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) municipality: String,
    pub(super) worker: String,
    /// What every form of the page carries.
    pub(super) form_key: String,
    pub(super) style: String,
}

impl Frame {
    pub(super) async fn of(db: &mut Read, desk: &Desk) -> Result<Self> {
        let tenant = desk.app.tenant;
        let municipality = municipalities::find(db, tenant).await?;
        Ok(Self {
            municipality: municipality.ok_or(sqlx::Error::RowNotFound)?.name,
            worker: store::worker_name(db, tenant, &desk.worker).await?,
            form_key: desk.form_key(),
            style: assets::style_path(),
        })
    }
}
