//! A fresh database of each engine, a municipality with workers, and a clock that stands still.

use std::future::Future;

use chrono::{DateTime, Utc};
use sqlx::postgres::{PgConnectOptions, PgPool};
use uuid::Uuid;
use ydun::access::{Act, Administer, Approve, Look, Pay, Propose, Register, Right, authorise};
use ydun::clock::Clock;
use ydun::db::{Db, Tx, Url, sql};
use ydun_domain::{Day, Tenant};

/// Runs a test on a fresh SQLite file and, where `YDUN_TEST_POSTGRES` names a server, in a fresh
/// schema there. The tables are made and the municipality [`tenant`] is set up.
pub(crate) async fn each_engine<F: Future<Output = ()>>(test: impl Fn(Db) -> F) {
    each_empty_engine(|db| async {
        set_up(&db, tenant()).await;
        test(db).await;
    })
    .await;
}

/// As [`each_engine`], with the tables made and nothing in them.
pub(crate) async fn each_empty_engine<F: Future<Output = ()>>(test: impl Fn(Db) -> F) {
    eprintln!("on SQLite:");
    let folder = tempfile::tempdir().unwrap();
    run(Url::Sqlite(folder.path().join("ydun.db")), &test).await;

    let Ok(server) = std::env::var("YDUN_TEST_POSTGRES") else { return };
    eprintln!("on PostgreSQL:");
    let options: PgConnectOptions = server.parse().expect("YDUN_TEST_POSTGRES is an address like postgres://…");
    let schema = format!("test_{}", Uuid::now_v7().simple());
    let admin = PgPool::connect_with(options.clone()).await.expect("the server of YDUN_TEST_POSTGRES answers");
    execute(&admin, format!("CREATE SCHEMA {schema}")).await;
    run(Url::Postgres(Box::new(options.options([("search_path", schema.as_str())]))), &test).await;
    execute(&admin, format!("DROP SCHEMA {schema} CASCADE")).await;
    admin.close().await;
}

async fn run<F: Future<Output = ()>>(url: Url, test: &impl Fn(Db) -> F) {
    let db = Db::open(&url).await.unwrap();
    db.migrate().await.unwrap();
    test(db.clone()).await;
    db.close().await;
}

async fn execute(pool: &PgPool, statement: String) {
    #[expect(clippy::disallowed_methods, reason = "the schema's name is our own")]
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(pool).await.unwrap();
}

/// A municipality with the workers `abc` and `def`, who may do everything.
pub(crate) async fn set_up(db: &Db, tenant: Tenant) {
    const MUNICIPALITY: &str = "INSERT INTO municipality (tenant, name, cvr) VALUES ($1, $2, $3)";
    const WORKER: &str = "INSERT INTO worker (tenant, id, name, rights) VALUES ($1, $2, $3, $4)";
    let rights =
        [Look::WORD, Register::WORD, Propose::WORD, Approve::WORD, Pay::WORD, Administer::WORD].join(" ");
    change(db, async |tx| {
        tx.execute(sql(MUNICIPALITY).bind(tenant).bind("Prøve Kommune").bind("29189803")).await.unwrap();
        for (id, name) in [("abc", "Anna B. Carlsen"), ("def", "Dorte E. Friis")] {
            tx.execute(sql(WORKER).bind(tenant).bind(id).bind(name).bind(rights.as_str())).await.unwrap();
        }
    })
    .await;
}

/// Does something in a transaction and commits it.
pub(crate) async fn change<T>(db: &Db, work: impl AsyncFnOnce(&mut Tx) -> T) -> T {
    let mut tx = db.begin().await.unwrap();
    let result = work(&mut tx).await;
    tx.commit().await.unwrap();
    result
}

pub(crate) fn tenant() -> Tenant {
    "0561".parse().unwrap()
}

pub(crate) fn other_tenant() -> Tenant {
    "0575".parse().unwrap()
}

/// A Monday morning.
pub(crate) fn now() -> DateTime<Utc> {
    at("2020-11-02T09:00:00Z")
}

pub(crate) fn clock() -> Clock {
    Clock::Fixed(now())
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// The worker `abc`, acting now.
pub(crate) async fn act<R: Right>(db: &Db) -> Act<R> {
    act_as(db, "abc", now()).await
}

/// One of the workers, acting at a moment.
pub(crate) async fn act_as<R: Right>(db: &Db, worker: &str, at: DateTime<Utc>) -> Act<R> {
    let mut read = db.read().await.unwrap();
    authorise(&mut read, tenant(), worker, at).await.unwrap()
}
