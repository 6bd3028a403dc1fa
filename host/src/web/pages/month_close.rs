//! `/udbetalinger/maaned/{month}`: whether each benefit's month agrees, every line that does not, and its end.

use std::collections::HashMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use ydun_domain::ids::PartyId;
use ydun_domain::{Dkk, Month};

use super::html;
use crate::access::{Act, Approve, Look, Pay};
use crate::audit::{self, Subject, hide_personal_numbers};
use crate::clock::danish as danish_day;
use crate::db::{Read, Result as DbResult, Tx};
use crate::operations::close::service::{self as close, CloseError};
use crate::operations::close::{Closed, Difference, Later, Match, Totals, Waiting};
use crate::parties::service as parties;
use crate::web::danish;
use crate::web::desk::{Desk, Sent};
use crate::web::failure::{Failure, PageError};
use crate::web::frame::Frame;
use crate::web::titles::Titles;

#[derive(Template)]
#[template(path = "month_close.html")]
struct MonthClosePage {
    frame: Frame,
    month: Month,
    problem: Option<String>,
    may_explain: bool,
    may_accept: bool,
    benefits: Vec<BenefitPart>,
}

/// A benefit's month.
struct BenefitPart {
    key: String,
    title: String,
    /// Who closed it, and when.
    closed: Option<String>,
    totals: Vec<(&'static str, Dkk)>,
    lines: u64,
    differences: Vec<DifferenceRow>,
    /// How many of them nobody has explained.
    open: usize,
    waiting: Vec<WaitingRow>,
    later: Vec<Later>,
}

struct DifferenceRow {
    key: String,
    kind: &'static str,
    advice: &'static str,
    case: Option<String>,
    of: String,
    payee: String,
    amount: Dkk,
    explained: Explained,
}

/// How far two persons are with saying why a difference may stand.
enum Explained {
    Not,
    /// It was another amount when it was explained.
    Anew(String),
    Awaits(String),
    Accepted(String),
}

struct WaitingRow {
    case: String,
    of: String,
    payee: String,
    amount: Dkk,
}

pub(super) async fn show(desk: Desk, Path(month): Path<String>) -> Result<Html<String>, PageError> {
    html(&MonthClosePage::read(&desk, month_of(&month)?, None).await?)
}

fn month_of(text: &str) -> Result<Month, Failure> {
    text.parse().map_err(|_| Failure::NotFound("month"))
}

/// What is done with a month or a difference of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    /// Of a difference.
    key: String,
    reason: String,
    benefit: String,
}

/// `/udbetalinger/maaned/{month}/{what}`: explains a difference, agrees that it may stand, or closes the month.
pub(super) async fn change(
    Path((month, what)): Path<(String, String)>,
    Sent { desk, form }: Sent<Done>,
) -> Result<Response, PageError> {
    let month = month_of(&month)?;
    let done = match &*what {
        "forklar" => explain(&desk, month, &form).await?,
        "godkend" => accept(&desk, month, &form).await?,
        "luk" => end(&desk, month, &form).await?,
        _ => return Err(Failure::NotFound("page").into()),
    };
    let Err(refused) = done else {
        return Ok(Redirect::to(&format!("/udbetalinger/maaned/{month}")).into_response());
    };
    let page = MonthClosePage::read(&desk, month, Some(told(refused)?)).await?;
    Ok((StatusCode::CONFLICT, html(&page)?).into_response())
}

type Tried = Result<Result<(), CloseError>, PageError>;

async fn explain(desk: &Desk, month: Month, form: &Done) -> Tried {
    let (mut tx, act) = desk.act::<Pay>().await?;
    let done = close::explain(&mut tx, &act, month, &form.key, form.reason.trim()).await;
    keep(tx, done.map(drop)).await
}

async fn accept(desk: &Desk, month: Month, form: &Done) -> Tried {
    let (mut tx, act) = desk.act::<Approve>().await?;
    let done = close::accept(&mut tx, &act, month, &form.key).await;
    keep(tx, done.map(drop)).await
}

async fn end(desk: &Desk, month: Month, form: &Done) -> Tried {
    let (mut tx, act) = desk.act::<Pay>().await?;
    let done = close::close(&mut tx, &act, &form.benefit, month).await;
    keep(tx, done.map(drop)).await
}

async fn keep(tx: Tx, done: Result<(), CloseError>) -> Tried {
    if done.is_ok() {
        tx.commit().await?;
    }
    Ok(done)
}

/// Why nothing was done, in words.
fn told(refused: CloseError) -> Result<String, PageError> {
    Ok(match refused {
        CloseError::NotOver(month) => {
            format!(
                "{} er ikke forbi. Måneden lukkes, når intet mere kan ske i den.",
                danish::capital(&month.in_words())
            )
        }
        CloseError::Nothing { .. } => "Ydelsen har intet i måneden at lukke.".to_owned(),
        CloseError::ClosedBefore { .. } => "Måneden er lukket i mellemtiden.".to_owned(),
        CloseError::Differs { open, sum, .. } => {
            let open = match open.len() {
                1 => "1 afvigelse er".to_owned(),
                count => format!("{count} afvigelser er"),
            };
            format!(
                "{open} ikke forklaret, i alt {sum}. Ret dem, eller få dem forklaret og godkendt."
            )
        }
        CloseError::NoDifference { .. } => "Afvigelsen er der ikke længere.".to_owned(),
        CloseError::NoReason => "Skriv, hvorfor afvigelsen må blive stående.".to_owned(),
        CloseError::NotExplained(_) => "Afvigelsen er ikke forklaret endnu.".to_owned(),
        CloseError::Moved { then, now, .. } => {
            format!(
                "Afvigelsen var {then}, da den blev forklaret, og er nu {now}. Forklar den igen."
            )
        }
        CloseError::SamePerson { .. } => {
            "Du har selv forklaret afvigelsen. En anden skal godkende forklaringen.".to_owned()
        }
        CloseError::Store(error) => return Err(error.into()),
    })
}

impl MonthClosePage {
    async fn read(desk: &Desk, month: Month, problem: Option<String>) -> Result<Self, PageError> {
        let (mut tx, act) = desk.act::<Look>().await?;
        let frame = Frame::of(&mut tx, desk).await?;
        let titles = Titles::read(&mut tx).await?;
        let found = close::check(&mut tx, act.tenant(), month, desk.app.clock.today()).await?;
        let names = names(&mut tx, &act, &found).await?;
        let mut benefits = Vec::with_capacity(found.len());
        for found in &found {
            let later = later(&mut tx, &act, found).await?;
            benefits.push(BenefitPart::of(found, later, &titles, &names));
        }
        let looked = format!("close of {month}");
        audit::record_look(&mut tx, &act, Subject::Municipality, looked).await?;
        tx.commit().await?;
        Ok(Self {
            may_explain: frame.may::<Pay>(),
            may_accept: frame.may::<Approve>(),
            frame,
            month,
            problem,
            benefits,
        })
    }
}

type Names = HashMap<PartyId, String>;

async fn names(db: &mut Read, act: &Act<Look>, found: &[Match]) -> DbResult<Names> {
    let of_month = |month: &Match| {
        let differences = month.differences.iter().map(|one| one.payee);
        differences.chain(month.waiting.iter().map(|one| one.payee)).collect::<Vec<_>>()
    };
    let ids: Vec<PartyId> = found.iter().flat_map(of_month).collect();
    let parties = parties::by_ids(db, act.tenant(), &ids).await?;
    Ok(parties.into_iter().map(|party| (party.id, party.name)).collect())
}

async fn later(db: &mut Read, act: &Act<Look>, found: &Match) -> DbResult<Vec<Later>> {
    match &found.closed {
        Some(closed) => close::later(db, act.tenant(), &found.benefit, found.month, closed).await,
        None => Ok(Vec::new()),
    }
}

impl BenefitPart {
    fn of(found: &Match, later: Vec<Later>, titles: &Titles, names: &Names) -> Self {
        let totals = found.closed.as_ref().map_or(&found.totals, |closed| &closed.totals);
        Self {
            key: found.benefit.clone(),
            title: titles.of(&found.benefit).to_owned(),
            closed: found.closed.as_ref().map(signed),
            totals: rows(totals),
            lines: totals.lines,
            open: found.open().count(),
            differences: found
                .differences
                .iter()
                .map(|one| DifferenceRow::of(one, names))
                .collect(),
            waiting: found.waiting.iter().map(|one| WaitingRow::of(one, names)).collect(),
            later,
        }
    }
}

fn signed(closed: &Closed) -> String {
    format!("{} af {}", danish_day(closed.at).in_words(), closed.by)
}

fn rows(totals: &Totals) -> Vec<(&'static str, Dkk)> {
    vec![
        ("Besluttet", totals.decided),
        ("Gælder, til afgørelser når frem", totals.waiting),
        ("Bogført", totals.booked),
        ("Udbetalt", totals.paid),
        ("Heraf indkomst", totals.income),
        ("Indberettet", totals.reported),
        ("Grundlag for refusion", totals.refundable),
        ("Heraf indberettet", totals.refund_reported),
    ]
}

impl DifferenceRow {
    fn of(one: &Difference, names: &Names) -> Self {
        Self {
            key: one.key.clone(),
            kind: one.kind.in_words(),
            advice: one.kind.advice(),
            case: one.case.clone(),
            of: one.of.clone(),
            payee: names.get(&one.payee).cloned().unwrap_or_default(),
            amount: one.amount,
            explained: Explained::of(one),
        }
    }
}

impl Explained {
    fn of(one: &Difference) -> Self {
        let Some(explanation) = &one.explanation else { return Self::Not };
        let reason = hide_personal_numbers(&explanation.reason);
        let told = format!("{reason} ({})", explanation.explained_by);
        match &explanation.accepted_by {
            _ if explanation.amount != one.amount => Self::Anew(told),
            Some(by) => Self::Accepted(format!("{told}, godkendt af {by}")),
            None => Self::Awaits(told),
        }
    }
}

impl WaitingRow {
    fn of(one: &Waiting, names: &Names) -> Self {
        Self {
            case: one.case.clone(),
            of: one.line_key.clone(),
            payee: names.get(&one.payee).cloned().unwrap_or_default(),
            amount: one.amount,
        }
    }
}
