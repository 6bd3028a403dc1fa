//! What can be done with reports: make them, send them, hear the answers, tell anew what was refused.

mod hear;
mod prepare;
mod repay;
mod send;

use serde::Serialize;
use ydun_domain::ids::PartyId;
use ydun_domain::{Day, Period, Tenant};
use ydun_runtime::manifest::IncomeReport;

use super::store::{self, Which};
use super::{Item, State, told};
use crate::access::{Act, Administer, Pay};
use crate::audit::{self, Action, Subject};
use crate::db::{self, Read, Tx};
use crate::tax;

pub use hear::{HearError, Heard, hear};
pub use prepare::{PrepareError, Prepared, prepare};
pub use repay::{NewRepayment, Repaid, RepayError, repay};
pub use send::{SendError, send};
pub use told::{PaidSums, Told};

/// A refused item, as somebody who looks into it needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejected {
    pub report_id: String,
    pub reverses: Option<String>,
    pub party: PartyId,
    pub period: Period,
    pub disposal: Day,
    /// What the register said.
    pub answer: String,
}

/// What the register has refused and nobody has dealt with, oldest first.
pub async fn rejected(db: &mut Read, tenant: Tenant) -> db::Result<Vec<Rejected>> {
    let rejected = |item: Item| Rejected {
        report_id: item.report_id,
        reverses: item.reverses,
        party: item.key.party,
        period: item.key.period,
        disposal: item.disposal,
        answer: item.answer.unwrap_or_default(),
    };
    let refused = store::in_state(db, tenant, State::Refused).await?;
    Ok(refused.into_iter().map(rejected).collect())
}

/// What was paid of the incomes that end within some days, held against what the register has
/// accepted, by person and days.
pub async fn told(
    db: &mut Read,
    tenant: Tenant,
    days: Period,
    today: Day,
) -> db::Result<Vec<Told>> {
    let settings = tax::service::settings(db, tenant, today).await?;
    let paid = store::paid(db, tenant, Which::For(days)).await?;
    let standing = store::standing(db, tenant, Which::For(days)).await?;
    let mut told = told::told(&paid, &standing, &settings, days);
    if told.iter().any(|told| told.paid.is_empty()) {
        let benefits = store::benefits_for(db, tenant, days).await?;
        for told in &mut told {
            told.name_benefits(&benefits);
        }
    }
    Ok(told)
}

/// As [`told()`], of one person.
pub async fn told_of(
    db: &mut Read,
    tenant: Tenant,
    party: PartyId,
    days: Period,
    today: Day,
) -> db::Result<Vec<Told>> {
    let settings = tax::service::settings(db, tenant, today).await?;
    let paid = store::paid(db, tenant, Which::To(party)).await?;
    let standing = store::standing(db, tenant, Which::To(party)).await?;
    Ok(told::told(&paid, &standing, &settings, days))
}

/// Lets what was refused be told anew by the next file, and returns how many items that is.
pub async fn resend(tx: &mut Tx, act: &Act<Pay>) -> db::Result<u64> {
    let replaced = store::replace_refused(tx, act.tenant()).await?;
    let detail = format!("{replaced} refused items are told anew");
    audit::record(tx, act, Action::ReportsReplaced, Subject::Municipality, detail).await?;
    Ok(replaced)
}

/// Says how the incomes of a posting that end within some days are reported, also those that are
/// reported already: the next file then puts them right.
pub async fn report_as(
    tx: &mut Tx,
    act: &Act<Administer>,
    posting_code: &str,
    days: Period,
    report: &IncomeReport,
) -> db::Result<u64> {
    let changed = store::set_report(tx, act.tenant(), posting_code, days, report).await?;
    let detail = format!("{changed} incomes of '{posting_code}' are reported in another way");
    audit::record(tx, act, Action::ReportsChanged, Subject::Municipality, detail).await?;
    Ok(changed)
}
