//! One job of a wave: some cases calculated with the new rates, in one transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ydun_domain::Period;
use ydun_domain::ids::{CaseId, ReplayId};
use ydun_runtime::replay::Class;

use super::{CampaignRunError, Part, now};
use crate::access::{Act, Propose};
use crate::cases;
use crate::clock::danish;
use crate::db::{Db, Tx};
use crate::jobs::{self, Claimed};
use crate::modules::campaigns::rates::Added;
use crate::modules::campaigns::service as campaigns;
use crate::modules::campaigns::{Campaign, State};
use crate::modules::frames::Days;
use crate::modules::registry::Registry;
use crate::modules::replay::{Compared, service as replay};
use crate::modules::run::{Answer, Run};
use crate::modules::service as modules;
use crate::operations::month_run::calculate::{Calculated, calculate_all, read_cases};
use crate::operations::month_run::protect::protect;
use crate::operations::month_run::record::Batch;
use crate::operations::month_run::{Plan, RunError, Terms, plan_of};
use crate::operations::store;
use crate::parallel;

/// Does a job that was planned for a wave, or gives it back while its campaign stands still.
pub(super) async fn perform(
    db: &Db,
    registry: &Registry,
    act: &Act<Propose>,
    job: &Claimed,
) -> Result<(), CampaignRunError> {
    let part: Part = job.payload().map_err(CampaignRunError::Plan)?;
    let campaign = campaigns::campaign(&mut db.read().await?, act.tenant(), part.campaign).await?;
    let months = if campaign.is_running() {
        calculate(db, registry, act, &campaign, &part).await?
    } else {
        Vec::new()
    };
    let mut tx = db.begin().await?;
    let campaign = campaigns::lock(&mut tx, act.tenant(), part.campaign).await?;
    match campaign.state {
        State::Sampled | State::Waves => record(&mut tx, act, campaign, &part, months, job).await?,
        State::Done | State::Withdrawn => jobs::complete(&mut tx, job, now()).await?,
        State::Draft | State::Tried | State::Paused | State::Halted => {
            jobs::fail(&mut tx, job, campaign.state.word(), job.retry_at(now())).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// The cases of a part with something calculated for the same days.
struct Month {
    plan: Arc<Plan>,
    calculated: Vec<Calculated>,
    /// Each held against what was calculated before, in the same order.
    compared: Vec<Compared>,
}

impl Month {
    /// Keeps the calculations that failed, as a month's run does, and puts the module to rest when they
    /// show that it cannot be trusted.
    async fn watch(&self, tx: &mut Tx, act: &Act<Propose>) -> Result<(), CampaignRunError> {
        let runs = self.calculated.iter().map(|calculated| &calculated.run);
        let failed: Vec<&Run> =
            runs.filter(|run| matches!(run.answer, Answer::Fault { .. })).collect();
        modules::keep(tx, act, &failed).await?;
        modules::watch(tx, act, self.plan.policy(), &failed).await?;
        Ok(())
    }
}

async fn calculate(
    db: &Db,
    registry: &Registry,
    act: &Act<Propose>,
    campaign: &Campaign,
    part: &Part,
) -> Result<Vec<Month>, CampaignRunError> {
    let mut read = db.read().await?;
    let added = Added::read(&mut read, act.tenant(), &campaign.benefit).await?;
    let added = Arc::new(added.trying(campaign));
    let before = replay::newest_runs(&mut read, act.tenant(), campaign, &part.cases).await?;
    drop(read);
    let mut months = Vec::new();
    for (span, before) in by_span(before) {
        let plan = plan(db, registry, act, campaign, part, span, &added).await?;
        months.push(month(db, plan, before).await?);
    }
    Ok(months)
}

fn by_span(runs: Vec<Run>) -> BTreeMap<Period, Vec<Run>> {
    let mut spans: BTreeMap<Period, Vec<Run>> = BTreeMap::new();
    for run in runs {
        spans.entry(run.span).or_default().push(run);
    }
    spans
}

async fn plan(
    db: &Db,
    registry: &Registry,
    act: &Act<Propose>,
    campaign: &Campaign,
    part: &Part,
    span: Period,
    added: &Arc<Added>,
) -> Result<Arc<Plan>, CampaignRunError> {
    let today = danish(act.at());
    let mut read = db.read().await?;
    let active = modules::active(&mut read, act.tenant(), &campaign.benefit, span, today).await;
    let artifact = active.map_err(RunError::from)?;
    drop(read);
    let terms = Terms {
        tenant: act.tenant(),
        today,
        benefit: campaign.benefit.clone(),
        artifact,
        days: Days { span, as_of: span.last(), known_at: today },
        added: Arc::clone(added),
        // A topic of its own for each part: the questions of other parts stay open.
        topic: format!("campaign/{}/{span}/{}/{}", campaign.id, part.wave, part.number),
        batch: u32::MAX,
        threads: parallel::cores(),
    };
    Ok(Arc::new(plan_of(db, registry, terms).await?))
}

async fn month(db: &Db, plan: Arc<Plan>, before: Vec<Run>) -> Result<Month, CampaignRunError> {
    let ids: Vec<CaseId> = before.iter().map(|run| run.case).collect();
    let mut read = db.read().await?;
    let mut cases = cases::service::by_ids(&mut read, plan.tenant, &ids).await?;
    cases.sort_by_key(|case| case.id);
    let cases = read_cases(&mut read, &plan, cases).await?;
    drop(read);
    let calculated = protect(db, &plan, calculate_all(&plan, cases).await).await?;
    let compared =
        before.iter().zip(&calculated).map(|(before, now)| replay::against(before, &now.run));
    let compared = compared.collect::<Result<_, _>>()?;
    Ok(Month { plan, calculated, compared })
}

/// Puts to decision what the new rates change, unless something changes that nobody expects.
async fn record(
    tx: &mut Tx,
    act: &Act<Propose>,
    mut campaign: Campaign,
    part: &Part,
    months: Vec<Month>,
    job: &Claimed,
) -> Result<(), CampaignRunError> {
    let kept = replay::begin_wave(tx, act, &campaign, part.wave).await?.id;
    let signed = replay::signed_in_campaign(tx, act.tenant(), campaign.id).await?;
    let signed: BTreeSet<String> = signed.into_iter().collect();
    let unexpected: Vec<Compared> = months
        .iter()
        .flat_map(|month| &month.compared)
        .filter(|compared| !is_expected(compared, &signed))
        .cloned()
        .collect();
    if !unexpected.is_empty() {
        for month in &months {
            month.watch(tx, act).await?;
        }
        replay::add(tx, act.tenant(), kept, &unexpected).await?;
        let note =
            format!("{} sager ændrer sig på en måde, ingen har skrevet under på", unexpected.len());
        campaigns::advance(tx, act, &mut campaign, State::Halted, &note).await?;
        return Ok(jobs::fail(tx, job, &note, now()).await?);
    }
    for month in months {
        put(tx, act, kept, month).await?;
    }
    campaigns::take(tx, act, &campaign, &part.cases).await?;
    Ok(jobs::complete(tx, job, now()).await?)
}

/// A changed amount is what a campaign is for; anything graver must have been signed.
fn is_expected(compared: &Compared, signed: &BTreeSet<String>) -> bool {
    match compared.difference.class {
        Class::Identical | Class::ToldDifferently | Class::AmountChanged => true,
        Class::VerdictChanged | Class::NewFailure => {
            compared.difference.group().is_some_and(|group| signed.contains(&group))
        }
    }
}

/// Keeps and proposes what has changed; what is identical is left as it was calculated before.
///
/// The proposals stand on the list of the month's last run, and are signed with it.
async fn put(
    tx: &mut Tx,
    act: &Act<Propose>,
    kept: ReplayId,
    Month { plan, calculated, compared }: Month,
) -> Result<(), CampaignRunError> {
    replay::add(tx, act.tenant(), kept, &compared).await?;
    let is_changed = |compared: &Compared| compared.difference.class != Class::Identical;
    let changed =
        calculated.into_iter().zip(&compared).filter(|(_, compared)| is_changed(compared));
    let mut batch = Batch::of(&plan, changed.map(|(calculated, _)| calculated).collect());
    if let Some(run) = store::list_of(tx, act.tenant(), &plan.benefit, plan.span()).await? {
        batch.put_on_list(run);
    }
    let weighed = batch.put(tx, &plan, act).await?;
    Ok(batch.ask(tx, &plan, act, &weighed).await?)
}
