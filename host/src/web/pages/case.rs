//! `/sager/{number}`: one case.

use askama::Template;
use axum::extract::Path;
use axum::response::Html;
use ydun_domain::{Day, Dkk};

use super::explanation::MonthPart;
use super::html;
use crate::access::{Act, Look};
use crate::audit::hide_personal_numbers;
use crate::clock;
use crate::db::Tx;
use crate::decisions::explain::{ExplainError, explain};
use crate::decisions::{self, Decision, Status};
use crate::parties::Identity;
use crate::payments::{Payment, State};
use crate::web::case_file::{CaseFile, Part};
use crate::web::danish::{self, Mark, Pair};
use crate::web::desk::Desk;
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
}

pub(super) async fn show(
    desk: Desk,
    Path(number): Path<String>,
) -> Result<Html<String>, PageError> {
    let (mut tx, act) = desk.act::<Look>().await?;
    let frame = Frame::of(&mut tx, &desk).await?;
    let titles = Titles::read(&mut tx).await?;
    let file = CaseFile::look(&mut tx, &act, &number).await?;
    let months = months(&mut tx, &act, &file).await?;
    tx.commit().await?;
    html(&CasePage {
        frame,
        number: file.case.number.to_string(),
        benefit: titles.of(&file.case.benefit).to_owned(),
        opened: file.case.opened.in_words(),
        closed: file.case.closed.map(Day::in_words),
        parts: file.parts.iter().map(PartCard::of).collect(),
        decisions: file.decisions.iter().rev().map(DecisionRow::of).collect(),
        payments: file.payments.iter().rev().map(PaymentRow::of).collect(),
        months,
    })
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
    fn of(payment: &Payment) -> Self {
        Self {
            disposal: payment.disposal.in_words(),
            payee: payment.payee.name.clone(),
            number: payment.payee.number.to_string(),
            amount: payment.amount,
            state: danish::payment(payment.state),
            reason: is_stuck(payment.state).then(|| hide_personal_numbers(&payment.state_reason)),
            lane: danish::lane(payment.lane),
            message: payment.message.clone(),
        }
    }
}

fn is_stuck(state: State) -> bool {
    matches!(state, State::Stopped | State::Rejected | State::Returned | State::Unknown)
}
