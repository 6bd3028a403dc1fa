//! What every page of self-service has around its content.

use super::visitor::Visitor;
use crate::db::{Read, Result};
use crate::municipalities;

/// Where one is, and as whom.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) municipality: String,
    /// Who sits there, and for which company.
    pub(super) who: String,
    /// What every form of the page carries.
    pub(super) form_key: String,
}

impl Frame {
    pub(super) async fn of(db: &mut Read, visitor: &Visitor) -> Result<Self> {
        let municipality = municipalities::find(db, visitor.app.tenant).await?;
        let visit = &visitor.visit;
        let who = if visit.is_citizen() {
            visit.person.clone()
        } else {
            format!("{} for {}", visit.person, visit.party.name)
        };
        Ok(Self {
            municipality: municipality.ok_or(sqlx::Error::RowNotFound)?.name,
            who,
            form_key: visitor.form_key(),
        })
    }
}
