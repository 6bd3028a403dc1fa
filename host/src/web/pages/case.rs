//! `/sager/{number}`: one case.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use ydun_domain::ids::{DocumentId, PaymentId};
use ydun_domain::{Day, Dkk};

use super::explanation::MonthPart;
use super::html;
use crate::access::{Act, Look, StopPayments};
use crate::audit::hide_personal_numbers;
use crate::clock;
use crate::db::Tx;
use crate::decisions::explain::{ExplainError, explain};
use crate::decisions::{self, Decision, Status};
use crate::documents::{Document, service as documents};
use crate::parties::Identity;
use crate::payments::service::{self as payments, StopError};
use crate::payments::{Payment, State};
use crate::web::case_file::{CaseFile, Part};
use crate::web::danish::{self, Mark, Pair};
use crate::web::desk::{Desk, Sent};
use crate::web::failure::{Failure, PageError};
use crate::web::frame::Frame;
use crate::web::store;
use crate::web::titles::Titles;

/// A year; what is older is in the API.
const MONTHS_SHOWN: u32 = 12;

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage {
    frame: Frame,
    number: String,
    benefit: String,
    opened: String,
    closed: Option<String>,
    parts: Vec<PartCard>,
    decisions: Vec<DecisionRow>,
    payments: Vec<PaymentRow>,
    months: Vec<MonthPart>,
    documents: Vec<DocumentRow>,
    /// Why a payment was not stopped.
    problem: Option<String>,
}

struct PartCard {
    role: String,
    name: String,
    pairs: Vec<Pair>,
}

struct DecisionRow {
    days: String,
    ruling: &'static str,
    amount: Dkk,
    status: Mark,
    proposed: Signed,
    closed: Option<Signed>,
    reason: Option<String>,
}

/// What somebody has sent in.
struct DocumentRow {
    id: DocumentId,
    title: String,
    received: String,
}

/// Who did something, and when.
struct Signed {
    by: String,
    at: String,
}

struct PaymentRow {
    disposal: String,
    payee: String,
    number: String,
    amount: Dkk,
    state: Mark,
    /// Why it is not paid, when it is not.
    reason: Option<String>,
    lane: &'static str,
    message: String,
    /// Where it can still be stopped.
    stop: Option<PaymentId>,
}

pub(super) async fn show(
    desk: Desk,
    Path(number): Path<String>,
) -> Result<Html<String>, PageError> {
    html(&CasePage::read(&desk, &number, None).await?)
}

/// Why a payment is stopped.
#[derive(Debug, Deserialize)]
pub(super) struct StopForm {
    reason: String,
}

/// `/sager/{number}/betalinger/{payment}`: stops a payment here, or has the bank asked to.
pub(super) async fn stop(
    Path((number, payment)): Path<(String, String)>,
    Sent { desk, form: StopForm { reason } }: Sent<StopForm>,
) -> Result<Response, PageError> {
    let missing = || Failure::NotFound("payment");
    let payment: PaymentId = payment.parse().map_err(|_| missing())?;
    let (mut tx, act) = desk.act::<StopPayments>().await?;
    let case = CaseFile::find(&mut tx, act.tenant(), &number).await?;
    let payments = payments::of_case(&mut tx, act.tenant(), case.id).await?;
    if !payments.iter().any(|of_case| of_case.id == payment) {
        return Err(missing().into());
    }
    if reason.trim().is_empty() {
        drop(tx);
        return not_stopped(&desk, &number, "Skriv, hvorfor betalingen skal standses.").await;
    }
    match payments::stop(&mut tx, &act, payment, reason.trim()).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("/sager/{number}#udbetalinger")).into_response())
        }
        Err(error) => {
            drop(tx);
            not_stopped(&desk, &number, told(error)?).await
        }
    }
}

fn told(refused: StopError) -> Result<&'static str, PageError> {
    match refused {
        StopError::AskedBefore => Ok("Banken er allerede bedt om at standse betalingen."),
        StopError::Stuck(_) => Ok("Betalingen er nået frem eller standset i mellemtiden."),
        StopError::NotFound(_) => Err(Failure::NotFound("payment").into()),
        StopError::Store(error) => Err(error.into()),
    }
}

async fn not_stopped(desk: &Desk, number: &str, problem: &str) -> Result<Response, PageError> {
    let page = CasePage::read(desk, number, Some(problem.to_owned())).await?;
    Ok((StatusCode::CONFLICT, html(&page)?).into_response())
}

impl CasePage {
    async fn read(desk: &Desk, number: &str, problem: Option<String>) -> Result<Self, PageError> {
        let (mut tx, act) = desk.act::<Look>().await?;
        let frame = Frame::of(&mut tx, desk).await?;
        let titles = Titles::read(&mut tx).await?;
        let file = CaseFile::look(&mut tx, &act, number).await?;
        let months = months(&mut tx, &act, &file).await?;
        let documents = documents::of_case(&mut tx, act.tenant(), file.case.id).await?;
        tx.commit().await?;
        let may_stop = desk.may::<StopPayments>().await.is_ok();
        Ok(Self {
            frame,
            number: file.case.number.to_string(),
            benefit: titles.of(&file.case.benefit).to_owned(),
            opened: file.case.opened.in_words(),
            closed: file.case.closed.map(Day::in_words),
            parts: file.parts.iter().map(PartCard::of).collect(),
            decisions: file.decisions.iter().rev().map(DecisionRow::of).collect(),
            payments: file
                .payments
                .iter()
                .rev()
                .map(|payment| PaymentRow::of(payment, may_stop))
                .collect(),
            months,
            documents: documents.into_iter().map(DocumentRow::of).collect(),
            problem,
        })
    }
}

/// The months that were calculated, the newest first.
async fn months(tx: &mut Tx, act: &Act<Look>, file: &CaseFile) -> Result<Vec<MonthPart>, Failure> {
    let mut months = Vec::new();
    for days in store::calculated(tx, act.tenant(), file.case.id, MONTHS_SHOWN).await? {
        match explain(tx, act, file.case.id, days).await {
            Ok(explained) => {
                let is_open = months.is_empty();
                months.push(MonthPart { is_open, ..explained.into() });
            }
            Err(ExplainError::NoRun(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(months)
}

impl PartCard {
    fn of(part: &Part) -> Self {
        let pair = |name: &str, value: String| Pair { name: name.to_owned(), value };
        let mut pairs = match &part.party.identity {
            Identity::Citizen(cpr) => {
                vec![pair("Født", cpr.birthday().in_words()), pair("CPR-nummer", cpr.to_string())]
            }
            Identity::Company(cvr) => vec![pair("CVR-nummer", cvr.to_string())],
            Identity::SeUnit { se, .. } => vec![pair("SE-nummer", se.to_string())],
            Identity::PUnit { p, .. } => vec![pair("P-nummer", p.to_string())],
        };
        if let Some(company) = &part.company {
            pairs.push(pair("Virksomhed", company.name.clone()));
            if let Identity::Company(cvr) = &company.identity {
                pairs.push(pair("CVR-nummer", cvr.to_string()));
            }
        }
        Self { role: danish::role(&part.role), name: part.party.name.clone(), pairs }
    }
}

impl DocumentRow {
    fn of(document: Document) -> Self {
        let received = clock::danish(document.received_at).in_words();
        Self { id: document.id, title: document.title, received }
    }
}

impl DecisionRow {
    fn of(decision: &Decision) -> Self {
        let (closed, reason) = match &decision.status {
            Status::Proposed => (None, None),
            Status::Approved(mark) | Status::Superseded(mark) => (Some(mark), None),
            Status::Rejected { mark, text, .. } => (Some(mark), Some(hide_personal_numbers(text))),
        };
        Self {
            days: danish::capital(&danish::days(decision.basis.period)),
            ruling: danish::ruling(decision.basis.ruling),
            amount: decision.total,
            status: danish::status(&decision.status),
            proposed: Signed::of(&decision.proposed),
            closed: closed.map(Signed::of),
            reason,
        }
    }
}

impl Signed {
    fn of(mark: &decisions::Mark) -> Self {
        Self { by: mark.by.clone(), at: clock::danish(mark.at).in_words() }
    }
}

impl PaymentRow {
    fn of(payment: &Payment, may_stop: bool) -> Self {
        Self {
            disposal: payment.disposal.in_words(),
            payee: payment.payee.name.clone(),
            number: goes_to(payment),
            amount: payment.amount,
            state: danish::payment(payment.state),
            reason: is_stuck(payment.state).then(|| hide_personal_numbers(&payment.state_reason)),
            lane: danish::lane(payment.lane),
            message: payment.message.clone(),
            stop: (may_stop && payment.state.stop().is_ok()).then_some(payment.id),
        }
    }
}

/// The number whose NemKonto gets it, or the account it was sent to.
fn goes_to(payment: &Payment) -> String {
    let account = payment.account.as_ref();
    account
        .map_or_else(|| payment.payee.number.to_string(), |own| format!("konto {}", own.hidden()))
}

fn is_stuck(state: State) -> bool {
    matches!(state, State::Stopped | State::Rejected | State::Returned | State::Unknown)
}
