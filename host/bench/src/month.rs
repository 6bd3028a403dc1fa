//! A month's run beside the bare insert of the rows it writes.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use tempfile::TempDir;
use ydun::access::{Act, Administer, Propose, authorise};
use ydun::clock::Clock;
use ydun::db::{Db, Url};
use ydun::intake::service::import;
use ydun::intake::{ImportFile, Mode};
use ydun::modules::package::Package;
use ydun::modules::policy::Policy;
use ydun::modules::registry::Registry;
use ydun::modules::service::{self as modules, Activate, Choose};
use ydun::operations::service::{Request, run_month};
use ydun_domain::benefit::Scalar;
use ydun_domain::{Day, Month, Tenant, Validity};
use ydun_runtime::{ClassLimits, Sandbox, Signatures};

use crate::figures::{Spread, ratio};
use crate::rows;

pub(crate) const BENEFIT: &str = "voksenlaerling";

/// Measures a month's run for many cases.
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

    /// How often; the median counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

pub(crate) async fn measure(arguments: &Arguments) -> Result<()> {
    let month: Month = "2020-10".parse()?;
    let clock = Clock::Fixed("2021-01-28T08:00:00Z".parse()?);
    let folder = TempDir::new()?;
    let url =
        arguments.postgres.clone().unwrap_or_else(|| Url::Sqlite(folder.path().join("ydun.db")));
    let Arguments { module, cases, .. } = arguments;
    let town = Town::set_up(&url, folder.path(), module, *cases, clock, month).await?;

    let (mut runs, mut floors) = (vec![], vec![]);
    for _ in 0..arguments.rounds {
        let (took, cases) = town.run(month, clock).await?;
        ensure!(cases == arguments.cases, "{cases} cases were run, not {}", arguments.cases);
        runs.push(took);
        floors.push(rows::insert_again(&town.db, town.tenant).await?);
    }
    let (run, floor) = (Spread::of(&runs), Spread::of(&floors));
    let engine = if arguments.postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    println!("{engine}, {} cases, {} rounds", arguments.cases, arguments.rounds);
    println!("month run                      {run}, {}", run.per_call(arguments.cases));
    println!("bare insert of the same rows   {floor}");
    println!("month run / bare insert        {}", ratio(&run, &floor));
    town.db.close().await;
    Ok(())
}

/// A municipality with its module switched on.
pub(crate) struct Town {
    pub(crate) db: Db,
    pub(crate) registry: Registry,
    pub(crate) tenant: Tenant,
}

impl Town {
    pub(crate) async fn set_up(
        url: &Url,
        folder: &Path,
        module: &Path,
        cases: usize,
        clock: Clock,
        month: Month,
    ) -> Result<Self> {
        let db = Db::open(url).await?;
        db.migrate().await?;
        let registry = Registry::open(Sandbox::new(ClassLimits::default())?, folder)?;
        let town = Self { db, registry, tenant: demo_municipality::apprenticeship::HERE.parse()? };
        town.import(&demo_municipality::empty_municipality(), clock).await?;
        town.switch_on(module, clock).await?;
        town.import(&demo_municipality::municipality(cases, &[month]), clock).await?;
        Ok(town)
    }

    async fn import(&self, file: &demo_municipality::file::File, clock: Clock) -> Result<()> {
        let file = ImportFile::read(&serde_json::to_vec(file)?)?;
        let mut read = self.db.read().await?;
        let mut manifests = std::collections::BTreeMap::new();
        for installed in modules::list(&mut read).await? {
            let manifest = modules::manifest(&mut read, installed.digest).await?;
            manifests.insert(installed.benefit, manifest.context("a module is gone")?);
        }
        drop(read);
        let report = import(&self.db, "anna", clock.now(), file, &manifests, Mode::Strict).await?;
        ensure!(report.refused.is_empty(), "refused: {:?}", report.refused.first());
        Ok(())
    }

    async fn switch_on(&self, module: &Path, clock: Clock) -> Result<()> {
        let act: Act<Administer> =
            authorise(&mut self.db.read().await?, self.tenant, "drift", clock.now()).await?;
        let component = std::fs::read(module)
            .with_context(|| format!("{} cannot be read", module.display()))?;
        let known_from = clock.today();
        let mut tx = self.db.begin().await?;
        let tried_out = Policy { is_development: true, ..Policy::default() };
        modules::set_policy(&mut tx, &act, known_from, tried_out).await?;
        tx.commit().await?;
        self.install(&act, component).await?;
        let mut tx = self.db.begin().await?;
        let days = Validity::from_day(Day::new(2015, 1, 1));
        let mode = ydun::modules::Mode::Active;
        let activate = Activate { benefit: BENEFIT, version: "1.0.0", days, known_from, mode };
        modules::activate(&mut tx, &act, activate).await?;
        let ours = Scalar::Text(demo_municipality::apprenticeship::HERE.into());
        let (key, days) = ("municipality", modules::all_days());
        let choice = Choose { benefit: BENEFIT, key, days, known_from, value: ours };
        modules::choose(&mut tx, &act, choice).await?;
        Ok(tx.commit().await?)
    }

    pub(crate) async fn install(&self, act: &Act<Administer>, component: Vec<u8>) -> Result<()> {
        let package = Package { component, signatures: Signatures::default() };
        let mut tx = self.db.begin().await?;
        modules::install(&mut tx, act, self.registry.sandbox(), package).await?;
        Ok(tx.commit().await?)
    }

    /// Runs the month once more, and tells how long it took and how many cases it had.
    pub(crate) async fn run(&self, month: Month, clock: Clock) -> Result<(Duration, usize)> {
        let act: Act<Propose> =
            authorise(&mut self.db.read().await?, self.tenant, "anna", clock.now()).await?;
        let request = Request::new(BENEFIT, month);
        let begun = Instant::now();
        let summary = run_month(&self.db, &self.registry, &act, &request, |_| {}).await?;
        Ok((begun.elapsed(), usize::try_from(summary.tally.cases())?))
    }
}
