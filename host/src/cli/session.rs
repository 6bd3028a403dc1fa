//! What every command works with.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};
use clap::Args;
use ydun::access::{Act, Right, authorise};
use ydun::clock::Clock;
use ydun::db::{Db, Url};
use ydun::modules::registry::Registry;
use ydun_runtime::{Limits, Sandbox};
use ydun_domain::Tenant;

/// Where, as whom and when.
#[derive(Clone, Debug, Args)]
pub(crate) struct SessionArguments {
    /// Folder for the database file, compiled modules and outgoing files.
    #[arg(long, global = true, env = "YDUN_DATA", default_value = "ydun-data")]
    data: PathBuf,

    /// The database: sqlite:FILE or postgres://USER@HOST/DATABASE [default: a file in the data folder]
    #[arg(long, global = true, env = "YDUN_DATABASE")]
    database: Option<Url>,

    /// The municipality's code, such as 0561.
    #[arg(long, global = true, env = "YDUN_TENANT")]
    tenant: Option<Tenant>,

    /// Initials of the worker who acts.
    #[arg(long = "as", global = true, env = "YDUN_WORKER", value_name = "INITIALS")]
    worker: Option<String>,

    /// Pretend it is this moment: for demonstrations and for runs of the past.
    #[arg(long, global = true, env = "YDUN_NOW", value_name = "MOMENT")]
    now: Option<DateTime<Utc>>,
}

/// An open database, and who works with it.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    arguments: SessionArguments,
}

impl Session {
    pub(crate) async fn open(arguments: SessionArguments) -> Result<Self> {
        std::fs::create_dir_all(&arguments.data)
            .with_context(|| format!("the data folder {} cannot be made", arguments.data.display()))?;
        let url = arguments.database.clone().unwrap_or_else(|| Url::Sqlite(arguments.data.join("ydun.db")));
        let db = Db::open(&url).await.with_context(|| format!("{url} cannot be used"))?;
        let clock = arguments.now.map_or(Clock::System, Clock::Fixed);
        Ok(Self { db, clock, arguments })
    }

    pub(crate) fn tenant(&self) -> Result<Tenant> {
        self.arguments.tenant.context("which municipality? Give --tenant CODE or set YDUN_TENANT")
    }

    pub(crate) fn worker(&self) -> Result<&str> {
        self.arguments.worker.as_deref().context("who acts? Give --as INITIALS or set YDUN_WORKER")
    }

    /// Checks the worker's right as of now.
    pub(crate) async fn act<R: Right>(&self) -> Result<Act<R>> {
        let mut read = self.db.read().await?;
        Ok(authorise(&mut read, self.tenant()?, self.worker()?, self.clock.now()).await?)
    }

    /// The modules, compiled code kept in the data folder.
    pub(crate) fn registry(&self) -> Result<Registry> {
        Ok(Registry::open(Sandbox::new(Limits::compiled())?, &self.arguments.data)?)
    }

    /// A folder under the data folder, made when missing.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.arguments.data.join(name);
        std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(folder)
    }

    pub(crate) fn data(&self) -> &Path {
        &self.arguments.data
    }
}
