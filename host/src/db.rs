//! One way to talk to either engine.
//!
//! SQL is written once, in the dialect SQLite and PostgreSQL share (see `host/README.md`). A store
//! function takes `&mut Read` if it only looks and `&mut Tx` if it changes anything, so its
//! signature says which. Whoever opens a transaction commits it.

mod open;
mod sql;

use std::ops::{Deref, DerefMut};

use sqlx::postgres::{PgPool, PgRow};
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{FromRow, Postgres, Sqlite, Transaction};

pub use open::{OpenError, Url};
pub use sql::{Arg, Bind, Bulk, Sql, bulk, list, sql, sql_each};

pub type Result<T> = std::result::Result<T, sqlx::Error>;

/// An open database with its pool of connections.
#[derive(Clone, Debug)]
pub enum Db {
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    Postgres(PgPool),
}

/// A transaction that can only look. The engine refuses it any write.
#[derive(Debug)]
pub struct Read(Engine);

/// A transaction that can change things. Dropped without [`Tx::commit`], it never happened.
#[derive(Debug)]
pub struct Tx(Read);

#[derive(Debug)]
enum Engine {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Db {
    pub async fn read(&self) -> Result<Read> {
        Ok(Read(match self {
            Self::Sqlite { readers, .. } => Engine::Sqlite(readers.begin().await?),
            Self::Postgres(pool) => Engine::Postgres(begin_postgres(pool, LOOK).await?),
        }))
    }

    pub async fn begin(&self) -> Result<Tx> {
        Ok(Tx(Read(match self {
            // Take the write lock at once: upgrading a read later fails under load.
            Self::Sqlite { writer, .. } => {
                Engine::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?)
            }
            Self::Postgres(pool) => Engine::Postgres(begin_postgres(pool, CHANGE).await?),
        })))
    }

    /// Waits until every connection is given back and closed.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

const LOOK: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
const CHANGE: &str = "BEGIN";

/// Begins a transaction to the end, also when nobody waits for it any more.
///
/// A request that is given up while its transaction begins would give a connection back that is in it
/// still, and the next one could only look, or would commit what is not its own.
async fn begin_postgres(
    pool: &PgPool,
    how: &'static str,
) -> Result<Transaction<'static, Postgres>> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with(how).await });
    begun.await.map_err(|stopped| sqlx::Error::Io(std::io::Error::other(stopped)))?
}

impl Read {
    pub async fn all<T: Row>(&mut self, sql: Sql) -> Result<Vec<T>> {
        match &mut self.0 {
            Engine::Sqlite(tx) => sql.sqlite_as().fetch_all(&mut **tx).await,
            Engine::Postgres(tx) => sql.postgres_as().fetch_all(&mut **tx).await,
        }
    }

    pub async fn one<T: Row>(&mut self, sql: Sql) -> Result<T> {
        match &mut self.0 {
            Engine::Sqlite(tx) => sql.sqlite_as().fetch_one(&mut **tx).await,
            Engine::Postgres(tx) => sql.postgres_as().fetch_one(&mut **tx).await,
        }
    }

    pub async fn optional<T: Row>(&mut self, sql: Sql) -> Result<Option<T>> {
        match &mut self.0 {
            Engine::Sqlite(tx) => sql.sqlite_as().fetch_optional(&mut **tx).await,
            Engine::Postgres(tx) => sql.postgres_as().fetch_optional(&mut **tx).await,
        }
    }
}

impl Tx {
    /// Runs a statement and returns how many rows it touched.
    pub async fn execute(&mut self, sql: Sql) -> Result<u64> {
        Ok(match &mut self.0.0 {
            Engine::Sqlite(tx) => sql.sqlite().execute(&mut **tx).await?.rows_affected(),
            Engine::Postgres(tx) => sql.postgres().execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// Inserts many rows with few statements and returns how many were new.
    pub async fn insert(&mut self, bulk: Bulk) -> Result<u64> {
        let mut inserted = 0;
        for statement in bulk.statements() {
            inserted += self.execute(statement).await?;
        }
        Ok(inserted)
    }

    pub async fn commit(self) -> Result<()> {
        match self.0.0 {
            Engine::Sqlite(tx) => tx.commit().await,
            Engine::Postgres(tx) => tx.commit().await,
        }
    }
}

/// Whoever may write may also look.
impl Deref for Tx {
    type Target = Read;
    fn deref(&self) -> &Read {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Read {
        &mut self.0
    }
}

/// A row both engines can decode. `#[derive(FromRow)]` is all it takes.
pub trait Row:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static
{
}
impl<T> Row for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static
{
}

/// Whether the change failed because a row with that key is there already.
pub fn is_duplicate(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
