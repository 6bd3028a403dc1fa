//! `ydun campaign`: new rates as data, tried, signed, and brought to cases in waves.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use indicatif::ProgressBar;
use ydun::access::{Administer, Look, Propose};
use ydun::modules::campaigns::rates::AddedRate;
use ydun::modules::campaigns::service::{self, CampaignError};
use ydun::modules::campaigns::{Campaign, Progress, Publication, RateFile, State};
use ydun::modules::replay::service::ReplayError;
use ydun::operations::campaign::{self, CampaignRunError, Choice, Standing};
use ydun_domain::ids::{CampaignId, PublicationId};

use super::arguments::seconds;
use super::exit::{Busy, Ended, Refused};
use super::output::{Output, table};
use super::session::Session;
use super::{month, replay};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Publish rates for all municipalities; each takes them in by a campaign of its own.
    Publish { file: PathBuf },
    /// What has been published for all municipalities.
    Publications,
    /// Write down the municipality's own new rates. They count for no case yet.
    New { file: PathBuf },
    /// Take in rates that were published for all municipalities. They count for no case yet.
    TakeIn { publication: PublicationId },
    /// Every campaign of the municipality.
    List,
    /// Where a campaign stands.
    Show { campaign: CampaignId },
    /// Calculate the stored dossiers with and without the rates, and change nothing.
    Try { campaign: CampaignId },
    /// Calculate some cases drawn by lot, and put to decision what changes.
    Sample(SampleArguments),
    /// Calculate the next cases, and put to decision what changes.
    Wave(WaveArguments),
    /// Go on with a sample or wave that was interrupted.
    Work(WorkArguments),
    /// Stop for a while.
    Pause(ReasonArguments),
    /// Go on after a pause, or after a person has signed what halted the campaign.
    Resume { campaign: CampaignId },
    /// Give the rates up: they count for no case any more.
    Withdraw(ReasonArguments),
}

#[derive(Debug, Args)]
pub(crate) struct SampleArguments {
    campaign: CampaignId,

    /// How many cases.
    #[arg(long, default_value_t = 50)]
    cases: usize,

    /// The same seed draws the same cases.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    #[command(flatten)]
    batch: Batch,

    #[command(flatten)]
    lease: Lease,
}

#[derive(Debug, Args)]
pub(crate) struct WaveArguments {
    campaign: CampaignId,

    /// How many cases [default: all that wait]
    #[arg(long)]
    cases: Option<usize>,

    #[command(flatten)]
    batch: Batch,

    #[command(flatten)]
    lease: Lease,
}

#[derive(Debug, Args)]
pub(crate) struct WorkArguments {
    campaign: CampaignId,

    #[command(flatten)]
    lease: Lease,
}

#[derive(Clone, Copy, Debug, Args)]
struct Batch {
    /// Cases in a transaction.
    #[arg(long, default_value_t = 100)]
    batch: usize,
}

#[derive(Clone, Copy, Debug, Args)]
struct Lease {
    /// Seconds a part of the wave is kept for this process.
    #[arg(long, default_value = "30", value_parser = seconds)]
    lease: Duration,
}

#[derive(Debug, Args)]
pub(crate) struct ReasonArguments {
    campaign: CampaignId,

    #[arg(long)]
    reason: String,
}

pub(crate) async fn command(session: &Session, output: Output, command: Command) -> Result<Ended> {
    match command {
        Command::Publish { file } => publish(session, output, file).await,
        Command::Publications => publications(session, output).await,
        Command::New { file } => new(session, output, file).await,
        Command::TakeIn { publication } => take_in(session, output, publication).await,
        Command::List => list(session, output).await,
        Command::Show { campaign } => show(session, output, campaign).await,
        Command::Try { campaign } => try_out(session, output, campaign).await,
        Command::Sample(arguments) => {
            let choice = Choice::Sample { size: arguments.cases, seed: arguments.seed };
            let id = begin(session, arguments.campaign, choice, arguments.batch).await?;
            work(session, output, id, arguments.lease).await
        }
        Command::Wave(arguments) => {
            let choice = Choice::Wave { size: arguments.cases };
            let id = begin(session, arguments.campaign, choice, arguments.batch).await?;
            work(session, output, id, arguments.lease).await
        }
        Command::Work(arguments) => {
            work(session, output, arguments.campaign, arguments.lease).await
        }
        Command::Pause(ReasonArguments { campaign, reason }) => {
            let act = session.act::<Propose>().await?;
            let moved = campaign::pause(&session.db, &act, campaign, &reason).await;
            answer(output, moved)
        }
        Command::Resume { campaign } => {
            let act = session.act::<Propose>().await?;
            answer(output, campaign::resume(&session.db, &act, campaign).await)
        }
        Command::Withdraw(ReasonArguments { campaign, reason }) => {
            let act = session.act::<Propose>().await?;
            let moved = campaign::withdraw(&session.db, &act, campaign, &reason).await;
            answer(output, moved)
        }
    }
}

fn read(file: &PathBuf) -> Result<RateFile> {
    let json = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(RateFile::read(&json).map_err(|error| Refused(format!("{}: {error}", file.display())))?)
}

async fn publish(session: &Session, output: Output, file: PathBuf) -> Result<Ended> {
    let act = session.act::<Administer>().await?;
    let file = read(&file)?;
    let mut tx = session.db.begin().await?;
    let published = service::publish(&mut tx, &act, file).await.map_err(refused)?;
    tx.commit().await?;
    output.answer(&published, |published| {
        format!("{} er offentliggjort som {}", published.file.title, published.id)
    })?;
    Ok(Ended::Done)
}

async fn publications(session: &Session, output: Output) -> Result<Ended> {
    session.act::<Look>().await?;
    let publications = service::publications(&mut session.db.read().await?).await?;
    output.answer(&publications, |publications| {
        let row = |one: &Publication| {
            let file = &one.file;
            vec![one.id.to_string(), file.benefit.clone(), file.title.clone(), rates(&file.rates)]
        };
        let rows: Vec<Vec<String>> = publications.iter().map(row).collect();
        table(&["Offentliggørelse", "Ydelse", "Titel", "Satser"], &rows)
    })?;
    Ok(Ended::Done)
}

async fn new(session: &Session, output: Output, file: PathBuf) -> Result<Ended> {
    let act = session.act::<Administer>().await?;
    let file = read(&file)?;
    let mut tx = session.db.begin().await?;
    let campaign = service::create(&mut tx, &act, file).await.map_err(refused)?;
    tx.commit().await?;
    output.answer(&campaign, campaign_text)?;
    Ok(Ended::Done)
}

async fn take_in(session: &Session, output: Output, publication: PublicationId) -> Result<Ended> {
    let act = session.act::<Administer>().await?;
    let mut tx = session.db.begin().await?;
    let campaign = service::take_in(&mut tx, &act, publication).await.map_err(refused)?;
    tx.commit().await?;
    output.answer(&campaign, campaign_text)?;
    Ok(Ended::Done)
}

async fn list(session: &Session, output: Output) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let campaigns = service::campaigns(&mut session.db.read().await?, act.tenant()).await?;
    output.answer(&campaigns, |campaigns| {
        let row = |one: &Campaign| {
            vec![
                one.id.to_string(),
                one.benefit.clone(),
                one.title.clone(),
                state(one.state).to_owned(),
                one.note.clone(),
            ]
        };
        let rows: Vec<Vec<String>> = campaigns.iter().map(row).collect();
        table(&["Kampagne", "Ydelse", "Titel", "Tilstand", "Bemærkning"], &rows)
    })?;
    Ok(Ended::Done)
}

async fn show(session: &Session, output: Output, id: CampaignId) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let mut read = session.db.read().await?;
    let campaign = service::campaign(&mut read, act.tenant(), id).await.map_err(refused)?;
    let standing = campaign::standing(&mut read, &act, campaign).await.map_err(told)?;
    output.answer(&standing, standing_text)?;
    Ok(ended(&standing.campaign))
}

async fn try_out(session: &Session, output: Output, id: CampaignId) -> Result<Ended> {
    let act = session.act::<Administer>().await?;
    let registry = session.registry()?;
    let bar = output.bar("dossierer beregnet", 0);
    let tried = campaign::try_out(&session.db, &registry, &act, id, |tally| {
        bar.set_length(tally.dossiers as u64);
        bar.set_position(tally.compared as u64);
    })
    .await;
    bar.finish_and_clear();
    replay::answer(session, output, tried.map_err(told)?.id).await
}

async fn begin(
    session: &Session,
    id: CampaignId,
    choice: Choice,
    Batch { batch }: Batch,
) -> Result<CampaignId> {
    let act = session.act::<Propose>().await?;
    campaign::begin(&session.db, &act, id, choice, batch).await.map_err(told)?;
    Ok(id)
}

async fn work(
    session: &Session,
    output: Output,
    id: CampaignId,
    Lease { lease }: Lease,
) -> Result<Ended> {
    let act = session.act::<Propose>().await?;
    let registry = session.registry()?;
    let bar = output.bar("sager beregnet", 0);
    let standing = campaign::work(&session.db, &registry, &act, id, lease, |so_far| {
        show_progress(&bar, so_far);
    })
    .await;
    bar.finish_and_clear();
    let standing = standing.map_err(told)?;
    output.answer(&standing, standing_text)?;
    Ok(ended(&standing.campaign))
}

fn show_progress(bar: &ProgressBar, so_far: &Progress) {
    bar.set_length(so_far.chosen.unsigned_abs());
    bar.set_position(so_far.taken.unsigned_abs());
}

fn answer(output: Output, moved: Result<Campaign, CampaignRunError>) -> Result<Ended> {
    let campaign = moved.map_err(told)?;
    output.answer(&campaign, campaign_text)?;
    Ok(Ended::Done)
}

/// A campaign that halted itself is for a person to look at.
fn ended(campaign: &Campaign) -> Ended {
    if campaign.state == State::Halted { Ended::Found } else { Ended::Done }
}

fn refused(error: CampaignError) -> anyhow::Error {
    match error {
        CampaignError::Store(error) => error.into(),
        CampaignError::Manifest(..) => error.into(),
        refused => Refused(refused.to_string()).into(),
    }
}

fn told(error: CampaignRunError) -> anyhow::Error {
    match error {
        CampaignRunError::Campaign(error) => refused(error),
        CampaignRunError::Run(error) => month::told(error),
        CampaignRunError::Busy => Busy(error.to_string()).into(),
        CampaignRunError::NotTried(_)
        | CampaignRunError::Unsigned { .. }
        | CampaignRunError::WaveOpen { .. }
        | CampaignRunError::Replay(ReplayError::NotInstalled { .. }) => {
            Refused(error.to_string()).into()
        }
        other => other.into(),
    }
}

fn standing_text(standing: &Standing) -> String {
    let Standing { campaign, progress, replay } = standing;
    let Progress { cases, chosen, taken, waves } = progress;
    let waves = match waves {
        0 => "ingen sager er beregnet".to_owned(),
        waves => format!("{taken} af {cases} sager beregnet i {waves} omgange"),
    };
    let open = match chosen - taken {
        0 => String::new(),
        open => format!(", {open} venter i den sidste"),
    };
    let shown = replay
        .map(|replay| format!("\nForskelle: ydun module replay show {replay}"))
        .unwrap_or_default();
    format!("{}\n  {waves}{open}{shown}", campaign_text(campaign))
}

fn campaign_text(campaign: &Campaign) -> String {
    let note = match campaign.note.as_str() {
        "" => String::new(),
        note => format!(" ({note})"),
    };
    format!(
        "{}, {}: {}{note}\n  {}\n  {}",
        campaign.title,
        campaign.benefit,
        state(campaign.state),
        campaign.id,
        rates(&campaign.rates),
    )
}

/// `higher-rate-2020 46,00 kr. 2021-01-01..`
fn rates(rates: &[AddedRate]) -> String {
    let told = |rate: &AddedRate| format!("{} {} {}", rate.key, rate.value.value, rate.value.valid);
    rates.iter().map(told).collect::<Vec<_>>().join(", ")
}

fn state(state: State) -> &'static str {
    match state {
        State::Draft => "kladde",
        State::Tried => "prøvet",
        State::Sampled => "stikprøve",
        State::Waves => "i gang",
        State::Paused => "sat på pause",
        State::Halted => "stoppet af sig selv",
        State::Done => "gennemført",
        State::Withdrawn => "opgivet",
    }
}
