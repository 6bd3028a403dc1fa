//! SQL for workers and their rights.

use chrono::{DateTime, Utc};
use ydun_domain::Tenant;

use super::Worker;
use crate::db::{Read, Result, Tx, sql};

pub(super) async fn all(db: &mut Read, tenant: Tenant) -> Result<Vec<Worker>> {
    const WORKERS: &str = "
        SELECT worker.id, worker.name, worker.rights, credential.worker IS NOT NULL AS has_password,
               (SELECT MAX(login.seen_at) FROM login
                WHERE login.tenant = worker.tenant AND login.worker = worker.id) AS last_seen
        FROM worker
        LEFT JOIN credential ON credential.tenant = worker.tenant AND credential.worker = worker.id
        WHERE worker.tenant = $1
        ORDER BY worker.id";
    #[derive(sqlx::FromRow)]
    struct Row {
        id: String,
        name: String,
        rights: String,
        has_password: bool,
        last_seen: Option<DateTime<Utc>>,
    }
    let rows: Vec<Row> = db.all(sql(WORKERS).bind(tenant)).await?;
    let worker = |Row { id, name, rights, has_password, last_seen }| Worker {
        id,
        name,
        rights: rights.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        has_password,
        last_seen,
    };
    Ok(rows.into_iter().map(worker).collect())
}

pub(super) async fn save(
    tx: &mut Tx,
    tenant: Tenant,
    (id, name): (&str, &str),
    rights: &str,
) -> Result<()> {
    const SAVE: &str = "
        INSERT INTO worker (tenant, id, name, rights) VALUES ($1, $2, $3, $4)
        ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name, rights = excluded.rights";
    tx.execute(sql(SAVE).bind(tenant).bind(id).bind(name).bind(rights)).await.map(drop)
}
