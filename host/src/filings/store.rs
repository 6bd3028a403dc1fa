//! The tables of filings and what is attached to them.

use chrono::{DateTime, Utc};
use ydun_domain::Tenant;
use ydun_domain::ids::{CaseId, DocumentId, FilingId, PartyId};

use super::{Answers, Filing};
use crate::access::{Act, Own};
use crate::db::{Read, Result, Tx, list, sql, sql_each};

#[derive(sqlx::FromRow)]
struct Row {
    id: FilingId,
    owner: PartyId,
    benefit: String,
    form: String,
    case_id: Option<CaseId>,
    answers: String,
    step: String,
    version: i64,
    saved_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Filing {
    type Error = sqlx::Error;
    fn try_from(row: Row) -> Result<Self> {
        let answers = serde_json::from_str(&row.answers)
            .map_err(|error| sqlx::Error::Decode(error.into()))?;
        let Row {
            id, owner, benefit, form, case_id: case, step, version, saved_at, sent_at, ..
        } = row;
        Ok(Self { id, owner, benefit, form, case, answers, step, version, saved_at, sent_at })
    }
}

fn written(answers: &Answers) -> String {
    serde_json::to_string(answers).expect("texts are always JSON")
}

pub(super) async fn insert(tx: &mut Tx, act: &Act<Own>, filing: &Filing) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO filing
            (tenant, id, owner, benefit, form, case_id, answers, step, version, begun_at, saved_at, saved_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $9, $10)";
    let insert = sql(INSERT)
        .bind(act.tenant())
        .bind(filing.id)
        .bind(filing.owner)
        .bind(filing.benefit.as_str())
        .bind(filing.form.as_str())
        .bind(filing.case)
        .bind(written(&filing.answers))
        .bind(filing.step.as_str())
        .bind(act.at())
        .bind(act.by());
    tx.execute(insert).await.map(drop)
}

pub(super) async fn by_id(db: &mut Read, tenant: Tenant, id: FilingId) -> Result<Option<Filing>> {
    const BY_ID: &str = "
        SELECT id, owner, benefit, form, case_id, answers, step, version, saved_at, sent_at
        FROM filing WHERE tenant = $1 AND id = $2";
    let found: Option<Row> = db.optional(sql(BY_ID).bind(tenant).bind(id)).await?;
    found.map(Filing::try_from).transpose()
}

pub(super) async fn lock(tx: &mut Tx, tenant: Tenant, id: FilingId) -> Result<Option<Filing>> {
    const LOCK: &str = "
        SELECT id, owner, benefit, form, case_id, answers, step, version, saved_at, sent_at
        FROM filing WHERE tenant = $1 AND id = $2";
    let found: Option<Row> = tx.optional(sql(LOCK).bind(tenant).bind(id).locking()).await?;
    found.map(Filing::try_from).transpose()
}

/// Of any of some parties, the newest first.
pub(super) async fn of_owners(
    db: &mut Read,
    tenant: Tenant,
    owners: &[PartyId],
) -> Result<Vec<Filing>> {
    const SQLITE: &str = "
        SELECT id, owner, benefit, form, case_id, answers, step, version, saved_at, sent_at
        FROM filing
        WHERE tenant = $1 AND owner IN (SELECT unhex(value, '-') FROM json_each($2))
        ORDER BY id DESC";
    const POSTGRES: &str = "
        SELECT id, owner, benefit, form, case_id, answers, step, version, saved_at, sent_at
        FROM filing
        WHERE tenant = $1 AND owner = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
        ORDER BY id DESC";
    let rows: Vec<Row> = db.all(sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(owners))).await?;
    rows.into_iter().map(Filing::try_from).collect()
}

pub(super) async fn save(
    tx: &mut Tx,
    act: &Act<Own>,
    id: FilingId,
    answers: &Answers,
    step: &str,
) -> Result<()> {
    const SAVE: &str = "
        UPDATE filing SET answers = $3, step = $4, version = version + 1, saved_at = $5, saved_by = $6
        WHERE tenant = $1 AND id = $2";
    let save = sql(SAVE)
        .bind(act.tenant())
        .bind(id)
        .bind(written(answers))
        .bind(step)
        .bind(act.at())
        .bind(act.by());
    tx.execute(save).await.map(drop)
}

pub(super) async fn set_sent(
    tx: &mut Tx,
    act: &Act<Own>,
    id: FilingId,
    case: CaseId,
) -> Result<()> {
    const SENT: &str = "
        UPDATE filing SET sent_at = $3, saved_by = $4, case_id = $5 WHERE tenant = $1 AND id = $2";
    let sent = sql(SENT).bind(act.tenant()).bind(id).bind(act.at()).bind(act.by()).bind(case);
    tx.execute(sent).await.map(drop)
}

pub(super) async fn delete(tx: &mut Tx, tenant: Tenant, id: FilingId) -> Result<()> {
    const DELETE: &str = "DELETE FROM filing WHERE tenant = $1 AND id = $2 AND sent_at IS NULL";
    tx.execute(sql(DELETE).bind(tenant).bind(id)).await.map(drop)
}

pub(super) async fn attach(
    tx: &mut Tx,
    tenant: Tenant,
    filing: FilingId,
    document: DocumentId,
) -> Result<()> {
    const ATTACH: &str = "
        INSERT INTO filing_document (tenant, filing, document) VALUES ($1, $2, $3)";
    tx.execute(sql(ATTACH).bind(tenant).bind(filing).bind(document)).await.map(drop)
}

pub(super) async fn detach(
    tx: &mut Tx,
    tenant: Tenant,
    filing: FilingId,
    document: DocumentId,
) -> Result<()> {
    const DETACH: &str = "
        DELETE FROM filing_document WHERE tenant = $1 AND filing = $2 AND document = $3";
    tx.execute(sql(DETACH).bind(tenant).bind(filing).bind(document)).await.map(drop)
}

pub(super) async fn documents(
    db: &mut Read,
    tenant: Tenant,
    filing: FilingId,
) -> Result<Vec<DocumentId>> {
    const DOCUMENTS: &str = "
        SELECT document FROM filing_document WHERE tenant = $1 AND filing = $2 ORDER BY document";
    let rows: Vec<(DocumentId,)> = db.all(sql(DOCUMENTS).bind(tenant).bind(filing)).await?;
    Ok(rows.into_iter().map(|(document,)| document).collect())
}
