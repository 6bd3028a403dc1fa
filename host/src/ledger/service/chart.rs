//! Setting the municipality's own account numbers, and adding the books up.

use ydun_domain::{Period, Tenant};

use crate::access::{Act, Administer};
use crate::audit::{self, Action, Subject};
use crate::db::{self, Read, Tx};
use crate::ledger::Account;
use crate::ledger::chart::{Chart, Mapping, NewMapping, TrialLine};
use crate::ledger::store::chart as store;

/// Why account numbers were not set. None of them was.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    #[error(
        "'{number}' is no account number for {account}: it is one line of at most 60 signs without semicolon or '&'"
    )]
    Number { account: Account, number: String },
    #[error(
        "the number for {0} says nothing of where it is from; give a source, such as the chart of accounts of the year"
    )]
    NoSource(Account),
    #[error("the account numbers could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Sets account numbers. What was exported before keeps the numbers it left with.
pub async fn set(
    tx: &mut Tx,
    act: &Act<Administer>,
    mappings: &[NewMapping],
) -> Result<(), ChartError> {
    mappings.iter().try_for_each(check)?;
    store::insert(tx, act, mappings).await?;
    let keys: Vec<String> = mappings.iter().map(|one| one.account.to_string()).collect();
    audit::record(tx, act, Action::AccountNumbersSet, Subject::Municipality, keys.join(" "))
        .await?;
    Ok(())
}

fn check(mapping: &NewMapping) -> Result<(), ChartError> {
    const SIGNS_MAX: usize = 60;
    let NewMapping { account, number, source, .. } = mapping;
    let breaks_a_file = |sign: char| sign.is_control() || matches!(sign, ';' | '&' | '"');
    if number.trim() != number
        || number.chars().count() > SIGNS_MAX
        || number.contains(breaks_a_file)
    {
        return Err(ChartError::Number { account: account.clone(), number: number.clone() });
    }
    if source.trim().is_empty() { Err(ChartError::NoSource(account.clone())) } else { Ok(()) }
}

/// Every number there is and was, by account and day, in the order they were set.
pub async fn mappings(db: &mut Read, tenant: Tenant) -> db::Result<Vec<Mapping>> {
    store::mappings(db, tenant).await
}

/// The numbers as they are known now.
pub async fn chart(db: &mut Read, tenant: Tenant) -> db::Result<Chart> {
    Ok(Chart::new(store::mappings(db, tenant).await?))
}

/// The trial balance (råbalance) of some booking days, by account.
pub async fn trial_balance(
    db: &mut Read,
    tenant: Tenant,
    booked: Period,
) -> db::Result<Vec<TrialLine>> {
    store::trial_balance(db, tenant, booked).await
}
