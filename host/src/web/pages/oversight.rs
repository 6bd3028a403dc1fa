//! `/godkendelser/{benefit}/{month}/tilsyn`: the decisions of a list that the management looks at.

use std::collections::HashMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use ydun_domain::Dkk;
use ydun_domain::ids::{CaseId, DecisionId};

use super::approval::{address, run_of};
use super::html;
use crate::access::{Approve, Look};
use crate::audit::{self, Subject, hide_personal_numbers};
use crate::cases::service as cases;
use crate::clock::danish as danish_day;
use crate::decisions::oversight::service::{self as oversight, OversightError};
use crate::decisions::oversight::{Because, Finding, Review, Sampled};
use crate::web::desk::{Desk, Sent};
use crate::web::failure::{Failure, PageError};
use crate::web::frame::Frame;
use crate::web::titles::Titles;

#[derive(Template)]
#[template(path = "oversight.html")]
struct OversightPage {
    frame: Frame,
    title: String,
    month: String,
    /// The page of the list.
    list: String,
    rows: Vec<SampleRow>,
    may_find: bool,
    problem: Option<String>,
}

struct SampleRow {
    id: DecisionId,
    case: String,
    because: &'static str,
    before: Option<Dkk>,
    total: Dkk,
    found: Option<Found>,
}

/// What the management found in a decision.
struct Found {
    is_right: bool,
    told: String,
}

pub(super) async fn show(
    desk: Desk,
    Path((benefit, month)): Path<(String, String)>,
) -> Result<Html<String>, PageError> {
    html(&OversightPage::read(&desk, &benefit, &month, None).await?)
}

/// What was found in which decision.
#[derive(Debug, Deserialize)]
pub(super) struct FindingForm {
    decision: DecisionId,
    fund: String,
    #[serde(default)]
    note: String,
}

pub(super) async fn find(
    Path((benefit, month)): Path<(String, String)>,
    Sent { desk, form }: Sent<FindingForm>,
) -> Result<Response, PageError> {
    let finding: Finding = form.fund.parse().map_err(Failure::misunderstood)?;
    let look = desk.may::<Look>().await?;
    let (mut tx, act) = desk.act::<Approve>().await?;
    let run = run_of(&mut tx, &look, &benefit, &month).await?.id;
    let found = (finding, &*form.note);
    match oversight::review(&mut tx, &act, run, form.decision, found).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("/godkendelser/{benefit}/{month}/tilsyn")).into_response())
        }
        Err(refused) => {
            drop(tx);
            let problem = Some(told(refused)?.to_owned());
            let page = OversightPage::read(&desk, &benefit, &month, problem).await?;
            Ok((StatusCode::CONFLICT, html(&page)?).into_response())
        }
    }
}

/// Why nothing was noted, in words.
fn told(refused: OversightError) -> Result<&'static str, PageError> {
    match refused {
        OversightError::NoNote => Ok("Skriv, hvad der er galt, til den, der skal rette det."),
        OversightError::Approver { .. } => {
            Ok("Du har selv godkendt afgørelsen. En anden fører tilsyn med den.")
        }
        OversightError::NotSampled(_) => Ok("Afgørelsen er ikke udtaget til tilsyn."),
        OversightError::Store(error) => Err(error.into()),
        other => Err(Failure::broken(other).into()),
    }
}

impl OversightPage {
    async fn read(
        desk: &Desk,
        benefit: &str,
        month: &str,
        problem: Option<String>,
    ) -> Result<Self, PageError> {
        let (mut tx, act) = desk.act::<Look>().await?;
        let frame = Frame::of(&mut tx, desk).await?;
        let titles = Titles::read(&mut tx).await?;
        let run = run_of(&mut tx, &act, benefit, month).await?;
        let today = danish_day(act.at());
        let sample = oversight::sample_of(&mut tx, act.tenant(), run.id, today).await?;
        let reviews = oversight::reviews(&mut tx, act.tenant(), run.id).await?;
        let ids: Vec<CaseId> = sample.iter().map(|one| one.candidate.case).collect();
        let cases = cases::by_ids(&mut tx, act.tenant(), &ids).await?;
        let looked = format!("sample of {} decisions", sample.len());
        audit::record_look(&mut tx, &act, Subject::MonthRun(run.id), looked).await?;
        tx.commit().await?;
        let numbers: HashMap<CaseId, String> =
            cases.into_iter().map(|case| (case.id, case.to_string())).collect();
        Ok(Self {
            may_find: frame.may::<Approve>(),
            frame,
            title: titles.of(&run.benefit).to_owned(),
            month: run.month.in_words(),
            list: address(&run.benefit, run.month),
            rows: sample.iter().map(|one| SampleRow::of(one, &numbers, &reviews)).collect(),
            problem,
        })
    }
}

impl SampleRow {
    fn of(
        Sampled { candidate, because }: &Sampled,
        numbers: &HashMap<CaseId, String>,
        reviews: &[Review],
    ) -> Self {
        let review = reviews.iter().find(|review| review.decision == candidate.id);
        Self {
            id: candidate.id,
            case: numbers.get(&candidate.case).cloned().unwrap_or_default(),
            because: match because {
                Because::Odd => "Blandt de mest usædvanlige",
                Because::Drawn => "Udtrukket ved lod",
            },
            before: candidate.weight.decided,
            total: candidate.weight.total,
            found: review.map(Found::of),
        }
    }
}

impl Found {
    fn of(review: &Review) -> Self {
        let by = format!("{} af {}", danish_day(review.found_at).in_words(), review.found_by);
        let note = hide_personal_numbers(&review.note);
        let told = if note.is_empty() { by } else { format!("{by}: {note}") };
        Self { is_right: review.finding == Finding::Right, told }
    }
}
