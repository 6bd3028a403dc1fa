//! `/drift/opslag`: who has looked at a case or a person, a sample of looks to ask about, and whether the log
//! holds. What is asked about comes in a form, never in the address, as it may be a personal number.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use ydun_domain::{Cpr, Day, Period};

use super::html;
use crate::access::{Act, Administer};
use crate::audit::{self, Entry, Subject, VerifyError, hide_personal_numbers};
use crate::cases::{CaseNumber, service as cases};
use crate::clock::{danish as danish_day, midnight};
use crate::db::Tx;
use crate::parties::{PaymentIdentity, service as parties};
use crate::web::danish;
use crate::web::desk::{Desk, Sent};
use crate::web::entry;
use crate::web::failure::PageError;
use crate::web::form::Fields;
use crate::web::frame::Frame;

const ENTRIES_SHOWN: u32 = 500;
const SAMPLE: usize = 10;

#[derive(Template)]
#[template(path = "lookups.html")]
struct LookupsPage {
    frame: Frame,
    typed: Fields,
    problem: Option<String>,
    /// What the answer is about, and its rows.
    found: Option<(String, Vec<EntryRow>)>,
    is_cut: bool,
    /// Whether the log holds, when that was asked.
    chain: Option<Chain>,
}

struct EntryRow {
    at: String,
    actor: String,
    action: String,
    subject: String,
    detail: String,
}

enum Chain {
    Holds(i64),
    Broken(String),
}

pub(super) async fn show(desk: Desk) -> Result<Html<String>, PageError> {
    html(&LookupsPage::empty(&desk).await?)
}

impl LookupsPage {
    async fn empty(desk: &Desk) -> Result<Self, PageError> {
        let (mut tx, _): (Tx, Act<Administer>) = desk.act().await?;
        let frame = Frame::of(&mut tx, desk).await?;
        let typed = Fields::default();
        Ok(Self { frame, typed, problem: None, found: None, is_cut: false, chain: None })
    }
}

/// `POST /drift/opslag`: answers who has done what with a case or a person in a period. Who asks says why, and
/// the question is itself in the log.
pub(super) async fn find(Sent { desk, form }: Sent<Fields>) -> Result<Response, PageError> {
    let page = LookupsPage::empty(&desk).await?;
    let (mut tx, act) = desk.act::<Administer>().await?;
    let (subjects, days) = match wanted(&mut tx, &act, &form).await? {
        Ok(wanted) => wanted,
        Err(problem) => {
            let page = LookupsPage { typed: form, problem: Some(problem.to_owned()), ..page };
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response());
        }
    };
    let moments = midnight(days.first())..midnight(days.last().next());
    let found = audit::about(&mut tx, act.tenant(), &subjects, moments, ENTRIES_SHOWN).await?;
    let why = hide_personal_numbers(form.get("hvorfor"));
    for subject in subjects {
        audit::record_look(&mut tx, &act, subject, format!("who has looked: {why}")).await?;
    }
    tx.commit().await?;
    let is_cut = found.len() == ENTRIES_SHOWN as usize;
    let told = format!("{} rækker, {}", found.len(), danish::days(days));
    let rows = found.iter().map(EntryRow::of).collect();
    Ok(html(&LookupsPage { typed: form, found: Some((told, rows)), is_cut, ..page })?
        .into_response())
}

/// What is asked about, and when; else what the form lacks.
async fn wanted(
    tx: &mut Tx,
    act: &Act<Administer>,
    form: &Fields,
) -> Result<Result<(Vec<Subject>, Period), &'static str>, PageError> {
    let Some(days) = period(form) else {
        return Ok(Err("Skriv første og sidste dag, for eksempel 011020 og 311020."));
    };
    if form.get("hvorfor").is_empty() {
        return Ok(Err("Skriv, hvorfor du slår op. Det står i loggen."));
    }
    let subjects = subjects(tx, act, form.get("hvem")).await?;
    if subjects.is_empty() {
        return Ok(Err("Ingen sag eller person passer. Skriv et sagsnummer eller et CPR-nummer."));
    }
    Ok(Ok((subjects, days)))
}

fn period(form: &Fields) -> Option<Period> {
    let day = |name| entry::day(form.get(name));
    Period::new(day("fra")?, day("til")?).ok()
}

/// The case with the number, or the person and the person's cases.
async fn subjects(
    tx: &mut Tx,
    act: &Act<Administer>,
    wanted: &str,
) -> Result<Vec<Subject>, PageError> {
    if let Ok(number) = wanted.parse::<CaseNumber>() {
        let case = cases::by_number(tx, act.tenant(), number).await?;
        return Ok(case.map(|case| Subject::Case(case.id)).into_iter().collect());
    }
    let Ok(cpr) = wanted.parse::<Cpr>() else { return Ok(Vec::new()) };
    let found = parties::by_number(tx, act.tenant(), &PaymentIdentity::Cpr(cpr)).await?;
    let Some(party) = found else { return Ok(Vec::new()) };
    let own = cases::of_party(tx, act.tenant(), party.id).await?;
    let person = std::iter::once(Subject::Party(party.id));
    Ok(person.chain(own.into_iter().map(|case| Subject::Case(case.id))).collect())
}

/// `POST /drift/opslag/stikproeve`: looks of the last 30 days to ask about, drawn by the log's own end.
pub(super) async fn sample(Sent { desk, .. }: Sent<Fields>) -> Result<Response, PageError> {
    let page = LookupsPage::empty(&desk).await?;
    let (mut tx, act) = desk.act::<Administer>().await?;
    let today = danish_day(act.at());
    let days = Period::new(today.minus_days(30), today).expect("one comes before the other");
    let moments = midnight(days.first())..midnight(days.last().next());
    let found = audit::sample_of_looks(&mut tx, act.tenant(), moments, SAMPLE).await?;
    let looked = format!("sample of {} looks", found.len());
    audit::record_look(&mut tx, &act, Subject::Municipality, looked).await?;
    tx.commit().await?;
    let told = format!("Stikprøve på {} opslag, {}", found.len(), danish::days(days));
    let rows = found.iter().map(EntryRow::of).collect();
    Ok(html(&LookupsPage { found: Some((told, rows)), ..page })?.into_response())
}

/// `POST /drift/opslag/kaede`: goes through the whole log.
pub(super) async fn verify(Sent { desk, .. }: Sent<Fields>) -> Result<Response, PageError> {
    let page = LookupsPage::empty(&desk).await?;
    desk.may::<Administer>().await?;
    let verified = audit::verify_chain(&mut desk.app.db.read().await?, desk.app.tenant).await;
    let chain = match verified {
        Ok(verified) => Chain::Holds(verified.rows),
        Err(VerifyError::Broken { number }) => Chain::Broken(format!(
            "Række {number} eller en før den er ændret, fjernet eller skudt ind."
        )),
        Err(VerifyError::Short { found, expected }) => Chain::Broken(format!(
            "Der er skrevet {expected} rækker, men de sidste efter række {found} er fjernet."
        )),
        Err(VerifyError::Store(error)) => return Err(error.into()),
    };
    Ok(html(&LookupsPage { chain: Some(chain), ..page })?.into_response())
}

impl EntryRow {
    fn of(entry: &Entry) -> Self {
        let day: Day = danish_day(entry.at);
        Self {
            at: format!("{} kl. {}", day.in_words(), danish::time(entry.at)),
            actor: entry.actor.clone(),
            action: entry.action.clone(),
            subject: entry.subject.clone(),
            detail: entry.detail.clone(),
        }
    }
}
