//! The tables of documents and of their bytes.

use ydun_domain::Tenant;
use ydun_domain::ids::{CaseId, DocumentId};
use ydun_runtime::Digest;

use super::Document;
use crate::access::{Act, Right};
use crate::db::{Read, Result, Tx, list, sql, sql_each};

pub(super) async fn insert<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    document: &Document,
    digest: Digest,
    content: &[u8],
) -> Result<()> {
    const CONTENT: &str = "
        INSERT INTO document_content (tenant, digest, content) VALUES ($1, $2, $3)
        ON CONFLICT (tenant, digest) DO NOTHING";
    const INSERT: &str = "
        INSERT INTO document (tenant, id, digest, title, media, length, origin, received_at, received_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    tx.execute(sql(CONTENT).bind(act.tenant()).bind(digest).bind(content)).await?;
    let insert = sql(INSERT)
        .bind(act.tenant())
        .bind(document.id)
        .bind(digest)
        .bind(document.title.as_str())
        .bind(document.media)
        .bind(document.length)
        .bind(document.origin)
        .bind(act.at())
        .bind(act.by());
    tx.execute(insert).await.map(drop)
}

pub(super) async fn set_case(
    tx: &mut Tx,
    tenant: Tenant,
    id: DocumentId,
    case: CaseId,
) -> Result<()> {
    const SET: &str = "UPDATE document SET case_id = $3 WHERE tenant = $1 AND id = $2";
    tx.execute(sql(SET).bind(tenant).bind(id).bind(case)).await.map(drop)
}

/// Leaves one that a case has.
pub(super) async fn delete(tx: &mut Tx, tenant: Tenant, id: DocumentId) -> Result<()> {
    const DELETE: &str = "
        DELETE FROM document WHERE tenant = $1 AND id = $2 AND case_id IS NULL RETURNING digest";
    const CONTENT: &str = "
        DELETE FROM document_content
        WHERE tenant = $1 AND digest = $2
          AND NOT EXISTS (SELECT 1 FROM document WHERE tenant = $1 AND digest = $2)";
    let deleted: Option<(Vec<u8>,)> = tx.optional(sql(DELETE).bind(tenant).bind(id)).await?;
    let Some((digest,)) = deleted else { return Ok(()) };
    tx.execute(sql(CONTENT).bind(tenant).bind(digest)).await.map(drop)
}

/// The bytes of a document.
pub async fn content(db: &mut Read, tenant: Tenant, id: DocumentId) -> Result<Option<Vec<u8>>> {
    const CONTENT: &str = "
        SELECT content FROM document_content
        JOIN document ON document.tenant = document_content.tenant AND document.digest = document_content.digest
        WHERE document.tenant = $1 AND document.id = $2";
    let found: Option<(Vec<u8>,)> = db.optional(sql(CONTENT).bind(tenant).bind(id)).await?;
    Ok(found.map(|(content,)| content))
}

/// The documents of a case, the newest first.
pub async fn of_case(db: &mut Read, tenant: Tenant, case: CaseId) -> Result<Vec<Document>> {
    const OF_CASE: &str = "
        SELECT id, title, media, length, origin, received_at FROM document
        WHERE tenant = $1 AND case_id = $2
        ORDER BY id DESC";
    db.all(sql(OF_CASE).bind(tenant).bind(case)).await
}

/// Those of the ids that are documents of the municipality, in the order they came.
pub async fn by_ids(db: &mut Read, tenant: Tenant, ids: &[DocumentId]) -> Result<Vec<Document>> {
    const SQLITE: &str = "
        SELECT id, title, media, length, origin, received_at FROM document
        WHERE tenant = $1 AND id IN (SELECT unhex(value, '-') FROM json_each($2))
        ORDER BY id";
    const POSTGRES: &str = "
        SELECT id, title, media, length, origin, received_at FROM document
        WHERE tenant = $1 AND id = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
        ORDER BY id";
    db.all(sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(ids))).await
}
