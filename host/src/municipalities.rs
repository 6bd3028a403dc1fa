//! The municipalities that are set up.

use ydun_domain::{Cvr, Tenant};

use crate::db::{Read, Result, sql};

/// A municipality, as others know it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Municipality {
    pub name: String,
    pub cvr: Cvr,
}

/// The municipality with a code, if it is set up.
pub async fn find(db: &mut Read, tenant: Tenant) -> Result<Option<Municipality>> {
    const FIND: &str = "SELECT name, cvr FROM municipality WHERE tenant = $1";
    db.optional(sql(FIND).bind(tenant)).await
}
