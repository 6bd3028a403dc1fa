//! `/moduler/sammenligninger/{id}`: what another version or other rates would change, group by group.

use askama::Template;
use axum::extract::Path;
use axum::response::Html;
use ydun_domain::ids::ReplayId;
use ydun_domain::{Dkk, Period};

use super::html;
use crate::access::Look;
use crate::clock::danish as danish_day;
use crate::modules::replay::service::{self as replays, Changed, Group, Report, Totals};
use crate::web::danish::{self, Mark};
use crate::web::desk::Desk;
use crate::web::failure::{Failure, PageError};
use crate::web::frame::Frame;
use crate::web::titles::Titles;

#[derive(Template)]
#[template(path = "replay.html")]
struct ReplayPage {
    frame: Frame,
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
    let id: ReplayId = id.parse().map_err(|_| Failure::NotFound("replay"))?;
    let (mut tx, act) = desk.act::<Look>().await?;
    let report = replays::report(&mut tx, &act, id).await?.ok_or(Failure::NotFound("replay"))?;
    let frame = Frame::of(&mut tx, &desk).await?;
    let titles = Titles::read(&mut tx).await?;
    tx.commit().await?;
    html(&ReplayPage::new(frame, &report, &titles))
}

impl ReplayPage {
    fn new(frame: Frame, report: &Report, titles: &Titles) -> Self {
        let replay = &report.replay;
        Self {
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
