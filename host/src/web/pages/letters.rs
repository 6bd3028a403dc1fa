//! `/sager/{number}/breve`: the letters of a case as they are, or would be, written; each as text and as PDF.

use askama::Template;
use axum::extract::{Path, Query};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use ydun_domain::ids::PartyId;
use ydun_typeset::Print;

use super::html;
use crate::access::Look;
use crate::letters::post::Dispatch;
use crate::letters::post::service as post;
use crate::letters::service::{self, LetterError};
use crate::letters::{Draft, Kind};
use crate::parties;
use crate::web::case_file::CaseFile;
use crate::web::danish::{self, Mark};
use crate::web::desk::Desk;
use crate::web::failure::{Failure, PageError};
use crate::web::frame::Frame;

#[derive(Template)]
#[template(path = "letters.html")]
struct LettersPage {
    frame: Frame,
    number: String,
    letters: Vec<LetterCard>,
}

struct LetterCard {
    /// Its place among the letters of the case, from 1.
    place: usize,
    kind: &'static str,
    title: String,
    recipient: String,
    date: String,
    text: String,
    /// The ways it has gone, oldest first.
    ways: Vec<WayRow>,
}

struct WayRow {
    channel: &'static str,
    state: Mark,
    told: String,
}

pub(super) async fn show(
    desk: Desk,
    Path(number): Path<String>,
) -> Result<Html<String>, PageError> {
    let (mut tx, act) = desk.act::<Look>().await?;
    let case = CaseFile::find(&mut tx, act.tenant(), &number).await?;
    let sender = &desk.app.stationery.sender;
    let drafts = service::of_case(&mut tx, &act, sender, &case).await.map_err(failed)?;
    let ids: Vec<PartyId> = drafts.iter().map(|draft| draft.recipient).collect();
    let parties = parties::service::by_ids(&mut tx, act.tenant(), &ids).await?;
    let written = post::letters(&mut tx, act.tenant(), case.id).await?;
    let ways = post::ways(&mut tx, act.tenant(), case.id).await?;
    let frame = Frame::of(&mut tx, &desk).await?;
    tx.commit().await?;
    let name = |id: PartyId| {
        let party = parties.iter().find(|party| party.id == id);
        party.map_or_else(String::new, |party| party.name.clone())
    };
    let ways_of = |id: &str| {
        let written = written.iter().find(|written| written.letter.id == id);
        let of_letter = |way: &&Dispatch| written.is_some_and(|written| written.id == way.letter);
        ways.iter().filter(of_letter).map(WayRow::from).collect()
    };
    let card = |(place, draft): (usize, Draft)| LetterCard {
        place: place + 1,
        kind: in_danish(draft.kind),
        recipient: name(draft.recipient),
        date: draft.letter.date.in_words(),
        text: draft.letter.to_string(),
        ways: ways_of(&draft.letter.id),
        title: draft.letter.title,
    };
    let letters = drafts.into_iter().enumerate().map(card).collect();
    html(&LettersPage { frame, number, letters })
}

impl From<&Dispatch> for WayRow {
    fn from(way: &Dispatch) -> Self {
        let told = match way.closed_on {
            Some(on) if way.reason.is_empty() => on.in_words(),
            Some(on) => format!("{}: {}", on.in_words(), way.reason),
            None => String::new(),
        };
        Self { channel: danish::channel(way.channel), state: danish::way(way.state), told }
    }
}

/// How the letter is wanted.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    stor: bool,
}

/// `/sager/{number}/breve/{place}`: one of them as PDF.
pub(super) async fn pdf(
    desk: Desk,
    Path((number, place)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let missing = || Failure::NotFound("letter");
    let place: usize = place.parse().map_err(|_| missing())?;
    let (mut tx, act) = desk.act::<Look>().await?;
    let case = CaseFile::find(&mut tx, act.tenant(), &number).await?;
    let stationery = desk.app.stationery.clone();
    let drafts =
        service::of_case(&mut tx, &act, &stationery.sender, &case).await.map_err(failed)?;
    tx.commit().await?;
    let index = place.checked_sub(1).ok_or_else(missing)?;
    let draft = drafts.into_iter().nth(index).ok_or_else(missing)?;
    let size = if wanted.stor { Print::Large } else { Print::Normal };
    let pdf = tokio::task::spawn_blocking(move || stationery.pdf(&draft.letter, size)).await;
    let pdf = pdf.map_err(Failure::broken)?.map_err(Failure::broken)?;
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CONTENT_DISPOSITION, format!("inline; filename=\"{number}-{place}.pdf\"")),
    ];
    Ok((headers, pdf).into_response())
}

fn in_danish(kind: Kind) -> &'static str {
    match kind {
        Kind::Acknowledgement => "Kvittering",
        Kind::Request => "Anmodning om oplysninger",
        Kind::Hearing => "Partshøring",
        Kind::Decision => "Afgørelse",
        Kind::Payment => "Besked om udbetaling",
        Kind::Information => "Orientering",
    }
}

fn failed(error: LetterError) -> PageError {
    Failure::broken(error).into()
}
