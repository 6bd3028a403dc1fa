//! `/moduler/sammenligninger/{id}`: what another version or other rates would change, group by group.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ydun_domain::ids::ReplayId;
use ydun_domain::{Dkk, Period};

use super::html;
use crate::access::{Approve, Look};
use crate::clock::danish as danish_day;
use crate::modules::replay::service::{self as replays, Changed, Group, Report, SignError, Totals};
use crate::web::chart::{Chart, Point};
use crate::web::danish::{self, Mark};
use crate::web::desk::{Desk, Sent};
use crate::web::failure::{Failure, PageError};
use crate::web::form::Fields;
use crate::web::frame::Frame;
use crate::web::titles::Titles;

#[derive(Template)]
#[template(path = "replay.html")]
struct ReplayPage {
    frame: Frame,
    may_sign: bool,
    /// What each group changes, as bars.
    chart: Option<Chart>,
    /// Why a group was not signed, and what was typed.
    problem: Option<String>,
    typed: Fields,
    id: String,
    title: String,
    benefit: String,
    known: String,
    made: String,
    is_finished: bool,
    totals: Totals,
    unsigned: usize,
    groups: Vec<GroupPart>,
}

struct GroupPart {
    /// What the group is called when it is signed.
    name: String,
    class: Mark,
    label: String,
    law: String,
    /// `45,00 kr. → 40,00 kr.`
    example: Option<String>,
    dossiers: i64,
    before: Dkk,
    after: Dkk,
    difference: Dkk,
    signed: Option<String>,
    reason: String,
    cases: Vec<CaseRow>,
}

struct CaseRow {
    number: String,
    days: String,
    before: Dkk,
    after: Dkk,
    difference: Dkk,
}

pub(super) async fn show(desk: Desk, Path(id): Path<String>) -> Result<Html<String>, PageError> {
    html(&ReplayPage::read(&desk, known(&id)?).await?)
}

fn known(id: &str) -> Result<ReplayId, Failure> {
    id.parse().map_err(|_| Failure::NotFound("replay"))
}

/// Puts a person's name under a group, with why the difference is right.
pub(super) async fn sign(
    Path(id): Path<String>,
    Sent { desk, form }: Sent<Fields>,
) -> Result<Response, PageError> {
    let id = known(&id)?;
    let (mut tx, act) = desk.act::<Approve>().await?;
    match replays::sign(&mut tx, &act, id, form.get("gruppe"), form.get("grund")).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("/moduler/sammenligninger/{id}")).into_response())
        }
        Err(refused) => {
            drop(tx);
            let problem = Some(told(refused)?.to_owned());
            let page = ReplayPage { problem, typed: form, ..ReplayPage::read(&desk, id).await? };
            Ok((StatusCode::CONFLICT, html(&page)?).into_response())
        }
    }
}

/// Why a group was not signed, in words.
fn told(refused: SignError) -> Result<&'static str, PageError> {
    match refused {
        SignError::SamePerson { .. } => {
            Ok("Du har selv lavet sammenligningen. En anden skal skrive under.")
        }
        SignError::NoReason => Ok("Skriv, hvorfor forskellen er rigtig."),
        SignError::Unfinished(_) => Ok("Sammenligningen er ikke færdig. Lav den igen."),
        SignError::NotOpen { .. } => Ok("Gruppen er underskrevet i mellemtiden."),
        SignError::NotFound(_) => Err(Failure::NotFound("replay").into()),
        SignError::Store(error) => Err(error.into()),
    }
}

impl ReplayPage {
    async fn read(desk: &Desk, id: ReplayId) -> Result<Self, PageError> {
        let (mut tx, act) = desk.act::<Look>().await?;
        let report =
            replays::report(&mut tx, &act, id).await?.ok_or(Failure::NotFound("replay"))?;
        let frame = Frame::of(&mut tx, desk).await?;
        let titles = Titles::read(&mut tx).await?;
        tx.commit().await?;
        Ok(Self::new(frame, &report, &titles))
    }

    fn new(frame: Frame, report: &Report, titles: &Titles) -> Self {
        let replay = &report.replay;
        Self {
            may_sign: frame.may::<Approve>(),
            chart: chart(report),
            problem: None,
            typed: Fields::default(),
            frame,
            id: replay.id.to_string(),
            title: title(report),
            benefit: titles.of(&replay.benefit).to_owned(),
            known: replay.known_at.map_or_else(
                || "Hver beregning er gentaget, som satser og valg var kendt dengang.".to_owned(),
                |day| format!("Beregnet, som satser og valg er kendt {}.", day.in_words()),
            ),
            made: format!("{} af {}", danish_day(replay.started_at).in_words(), replay.started_by),
            is_finished: replay.finished_at.is_some(),
            totals: report.totals,
            unsigned: report.unsigned(),
            groups: report.groups.iter().map(GroupPart::of).collect(),
        }
    }
}

/// How many calculations each of the largest groups changes, beside those that stay as they are.
fn chart(report: &Report) -> Option<Chart> {
    const GROUPS_SHOWN: usize = 8;
    let point =
        |word: String, count: i64| Point { word, value: Some(count), figure: count.to_string() };
    let same = point("Ens".to_owned(), report.totals.identical());
    let groups = report.groups.iter().zip(1..).take(GROUPS_SHOWN);
    let changed = groups.map(|(group, place)| point(format!("Gruppe {place}"), group.dossiers));
    let points: Vec<Point> = std::iter::once(same).chain(changed).collect();
    (points.len() > 1).then(|| Chart::new("forskelle", "Beregninger i hver gruppe", points))
}

/// `Genberegning: 1.0.0 og 1.1.0`
fn title(report: &Report) -> String {
    let origin = danish::origin(report.replay.origin);
    match (&report.old_version, &report.new_version) {
        (Some(old), Some(new)) => format!("{origin}: {old} og {new}"),
        _ => format!("{origin}: uden og med de nye satser"),
    }
}

impl GroupPart {
    fn of(group: &Group) -> Self {
        let signed = group.signed.as_ref();
        Self {
            name: group.name.clone(),
            class: danish::class(group.class),
            label: group.label.clone(),
            law: group.law.clone(),
            example: example(group),
            dossiers: group.dossiers,
            before: group.before,
            after: group.after,
            difference: group.difference(),
            signed: signed
                .map(|signed| format!("{} {}", signed.by, danish_day(signed.at).in_words())),
            reason: signed.map(|signed| signed.reason.clone()).unwrap_or_default(),
            cases: group.examples.iter().map(CaseRow::of).collect(),
        }
    }
}

fn example(group: &Group) -> Option<String> {
    match (&group.before_text, &group.after_text) {
        (Some(before), Some(after)) => Some(format!("{before} → {after}")),
        (None, Some(after)) => Some(format!("nyt: {after}")),
        (Some(before), None) => Some(format!("bortfaldet: {before}")),
        (None, None) => None,
    }
}

impl CaseRow {
    fn of(changed: &Changed) -> Self {
        let days = Period::new(changed.first_day, changed.last_day)
            .map_or_else(|_| changed.first_day.in_words(), danish::days);
        Self {
            number: changed.number.clone(),
            days,
            before: changed.before,
            after: changed.after,
            difference: changed.difference(),
        }
    }
}
