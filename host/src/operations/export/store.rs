//! SQL for postings that leave, and the files they leave in.

use chrono::{DateTime, Utc};
use ydun_domain::ids::{CaseId, EntryId, PostingExportId};
use ydun_domain::{Day, Dkk, Period, Tenant};

use super::{Layout, Leaving, PostingExport};
use crate::access::{Act, Right};
use crate::db::{Bind as _, Read, Result, Tx, bulk, sql};

#[derive(sqlx::FromRow)]
struct LeavingRow {
    entry_id: EntryId,
    number: i64,
    serial: i64,
    booked: Day,
    debit: String,
    credit: String,
    debit_number: String,
    credit_number: String,
    amount: Dkk,
    case_id: CaseId,
    case_number: String,
    posting_code: String,
    first_day: Day,
    last_day: Day,
    cpr: Option<String>,
}

fn decode(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::Decode(error.into())
}

impl TryFrom<LeavingRow> for Leaving {
    type Error = sqlx::Error;
    fn try_from(row: LeavingRow) -> Result<Self> {
        let LeavingRow { number, serial, booked, debit, credit, amount, .. } = row;
        let LeavingRow { debit_number, credit_number, case_id, case_number, .. } = row;
        Ok(Self {
            entry: row.entry_id,
            number,
            serial,
            booked,
            debit,
            credit,
            debit_number,
            credit_number,
            amount,
            case_id,
            case_number,
            posting_code: row.posting_code,
            period: Period::new(row.first_day, row.last_day).map_err(decode)?,
            cpr: row.cpr.map(|digits| digits.parse().map_err(decode)).transpose()?,
        })
    }
}

/// What is booked within some days and has not left, in the order it was booked; without its numbers.
pub(super) async fn ready(db: &mut Read, tenant: Tenant, booked: Period) -> Result<Vec<Leaving>> {
    const READY: &str = "
        SELECT entry.id AS entry_id, posting.number, CAST(0 AS BIGINT) AS serial, entry.booked, posting.debit,
               posting.credit, '' AS debit_number, '' AS credit_number, posting.amount, posting.case_id,
               benefit_case.number AS case_number, posting.posting_code, posting.first_day, posting.last_day,
               CASE WHEN party.number_kind = 'cpr' THEN party.number END AS cpr
        FROM ledger_entry AS entry
        JOIN posting ON posting.tenant = entry.tenant AND posting.entry_id = entry.id
        JOIN benefit_case ON benefit_case.tenant = posting.tenant AND benefit_case.id = posting.case_id
        JOIN party ON party.tenant = posting.tenant AND party.id = posting.payee
        LEFT JOIN posting_export_row AS gone
          ON gone.tenant = posting.tenant AND gone.entry_id = posting.entry_id AND gone.number = posting.number
        WHERE entry.tenant = $1 AND entry.booked BETWEEN $2 AND $3 AND gone.export_id IS NULL
        ORDER BY entry.booked, entry.id, posting.number";
    let ready = sql(READY).bind(tenant).bind(booked.first()).bind(booked.last());
    let rows: Vec<LeavingRow> = db.all(ready).await?;
    rows.into_iter().map(Leaving::try_from).collect()
}

/// What left in a file, in its order and as it was called then.
pub(super) async fn of_export(
    db: &mut Read,
    tenant: Tenant,
    id: PostingExportId,
) -> Result<Vec<Leaving>> {
    const OF_EXPORT: &str = "
        SELECT gone.entry_id, gone.number, gone.serial, entry.booked, posting.debit, posting.credit,
               gone.debit_number, gone.credit_number, posting.amount, posting.case_id,
               benefit_case.number AS case_number, posting.posting_code, posting.first_day, posting.last_day, gone.cpr
        FROM posting_export_row AS gone
        JOIN ledger_entry AS entry ON entry.tenant = gone.tenant AND entry.id = gone.entry_id
        JOIN posting
          ON posting.tenant = gone.tenant AND posting.entry_id = gone.entry_id AND posting.number = gone.number
        JOIN benefit_case ON benefit_case.tenant = posting.tenant AND benefit_case.id = posting.case_id
        WHERE gone.tenant = $1 AND gone.export_id = $2
        ORDER BY gone.serial";
    let rows: Vec<LeavingRow> = db.all(sql(OF_EXPORT).bind(tenant).bind(id)).await?;
    rows.into_iter().map(Leaving::try_from).collect()
}

pub(super) async fn last_serial(db: &mut Read, tenant: Tenant) -> Result<i64> {
    const LAST: &str = "SELECT COALESCE(MAX(serial), 0) FROM posting_export_row WHERE tenant = $1";
    let (last,): (i64,) = db.one(sql(LAST).bind(tenant)).await?;
    Ok(last)
}

pub(super) async fn insert<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    file: &PostingExport,
    postings: &[Leaving],
) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO posting_export (tenant, id, layout, month, name, digest, postings, total, made_at, made_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let insert = sql(INSERT)
        .bind(act.tenant())
        .bind(file.id)
        .bind(file.layout)
        .bind(file.month.first())
        .bind(file.name.as_str())
        .bind(file.digest.as_slice())
        .bind(file.postings)
        .bind(file.total)
        .bind(file.made_at)
        .bind(act.by());
    tx.execute(insert).await?;
    let mut rows = bulk(
        "INSERT INTO posting_export_row
            (tenant, entry_id, number, export_id, serial, debit_number, credit_number, cpr) VALUES",
        "",
    );
    for posting in postings {
        rows.row(vec![
            act.tenant().bind(),
            posting.entry.bind(),
            posting.number.bind(),
            file.id.bind(),
            posting.serial.bind(),
            posting.debit_number.as_str().bind(),
            posting.credit_number.as_str().bind(),
            posting.cpr.bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct ExportRow {
    tenant: Tenant,
    id: PostingExportId,
    #[sqlx(try_from = "String")]
    layout: Layout,
    month: Day,
    name: String,
    digest: Vec<u8>,
    postings: i64,
    total: Dkk,
    made_at: DateTime<Utc>,
    published_at: Option<DateTime<Utc>>,
}

impl From<ExportRow> for PostingExport {
    fn from(row: ExportRow) -> Self {
        let ExportRow { tenant, id, layout, month, name, digest, .. } = row;
        let ExportRow { postings, total, made_at, published_at, .. } = row;
        let month = month.month();
        Self { tenant, id, layout, month, name, digest, postings, total, made_at, published_at }
    }
}

pub(super) async fn find(
    db: &mut Read,
    tenant: Tenant,
    id: PostingExportId,
) -> Result<Option<PostingExport>> {
    const FIND: &str = "
        SELECT tenant, id, layout, month, name, digest, postings, total, made_at, published_at
        FROM posting_export
        WHERE tenant = $1 AND id = $2";
    let found: Option<ExportRow> = db.optional(sql(FIND).bind(tenant).bind(id)).await?;
    Ok(found.map(PostingExport::from))
}

pub(super) async fn all(db: &mut Read, tenant: Tenant) -> Result<Vec<PostingExport>> {
    const ALL: &str = "
        SELECT tenant, id, layout, month, name, digest, postings, total, made_at, published_at
        FROM posting_export
        WHERE tenant = $1
        ORDER BY id";
    let rows: Vec<ExportRow> = db.all(sql(ALL).bind(tenant)).await?;
    Ok(rows.into_iter().map(PostingExport::from).collect())
}

/// The names of the files that are sealed and not yet published.
pub(super) async fn unpublished_names(db: &mut Read, tenant: Tenant) -> Result<Vec<String>> {
    const NAMES: &str =
        "SELECT name FROM posting_export WHERE tenant = $1 AND published_at IS NULL";
    let rows: Vec<(String,)> = db.all(sql(NAMES).bind(tenant)).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

pub(super) async fn set_published(
    tx: &mut Tx,
    tenant: Tenant,
    id: PostingExportId,
    at: DateTime<Utc>,
) -> Result<()> {
    const SET: &str = "UPDATE posting_export SET published_at = $3 WHERE tenant = $1 AND id = $2";
    tx.execute(sql(SET).bind(tenant).bind(id).bind(at)).await.map(drop)
}
