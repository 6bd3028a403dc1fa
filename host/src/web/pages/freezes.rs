//! `/udbetalinger/spaerringer`: days on which nothing is approved, activated or sent, and the cases that go
//! around them.

use std::collections::HashMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ydun_domain::ids::{CaseId, FreezeId};
use ydun_domain::{Day, Period};

use super::html;
use crate::access::{Act, Administer, Approve, Look};
use crate::audit::{self, Subject, hide_personal_numbers};
use crate::cases::service as cases;
use crate::clock::danish as danish_day;
use crate::db::{Read, Result as DbResult};
use crate::freezes::service::{self as freezes, FreezeError};
use crate::freezes::{Exception, Freeze, Kind};
use crate::web::case_file::CaseFile;
use crate::web::danish;
use crate::web::desk::{Desk, Sent};
use crate::web::entry;
use crate::web::failure::{Failure, PageError};
use crate::web::form::Fields;
use crate::web::frame::Frame;

const ADDRESS: &str = "/udbetalinger/spaerringer";

#[derive(Template)]
#[template(path = "freezes.html")]
struct FreezesPage {
    frame: Frame,
    problem: Option<String>,
    may_set: bool,
    may_allow: bool,
    kinds: &'static [Kind],
    rows: Vec<FreezeRow>,
    /// What was typed when nothing was done.
    typed: Fields,
}

struct FreezeRow {
    id: FreezeId,
    kind: &'static str,
    days: String,
    reason: String,
    set: String,
    lifted: Option<String>,
    /// Whether it is in force, now or later.
    is_open: bool,
    takes_exceptions: bool,
    exceptions: Vec<ExceptionRow>,
}

struct ExceptionRow {
    case: String,
    told: String,
}

pub(super) async fn show(desk: Desk) -> Result<Html<String>, PageError> {
    html(&FreezesPage::read(&desk, None, Fields::default()).await?)
}

pub(super) async fn set(Sent { desk, form }: Sent<Fields>) -> Result<Response, PageError> {
    let (mut tx, act) = desk.act::<Administer>().await?;
    let (kind, days) = match wanted(&form) {
        Ok(wanted) => wanted,
        Err(problem) => {
            drop(tx);
            return refused(&desk, problem.to_owned(), form).await;
        }
    };
    match freezes::set(&mut tx, &act, kind, days, form.get("grund")).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Redirect::to(ADDRESS).into_response())
        }
        Err(error) => {
            drop(tx);
            refused(&desk, told(error)?, form).await
        }
    }
}

/// What is to be frozen on which days; else what the form lacks.
fn wanted(form: &Fields) -> Result<(Kind, Period), &'static str> {
    let kind = form.get("hvad").parse().map_err(|_| "Vælg, hvad der spærres for.")?;
    let day =
        |name| entry::day(form.get(name)).ok_or("Skriv første og sidste dag, for eksempel 211226.");
    let days = Period::new(day("fra")?, day("til")?);
    Ok((kind, days.map_err(|_| "Den sidste dag ligger før den første.")?))
}

/// `/udbetalinger/spaerringer/{id}/{what}`: lifts a freeze, or lets a case go around it.
pub(super) async fn change(
    Path((id, what)): Path<(String, String)>,
    Sent { desk, form }: Sent<Fields>,
) -> Result<Response, PageError> {
    let id: FreezeId = id.parse().map_err(|_| Failure::NotFound("freeze"))?;
    let done = match &*what {
        "ophaev" => lift(&desk, id, &form).await?,
        "tillad" => allow(&desk, id, &form).await?,
        _ => return Err(Failure::NotFound("page").into()),
    };
    match done {
        Ok(()) => Ok(Redirect::to(ADDRESS).into_response()),
        Err(error) => refused(&desk, told(error)?, form).await,
    }
}

async fn lift(
    desk: &Desk,
    id: FreezeId,
    form: &Fields,
) -> Result<Result<(), FreezeError>, PageError> {
    let (mut tx, act) = desk.act::<Administer>().await?;
    let done = freezes::lift(&mut tx, &act, id, form.get("grund")).await;
    if done.is_ok() {
        tx.commit().await?;
    }
    Ok(done)
}

async fn allow(
    desk: &Desk,
    id: FreezeId,
    form: &Fields,
) -> Result<Result<(), FreezeError>, PageError> {
    let (mut tx, act) = desk.act::<Approve>().await?;
    let case = CaseFile::find(&mut tx, act.tenant(), form.get("sag")).await?;
    let done = freezes::allow(&mut tx, &act, id, case.id, form.get("grund")).await;
    if done.is_ok() {
        tx.commit().await?;
    }
    Ok(done)
}

async fn refused(desk: &Desk, problem: String, typed: Fields) -> Result<Response, PageError> {
    let page = FreezesPage::read(desk, Some(problem), typed).await?;
    Ok((StatusCode::CONFLICT, html(&page)?).into_response())
}

/// Why nothing was done, in words.
fn told(refused: FreezeError) -> Result<String, PageError> {
    Ok(match refused {
        FreezeError::Over(day) => {
            format!("{} er forbi. Vælg dage, der kommer.", danish::capital(&day.in_words()))
        }
        FreezeError::NoReason => "Skriv hvorfor. De, der bliver standset, læser det.".to_owned(),
        FreezeError::NotFound(_) => "Spærringen er ophævet i mellemtiden.".to_owned(),
        FreezeError::NoExceptions(kind) => {
            format!("En spærring for {} har ingen undtagelser. Ophæv den.", kind.in_words())
        }
        FreezeError::Store(error) => return Err(error.into()),
    })
}

impl FreezesPage {
    async fn read(desk: &Desk, problem: Option<String>, typed: Fields) -> Result<Self, PageError> {
        let (mut tx, act) = desk.act::<Look>().await?;
        let frame = Frame::of(&mut tx, desk).await?;
        let today = desk.app.clock.today();
        let found = freezes::of_days(&mut tx, act.tenant(), shown(today)).await?;
        let exceptions = exceptions(&mut tx, &act, &found).await?;
        audit::record_look(&mut tx, &act, Subject::Municipality, "freezes").await?;
        tx.commit().await?;
        let row = |freeze: &Freeze| FreezeRow::of(freeze, &exceptions, today);
        Ok(Self {
            may_set: frame.may::<Administer>(),
            may_allow: frame.may::<Approve>(),
            kinds: Kind::ALL,
            rows: found.iter().map(row).collect(),
            frame,
            problem,
            typed,
        })
    }
}

/// From a year ago until two years from now.
fn shown(today: Day) -> Period {
    Period::new(today.minus_months(12), today.plus_months(24)).expect("one comes before the other")
}

/// A case that goes around a freeze, and its number.
type Allowed = (Exception, String);

async fn exceptions(db: &mut Read, act: &Act<Look>, found: &[Freeze]) -> DbResult<Vec<Allowed>> {
    let ids: Vec<FreezeId> = found.iter().map(|freeze| freeze.id).collect();
    let exceptions = freezes::exceptions(db, act.tenant(), &ids).await?;
    let ids: Vec<CaseId> = exceptions.iter().map(|exception| exception.case).collect();
    let cases = cases::by_ids(db, act.tenant(), &ids).await?;
    let numbers: HashMap<CaseId, String> =
        cases.into_iter().map(|case| (case.id, case.to_string())).collect();
    let named = |one: Exception| {
        let number = numbers.get(&one.case).cloned().unwrap_or_default();
        (one, number)
    };
    Ok(exceptions.into_iter().map(named).collect())
}

impl FreezeRow {
    fn of(freeze: &Freeze, exceptions: &[Allowed], today: Day) -> Self {
        let own = exceptions.iter().filter(|(one, _)| one.freeze == freeze.id);
        let lifted = freeze.lifted.as_ref().map(|lifted| {
            let because = hide_personal_numbers(&lifted.because);
            format!("{} af {}: {because}", danish_day(lifted.at).in_words(), lifted.by)
        });
        let is_open = lifted.is_none() && freeze.days.last() >= today;
        Self {
            id: freeze.id,
            kind: freeze.kind.in_words(),
            days: danish::days(freeze.days),
            reason: hide_personal_numbers(&freeze.reason),
            set: format!("{} af {}", danish_day(freeze.set_at).in_words(), freeze.set_by),
            lifted,
            is_open,
            takes_exceptions: is_open && freeze.kind == Kind::Approval,
            exceptions: own.map(|(one, number)| ExceptionRow::of(one, number)).collect(),
        }
    }
}

impl ExceptionRow {
    fn of(exception: &Exception, number: &str) -> Self {
        let reason = hide_personal_numbers(&exception.reason);
        Self {
            case: number.to_owned(),
            told: format!("tilladt af {}: {reason}", exception.allowed_by),
        }
    }
}
