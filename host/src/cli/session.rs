//! What every command works with.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};
use clap::Args;
use ydun::access::{Act, Right, authorise};
use ydun::cases::{self, Case, CaseNumber};
use ydun::clock::Clock;
use ydun::db::{Db, Url};
use ydun::modules::registry::Registry;
use ydun::municipalities::{self, Municipality};
use ydun::payments::BankProfile;
use ydun_domain::Tenant;
use ydun_runtime::{ClassLimits, Sandbox};
use ydun_typeset::{Colour, Logo, Sender};

use super::exit::Refused;

/// Where, as whom and when.
#[derive(Clone, Debug, Args)]
pub(crate) struct SessionArguments {
    /// Folder for the database file, compiled modules and outgoing files.
    #[arg(long, global = true, env = "YDUN_DATA", default_value = "ydun-data")]
    data: PathBuf,

    /// The database: `sqlite:FILE` or `postgres://USER@HOST/DATABASE` [default: a file in the data folder]
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
        std::fs::create_dir_all(&arguments.data).with_context(|| {
            format!("the data folder {} cannot be made", arguments.data.display())
        })?;
        let url = arguments
            .database
            .clone()
            .unwrap_or_else(|| Url::Sqlite(arguments.data.join("ydun.db")));
        let db = Db::open(&url).await.with_context(|| format!("{url} cannot be used"))?;
        let clock = arguments.now.map_or(Clock::System, Clock::Fixed);
        Ok(Self { db, clock, arguments })
    }

    /// Refuses to work on tables of another version.
    pub(crate) async fn require_current_tables(&self) -> Result<()> {
        if self.db.is_up_to_date().await? {
            return Ok(());
        }
        Err(Refused(
            "the database's tables are not up to date; run `ydun migrate` first".to_owned(),
        )
        .into())
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
        Ok(Registry::open(Sandbox::new(ClassLimits::default())?, &self.arguments.data)?)
    }

    /// The case people call by a number.
    pub(crate) async fn case(&self, number: CaseNumber) -> Result<Case> {
        let mut read = self.db.read().await?;
        let found = cases::service::by_number(&mut read, self.tenant()?, number).await?;
        let missing = || Refused(format!("there is no case {number}; see `ydun case list`"));
        Ok(found.ok_or_else(missing)?)
    }

    /// What is agreed with the bank: the data folder's bank-profile.json, or a bank that does not
    /// exist when there is no such file.
    pub(crate) async fn bank_profile(&self) -> Result<BankProfile> {
        let file = self.arguments.data.join("bank-profile.json");
        if file.exists() {
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("{} cannot be read", file.display()))?;
            return BankProfile::from_json(&text)
                .with_context(|| format!("{} cannot be used", file.display()));
        }
        let municipality = self.municipality().await?;
        Ok(BankProfile::demo(&municipality.name, municipality.cvr))
    }

    /// The municipality that is worked in.
    pub(crate) async fn municipality(&self) -> Result<Municipality> {
        let tenant = self.tenant()?;
        let mut read = self.db.read().await?;
        let found = municipalities::find(&mut read, tenant).await?;
        let missing =
            || Refused(format!("municipality {tenant} is not set up; see `ydun import --help`"));
        Ok(found.ok_or_else(missing)?)
    }

    /// Whom letters are from. In the data folder stand where to ask (contact.txt, a line each), the
    /// municipality's colour (colour.txt) and its mark (logo.svg).
    pub(crate) async fn sender(&self) -> Result<Sender> {
        let Municipality { name: municipality, .. } = self.municipality().await?;
        let contact = self.text("contact.txt")?.map_or_else(
            || vec![format!("{municipality}, Borgerservice")],
            |text| text.lines().map(str::to_owned).collect(),
        );
        let colour = self.text("colour.txt")?.map(|text| text.trim().parse::<Colour>());
        let colour = colour.transpose().context("colour.txt in the data folder")?;
        let alt = format!("Logo for {municipality}");
        let logo = self.text("logo.svg")?.map(|svg| Logo { svg, alt });
        Ok(Sender { municipality, contact, colour: colour.unwrap_or_default(), logo })
    }

    /// A text of the data folder, if it is there.
    fn text(&self, name: &str) -> Result<Option<String>> {
        match std::fs::read_to_string(self.arguments.data.join(name)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("{name} cannot be read")),
        }
    }

    /// A folder under the data folder, made when missing.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.arguments.data.join(name);
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(folder)
    }

    pub(crate) fn data(&self) -> &Path {
        &self.arguments.data
    }
}
