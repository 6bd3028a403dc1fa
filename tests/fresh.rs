//! Fresh databases: the tables are made once on each engine, and copied for each test.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use sqlx::postgres::{PgConnectOptions, PgPool};
use tempfile::TempDir;
use uuid::Uuid;
use ydun::db::{Db, Url};

/// A database with all tables and nothing in them, gone when the test has ended well.
pub(crate) enum Fresh {
    Sqlite { folder: TempDir },
    Postgres { server: Box<PgConnectOptions>, name: String },
}

impl Fresh {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::copy(sqlite_with_tables().await, folder.path().join(FILE)).unwrap();
        Self::Sqlite { folder }
    }

    /// On a server where databases may be created.
    pub(crate) async fn postgres(server: &str) -> Self {
        let server: PgConnectOptions =
            server.parse().expect("YDUN_TEST_POSTGRES is an address like postgres://…");
        let admin = connect(&server).await;
        let (name, tables) = (format!("test_{}", Uuid::now_v7().simple()), tables());
        let copy = || execute(&admin, format!("CREATE DATABASE {name} TEMPLATE {tables}"));
        if copy().await.is_err() {
            make_tables(&server, &admin, &tables).await;
            copy().await.unwrap();
        }
        admin.close().await;
        Self::Postgres { server: Box::new(server), name }
    }

    pub(crate) fn url(&self) -> Url {
        match self {
            Self::Sqlite { folder } => Url::Sqlite(folder.path().join(FILE)),
            Self::Postgres { server, name } => {
                Url::Postgres(Box::new(server.as_ref().clone().database(name)))
            }
        }
    }

    pub(crate) async fn drop(self) {
        if let Self::Postgres { server, name } = self {
            let admin = connect(&server).await;
            execute(&admin, format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
            admin.close().await;
        }
    }
}

const FILE: &str = "ydun.db";

/// A name for the tables as they are: other migrations are other tables.
fn tables() -> String {
    let mut hasher = DefaultHasher::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files {
        fs::read(file).unwrap().hash(&mut hasher);
    }
    format!("tables_{:016x}", hasher.finish())
}

/// A file with the tables. Whoever comes first makes it; two that do so at once make the same.
async fn sqlite_with_tables() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(format!("{}.db", tables()));
    if !file.exists() {
        let own = tempfile::tempdir_in(folder).unwrap();
        migrate(&Url::Sqlite(own.path().join(FILE))).await;
        fs::rename(own.path().join(FILE), &file).unwrap();
    }
    file
}

/// Makes the database to copy, while others wait.
async fn make_tables(server: &PgConnectOptions, admin: &PgPool, tables: &str) {
    let mut lock = admin.acquire().await.unwrap();
    sqlx::query("SELECT pg_advisory_lock(1)").execute(&mut *lock).await.unwrap();
    let exists = sqlx::query("SELECT FROM pg_database WHERE datname = $1").bind(tables);
    if exists.fetch_optional(&mut *lock).await.unwrap().is_none() {
        let building = format!("building_{}", Uuid::now_v7().simple());
        execute(admin, format!("CREATE DATABASE {building}")).await.unwrap();
        migrate(&Url::Postgres(Box::new(server.clone().database(&building)))).await;
        execute(admin, format!("ALTER DATABASE {building} RENAME TO {tables}")).await.unwrap();
    }
    sqlx::query("SELECT pg_advisory_unlock(1)").execute(&mut *lock).await.unwrap();
}

async fn migrate(url: &Url) {
    let db = Db::open(url).await.unwrap();
    db.migrate().await.unwrap();
    db.close().await;
}

async fn connect(server: &PgConnectOptions) -> PgPool {
    PgPool::connect_with(server.clone()).await.expect("the server of YDUN_TEST_POSTGRES answers")
}

async fn execute(pool: &PgPool, statement: String) -> Result<(), sqlx::Error> {
    #[expect(clippy::disallowed_methods, reason = "the database's name is our own")]
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(pool).await.map(drop)
}
