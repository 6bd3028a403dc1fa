//! `/drift/koersler`: the work on many cases that is under way or was last, and its stream of marks.

use askama::Template;
use axum::Extension;
use axum::response::{Html, IntoResponse};
use chrono::{DateTime, Utc};

use super::html;
use crate::access::Look;
use crate::audit::{self, Subject};
use crate::clock::{Clock, danish as danish_day};
use crate::operations::progress::{
    CampaignProgress, EventProgress, ReplayProgress, RunProgress, work,
};
use crate::web::danish::{self, Mark};
use crate::web::desk::Desk;
use crate::web::failure::PageError;
use crate::web::frame::Frame;
use crate::web::live::{Closing, marks};
use crate::web::titles::Titles;

#[derive(Template)]
#[template(path = "runs.html")]
struct RunsPage {
    frame: Frame,
    /// When it was looked.
    at: String,
    runs: Vec<WorkRow>,
    replays: Vec<WorkRow>,
    campaigns: Vec<WorkRow>,
    events: EventProgress,
}

/// Some work, and how far it is.
struct WorkRow {
    title: String,
    address: String,
    benefit: String,
    state: Mark,
    begun: String,
    done: i64,
    /// None where it shows on the way.
    of: Option<i64>,
}

pub(super) async fn show(desk: Desk) -> Result<Html<String>, PageError> {
    let (mut tx, act) = desk.act::<Look>().await?;
    let frame = Frame::of(&mut tx, &desk).await?;
    let titles = Titles::read(&mut tx).await?;
    let found = work(&mut tx, &act).await?;
    audit::record_look(&mut tx, &act, Subject::Municipality, "work under way").await?;
    tx.commit().await?;
    // A lease is about processes that run now, whatever day it is in a demonstration.
    let now = Clock::System.now();
    html(&RunsPage {
        frame,
        at: danish::time(act.at()),
        runs: found.runs.iter().map(|run| WorkRow::of_run(run, &titles, now)).collect(),
        replays: found.replays.iter().map(|one| WorkRow::of_replay(one, &titles)).collect(),
        campaigns: found.campaigns.iter().map(|one| WorkRow::of_campaign(one, &titles)).collect(),
        events: found.events,
    })
}

/// `/drift/koersler/stroem`: a mark at once and whenever the work has moved.
pub(super) async fn stream(
    desk: Desk,
    closing: Option<Extension<Closing>>,
) -> Result<impl IntoResponse, PageError> {
    desk.may::<Look>().await?;
    Ok(marks(desk, closing.map(|Extension(closing)| closing)))
}

impl WorkRow {
    fn of_run(run: &RunProgress, titles: &Titles, now: DateTime<Utc>) -> Self {
        let is_held = run.lease_until.is_some_and(|until| until > now);
        Self {
            title: format!("{}, {}. kørsel", danish::capital(&run.month.in_words()), run.sequence),
            address: format!("/sager?maaned={}", run.month),
            benefit: titles.of(&run.benefit).to_owned(),
            state: danish::under_way(run.finished_at.is_some(), is_held),
            begun: begun(run.started_at, &run.started_by),
            done: run.cases,
            of: run.finished_at.is_none().then_some(run.of),
        }
    }

    fn of_replay(replay: &ReplayProgress, titles: &Titles) -> Self {
        Self {
            title: danish::origin(replay.origin).to_owned(),
            address: format!("/moduler/sammenligninger/{}", replay.id),
            benefit: titles.of(&replay.benefit).to_owned(),
            state: danish::under_way(replay.finished_at.is_some(), true),
            begun: begun(replay.started_at, &replay.started_by),
            done: replay.compared,
            of: replay.planned,
        }
    }

    fn of_campaign(
        CampaignProgress { campaign, progress }: &CampaignProgress,
        titles: &Titles,
    ) -> Self {
        Self {
            title: campaign.title.clone(),
            address: "/moduler#satser".to_owned(),
            benefit: titles.of(&campaign.benefit).to_owned(),
            state: danish::campaign(campaign.state),
            begun: begun(campaign.created_at, &campaign.created_by),
            done: progress.taken,
            of: Some(progress.cases),
        }
    }
}

fn begun(at: DateTime<Utc>, by: &str) -> String {
    format!("{} kl. {} af {by}", danish_day(at).in_words(), danish::time(at))
}
