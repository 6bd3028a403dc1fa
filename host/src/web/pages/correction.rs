//! `/sager/{number}/rettelse`: the case calculated anew, what would differ, and what became of earlier
//! corrections.
//!
//! Nothing is kept by looking. One person proposes, another approves over the digest of what was seen.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use ydun_domain::Dkk;
use ydun_domain::ids::{CorrectionId, PartyId};
use ydun_runtime::Digest;

use super::html;
use crate::access::{Approve, Look, Propose};
use crate::audit::hide_personal_numbers;
use crate::clock::danish;
use crate::db::{Read, Result as DbResult};
use crate::decisions::service::ApproveError;
use crate::operations::approval::{ApproveMonthError, Terms};
use crate::operations::correction::{
    self, Because, CorrectError, Correction, Leg, MonthChange, OpenMonth, Preview, Status,
};
use crate::parties;
use crate::payments::Lane;
use crate::payments::service::Foreseen;
use crate::web::case_file::CaseFile;
use crate::web::danish::{self, Mark};
use crate::web::desk::{Desk, Sent};
use crate::web::failure::{Failure, PageError};
use crate::web::frame::Frame;

#[derive(Template)]
#[template(path = "correction.html")]
struct CorrectionPage {
    frame: Frame,
    number: String,
    months: Vec<MonthRow>,
    difference: Dkk,
    open: Vec<OpenRow>,
    corrections: Vec<CorrectionCard>,
    problem: Option<String>,
    /// What was typed before the problem.
    reason: String,
}

/// A month that comes out otherwise than it is decided.
struct MonthRow {
    title: String,
    before: Dkk,
    after: Dkk,
    difference: Dkk,
    because: Vec<String>,
    /// What it does to payments.
    effects: Vec<String>,
}

/// A month that waits for an answer.
struct OpenRow {
    title: String,
    question: String,
}

struct CorrectionCard {
    id: CorrectionId,
    title: String,
    reason: String,
    proposed: String,
    status: Mark,
    /// What another person signs, while it waits.
    digest: Option<String>,
    legs: Vec<LegRow>,
}

struct LegRow {
    kind: &'static str,
    state: Mark,
    told: String,
}

pub(super) async fn show(
    desk: Desk,
    Path(number): Path<String>,
) -> Result<Html<String>, PageError> {
    html(&CorrectionPage::read(&desk, &number, None, String::new()).await?)
}

/// Why the case is put right, in the caseworker's words.
#[derive(Debug, Deserialize)]
pub(super) struct Proposal {
    reason: String,
}

pub(super) async fn propose(
    Path(number): Path<String>,
    Sent { desk, form: Proposal { reason } }: Sent<Proposal>,
) -> Result<Response, PageError> {
    if reason.trim().is_empty() {
        let problem = "Skriv, hvorfor sagen rettes. Den, der godkender, skal kunne forstå det.";
        return refused(&desk, &number, problem.to_owned(), reason).await;
    }
    let case = case_of(&desk, &number).await?;
    let act = desk.may::<Propose>().await?;
    let app = &desk.app;
    match correction::propose(&app.db, &app.registry, &act, case, reason.trim()).await {
        Ok(_) => Ok(Redirect::to(&address(&number)).into_response()),
        Err(error) => refused(&desk, &number, told(error)?, reason).await,
    }
}

/// What a signature says: which correction was seen.
#[derive(Debug, Deserialize)]
pub(super) struct Signature {
    set: String,
}

pub(super) async fn approve(
    Path((number, id)): Path<(String, String)>,
    Sent { desk, form }: Sent<Signature>,
) -> Result<Response, PageError> {
    let seen: Digest = form.set.parse().map_err(Failure::misunderstood)?;
    let id: CorrectionId = id.parse().map_err(|_| Failure::NotFound("correction"))?;
    let case = case_of(&desk, &number).await?;
    let (mut tx, act) = desk.act::<Approve>().await?;
    let terms = Terms { bank: &desk.app.bank, lane: Lane::Almindelig, due: None };
    match correction::approve(&mut tx, &act, (case, id), seen, &terms).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Redirect::to(&address(&number)).into_response())
        }
        Err(error) => {
            drop(tx);
            refused(&desk, &number, told(error)?, String::new()).await
        }
    }
}

fn address(number: &str) -> String {
    format!("/sager/{number}/rettelse")
}

async fn case_of(desk: &Desk, number: &str) -> Result<ydun_domain::ids::CaseId, PageError> {
    let (mut tx, act) = desk.act::<Look>().await?;
    let case = CaseFile::find(&mut tx, act.tenant(), number).await?.id;
    tx.commit().await?;
    Ok(case)
}

async fn refused(
    desk: &Desk,
    number: &str,
    problem: String,
    reason: String,
) -> Result<Response, PageError> {
    let page = CorrectionPage::read(desk, number, Some(problem), reason).await?;
    Ok((StatusCode::CONFLICT, html(&page)?).into_response())
}

/// Why nothing was proposed or approved, in words.
fn told(refused: CorrectError) -> Result<String, PageError> {
    let told = match refused {
        CorrectError::NothingToCorrect(_) => {
            "Sagen giver det, der er afgjort. Der er intet at rette."
        }
        CorrectError::NotOpen { .. } => "Rettelsen venter ikke længere på godkendelse.",
        CorrectError::Changed
        | CorrectError::Approval(ApproveMonthError::Decision(ApproveError::Changed(_))) => {
            "Sagen er ændret, siden du så den. Se den igennem igen."
        }
        CorrectError::Approval(ApproveMonthError::Decision(ApproveError::SamePerson {
            ..
        })) => "Du har selv foreslået rettelsen. En anden skal godkende den.",
        CorrectError::Approval(ApproveMonthError::Decision(ApproveError::Suspended {
            reason,
            ..
        })) => {
            return Ok(format!(
                "Modulet er sat i bero ({reason}). Prøv igen, når det gælder igen."
            ));
        }
        CorrectError::Approval(ApproveMonthError::Frozen(frozen)) => {
            return Ok(danish::frozen(&frozen));
        }
        CorrectError::NoCase => return Err(Failure::NotFound("case").into()),
        CorrectError::Store(error) => return Err(error.into()),
        other => return Err(Failure::broken(other).into()),
    };
    Ok(told.to_owned())
}

impl CorrectionPage {
    async fn read(
        desk: &Desk,
        number: &str,
        problem: Option<String>,
        reason: String,
    ) -> Result<Self, PageError> {
        let case = case_of(desk, number).await?;
        let look = desk.may::<Look>().await?;
        let today = danish(look.at());
        let app = &desk.app;
        let preview = correction::preview(&app.db, &app.registry, &look, case, today).await;
        let preview = preview.map_err(preview_failed)?;
        let (mut tx, act) = desk.act::<Look>().await?;
        let frame = Frame::of(&mut tx, desk).await?;
        let names = names(&mut tx, act.tenant(), &preview).await?;
        let mut corrections = Vec::new();
        for correction in correction::of_case(&mut tx, act.tenant(), case).await?.into_iter().rev()
        {
            let legs = match correction.status {
                Status::Approved => {
                    correction::legs_of(&mut tx, act.tenant(), &correction, today).await?
                }
                Status::Proposed | Status::Dropped => Vec::new(),
            };
            corrections.push(CorrectionCard::of(correction, legs));
        }
        tx.commit().await?;
        Ok(Self {
            frame,
            number: number.to_owned(),
            difference: preview.difference(),
            months: preview.months.iter().map(|month| MonthRow::of(month, &names)).collect(),
            open: preview.open.iter().map(OpenRow::of).collect(),
            corrections,
            problem,
            reason,
        })
    }
}

fn preview_failed(error: CorrectError) -> Failure {
    match error {
        CorrectError::NoCase => Failure::NotFound("case"),
        other => Failure::broken(other),
    }
}

/// The names of those a preview pays or has paid.
async fn names(
    db: &mut Read,
    tenant: ydun_domain::Tenant,
    preview: &Preview,
) -> DbResult<BTreeMap<PartyId, String>> {
    let of = |payments: &Foreseen| {
        let Foreseen { pay, hold_back, overpaid, .. } = payments;
        pay.keys().chain(hold_back.keys()).chain(overpaid.keys()).copied().collect::<Vec<_>>()
    };
    let ids: Vec<PartyId> = preview.months.iter().flat_map(|month| of(&month.payments)).collect();
    let parties = parties::service::by_ids(db, tenant, &ids).await?;
    Ok(parties.into_iter().map(|party| (party.id, party.name)).collect())
}

impl MonthRow {
    fn of(month: &MonthChange, names: &BTreeMap<PartyId, String>) -> Self {
        Self {
            title: danish::capital(&danish::days(month.period)),
            before: month.before,
            after: month.after,
            difference: month.after - month.before,
            because: month.because.iter().map(reason).collect(),
            effects: effects(&month.payments, names),
        }
    }
}

/// What is known now and was not, with its days as people say them.
fn reason(because: &Because) -> String {
    let told = match because {
        Because::New { title, valid, says } => {
            format!("nyt, {}: {title}. {says}", danish::validity(*valid))
        }
        Because::Gone { title, valid, says } => {
            format!("gælder ikke længere, {}: {title}. {says}", danish::validity(*valid))
        }
        other => other.to_string(),
    };
    danish::capital(&hide_personal_numbers(&told))
}

fn effects(payments: &Foreseen, names: &BTreeMap<PartyId, String>) -> Vec<String> {
    let name = |party: &PartyId| names.get(party).map_or("modtageren", String::as_str);
    let pay = payments
        .pay
        .iter()
        .map(|(party, amount)| format!("{amount} udbetales til {}", name(party)));
    let hold = payments
        .hold_back
        .iter()
        .map(|(party, amount)| format!("{amount} holdes tilbage hos {}", name(party)));
    let withdraw = match payments.withdraw.len() {
        0 => None,
        1 => Some("1 udbetaling, som ingen har fået endnu, trækkes tilbage".to_owned()),
        count => Some(format!("{count} udbetalinger, som ingen har fået endnu, trækkes tilbage")),
    };
    let overpaid = payments.overpaid.iter().map(|(party, amount)| {
        format!(
            "{amount} er betalt for meget til {}; om det skal kræves tilbage, afgøres for sig",
            name(party)
        )
    });
    pay.chain(hold).chain(withdraw).chain(overpaid).collect()
}

impl OpenRow {
    fn of(open: &OpenMonth) -> Self {
        Self {
            title: danish::capital(&danish::days(open.period)),
            question: hide_personal_numbers(&open.question),
        }
    }
}

impl CorrectionCard {
    fn of(correction: Correction, legs: Vec<Leg>) -> Self {
        let Correction { id, reason, digest, proposed, since, status, .. } = correction;
        Self {
            id,
            title: format!("Rettelse fra {}", since.in_words()),
            reason: hide_personal_numbers(&reason),
            proposed: format!("Foreslået {} af {}", danish(proposed.at).in_words(), proposed.by),
            status: danish::correction(status),
            digest: (status == Status::Proposed).then(|| digest.to_string()),
            legs: legs.into_iter().map(LegRow::of).collect(),
        }
    }
}

impl LegRow {
    fn of(Leg { kind, state, told }: Leg) -> Self {
        Self {
            kind: danish::leg_kind(kind),
            state: danish::leg(state),
            told: danish::capital(&told),
        }
    }
}
