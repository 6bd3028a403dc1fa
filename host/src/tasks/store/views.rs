//! SQL for choices that are kept under a name.

use ydun_domain::Tenant;

use crate::db::{Read, Result, Tx, sql};
use crate::tasks::bench::View;

pub(in crate::tasks) async fn views(
    db: &mut Read,
    tenant: Tenant,
    worker: &str,
) -> Result<Vec<View>> {
    const VIEWS: &str = "
        SELECT name, owner, is_shared, choice
        FROM task_view
        WHERE tenant = $1 AND (owner = $2 OR is_shared)
        ORDER BY name, owner";
    db.all(sql(VIEWS).bind(tenant).bind(worker)).await
}

pub(in crate::tasks) async fn put_view(tx: &mut Tx, tenant: Tenant, view: &View) -> Result<()> {
    const PUT: &str = "
        INSERT INTO task_view (tenant, name, owner, is_shared, choice) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (tenant, owner, name) DO UPDATE SET is_shared = excluded.is_shared, choice = excluded.choice";
    let put = sql(PUT).bind(tenant).bind(view.name.as_str()).bind(view.owner.as_str());
    tx.execute(put.bind(view.is_shared).bind(view.choice.as_str())).await.map(drop)
}

pub(in crate::tasks) async fn remove_view(
    tx: &mut Tx,
    tenant: Tenant,
    owner: &str,
    name: &str,
) -> Result<()> {
    const REMOVE: &str = "DELETE FROM task_view WHERE tenant = $1 AND owner = $2 AND name = $3";
    tx.execute(sql(REMOVE).bind(tenant).bind(owner).bind(name)).await.map(drop)
}
