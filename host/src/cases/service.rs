//! Opening and closing cases, and finding them.

use std::collections::{BTreeMap, BTreeSet};

use ydun_domain::ids::{CaseId, PartyId};
use ydun_domain::{Day, Tenant};

use super::{Case, CaseNumber, Role, store};
use crate::access::{Act, Register};
use crate::audit::{self, Action, Event, Subject};
use crate::db::{Tx, is_duplicate};

pub use super::store::{
    by_id, by_ids, by_number, lock, lock_by_external_keys, lock_by_numbers, next_open, of_party,
    roles, roles_of,
};

/// A case as somebody opens it.
#[derive(Clone, Debug)]
pub struct NewCase {
    pub benefit: String,
    pub external_key: Option<String>,
    pub opened: Day,
    /// Who has which part.
    pub roles: BTreeSet<(String, PartyId)>,
}

/// Why cases were not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("a case with this external key is there already; look it up instead")]
    Duplicate,
    #[error("the case could not be saved")]
    Store(sqlx::Error),
}

impl From<sqlx::Error> for OpenError {
    fn from(error: sqlx::Error) -> Self {
        if is_duplicate(&error) { Self::Duplicate } else { Self::Store(error) }
    }
}

/// Why a case was not closed.
#[derive(Debug, thiserror::Error)]
pub enum CloseError {
    #[error("there is no such case")]
    NotFound,
    #[error("case {number} was closed already, on {on}")]
    Closed { number: CaseNumber, on: Day },
    #[error("case {number} was opened on {opened}, so it cannot be closed on {on}")]
    BeforeOpened { number: CaseNumber, opened: Day, on: Day },
    #[error("the case could not be saved")]
    Store(#[from] sqlx::Error),
}

/// Opens a case and gives it the next number of the year it is opened in.
pub async fn open(tx: &mut Tx, act: &Act<Register>, case: NewCase) -> Result<Case, OpenError> {
    let mut opened = open_all(tx, act, vec![case]).await?;
    Ok(opened.remove(0))
}

/// Opens many cases with few statements; the answers are in the order of the cases, and of their ids.
pub async fn open_all(
    tx: &mut Tx,
    act: &Act<Register>,
    new: Vec<NewCase>,
) -> Result<Vec<Case>, OpenError> {
    let mut numbers = take_numbers(tx, act.tenant(), &new).await?;
    let mut cases = Vec::with_capacity(new.len());
    let mut roles = Vec::new();
    for NewCase { benefit, external_key, opened, roles: parts } in new {
        let id = CaseId::generate();
        let number = numbers
            .get_mut(&opened.year())
            .and_then(Iterator::next)
            .expect("as many were taken as cases");
        roles.extend(parts.into_iter().map(|(role, party)| Role { case: id, role, party }));
        cases.push(Case { id, number, external_key, benefit, opened, closed: None });
    }
    store::insert(tx, act.tenant(), &cases).await?;
    store::insert_roles(tx, act.tenant(), &roles).await?;
    let opened =
        |case: &Case| Event::new(Action::CaseOpened, Subject::Case(case.id), case.to_string());
    audit::record_all(tx, act, cases.iter().map(opened).collect()).await?;
    Ok(cases)
}

/// Numbers for the cases of each year.
async fn take_numbers(
    tx: &mut Tx,
    tenant: Tenant,
    cases: &[NewCase],
) -> Result<BTreeMap<i32, impl Iterator<Item = CaseNumber> + use<>>, sqlx::Error> {
    let mut wanted: BTreeMap<i32, i64> = BTreeMap::new();
    for case in cases {
        *wanted.entry(case.opened.year()).or_default() += 1;
    }
    let mut taken = BTreeMap::new();
    for (year, count) in wanted {
        let last = store::take_numbers(tx, tenant, year.into(), count).await?;
        let numbers = (last - count + 1..=last)
            .map(move |sequence| CaseNumber { year: year.into(), sequence });
        taken.insert(year, numbers);
    }
    Ok(taken)
}

/// Gives parties parts in cases; those they have already stay as they are.
pub async fn add_roles(
    tx: &mut Tx,
    act: &Act<Register>,
    roles: &[Role],
) -> Result<(), sqlx::Error> {
    store::insert_roles(tx, act.tenant(), roles).await?;
    let added =
        |role: &Role| Event::new(Action::CaseRoleAdded, Subject::Case(role.case), &role.role);
    audit::record_all(tx, act, roles.iter().map(added).collect()).await
}

/// Closes a case as of a day: nothing is calculated in it any more.
pub async fn close(
    tx: &mut Tx,
    act: &Act<Register>,
    id: CaseId,
    on: Day,
) -> Result<(), CloseError> {
    let Case { number, opened, closed, .. } =
        store::lock(tx, act.tenant(), id).await?.ok_or(CloseError::NotFound)?;
    if let Some(on) = closed {
        return Err(CloseError::Closed { number, on });
    }
    if on < opened {
        return Err(CloseError::BeforeOpened { number, opened, on });
    }
    store::set_closed(tx, act.tenant(), id, on).await?;
    Ok(audit::record(tx, act, Action::CaseClosed, Subject::Case(id), on.to_string()).await?)
}
