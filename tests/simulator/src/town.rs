//! A fresh database with a municipality, two workers and the benefits.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use chrono::{DateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPool};
use tempfile::TempDir;
use uuid::Uuid;
use ydun::access::{Act, Administer, Approve, Look, Pay, Propose, Register, Right, authorise};
use ydun::adapters::iso20022::Iso20022;
use ydun::db::{Db, Tx, Url, sql};
use ydun::modules::policy::{Policy, SelfCheck};
use ydun::modules::registry::Registry;
use ydun::modules::service::{self as modules, Activate, Choose, all_days};
use ydun::modules::{Mode, service::set_policy};
use ydun::payments::BankProfile;
use ydun::payments::outbox::Outbox;
use ydun_domain::benefit::Scalar;
use ydun_domain::{Day, Dkk, Tenant};
use ydun_runtime::{ClassLimits, Digest, Limits, Manifest, Sandbox};

/// Two workers with every right, so that nothing but the second pair of eyes keeps them apart.
pub(crate) const WORKERS: [&str; 2] = ["abc", "def"];

pub(crate) const APPRENTICES: &str = "voksenlaerling";
pub(crate) const PARENTS: &str = "tabt-arbejdsfortjeneste";
pub(crate) const BENEFITS: [&str; 2] = [APPRENTICES, PARENTS];

const CODE: u16 = 999;
pub(crate) const CVR: &str = "29189803";

/// Where a town's database is.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file in a folder of its own.
    Sqlite,
    /// A schema of its own on a server.
    Postgres(Box<PgConnectOptions>),
}

/// The benefits as they were built, and where they are compiled.
#[derive(Debug)]
pub struct Modules {
    pub(crate) registry: Registry,
    pub(crate) benefits: BTreeMap<&'static str, Benefit>,
    compiled: TempDir,
}

/// One benefit.
#[derive(Debug)]
pub(crate) struct Benefit {
    pub(crate) component: Vec<u8>,
    pub(crate) manifest: Manifest,
    pub(crate) cases: Vec<ydun_manifest::Case>,
}

impl Modules {
    /// Reads the components from the folder `cargo xtask modules` builds them in.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut benefits = BTreeMap::new();
        for id in BENEFITS {
            let file = folder.join(format!("{id}-1.0.0.wasm"));
            let component = std::fs::read(&file).with_context(|| {
                format!("{} cannot be read; run `cargo xtask modules`", file.display())
            })?;
            let manifest = ydun_runtime::verify::manifest_of(&component)?;
            let cases = ydun_runtime::case::read(&component)?;
            benefits.insert(id, Benefit { component, manifest, cases });
        }
        let compiled = TempDir::new()?;
        let registry = Registry::open(sandbox()?, compiled.path())?;
        Ok(Self { registry, benefits, compiled })
    }

    /// The folder where they are compiled.
    pub(crate) fn compiled(&self) -> &Path {
        self.compiled.path()
    }
}

/// The wall clock is left out: a busy machine voids a run, and the same seed is another game.
pub(crate) fn sandbox() -> Result<Sandbox> {
    const AN_HOUR: Duration = Duration::from_hours(1);
    let patient = |limits| Limits { wall: AN_HOUR, ..limits };
    let ClassLimits { compiled, interpreted } = ClassLimits::default();
    let limits = ClassLimits { compiled: patient(compiled), interpreted: patient(interpreted) };
    Ok(Sandbox::new(limits)?)
}

/// A municipality with its database.
pub(crate) struct Town {
    pub(crate) db: Db,
    pub(crate) tenant: Tenant,
    pub(crate) now: DateTime<Utc>,
    pub(crate) bank: BankProfile,
    place: Address,
    /// Gone with the town that founded it.
    founded: Option<TempDir>,
}

/// Where a town is, for another process.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Address {
    folder: PathBuf,
    database: Database,
    now: DateTime<Utc>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
enum Database {
    Sqlite(PathBuf),
    /// A schema on a server.
    Postgres {
        server: String,
        schema: String,
    },
}

impl Town {
    pub(crate) async fn found(place: &Place, modules: &Modules) -> Result<Self> {
        let founded = TempDir::new()?;
        let folder = founded.path().to_owned();
        let database = Database::empty(place, &folder).await?;
        let now = "2021-12-01T09:00:00Z".parse()?;
        let mut town = Self::visit(Address { folder, database, now }).await?;
        town.founded = Some(founded);
        town.db.migrate().await?;
        town.move_in().await?;
        town.set_up_modules(modules).await?;
        Ok(town)
    }

    /// A town that another process has founded.
    pub(crate) async fn visit(place: Address) -> Result<Self> {
        Ok(Self {
            db: Db::open(&place.database.url()?).await?,
            tenant: CODE.try_into()?,
            now: place.now,
            bank: BankProfile::demo("Prøvekøbing Kommune", CVR.parse()?),
            place,
            founded: None,
        })
    }

    /// Where it is, and what time it is there.
    pub(crate) fn address(&self) -> Address {
        Address { now: self.now, ..self.place.clone() }
    }

    async fn move_in(&self) -> Result<()> {
        const MUNICIPALITY: &str =
            "INSERT INTO municipality (tenant, name, cvr) VALUES ($1, $2, $3)";
        const WORKER: &str =
            "INSERT INTO worker (tenant, id, name, rights) VALUES ($1, $2, $3, $4)";
        let rights =
            [Look::WORD, Register::WORD, Propose::WORD, Approve::WORD, Pay::WORD, Administer::WORD]
                .join(" ");
        let mut tx = self.db.begin().await?;
        let municipality = sql(MUNICIPALITY).bind(self.tenant).bind("Prøvekøbing Kommune");
        tx.execute(municipality.bind(CVR)).await?;
        for worker in WORKERS {
            let row = sql(WORKER).bind(self.tenant).bind(worker).bind(worker);
            tx.execute(row.bind(rights.as_str())).await?;
        }
        Ok(tx.commit().await?)
    }

    /// The modules count for all days. They are kept without being verified, which takes seconds.
    async fn set_up_modules(&self, built: &Modules) -> Result<()> {
        let act: Act<Administer> = self.act(WORKERS[0]).await?;
        let known_from = self.today();
        let mut tx = self.db.begin().await?;
        // Every calculation is made twice: a module that answers differently is found at once.
        let policy = Policy {
            is_development: true,
            self_check: SelfCheck::one_of(10)?,
            ..Policy::default()
        };
        set_policy(&mut tx, &act, known_from, policy).await?;
        for (id, benefit) in &built.benefits {
            keep(&mut tx, id, benefit, self.now).await?;
            let days = all_days();
            let new =
                Activate { benefit: id, version: "1.0.0", days, known_from, mode: Mode::Active };
            modules::activate(&mut tx, &act, new).await?;
            let ours = Scalar::Text(self.tenant.to_string());
            let atp = Scalar::Amount(Dkk::from_kroner(100));
            let choices = [("municipality", ours), ("atp-municipality", atp)];
            for (key, value) in choices.into_iter().take(if *id == PARENTS { 2 } else { 1 }) {
                let choice = Choose { benefit: id, key, days: all_days(), known_from, value };
                modules::choose(&mut tx, &act, choice).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    pub(crate) fn today(&self) -> Day {
        ydun::clock::danish(self.now)
    }

    /// The day begins, whatever time it had become.
    pub(crate) fn morning(&mut self) {
        const OPENS: NaiveTime = NaiveTime::from_hms_opt(9, 0, 0).expect("a time");
        self.now = self.now.date_naive().and_time(OPENS).and_utc();
    }

    /// Somebody who acts now.
    pub(crate) async fn act<R: Right>(&self, worker: &str) -> Result<Act<R>> {
        Ok(authorise(&mut self.db.read().await?, self.tenant, worker, self.now).await?)
    }

    pub(crate) fn format(&self) -> Iso20022 {
        Iso20022::new(self.bank.clone())
    }

    pub(crate) fn outbox(&self) -> Result<Outbox> {
        Ok(Outbox::open(self.folder("ud")?)?)
    }

    /// A folder of the town, made when it is not there.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.place.folder.join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    pub(crate) async fn close(self) -> Result<()> {
        self.db.close().await;
        self.place.database.remove().await?;
        self.founded.map_or(Ok(()), |folder| Ok(folder.close()?))
    }
}

impl Database {
    async fn empty(place: &Place, folder: &Path) -> Result<Self> {
        let Place::Postgres(server) = place else {
            return Ok(Self::Sqlite(folder.join("ydun.db")));
        };
        let schema = format!("town_{}", Uuid::now_v7().simple());
        execute(PgConnectOptions::clone(server), format!("CREATE SCHEMA {schema}")).await?;
        Ok(Self::Postgres { server: server.to_url_lossy().to_string(), schema })
    }

    fn url(&self) -> Result<Url> {
        Ok(match self {
            Self::Sqlite(file) => Url::Sqlite(file.clone()),
            Self::Postgres { server, schema } => {
                let server: PgConnectOptions = server.parse()?;
                Url::Postgres(Box::new(server.options([("search_path", schema.as_str())])))
            }
        })
    }

    async fn remove(&self) -> Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres { server, schema } => {
                execute(server.parse()?, format!("DROP SCHEMA {schema} CASCADE")).await
            }
        }
    }
}

async fn execute(server: PgConnectOptions, statement: String) -> Result<()> {
    let pool = PgPool::connect_with(server).await?;
    #[expect(clippy::disallowed_methods, reason = "the schema's name is our own")]
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&pool).await?;
    pool.close().await;
    Ok(())
}

async fn keep(tx: &mut Tx, id: &str, benefit: &Benefit, at: DateTime<Utc>) -> Result<()> {
    const KEEP: &str = "
        INSERT INTO artifact
            (digest, benefit, version, interface, manifest, component, report, installed_at, installed_by)
        VALUES ($1, $2, '1.0.0', '1.0.0', $3, $4, '{}', $5, 'abc')";
    let digest = Digest::of(&benefit.component);
    let manifest = serde_json::to_string(&benefit.manifest)?;
    let keep = sql(KEEP).bind(digest).bind(id).bind(manifest);
    tx.execute(keep.bind(benefit.component.clone()).bind(at)).await?;
    Ok(())
}
