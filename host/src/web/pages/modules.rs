//! `/moduler`: which versions count, what has been compared, and which rates are on their way.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use axum::response::Html;
use ydun_runtime::Digest;

use super::html;
use crate::access::{Act, Look};
use crate::audit::{self, Subject};
use crate::clock::danish as danish_day;
use crate::db::{Read, Result};
use crate::modules::campaigns::{Campaign, Progress, service as campaigns};
use crate::modules::replay::{Replay, service as replays};
use crate::modules::service as modules;
use crate::modules::{Activation, Mode};
use crate::web::danish::{self, Mark};
use crate::web::desk::Desk;
use crate::web::failure::PageError;
use crate::web::frame::Frame;
use crate::web::titles::Titles;

#[derive(Template)]
#[template(path = "modules.html")]
struct ModulesPage {
    frame: Frame,
    activations: Vec<ActivationRow>,
    replays: Vec<ReplayRow>,
    campaigns: Vec<CampaignRow>,
}

/// A version and the days it counts for now.
struct ActivationRow {
    address: String,
    benefit: String,
    version: String,
    days: String,
    known: String,
    is_shadow: bool,
}

struct ReplayRow {
    address: String,
    origin: &'static str,
    benefit: String,
    versions: String,
    made: String,
    is_finished: bool,
}

struct CampaignRow {
    title: String,
    benefit: String,
    state: Mark,
    note: String,
    rates: Vec<String>,
    /// How many cases have the rates, of how many, and in how many waves.
    progress: Progress,
}

pub(super) async fn show(desk: Desk) -> std::result::Result<Html<String>, PageError> {
    let (mut tx, act) = desk.act::<Look>().await?;
    let frame = Frame::of(&mut tx, &desk).await?;
    let titles = Titles::read(&mut tx).await?;
    let versions = versions(&mut tx).await?;
    let page = ModulesPage {
        frame,
        activations: activations(&mut tx, &act, &titles, &versions).await?,
        replays: replays::replays(&mut tx, &act)
            .await?
            .iter()
            .map(|replay| ReplayRow::of(replay, &titles, &versions))
            .collect(),
        campaigns: campaign_rows(&mut tx, &act, &titles).await?,
    };
    audit::record_look(&mut tx, &act, Subject::Municipality, "modules").await?;
    tx.commit().await?;
    html(&page)
}

async fn campaign_rows(
    db: &mut Read,
    act: &Act<Look>,
    titles: &Titles,
) -> Result<Vec<CampaignRow>> {
    let mut rows = Vec::new();
    for campaign in campaigns::campaigns(db, act.tenant()).await? {
        let progress = campaigns::progress(db, act.tenant(), &campaign).await?;
        rows.push(CampaignRow::of(&campaign, progress, titles));
    }
    Ok(rows)
}

type Versions = HashMap<Digest, String>;

async fn versions(db: &mut Read) -> Result<Versions> {
    let installed = modules::list(db).await?;
    Ok(installed.into_iter().map(|module| (module.digest, module.version)).collect())
}

/// What counts now, in order of benefit and days.
async fn activations(
    db: &mut Read,
    act: &Act<Look>,
    titles: &Titles,
    versions: &Versions,
) -> Result<Vec<ActivationRow>> {
    let benefits: BTreeSet<String> =
        modules::list(db).await?.into_iter().map(|module| module.benefit).collect();
    let mut rows = Vec::new();
    for benefit in benefits {
        let all = modules::activations(db, act.tenant(), &benefit).await?;
        let now = all.iter().filter(|activation| activation.known_until.is_none());
        rows.extend(now.map(|activation| ActivationRow::of(activation, titles, versions)));
    }
    Ok(rows)
}

impl ActivationRow {
    fn of(activation: &Activation, titles: &Titles, versions: &Versions) -> Self {
        Self {
            address: format!("/moduler/{}", activation.benefit),
            benefit: titles.of(&activation.benefit).to_owned(),
            version: versions.get(&activation.digest).cloned().unwrap_or_default(),
            days: danish::validity(activation.days),
            known: activation.known_from.in_words(),
            is_shadow: activation.mode == Mode::Shadow,
        }
    }
}

impl ReplayRow {
    fn of(replay: &Replay, titles: &Titles, versions: &Versions) -> Self {
        let version = |digest: Option<Digest>| digest.and_then(|digest| versions.get(&digest));
        let versions = match (version(replay.old), version(replay.new)) {
            (Some(old), Some(new)) => format!("{old} og {new}"),
            _ => "uden og med nye satser".to_owned(),
        };
        Self {
            address: format!("/moduler/sammenligninger/{}", replay.id),
            origin: danish::origin(replay.origin),
            benefit: titles.of(&replay.benefit).to_owned(),
            versions,
            made: danish_day(replay.started_at).in_words(),
            is_finished: replay.finished_at.is_some(),
        }
    }
}

impl CampaignRow {
    fn of(campaign: &Campaign, progress: Progress, titles: &Titles) -> Self {
        let rate = |rate: &crate::modules::campaigns::rates::AddedRate| {
            format!("{}: {}, {}", rate.key, rate.value.value, danish::validity(rate.value.valid))
        };
        Self {
            title: campaign.title.clone(),
            benefit: titles.of(&campaign.benefit).to_owned(),
            state: danish::campaign(campaign.state),
            note: campaign.note.clone(),
            rates: campaign.rates.iter().map(rate).collect(),
            progress,
        }
    }
}
