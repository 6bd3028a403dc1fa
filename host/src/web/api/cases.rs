//! Cases: a list of them, and one with its parties, decisions and payments.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use ydun_domain::{Day, Dkk, Month, Period};

use crate::access::Look;
use crate::audit::{self, Subject};
use crate::decisions::{self, Decision, Ruling, Status};
use crate::operations::CaseResult;
use crate::payments::{Lane, Payment, State as PaymentState};
use crate::web::case_file::{CaseFile, Part};
use crate::web::case_list::{Asked, CasePage, CaseQuery, Listed};
use crate::web::desk::Desk;
use crate::web::failure::{ApiError, Problem};

const PAGE_SIZE: u32 = 100;

/// A page of cases, in the order of their numbers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CasesBody {
    /// The month the results are for.
    #[schema(value_type = String, example = "2020-10")]
    month: Month,
    cases: Vec<CaseHead>,
    /// Ask with `after` this number for the next page; nothing on the last page.
    next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct CaseHead {
    #[schema(example = "2020-00017")]
    number: String,
    #[schema(example = "voksenlaerling")]
    benefit: String,
    state: CaseState,
    #[schema(value_type = String, format = Date)]
    opened: Day,
    #[schema(value_type = Option<String>, format = Date)]
    closed: Option<Day>,
    /// What the month's last run gave; nothing when the case was not in it.
    #[schema(value_type = Option<String>, example = "proposed")]
    result: Option<CaseResult>,
    #[schema(value_type = Option<String>, example = "4995.00")]
    amount: Option<Dkk>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum CaseState {
    Open,
    Closed,
}

impl CaseState {
    fn of(closed: Option<Day>) -> Self {
        if closed.is_some() { Self::Closed } else { Self::Open }
    }
}

impl From<Listed> for CaseHead {
    fn from(case: Listed) -> Self {
        Self {
            number: case.number.to_string(),
            benefit: case.benefit,
            state: CaseState::of(case.closed),
            opened: case.opened,
            closed: case.closed,
            result: case.result,
            amount: case.amount,
        }
    }
}

/// The municipality's cases, a hundred at a time.
#[utoipa::path(
    get, path = "/cases", tag = "cases", params(CaseQuery),
    responses(
        (status = 200, body = CasesBody),
        (status = 400, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list(
    desk: Desk,
    query: Result<Query<CaseQuery>, QueryRejection>,
) -> Result<Json<CasesBody>, ApiError> {
    let Query(query) = query?;
    let asked = Asked::try_from(query)?;
    let (mut tx, act) = desk.act::<Look>().await?;
    let page = CasePage::find(&mut tx, &desk.app, &asked, PAGE_SIZE).await?;
    audit::record_look(
        &mut tx,
        &act,
        Subject::Municipality,
        format!("list of {} cases", page.cases.len()),
    )
    .await?;
    tx.commit().await?;
    Ok(Json(CasesBody {
        month: page.month,
        next: page.next.map(|number| number.to_string()),
        cases: page.cases.into_iter().map(CaseHead::from).collect(),
    }))
}

/// A case with everything decided and paid in it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseBody {
    #[schema(example = "2020-00017")]
    number: String,
    #[schema(example = "voksenlaerling")]
    benefit: String,
    state: CaseState,
    #[schema(value_type = String, format = Date)]
    opened: Day,
    #[schema(value_type = Option<String>, format = Date)]
    closed: Option<Day>,
    roles: Vec<RoleBody>,
    decisions: Vec<DecisionBody>,
    payments: Vec<PaymentBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct RoleBody {
    #[schema(example = "apprentice")]
    role: String,
    name: String,
    /// The kind of number and the number; the last four digits of a personal number are hidden.
    #[schema(example = "CPR 010190-••••")]
    number: String,
    /// The company a unit belongs to.
    #[schema(example = "CVR 29189803")]
    company: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
struct DecisionBody {
    id: String,
    #[schema(value_type = String, example = "2020-10-01..2020-10-31")]
    period: Period,
    #[schema(value_type = String, example = "granted")]
    ruling: Ruling,
    #[schema(value_type = String, example = "4995.00")]
    total: Dkk,
    #[schema(example = "approved")]
    state: &'static str,
    proposed: MarkBody,
    closed: Option<MarkBody>,
}

/// Who did something, and when.
#[derive(Debug, Serialize, ToSchema)]
struct MarkBody {
    by: String,
    at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
struct PaymentBody {
    id: String,
    decision: String,
    payee: String,
    #[schema(example = "SE 12345678")]
    payee_number: String,
    #[schema(value_type = String, example = "4995.00")]
    amount: Dkk,
    /// The bank day the money is at the payee's disposal.
    #[schema(value_type = String, format = Date)]
    disposal: Day,
    #[schema(value_type = String, example = "almindelig")]
    lane: Lane,
    #[schema(value_type = String, example = "settled")]
    state: PaymentState,
}

impl From<CaseFile> for CaseBody {
    fn from(file: CaseFile) -> Self {
        let CaseFile { case, parts, decisions, payments } = file;
        Self {
            number: case.number.to_string(),
            benefit: case.benefit,
            state: CaseState::of(case.closed),
            opened: case.opened,
            closed: case.closed,
            roles: parts.into_iter().map(RoleBody::from).collect(),
            decisions: decisions.into_iter().map(DecisionBody::from).collect(),
            payments: payments.into_iter().map(PaymentBody::from).collect(),
        }
    }
}

impl From<Part> for RoleBody {
    fn from(part: Part) -> Self {
        Self {
            role: part.role,
            number: part.party.identity.for_payment().to_string(),
            name: part.party.name,
            company: part.company.map(|company| company.identity.for_payment().to_string()),
        }
    }
}

impl From<Decision> for DecisionBody {
    fn from(decision: Decision) -> Self {
        let (state, closed) = match decision.status {
            Status::Proposed => ("proposed", None),
            Status::Approved(mark) => ("approved", Some(mark)),
            Status::Rejected { mark, .. } => ("rejected", Some(mark)),
            Status::Superseded(mark) => ("superseded", Some(mark)),
        };
        Self {
            id: decision.id.to_string(),
            period: decision.basis.period,
            ruling: decision.basis.ruling,
            total: decision.total,
            state,
            proposed: decision.proposed.into(),
            closed: closed.map(MarkBody::from),
        }
    }
}

impl From<decisions::Mark> for MarkBody {
    fn from(mark: decisions::Mark) -> Self {
        Self { by: mark.by, at: mark.at }
    }
}

impl From<Payment> for PaymentBody {
    fn from(payment: Payment) -> Self {
        Self {
            id: payment.id.to_string(),
            decision: payment.decision_id.to_string(),
            payee: payment.payee.name,
            payee_number: payment.payee.number.to_string(),
            amount: payment.amount,
            disposal: payment.disposal,
            lane: payment.lane,
            state: payment.state,
        }
    }
}

/// One case: its parties, decisions and payments.
#[utoipa::path(
    get, path = "/cases/{number}", tag = "cases",
    params(("number" = String, Path, example = "2020-00017")),
    responses(
        (status = 200, body = CaseBody),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn one(
    desk: Desk,
    Path(number): Path<String>,
) -> Result<Json<CaseBody>, ApiError> {
    let (mut tx, act) = desk.act::<Look>().await?;
    let file = CaseFile::look(&mut tx, &act, &number).await?;
    tx.commit().await?;
    Ok(Json(file.into()))
}
