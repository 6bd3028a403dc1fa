//! `ydun module replay`: what another version would change, and who answers for it.

use anyhow::Result;
use clap::{Args, Subcommand};
use ydun::access::{Administer, Approve, Look};
use ydun::modules::replay::service::{
    self, Changed, Group, ReplayError, Report, Request, SignError, Take,
};
use ydun::modules::replay::{Knowledge, Origin, Replay};
use ydun_domain::ids::ReplayId;
use ydun_domain::{Day, Period};
use ydun_runtime::replay::Class;

use super::exit::{Ended, Refused};
use super::output::{Output, table};
use super::session::Session;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    run: Option<RunArguments>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Every replay there has been.
    List,
    /// What a replay found.
    Show(ShowArguments),
    /// Answer for a group of differences: they are right, and this is why.
    Sign(SignArguments),
}

#[derive(Debug, Args)]
struct RunArguments {
    /// The version that counts, such as 1.0.0.
    old: String,

    /// The version that is to take over.
    new: String,

    #[arg(long, default_value = "voksenlaerling")]
    benefit: String,

    /// Only dossiers of cases that are not closed.
    #[arg(long)]
    open: bool,

    /// So many dossiers, drawn by lot. A sample is a first look: it lets nothing take over.
    #[arg(long, conflicts_with = "open")]
    sample: Option<usize>,

    /// The same seed draws the same sample.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Rates and settings as known on this day [default: as when each dossier was made]
    #[arg(long)]
    known_at: Option<Day>,
}

#[derive(Debug, Args)]
struct ShowArguments {
    replay: ReplayId,

    /// All cases of one group.
    #[arg(long)]
    group: Option<String>,
}

#[derive(Debug, Args)]
struct SignArguments {
    replay: ReplayId,

    /// Such as amount-changed/step/sats.
    group: String,

    /// Why the difference is right.
    #[arg(long)]
    reason: String,
}

pub(crate) async fn command(
    session: &Session,
    output: Output,
    arguments: Arguments,
) -> Result<Ended> {
    match arguments {
        Arguments { command: Some(Command::List), .. } => list(session, output).await,
        Arguments { command: Some(Command::Show(arguments)), .. } => {
            show(session, output, arguments).await
        }
        Arguments { command: Some(Command::Sign(arguments)), .. } => {
            sign(session, output, arguments).await
        }
        Arguments { run: Some(arguments), .. } => run(session, output, arguments).await,
        Arguments { command: None, run: None } => {
            Err(Refused("which versions? Give the old and the new one".to_owned()).into())
        }
    }
}

async fn run(session: &Session, output: Output, arguments: RunArguments) -> Result<Ended> {
    let act = session.act::<Administer>().await?;
    let registry = session.registry()?;
    let RunArguments { old, new, benefit, open, sample, seed, known_at } = arguments;
    let take = match sample {
        Some(size) => Take::Sample { size, seed },
        None if open => Take::Open,
        None => Take::All,
    };
    let known = known_at.map_or(Knowledge::AsThen, Knowledge::On);
    let request = Request { take, known, ..Request::new(benefit, old, new) };
    let bar = output.bar("dossierer beregnet", 0);
    let replay = service::replay(&session.db, &registry, &act, &request, |tally| {
        bar.set_length(tally.dossiers as u64);
        bar.set_position(tally.compared as u64);
    })
    .await;
    bar.finish_and_clear();
    let replay = replay.map_err(told)?;
    answer(session, output, replay.id).await
}

fn told(error: ReplayError) -> anyhow::Error {
    match error {
        ReplayError::NotInstalled { .. } => Refused(error.to_string()).into(),
        other => other.into(),
    }
}

/// Shows what a replay found. Groups that nobody has signed are for a person to look at.
pub(super) async fn answer(session: &Session, output: Output, id: ReplayId) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let mut tx = session.db.begin().await?;
    let report = service::report(&mut tx, &act, id).await?;
    let missing = || Refused(format!("there is no replay {id}; see `ydun module replay list`"));
    let report = report.ok_or_else(missing)?;
    tx.commit().await?;
    output.answer(&report, report_text)?;
    Ok(if report.unsigned() == 0 { Ended::Done } else { Ended::Found })
}

async fn show(session: &Session, output: Output, arguments: ShowArguments) -> Result<Ended> {
    let Some(group) = arguments.group else {
        return answer(session, output, arguments.replay).await;
    };
    let act = session.act::<Look>().await?;
    let mut tx = session.db.begin().await?;
    let changed = service::changed(&mut tx, &act, arguments.replay, &group).await?;
    tx.commit().await?;
    output.answer(&changed, |changed| changed_text(changed))?;
    Ok(Ended::Done)
}

async fn list(session: &Session, output: Output) -> Result<Ended> {
    let act = session.act::<Look>().await?;
    let mut read = session.db.read().await?;
    let replays = service::replays(&mut read, &act).await?;
    output.answer(&replays, |replays| {
        let row = |replay: &Replay| {
            vec![
                replay.id.to_string(),
                replay.benefit.clone(),
                origin(replay.origin).to_owned(),
                ydun::clock::danish(replay.started_at).to_string(),
                replay.started_by.clone(),
                if replay.finished_at.is_some() { "færdig" } else { "ikke færdig" }.to_owned(),
            ]
        };
        let rows: Vec<Vec<String>> = replays.iter().map(row).collect();
        table(&["Sammenligning", "Ydelse", "Slags", "Dato", "Af", "Tilstand"], &rows)
    })?;
    Ok(Ended::Done)
}

async fn sign(session: &Session, output: Output, arguments: SignArguments) -> Result<Ended> {
    let SignArguments { replay, group, reason } = arguments;
    let act = session.act::<Approve>().await?;
    let mut tx = session.db.begin().await?;
    service::sign(&mut tx, &act, replay, &group, &reason).await.map_err(|error| match error {
        SignError::Store(error) => error.into(),
        refused => anyhow::Error::from(Refused(refused.to_string())),
    })?;
    tx.commit().await?;
    output.answer(&group, |group| format!("{group} er underskrevet af {}", act.by()))?;
    Ok(Ended::Done)
}

fn report_text(report: &Report) -> String {
    let Report { replay, old_version, new_version, totals, groups } = report;
    let versions = match (old_version, new_version) {
        (Some(old), Some(new)) => format!("{old} og {new}"),
        _ => "uden og med de nye satser".to_owned(),
    };
    let head = format!(
        "{}, {}: {versions}\nSammenligning {}, {}\n{} dossierer: {} ens, {} ændret, {} i alt",
        replay.benefit,
        origin(replay.origin),
        replay.id,
        replay.known_at.map_or_else(
            || "som det var kendt dengang".to_owned(),
            |day| format!("som det er kendt {day}")
        ),
        totals.dossiers,
        totals.identical(),
        totals.changed,
        signed_amount(totals.difference()),
    );
    let groups = groups.iter().map(|group| group_text(replay.id, group));
    std::iter::once(head).chain(groups).collect::<Vec<_>>().join("\n\n")
}

fn group_text(replay: ReplayId, group: &Group) -> String {
    let place = match (&group.before_text, &group.after_text) {
        (Some(before), Some(after)) => format!(" (fx {before} → {after})"),
        (None, Some(after)) => format!(" (ny, fx {after})"),
        (Some(before), None) => format!(" (bortfaldet, fx {before})"),
        (None, None) => String::new(),
    };
    let law = if group.law.is_empty() { String::new() } else { format!(", {}", group.law) };
    let signed = match &group.signed {
        Some(signed) => format!("underskrevet af {}: {}", signed.by, signed.reason),
        None => {
            format!("skriv under med: ydun module replay sign {replay} {} --reason …", group.name)
        }
    };
    let example = |changed: &Changed| {
        format!("    {} {}: {} → {}", changed.number, days(changed), changed.before, changed.after)
    };
    let head = format!(
        "{}: {}{law}{place}\n  {} dossierer, {} → {}, {}\n  {signed}",
        class(group.class),
        group.label,
        group.dossiers,
        group.before,
        group.after,
        signed_amount(group.difference()),
    );
    std::iter::once(head).chain(group.examples.iter().map(example)).collect::<Vec<_>>().join("\n")
}

fn changed_text(changed: &[Changed]) -> String {
    let row = |changed: &Changed| {
        vec![
            changed.number.clone(),
            days(changed),
            changed.before.to_string(),
            changed.after.to_string(),
            changed.difference().to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = changed.iter().map(row).collect();
    table(&["Sag", "Dage", "Før", "Efter", "Forskel"], &rows)
}

fn days(changed: &Changed) -> String {
    Period::new(changed.first_day, changed.last_day)
        .map_or_else(|_| changed.first_day.to_string(), Period::in_words)
}

/// `+12,00 kr.`
fn signed_amount(amount: ydun_domain::Dkk) -> String {
    if amount > ydun_domain::Dkk::ZERO { format!("+{amount}") } else { amount.to_string() }
}

fn class(class: Class) -> &'static str {
    match class {
        Class::Identical => "Ens",
        Class::ToldDifferently => "Anderledes begrundet",
        Class::AmountChanged => "Beløb ændret",
        Class::VerdictChanged => "Afgørelse ændret",
        Class::NewFailure => "Kan ikke længere beregnes",
    }
}

fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Replay => "genberegning",
        Origin::Shadow => "skyggekørsel",
        Origin::Campaign => "prøve af satser",
        Origin::Wave => "bølge med nye satser",
    }
}
