//! The tables of municipalities and workers.

use ydun_domain::{Cvr, Tenant};

use super::file::Worker;
use crate::db::{Read, Result, Tx, sql};

pub(super) async fn insert_municipality(
    tx: &mut Tx,
    tenant: Tenant,
    name: &str,
    cvr: &Cvr,
) -> Result<()> {
    const INSERT: &str = "INSERT INTO municipality (tenant, name, cvr) VALUES ($1, $2, $3)";
    tx.execute(sql(INSERT).bind(tenant).bind(name).bind(cvr.clone())).await.map(drop)
}

pub(super) async fn workers(read: &mut Read, tenant: Tenant) -> Result<Vec<Worker>> {
    const WORKERS: &str = "SELECT id, name, rights FROM worker WHERE tenant = $1";
    let rows: Vec<(String, String, String)> = read.all(sql(WORKERS).bind(tenant)).await?;
    let worker = |(id, name, rights): (String, String, String)| {
        let rights = rights.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        Worker { id, name, rights }
    };
    Ok(rows.into_iter().map(worker).collect())
}

pub(super) async fn save_worker(tx: &mut Tx, tenant: Tenant, worker: &Worker) -> Result<()> {
    const SAVE: &str = "
        INSERT INTO worker (tenant, id, name, rights) VALUES ($1, $2, $3, $4)
        ON CONFLICT (tenant, id) DO UPDATE SET name = $3, rights = $4";
    let Worker { id, name, rights } = worker;
    let save = sql(SAVE).bind(tenant).bind(id.as_str()).bind(name.as_str()).bind(rights.join(" "));
    tx.execute(save).await.map(drop)
}
