//! SQL for runs.

use chrono::{DateTime, Utc};
use ydun_domain::ids::{CaseId, RunId};
use ydun_domain::{Day, Period, Tenant};
use ydun_runtime::Digest;

use crate::db::{Bind as _, Read, Result, Tx, bulk, list, sql, sql_each};
use crate::modules::run::{Answer, Purpose, Run, Sealed};

pub(in crate::modules) async fn insert_runs(
    tx: &mut Tx,
    tenant: Tenant,
    at: DateTime<Utc>,
    runs: &[&Run],
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO run
            (tenant, case_id, id, artifact, engine, purpose, first_day, last_day, dossier, dossier_digest,
             outcome, outcome_digest, fault, fault_detail, fuel, memory_bytes, micros, calculated_at)
        VALUES",
        "",
    );
    for run in runs {
        let (outcome, fault) = match &run.answer {
            Answer::Given(sealed) => (Some((sealed.bytes.as_slice(), sealed.digest)), None),
            Answer::Fault { code, detail } => (None, Some((code.as_str(), detail.as_str()))),
        };
        let (outcome, outcome_digest) = outcome.unzip();
        let (code, detail) = fault.unzip();
        rows.row(vec![
            tenant.bind(),
            run.case.bind(),
            run.id.bind(),
            run.artifact.bind(),
            run.engine.as_str().bind(),
            run.purpose.bind(),
            run.span.first().bind(),
            run.span.last().bind(),
            run.dossier.bytes.as_slice().bind(),
            run.dossier.digest.bind(),
            outcome.bind(),
            outcome_digest.bind(),
            code.bind(),
            detail.bind(),
            run.fuel.bind(),
            run.memory_bytes.bind(),
            run.micros.bind(),
            at.bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct RunRow {
    id: RunId,
    case_id: CaseId,
    #[sqlx(try_from = "Vec<u8>")]
    artifact: Digest,
    engine: String,
    #[sqlx(try_from = "String")]
    purpose: Purpose,
    first_day: Day,
    last_day: Day,
    dossier: Vec<u8>,
    #[sqlx(try_from = "Vec<u8>")]
    dossier_digest: Digest,
    outcome: Option<Vec<u8>>,
    outcome_digest: Option<Vec<u8>>,
    fault: Option<String>,
    fault_detail: Option<String>,
    fuel: i64,
    memory_bytes: i64,
    micros: i64,
}

impl TryFrom<RunRow> for Run {
    type Error = sqlx::Error;
    fn try_from(row: RunRow) -> Result<Self> {
        let broken = |error: Box<dyn std::error::Error + Send + Sync>| sqlx::Error::Decode(error);
        let answer = match (row.outcome, row.outcome_digest, row.fault) {
            (Some(bytes), Some(digest), None) => {
                let digest = Digest::try_from(digest).map_err(|error| broken(error.into()))?;
                Answer::Given(Sealed { bytes, digest })
            }
            (None, None, Some(code)) => {
                Answer::Fault { code, detail: row.fault_detail.unwrap_or_default() }
            }
            _ => {
                return Err(broken(
                    format!("run {} has neither one outcome nor one fault", row.id).into(),
                ));
            }
        };
        Ok(Self {
            id: row.id,
            case: row.case_id,
            artifact: row.artifact,
            engine: row.engine,
            purpose: row.purpose,
            span: Period::new(row.first_day, row.last_day).map_err(|error| broken(error.into()))?,
            dossier: Sealed { bytes: row.dossier, digest: row.dossier_digest },
            answer,
            fuel: row.fuel,
            memory_bytes: row.memory_bytes,
            micros: row.micros,
        })
    }
}

pub(in crate::modules) async fn run(
    db: &mut Read,
    tenant: Tenant,
    case: CaseId,
    id: RunId,
) -> Result<Option<Run>> {
    const RUN: &str = "
        SELECT id, case_id, artifact, engine, purpose, first_day, last_day, dossier, dossier_digest,
               outcome, outcome_digest, fault, fault_detail, fuel, memory_bytes, micros
        FROM run WHERE tenant = $1 AND case_id = $2 AND id = $3";
    let row: Option<RunRow> = db.optional(sql(RUN).bind(tenant).bind(case).bind(id)).await?;
    row.map(Run::try_from).transpose()
}

/// The case's newest run with days in the period.
pub(in crate::modules) async fn last_run(
    db: &mut Read,
    tenant: Tenant,
    case: CaseId,
    days: Period,
) -> Result<Option<Run>> {
    const LAST: &str = "
        SELECT id, case_id, artifact, engine, purpose, first_day, last_day, dossier, dossier_digest,
               outcome, outcome_digest, fault, fault_detail, fuel, memory_bytes, micros
        FROM run
        WHERE tenant = $1 AND case_id = $2 AND purpose = 'live' AND first_day <= $4 AND last_day >= $3
        ORDER BY id DESC LIMIT 1";
    let last = sql(LAST).bind(tenant).bind(case).bind(days.first()).bind(days.last());
    db.optional::<RunRow>(last).await?.map(Run::try_from).transpose()
}

/// These runs, which are in the order of their cases.
pub(in crate::modules) async fn runs_of(
    db: &mut Read,
    tenant: Tenant,
    wanted: &[(CaseId, RunId)],
) -> Result<Vec<Run>> {
    const SQLITE: &str = "
        SELECT id, case_id, artifact, engine, purpose, first_day, last_day, dossier, dossier_digest,
               outcome, outcome_digest, fault, fault_detail, fuel, memory_bytes, micros
        FROM run
        WHERE tenant = $1 AND case_id >= $2 AND case_id <= $3
          AND id IN (SELECT unhex(value, '-') FROM json_each($4))
        ORDER BY case_id, id";
    const POSTGRES: &str = "
        SELECT id, case_id, artifact, engine, purpose, first_day, last_day, dossier, dossier_digest,
               outcome, outcome_digest, fault, fault_detail, fuel, memory_bytes, micros
        FROM run
        WHERE tenant = $1 AND case_id >= $2 AND case_id <= $3
          AND id = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($4 AS JSON)) AS UUID)))
        ORDER BY case_id, id";
    let (Some((first, _)), Some((last, _))) = (wanted.first(), wanted.last()) else {
        return Ok(Vec::new());
    };
    let ids: Vec<RunId> = wanted.iter().map(|(_, id)| *id).collect();
    let runs = sql_each(SQLITE, POSTGRES).bind(tenant).bind(*first).bind(*last).bind(list(&ids));
    let rows: Vec<RunRow> = db.all(runs).await?;
    rows.into_iter().map(Run::try_from).collect()
}

/// The next runs in order of case and age, up to a case.
pub(in crate::modules) async fn runs_after(
    db: &mut Read,
    tenant: Tenant,
    after: (CaseId, RunId),
    up_to: CaseId,
    limit: u32,
) -> Result<Vec<Run>> {
    const PAGE: &str = "
        SELECT id, case_id, artifact, engine, purpose, first_day, last_day, dossier, dossier_digest,
               outcome, outcome_digest, fault, fault_detail, fuel, memory_bytes, micros
        FROM run
        WHERE tenant = $1 AND (case_id, id) > ($2, $3) AND case_id <= $4
        ORDER BY case_id, id
        LIMIT $5";
    let page =
        sql(PAGE).bind(tenant).bind(after.0).bind(after.1).bind(up_to).bind(i64::from(limit));
    let rows: Vec<RunRow> = db.all(page).await?;
    rows.into_iter().map(Run::try_from).collect()
}
