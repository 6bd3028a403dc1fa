//! Where the payments of a municipality stand, for those who watch over them.

use ydun_domain::ids::PaymentId;
use ydun_domain::{Period, Tenant};

use crate::db::{Read, Result};
use crate::payments::standing::{FileSum, Standing, Sum};
use crate::payments::{Payment, store};

/// Where the payments stand whose money is to be there within some days.
pub async fn sums(db: &mut Read, tenant: Tenant, days: Period) -> Result<Vec<Sum>> {
    store::sums(db, tenant, days).await
}

/// Where the payments stand that are neither settled nor stopped, of all days.
pub async fn open_sums(db: &mut Read, tenant: Tenant) -> Result<Vec<Sum>> {
    store::open_sums(db, tenant).await
}

/// The payments that stand somewhere, in the order they were made, after one of them.
pub async fn standing(
    db: &mut Read,
    tenant: Tenant,
    (standing, days): (Standing, Period),
    after: Option<PaymentId>,
    limit: u32,
) -> Result<Vec<Payment>> {
    store::standing(db, tenant, standing, days, after, limit).await
}

/// What the payments have come to of the files whose money is to be there within some days.
pub async fn file_sums(db: &mut Read, tenant: Tenant, days: Period) -> Result<Vec<FileSum>> {
    store::file_sums(db, tenant, days).await
}
