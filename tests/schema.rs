//! The tables as they are in a live database of either engine.

use std::collections::BTreeSet;

use ydun::db::{Bind as _, Db, bulk, sql, sql_each};

use crate::support::{each_empty_engine, each_engine, tenant};

#[derive(sqlx::FromRow, Debug)]
struct Index {
    of_table: String,
    name: String,
    is_primary: bool,
    first_column: String,
}

async fn tables(db: &Db) -> BTreeSet<String> {
    const SQLITE: &str = "SELECT name FROM sqlite_master WHERE type = 'table'";
    const POSTGRES: &str =
        "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()";
    let rows: Vec<(String,)> =
        db.read().await.unwrap().all(sql_each(SQLITE, POSTGRES)).await.unwrap();
    rows.into_iter().map(|(name,)| name).filter(|name| name != "_sqlx_migrations").collect()
}

async fn indexes(db: &Db) -> Vec<Index> {
    const SQLITE: &str = "
        SELECT t.name AS of_table, i.name AS name, i.origin = 'pk' AS is_primary, c.name AS first_column
        FROM sqlite_master t
        JOIN pragma_index_list(t.name) i
        JOIN pragma_index_info(i.name) c
        WHERE t.type = 'table' AND c.seqno = 0";
    const POSTGRES: &str = "
        SELECT CAST(t.relname AS TEXT) AS of_table, CAST(i.relname AS TEXT) AS name,
               x.indisprimary AS is_primary, CAST(c.attname AS TEXT) AS first_column
        FROM pg_index x
        JOIN pg_class t ON t.oid = x.indrelid
        JOIN pg_class i ON i.oid = x.indexrelid
        JOIN pg_namespace n ON n.oid = t.relnamespace
        JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum = x.indkey[0]
        WHERE n.nspname = current_schema()";
    db.read().await.unwrap().all(sql_each(SQLITE, POSTGRES)).await.unwrap()
}

#[tokio::test]
async fn the_municipality_comes_first_in_every_key_and_index() {
    /// What all municipalities share.
    const SHARED: [&str; 3] = ["artifact", "artifact_signature", "rate_publication"];
    each_empty_engine(|db| async move {
        let indexes = indexes(&db).await;
        let tables = tables(&db).await;
        assert!(tables.len() > 15, "{tables:?}");
        for table in tables.iter().filter(|table| !SHARED.contains(&table.as_str())) {
            let mut own = indexes.iter().filter(|index| index.of_table == *table);
            assert!(own.clone().any(|index| index.is_primary), "{table} has no primary key");
            let astray = own.find(|index| index.first_column != "tenant");
            assert!(
                astray.is_none(),
                "{} of {table} does not begin with the tenant",
                astray.unwrap().name
            );
        }
    })
    .await;
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    each_engine(|db| async move {
        let before = tables(&db).await;
        db.migrate().await.unwrap();
        assert_eq!(tables(&db).await, before);
        let (name,): (String,) =
            db.read().await.unwrap().one(sql("SELECT name FROM municipality")).await.unwrap();
        assert_eq!(name, "Prøve Kommune");
    })
    .await;
}

#[tokio::test]
async fn a_look_can_change_nothing() {
    each_engine(|db| async move {
        let mut read = db.read().await.unwrap();
        let rename =
            sql("UPDATE municipality SET name = 'En anden' WHERE tenant = $1 RETURNING name");
        let renamed: Result<Option<(String,)>, _> = read.optional(rename.bind(tenant())).await;
        let refused = renamed.unwrap_err().to_string();
        assert!(refused.contains("read"), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn many_rows_go_in_and_those_that_are_there_are_passed_over() {
    each_engine(|db| async move {
        let rows = |numbers: std::ops::Range<i64>| {
            let mut rows = bulk(
                "INSERT INTO case_sequence (tenant, year, last_given) VALUES",
                "ON CONFLICT (tenant, year) DO NOTHING",
            );
            for number in numbers {
                rows.row(vec![tenant().bind(), number.bind(), 0i64.bind()]);
            }
            rows
        };
        let mut tx = db.begin().await.unwrap();
        assert_eq!(tx.insert(rows(0..0)).await.unwrap(), 0);
        assert_eq!(tx.insert(rows(0..700)).await.unwrap(), 700);
        assert_eq!(tx.insert(rows(600..800)).await.unwrap(), 100);
    })
    .await;
}
