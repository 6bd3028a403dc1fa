//! SQL for modules and activations.

mod choices;
mod policy;
mod publishers;
mod runs;
mod suspension;

use ydun_domain::ids::ActivationId;
use ydun_domain::{Day, Tenant, Validity};
use ydun_runtime::Digest;

pub(super) use self::choices::{choices, insert_choice};
pub(super) use self::policy::{insert_policy, policy};
pub(super) use self::publishers::{
    insert_key, insert_publisher, insert_signatures, publishers, revoke_key, signatures,
};
pub(super) use self::runs::{insert_runs, last_run, run, runs_after, runs_of};
pub(super) use self::suspension::{count_faults, resume, suspend, suspension, suspensions};
use super::{Activation, Installed, Mode};
use crate::access::{Act, Administer};
use crate::db::{Bind as _, Read, Result, Tx, bulk, sql};

/// What is kept of a module beside its bytes.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Kept {
    #[sqlx(try_from = "Vec<u8>")]
    pub(super) digest: Digest,
    pub(super) manifest: String,
}

/// A module to keep.
pub(super) struct NewArtifact<'a> {
    pub(super) digest: Digest,
    pub(super) benefit: &'a str,
    pub(super) version: String,
    pub(super) interface: String,
    pub(super) manifest: String,
    pub(super) component: &'a [u8],
    pub(super) report: String,
}

/// Keeps a module, and tells whether it was new.
pub(super) async fn insert_artifact(
    tx: &mut Tx,
    act: &Act<Administer>,
    new: NewArtifact<'_>,
) -> Result<bool> {
    const INSERT: &str = "
        INSERT INTO artifact
            (digest, benefit, version, interface, manifest, component, report, installed_at, installed_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (digest) DO NOTHING";
    let insert =
        sql(INSERT).bind(new.digest).bind(new.benefit).bind(new.version).bind(new.interface);
    let insert = insert
        .bind(new.manifest)
        .bind(new.component)
        .bind(new.report)
        .bind(act.at())
        .bind(act.by());
    Ok(tx.execute(insert).await? == 1)
}

/// Keeps a newer report, of a module that was verified again.
pub(super) async fn put_report(tx: &mut Tx, digest: Digest, report: String) -> Result<()> {
    const PUT: &str = "UPDATE artifact SET report = $2 WHERE digest = $1";
    tx.execute(sql(PUT).bind(digest).bind(report)).await.map(drop)
}

/// What verification found, as JSON.
pub(super) async fn report(db: &mut Read, benefit: &str, version: &str) -> Result<Option<String>> {
    const REPORT: &str = "SELECT report FROM artifact WHERE benefit = $1 AND version = $2";
    let found: Option<(String,)> = db.optional(sql(REPORT).bind(benefit).bind(version)).await?;
    Ok(found.map(|(report,)| report))
}

pub(super) async fn version(db: &mut Read, benefit: &str, version: &str) -> Result<Option<Kept>> {
    const VERSION: &str =
        "SELECT digest, manifest FROM artifact WHERE benefit = $1 AND version = $2";
    db.optional(sql(VERSION).bind(benefit).bind(version)).await
}

/// The module of the benefit that was installed last.
pub(super) async fn newest(db: &mut Read, benefit: &str) -> Result<Option<Kept>> {
    const NEWEST: &str = "
        SELECT digest, manifest FROM artifact WHERE benefit = $1
        ORDER BY installed_at DESC, digest LIMIT 1";
    db.optional(sql(NEWEST).bind(benefit)).await
}

/// The module of the benefit that was installed last, beside one version.
pub(super) async fn newest_other(
    db: &mut Read,
    benefit: &str,
    version: &str,
) -> Result<Option<Kept>> {
    const NEWEST: &str = "
        SELECT digest, manifest FROM artifact WHERE benefit = $1 AND version <> $2
        ORDER BY installed_at DESC, digest LIMIT 1";
    db.optional(sql(NEWEST).bind(benefit).bind(version)).await
}

pub(super) async fn by_digest(db: &mut Read, digest: Digest) -> Result<Option<Kept>> {
    const KEPT: &str = "SELECT digest, manifest FROM artifact WHERE digest = $1";
    db.optional(sql(KEPT).bind(digest)).await
}

pub(super) async fn component(db: &mut Read, digest: Digest) -> Result<Option<Vec<u8>>> {
    const COMPONENT: &str = "SELECT component FROM artifact WHERE digest = $1";
    let found: Option<(Vec<u8>,)> = db.optional(sql(COMPONENT).bind(digest)).await?;
    Ok(found.map(|(bytes,)| bytes))
}

pub(super) async fn installed(db: &mut Read) -> Result<Vec<Installed>> {
    const INSTALLED: &str = "
        SELECT digest, benefit, version, interface, installed_at, installed_by
        FROM artifact ORDER BY benefit, installed_at, digest";
    db.all(sql(INSTALLED)).await
}

#[derive(sqlx::FromRow)]
struct ActivationRow {
    id: ActivationId,
    benefit: String,
    #[sqlx(try_from = "Vec<u8>")]
    digest: Digest,
    #[sqlx(try_from = "String")]
    mode: Mode,
    first_day: Day,
    last_day: Option<Day>,
    known_from: Day,
    known_until: Option<Day>,
}

impl TryFrom<ActivationRow> for Activation {
    type Error = sqlx::Error;
    fn try_from(row: ActivationRow) -> Result<Self> {
        let days = Validity::new(row.first_day, row.last_day)
            .map_err(|error| sqlx::Error::Decode(error.into()))?;
        let ActivationRow { id, benefit, digest, mode, known_from, known_until, .. } = row;
        Ok(Self { id, benefit, digest, mode, days, known_from, known_until })
    }
}

/// Every activation of the benefit there has been, in order of days and knowledge.
pub(super) async fn activations(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
) -> Result<Vec<Activation>> {
    const ACTIVATIONS: &str = "
        SELECT id, benefit, digest, mode, first_day, last_day, known_from, known_until
        FROM activation
        WHERE tenant = $1 AND benefit = $2
        ORDER BY first_day, known_from, id";
    let rows: Vec<ActivationRow> = db.all(sql(ACTIVATIONS).bind(tenant).bind(benefit)).await?;
    rows.into_iter().map(Activation::try_from).collect()
}

/// Every activation that nothing has replaced, of all benefits.
pub(super) async fn current_activations(db: &mut Read, tenant: Tenant) -> Result<Vec<Activation>> {
    const CURRENT: &str = "
        SELECT id, benefit, digest, mode, first_day, last_day, known_from, known_until
        FROM activation
        WHERE tenant = $1 AND known_until IS NULL
        ORDER BY benefit, first_day, id";
    let rows: Vec<ActivationRow> = db.all(sql(CURRENT).bind(tenant)).await?;
    rows.into_iter().map(Activation::try_from).collect()
}

/// Keeps others from activating a version of the benefit until the transaction ends.
pub(super) async fn lock_benefit(tx: &mut Tx, benefit: &str) -> Result<()> {
    const LOCK: &str = "SELECT digest FROM artifact WHERE benefit = $1 ORDER BY digest";
    let _: Vec<(Vec<u8>,)> = tx.all(sql(LOCK).bind(benefit).locking()).await?;
    Ok(())
}

pub(super) async fn end_activation(
    tx: &mut Tx,
    tenant: Tenant,
    id: ActivationId,
    known_until: Day,
) -> Result<()> {
    const END: &str = "UPDATE activation SET known_until = $3 WHERE tenant = $1 AND id = $2";
    tx.execute(sql(END).bind(tenant).bind(id).bind(known_until)).await.map(drop)
}

pub(super) async fn insert_activations(
    tx: &mut Tx,
    act: &Act<Administer>,
    new: &[Activation],
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO activation
            (tenant, id, benefit, digest, mode, first_day, last_day, known_from, known_until, activated_at, activated_by)
        VALUES",
        "",
    );
    for activation in new {
        rows.row(vec![
            act.tenant().bind(),
            activation.id.bind(),
            activation.benefit.as_str().bind(),
            activation.digest.bind(),
            activation.mode.bind(),
            activation.days.first().bind(),
            activation.days.last().bind(),
            activation.known_from.bind(),
            activation.known_until.bind(),
            act.at().bind(),
            act.by().bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}
