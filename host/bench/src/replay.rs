//! A month's dossiers replayed through a version with a rate that is wrong on purpose.
//!
//! The replay must find exactly the calculations that used the rate: the stored outcomes say which.

use std::collections::BTreeSet;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use tempfile::TempDir;
use ydun::access::{Act, Administer, Look, authorise};
use ydun::cases::{self, ALL_CASES};
use ydun::clock::Clock;
use ydun::db::Url;
use ydun::modules::replay::service::{Request, changed, replay, report};
use ydun::modules::service as modules;
use ydun_domain::Dkk;
use ydun_domain::benefit::{Line, Scalar};
use ydun_domain::ids::CaseId;

use crate::month::{BENEFIT, Town};

/// How the rate stands in the manifest, and how it is wrong: 40 kroner an hour for 45.
const RIGHT: &str = r#""announced":"2020-01-01","value":{"amount":"45.00"}"#;
const WRONG: &str = r#""announced":"2020-01-01","value":{"amount":"40.00"}"#;

/// Measures a replay of a month's dossiers.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The component.
    #[arg(long)]
    module: std::path::PathBuf,

    #[arg(long, default_value_t = 10_000)]
    cases: usize,

    /// An empty PostgreSQL database [default: SQLite in a folder of its own]
    #[arg(long)]
    postgres: Option<Url>,
}

pub(crate) async fn measure(arguments: &Arguments) -> Result<()> {
    let clock = Clock::Fixed("2021-01-28T08:00:00Z".parse()?);
    let month = "2020-10".parse()?;
    let folder = TempDir::new()?;
    let url =
        arguments.postgres.clone().unwrap_or_else(|| Url::Sqlite(folder.path().join("ydun.db")));
    let town =
        Town::set_up(&url, folder.path(), &arguments.module, arguments.cases, clock, month).await?;
    town.run(month, clock).await?;
    let act: Act<Administer> =
        authorise(&mut town.db.read().await?, town.tenant, "drift", clock.now()).await?;
    town.install(&act, wrong(&arguments.module)?).await?;

    let request = Request::new(BENEFIT, "1.0.0", "1.1.0");
    let begun = Instant::now();
    let made = replay(&town.db, &town.registry, &act, &request, |_| {}).await?;
    let took = begun.elapsed();

    let look: Act<Look> =
        authorise(&mut town.db.read().await?, town.tenant, "bo", clock.now()).await?;
    let mut tx = town.db.begin().await?;
    let found = report(&mut tx, &look, made.id).await?.context("the replay is gone")?;
    let mut numbers = BTreeSet::new();
    for group in &found.groups {
        numbers.extend(
            changed(&mut tx, &look, made.id, &group.name).await?.into_iter().map(|one| one.number),
        );
    }
    tx.commit().await?;
    let affected = affected(&town).await?;
    ensure!(
        numbers == affected,
        "{} cases were found, {} are affected",
        numbers.len(),
        affected.len()
    );
    let dossiers = usize::try_from(found.totals.dossiers)?;
    let engine = if arguments.postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    println!("{engine}, a replay of {dossiers} dossiers with one rate too low");
    println!(
        "found                          {} of {} affected, {} in all",
        numbers.len(),
        affected.len(),
        found.totals.difference()
    );
    println!(
        "took                           {} ms, {} µs a dossier",
        took.as_millis(),
        took.as_micros() / dossiers.max(1) as u128
    );
    for group in &found.groups {
        println!("  {:<29}{} dossiers, {}", group.name, group.dossiers, group.difference());
    }
    town.db.close().await;
    Ok(())
}

/// The next version of the module, with the rate too low.
fn wrong(module: &std::path::Path) -> Result<Vec<u8>> {
    let mut component =
        std::fs::read(module).with_context(|| format!("{} cannot be read", module.display()))?;
    replace(&mut component, r#""version":"1.0.0""#, r#""version":"1.1.0""#)?;
    replace(&mut component, RIGHT, WRONG)?;
    Ok(component)
}

/// Replaces a text by another of the same length.
fn replace(component: &mut [u8], text: &str, other: &str) -> Result<()> {
    let place = component.windows(text.len()).position(|window| window == text.as_bytes());
    let place = place.with_context(|| format!("the manifest has no {text}"))?;
    component[place..place + text.len()].copy_from_slice(other.as_bytes());
    Ok(())
}

/// The numbers of the cases whose stored outcome pays by the rate.
async fn affected(town: &Town) -> Result<BTreeSet<String>> {
    let mut read = town.db.read().await?;
    let mut after = None;
    let mut affected: Vec<CaseId> = Vec::new();
    loop {
        let page = modules::runs_after(&mut read, town.tenant, &ALL_CASES, after, 500).await?;
        let Some(last) = page.last() else { break };
        after = Some((last.case, last.id));
        for run in page {
            if let Some(Ok(outcome)) = run.said()?
                && outcome.lines.iter().any(is_paid_by_the_rate)
            {
                affected.push(run.case);
            }
        }
    }
    let cases = cases::service::by_ids(&mut read, town.tenant, &affected).await?;
    Ok(cases.iter().map(ToString::to_string).collect())
}

fn is_paid_by_the_rate(line: &Line) -> bool {
    let rate = Scalar::Amount(Dkk::from_kroner(45));
    line.details.iter().any(|told| told.name == "timesats" && told.value == rate)
}
