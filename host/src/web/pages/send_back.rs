//! `/godkendelser/{benefit}/{month}/tilbage/{decision}`: the page where an approver sends a proposal back.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ydun_domain::ids::DecisionId;

use super::approval::{address, run_of};
use super::explanation::{AnswerPart, MonthPart};
use super::html;
use crate::access::{Act, Approve, Look};
use crate::audit::{self, Subject};
use crate::cases::{Case, service as cases};
use crate::db::Tx;
use crate::decisions::explain::explain;
use crate::decisions::service::{self as decisions, ApproveError};
use crate::decisions::{Decision, Objection};
use crate::operations::send_back::{SendBackError, Wrong, send_back};
use crate::web::desk::{Desk, Sent};
use crate::web::failure::{Failure, PageError};
use crate::web::form::Fields;
use crate::web::frame::Frame;

#[derive(Template)]
#[template(path = "send_back.html")]
struct SendBackPage {
    frame: Frame,
    case: String,
    /// The page of the list.
    list: String,
    address: String,
    month: MonthPart,
    objections: &'static [Objection],
    /// The facts, conditions and steps it can be about.
    places: Vec<(&'static str, Vec<String>)>,
    typed: Fields,
    problem: Option<String>,
}

type Which = Path<(String, String, DecisionId)>;

pub(super) async fn show(
    desk: Desk,
    Path((benefit, month, id)): Which,
) -> Result<Html<String>, PageError> {
    html(&SendBackPage::read(&desk, (&benefit, &month, id), Fields::default(), None).await?)
}

pub(super) async fn send(
    Path((benefit, month, id)): Which,
    Sent { desk, form }: Sent<Fields>,
) -> Result<Response, PageError> {
    let look = desk.may::<Look>().await?;
    let (mut tx, act) = desk.act::<Approve>().await?;
    let found = find(&mut tx, &look, (&benefit, &month, id)).await?;
    let done = match wanted(&form) {
        Ok(wrong) => send_back(&mut tx, &act, (found.case.id, id), wrong).await.map_err(told),
        Err(problem) => Err(Ok(problem.to_owned())),
    };
    match done {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to(&found.list).into_response())
        }
        Err(problem) => {
            drop(tx);
            let of = (&*benefit, &*month, id);
            let page = SendBackPage::read(&desk, of, form, Some(problem?)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
    }
}

/// What is wrong; else what the form lacks.
fn wanted(form: &Fields) -> Result<Wrong<'_>, &'static str> {
    let objection = form.get("fejl").parse().map_err(|_| "Vælg, hvad der er galt.")?;
    let place = form.get("sted");
    if place.is_empty() {
        return Err("Vælg, hvilken oplysning, betingelse eller hvilket trin det er.");
    }
    Ok(Wrong { objection, place, text: form.get("tekst") })
}

/// Why it was not sent back, in words.
fn told(refused: SendBackError) -> Result<String, PageError> {
    match refused {
        SendBackError::NoText => {
            Ok("Skriv, hvad der er galt, til den, der indstillede det.".to_owned())
        }
        SendBackError::Decision(ApproveError::NotOpen(_)) => {
            Ok("Afgørelsen venter ikke længere på godkendelse.".to_owned())
        }
        SendBackError::Decision(other) => Err(Failure::broken(other).into()),
        SendBackError::Store(error) => Err(error.into()),
    }
}

/// The proposal an address names.
struct Found {
    case: Case,
    proposal: Decision,
    list: String,
}

async fn find(
    tx: &mut Tx,
    act: &Act<Look>,
    (benefit, month, id): (&str, &str, DecisionId),
) -> Result<Found, PageError> {
    let missing = || Failure::NotFound("proposal");
    let run = run_of(tx, act, benefit, month).await?;
    let list = decisions::sign_list(tx, act.tenant(), run.id).await?;
    let listed = list.proposals.iter().find(|listed| listed.id == id).ok_or_else(missing)?;
    let case = cases::by_id(tx, act.tenant(), listed.case).await?.ok_or_else(missing)?;
    let open = decisions::open_of_case(tx, act.tenant(), case.id).await?;
    let proposal = open.into_iter().find(|open| open.id == id).ok_or_else(missing)?;
    Ok(Found { case, proposal, list: address(&run.benefit, run.month) })
}

impl SendBackPage {
    async fn read(
        desk: &Desk,
        of: (&str, &str, DecisionId),
        typed: Fields,
        problem: Option<String>,
    ) -> Result<Self, PageError> {
        let (mut tx, act) = desk.act::<Look>().await?;
        let frame = Frame::of(&mut tx, desk).await?;
        let Found { case, proposal, list } = find(&mut tx, &act, of).await?;
        let explained = explain(&mut tx, &act, case.id, proposal.basis.period).await?;
        audit::record_look(&mut tx, &act, Subject::Case(case.id), "a proposal").await?;
        tx.commit().await?;
        let month = MonthPart { is_open: true, ..explained.into() };
        Ok(Self {
            frame,
            case: case.to_string(),
            address: format!("{list}/tilbage/{}", of.2),
            list,
            places: places(&month),
            month,
            objections: Objection::ALL,
            typed,
            problem,
        })
    }
}

/// What a proposal can be wrong about, as its calculation tells it.
fn places(month: &MonthPart) -> Vec<(&'static str, Vec<String>)> {
    let facts: Vec<String> = month
        .facts
        .iter()
        .map(|fact| format!("{}, {}, {}", fact.title, fact.about, fact.valid))
        .collect();
    let (conditions, steps) = match &month.answer {
        AnswerPart::Outcome { conditions, lines, .. } => (
            conditions.rows.iter().map(|row| row.label.clone()).collect(),
            lines.iter().flat_map(|line| &line.steps).map(|step| step.label.clone()).collect(),
        ),
        AnswerPart::None { .. } => (Vec::new(), Vec::new()),
    };
    vec![
        ("Oplysninger", facts),
        ("Betingelser", conditions),
        ("Trin i beregningen", steps),
        ("Andet", vec!["Afgørelsen som helhed".to_owned()]),
    ]
}
