//! `/udbetalinger/liste`: the payments that stand somewhere, each with the way to its case.

use std::collections::HashMap;

use askama::Template;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::Html;
use serde::Deserialize;
use ydun_domain::ids::{CaseId, PaymentId};
use ydun_domain::{Day, Dkk, Month, Period};

use super::html;
use crate::access::Look;
use crate::audit::{self, Subject, hide_personal_numbers};
use crate::cases::service as cases;
use crate::db::{Read, Result as DbResult};
use crate::payments::service as payments;
use crate::payments::standing::Standing;
use crate::payments::{Payment, State};
use crate::web::danish::{self, Mark};
use crate::web::desk::Desk;
use crate::web::failure::{Failure, PageError};
use crate::web::frame::Frame;

const PAYMENTS_SHOWN: u32 = 50;

#[derive(Template)]
#[template(path = "payout_list.html")]
struct PayoutListPage {
    frame: Frame,
    standing: Mark,
    /// Where the list is about one month.
    month: Option<Month>,
    rows: Vec<PayoutRow>,
    /// Where the first and the next page are.
    first: Option<String>,
    next: Option<String>,
}

struct PayoutRow {
    case: String,
    payee: String,
    number: String,
    amount: Dkk,
    lane: &'static str,
    send_by: String,
    disposal: String,
    /// Why it is where it is, when that is not as it should be.
    reason: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ListQuery {
    tilstand: String,
    maaned: Option<String>,
    efter: Option<String>,
}

/// What is asked for, understood.
struct Asked {
    standing: Standing,
    month: Option<Month>,
    after: Option<PaymentId>,
}

impl TryFrom<ListQuery> for Asked {
    type Error = Failure;
    fn try_from(query: ListQuery) -> Result<Self, Failure> {
        let month = query.maaned.map(|text| text.parse().map_err(Failure::misunderstood));
        let after = query.efter.map(|text| text.parse().map_err(Failure::misunderstood));
        Ok(Self {
            standing: query.tilstand.parse().map_err(Failure::misunderstood)?,
            month: month.transpose()?,
            after: after.transpose()?,
        })
    }
}

/// Where the payments are that stand somewhere, in a month or in all of them. Nothing in it needs escaping.
pub(super) fn address(
    standing: Standing,
    month: Option<Month>,
    after: Option<PaymentId>,
) -> String {
    let month = month.map(|month| format!("&maaned={month}")).unwrap_or_default();
    let after = after.map(|payment| format!("&efter={payment}")).unwrap_or_default();
    format!("/udbetalinger/liste?tilstand={standing}{month}{after}")
}

pub(super) async fn show(
    desk: Desk,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Html<String>, PageError> {
    let Asked { standing, month, after } = Asked::try_from(query?.0)?;
    let (mut tx, act) = desk.act::<Look>().await?;
    let frame = Frame::of(&mut tx, &desk).await?;
    let wanted = (standing, month.map_or_else(all_days, Month::period));
    let mut found =
        payments::standing(&mut tx, act.tenant(), wanted, after, PAYMENTS_SHOWN + 1).await?;
    let has_more = found.len() > PAYMENTS_SHOWN as usize;
    found.truncate(PAYMENTS_SHOWN as usize);
    let rows = rows(&mut tx, act.tenant(), &found).await?;
    let looked = format!("{} payments that are {standing}", found.len());
    audit::record_look(&mut tx, &act, Subject::Municipality, looked).await?;
    tx.commit().await?;
    let last = found.last().filter(|_| has_more);
    html(&PayoutListPage {
        frame,
        standing: danish::standing(standing),
        month,
        rows,
        first: after.map(|_| address(standing, month, None)),
        next: last.map(|payment| address(standing, month, Some(payment.id))),
    })
}

fn all_days() -> Period {
    Period::new(Day::new(1850, 1, 1), Day::new(2199, 12, 31)).expect("one comes before the other")
}

async fn rows(
    db: &mut Read,
    tenant: ydun_domain::Tenant,
    found: &[Payment],
) -> DbResult<Vec<PayoutRow>> {
    let ids: Vec<CaseId> = found.iter().map(|payment| payment.case_id).collect();
    let numbers: HashMap<CaseId, String> = cases::by_ids(db, tenant, &ids)
        .await?
        .into_iter()
        .map(|case| (case.id, case.to_string()))
        .collect();
    Ok(found.iter().map(|payment| PayoutRow::of(payment, &numbers)).collect())
}

impl PayoutRow {
    fn of(payment: &Payment, numbers: &HashMap<CaseId, String>) -> Self {
        Self {
            case: numbers.get(&payment.case_id).cloned().unwrap_or_default(),
            payee: payment.payee.name.clone(),
            number: payment.payee.number.to_string(),
            amount: payment.amount,
            lane: danish::lane(payment.lane),
            send_by: payment.send_by.in_words(),
            disposal: payment.disposal.in_words(),
            reason: (!is_as_planned(payment.state))
                .then(|| hide_personal_numbers(&payment.state_reason)),
        }
    }
}

fn is_as_planned(state: State) -> bool {
    matches!(
        state,
        State::Planned | State::Sent | State::Received | State::Accepted | State::Settled
    )
}
