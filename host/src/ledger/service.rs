//! What can be done with the ledger: book, and look.

pub mod chart;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use ydun_domain::ids::CaseId;
use ydun_domain::{Dkk, Period, Tenant};

use super::difference::Share;
use super::{Account, Booking, Entry, store};
use crate::access::{Act, Right};
use crate::db::{Read, Result, Tx};

/// Books the entries whose keys are new, and says of each whether it was.
pub async fn book<R: Right>(tx: &mut Tx, act: &Act<R>, entries: &[Entry]) -> Result<Vec<Booking>> {
    let new = store::insert_entries(tx, act, entries).await?;
    let bookings = if new == entries.len() as u64 {
        vec![Booking::Booked; entries.len()]
    } else {
        which_are_new(tx, act.tenant(), entries).await?
    };
    let booked = entries.iter().zip(&bookings).filter(|(_, booking)| **booking == Booking::Booked);
    store::insert_postings(tx, act.tenant(), booked.map(|(entry, _)| entry)).await?;
    Ok(bookings)
}

/// Asks for each entry. That some were booked before is rare.
async fn which_are_new(db: &mut Read, tenant: Tenant, entries: &[Entry]) -> Result<Vec<Booking>> {
    let mut bookings = Vec::with_capacity(entries.len());
    for entry in entries {
        let ours = store::is_booked(db, tenant, entry.id).await?;
        bookings.push(if ours { Booking::Booked } else { Booking::AlreadyBooked });
    }
    Ok(bookings)
}

/// What is already committed to be paid for the cases' lines with days in the period.
///
/// Money counts from the decision on, whether it is on its way, delivered or parked; a stopped
/// payment counts no longer.
pub async fn settled(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
    days: Period,
) -> Result<Vec<Share>> {
    store::settled(db, tenant, cases, days).await
}

/// Every account's debits less its credits. They sum to zero.
pub async fn balances(db: &mut Read, tenant: Tenant) -> Result<BTreeMap<Account, Dkk>> {
    Ok(store::balances(db, tenant).await?.into_iter().collect())
}

/// What payees have paid back to the bank account. It came by no payment of ours.
pub async fn paid_back(db: &mut Read, tenant: Tenant) -> Result<Dkk> {
    store::paid_back(db, tenant).await
}
