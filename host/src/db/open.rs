//! Opening a database and bringing its tables up to date.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::{Db, sql};

static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

const CONNECTIONS_MAX: u32 = 16;
const WAIT_FOR_LOCK: Duration = Duration::from_secs(10);

/// Where the data are: `sqlite:ydun.db` or `postgres://…`.
#[derive(Clone)]
pub enum Url {
    Sqlite(PathBuf),
    Postgres(Box<PgConnectOptions>),
}

/// Why a database could not be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("'{0}' names no database: write sqlite:FILE or postgres://USER@HOST/DATABASE")]
    Url(String),
    #[error("the database could not be opened")]
    Open(#[source] sqlx::Error),
    #[error("the database's tables could not be brought up to date")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

impl FromStr for Url {
    type Err = OpenError;
    fn from_str(text: &str) -> Result<Self, OpenError> {
        let refuse = || OpenError::Url(text.to_owned());
        match text.split_once(':').ok_or_else(refuse)? {
            ("sqlite", file) if !file.is_empty() => Ok(Self::Sqlite(file.into())),
            ("postgres" | "postgresql", _) => {
                text.parse().map(|options| Self::Postgres(Box::new(options))).map_err(|_| refuse())
            }
            _ => Err(refuse()),
        }
    }
}

/// Without user and password.
impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => write!(f, "sqlite:{}", file.display()),
            Self::Postgres(options) => {
                write!(
                    f,
                    "postgres://{}/{}",
                    options.get_host(),
                    options.get_database().unwrap_or_default()
                )
            }
        }
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Db {
    pub async fn open(url: &Url) -> Result<Self, OpenError> {
        match url {
            Url::Sqlite(file) => open_sqlite(file).await,
            Url::Postgres(options) => open_postgres(options).await,
        }
        .map_err(OpenError::Open)
    }

    /// Brings the tables up to date; doing it again changes nothing.
    pub async fn migrate(&self) -> Result<(), OpenError> {
        match self {
            Self::Sqlite { writer, .. } => MIGRATIONS.run(writer).await?,
            Self::Postgres(pool) => MIGRATIONS.run(pool).await?,
        }
        Ok(())
    }

    /// Whether every migration of this version of the program has been made, and no newer one.
    pub async fn is_up_to_date(&self) -> super::Result<bool> {
        const DONE: &str = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";
        let done: Vec<(i64,)> = self.read().await?.all(sql(DONE)).await?;
        let ours = MIGRATIONS.iter().map(|migration| migration.version);
        Ok(ours.eq(done.into_iter().map(|(version,)| version)))
    }
}

/// One writer opened first, which makes the file, and readers beside it.
async fn open_sqlite(file: &Path) -> Result<Db, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(WAIT_FOR_LOCK);
    let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(CONNECTIONS_MAX)
        .connect_with(options.read_only(true))
        .await?;
    Ok(Db::Sqlite { writer, readers })
}

async fn open_postgres(options: &PgConnectOptions) -> Result<Db, sqlx::Error> {
    let options = options.clone().application_name("ydun");
    PgPoolOptions::new()
        .max_connections(CONNECTIONS_MAX)
        .connect_with(options)
        .await
        .map(Db::Postgres)
}
