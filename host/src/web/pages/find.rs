//! `/find`: cases by whatever a worker knows of them. What is asked for comes in the form, never in the
//! address, as it may be a personal number.

use askama::Template;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use ydun_domain::{Cpr, Cvr, PNumber, SeNumber};

use super::html;
use crate::access::{Act, Look};
use crate::audit::{self, Subject};
use crate::cases::{Case, CaseNumber, service as cases};
use crate::db::Read;
use crate::parties::{Party, PaymentIdentity, service as parties};
use crate::web::desk::Sent;
use crate::web::failure::PageError;
use crate::web::frame::Frame;
use crate::web::titles::Titles;

/// More of one name than a reader looks through.
const PARTIES_SHOWN: u32 = 50;

#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    find: String,
}

#[derive(Template)]
#[template(path = "find.html")]
struct FoundPage {
    frame: Frame,
    rows: Vec<FoundRow>,
    is_cut: bool,
}

/// A case of somebody that was found.
struct FoundRow {
    name: String,
    /// With the end of a personal number hidden.
    number: String,
    case: String,
    benefit: String,
    opened: String,
    closed: Option<String>,
}

pub(super) async fn find(Sent { desk, form }: Sent<Wanted>) -> Result<Response, PageError> {
    let (mut tx, act) = desk.act::<Look>().await?;
    let wanted = form.find.trim();
    if let Ok(number) = wanted.parse::<CaseNumber>()
        && let Some(case) = cases::by_number(&mut tx, act.tenant(), number).await?
    {
        return Ok(to_case(&case));
    }
    let found = parties_of(&mut tx, &act, wanted).await?;
    let is_cut = found.len() == PARTIES_SHOWN as usize;
    let found = with_cases(&mut tx, &act, found).await?;
    audit::record_look(&mut tx, &act, Subject::Municipality, format!("{} found", found.len()))
        .await?;
    if let [(_, case)] = &found[..] {
        tx.commit().await?;
        return Ok(to_case(case));
    }
    let frame = Frame::of(&mut tx, &desk).await?;
    let titles = Titles::read(&mut tx).await?;
    tx.commit().await?;
    let rows = found.iter().map(|(party, case)| FoundRow::of(party, case, &titles)).collect();
    Ok(html(&FoundPage { frame, rows, is_cut })?.into_response())
}

fn to_case(case: &Case) -> Response {
    Redirect::to(&format!("/sager/{}", case.number)).into_response()
}

/// Those with the number, or whose name begins so.
async fn parties_of(db: &mut Read, act: &Act<Look>, wanted: &str) -> crate::db::Result<Vec<Party>> {
    let mut found = Vec::new();
    for number in numbers(wanted) {
        found.extend(parties::by_number(db, act.tenant(), &number).await?);
    }
    if found.is_empty() && wanted.chars().any(char::is_alphabetic) {
        found = parties::named(db, act.tenant(), wanted, PARTIES_SHOWN).await?;
    }
    Ok(found)
}

/// The numbers a text can be. Eight digits are a company's or a unit's.
fn numbers(wanted: &str) -> Vec<PaymentIdentity> {
    [
        wanted.parse::<Cpr>().ok().map(PaymentIdentity::Cpr),
        wanted.parse::<Cvr>().ok().map(PaymentIdentity::Cvr),
        wanted.parse::<SeNumber>().ok().map(PaymentIdentity::Se),
        wanted.parse::<PNumber>().ok().map(PaymentIdentity::P),
    ]
    .into_iter()
    .flatten()
    .collect()
}

async fn with_cases(
    db: &mut Read,
    act: &Act<Look>,
    parties: Vec<Party>,
) -> crate::db::Result<Vec<(Party, Case)>> {
    let mut found = Vec::new();
    for party in parties {
        let cases = cases::of_party(db, act.tenant(), party.id).await?;
        found.extend(cases.into_iter().map(|case| (party.clone(), case)));
    }
    Ok(found)
}

impl FoundRow {
    fn of(party: &Party, case: &Case, titles: &Titles) -> Self {
        Self {
            name: party.name.clone(),
            number: party.identity.for_payment().to_string(),
            case: case.number.to_string(),
            benefit: titles.of(&case.benefit).to_owned(),
            opened: case.opened.in_words(),
            closed: case.closed.map(ydun_domain::Day::in_words),
        }
    }
}
