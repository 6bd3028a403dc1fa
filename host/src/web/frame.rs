//! What every page has around its content.

use super::desk::Desk;
use super::navigation::{Link, links};
use super::store;
use crate::access::Right;
use crate::db::{Read, Result};
use crate::municipalities;

/// Where the page is seen, by whom, and where else one may go.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) municipality: String,
    pub(super) worker: String,
    /// What every form of the page carries.
    pub(super) form_key: String,
    pub(super) links: Vec<Link>,
    /// The words of the worker's rights.
    rights: String,
}

impl Frame {
    pub(super) async fn of(db: &mut Read, desk: &Desk) -> Result<Self> {
        let tenant = desk.app.tenant;
        let municipality = municipalities::find(db, tenant).await?;
        let worker = store::worker(db, tenant, &desk.worker).await?;
        Ok(Self {
            municipality: municipality.ok_or(sqlx::Error::RowNotFound)?.name,
            links: links(&worker.rights, &desk.place),
            worker: worker.name,
            rights: worker.rights,
            form_key: desk.form_key(),
        })
    }

    /// Whether the page offers what needs a right. Who does it is asked again.
    pub(super) fn may<R: Right>(&self) -> bool {
        self.rights.split(' ').any(|word| R::GIVEN_BY.contains(&word))
    }
}
