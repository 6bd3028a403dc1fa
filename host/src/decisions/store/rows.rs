//! Rows as the engines give them, made into decisions.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use ydun_domain::ids::{CaseId, DecisionId, MonthRunId, PartyId, RunId};
use ydun_domain::{Day, Dkk, Period, Tenant};
use ydun_runtime::Digest;

use crate::db::Result;
use crate::decisions::service::MadeWith;
use crate::decisions::{Basis, DecidedLine, Decision, Mark, Ruling, Standing, Status};

#[derive(sqlx::FromRow)]
pub(super) struct DecisionRow {
    id: DecisionId,
    case_id: CaseId,
    run_id: RunId,
    month_run: Option<MonthRunId>,
    first_day: Day,
    last_day: Day,
    #[sqlx(try_from = "String")]
    ruling: Ruling,
    total: Dkk,
    #[sqlx(try_from = "Vec<u8>")]
    digest: Digest,
    #[sqlx(flatten)]
    status: StatusRow,
    proposed_at: DateTime<Utc>,
    proposed_by: String,
    #[sqlx(try_from = "Vec<u8>")]
    artifact: Digest,
    #[sqlx(try_from = "Vec<u8>")]
    dossier_digest: Digest,
    #[sqlx(try_from = "Vec<u8>")]
    outcome_digest: Digest,
}

#[derive(Debug, sqlx::FromRow)]
struct StatusRow {
    state: String,
    closed_at: Option<DateTime<Utc>>,
    closed_by: Option<String>,
    reason_code: Option<String>,
    reason: Option<String>,
}

#[derive(sqlx::FromRow)]
pub(super) struct MadeWithRow {
    case_id: CaseId,
    number: String,
    id: DecisionId,
    first_day: Day,
    last_day: Day,
    total: Dkk,
    #[sqlx(try_from = "String")]
    state: Standing,
}

impl TryFrom<MadeWithRow> for MadeWith {
    type Error = sqlx::Error;
    fn try_from(row: MadeWithRow) -> Result<Self> {
        let MadeWithRow { case_id: case, number, id, first_day, last_day, total, state } = row;
        let number = number.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        let period = Period::new(first_day, last_day)
            .map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        Ok(Self { case, number, id, period, total, standing: state })
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct LineRow {
    decision_id: DecisionId,
    line_key: String,
    payee: PartyId,
    about: Option<PartyId>,
    first_day: Day,
    last_day: Day,
    amount: Dkk,
    posting_code: String,
    reference: Option<String>,
    details: String,
}

/// The row says two things at once.
#[derive(Debug, thiserror::Error)]
#[error("decision {id} has a state that contradicts itself: {status:?}")]
struct Contradiction {
    id: DecisionId,
    status: StatusRow,
}

fn status(id: DecisionId, row: StatusRow) -> Result<Status> {
    let mark = row.closed_at.zip(row.closed_by.clone()).map(|(at, by)| Mark { at, by });
    match (row.state.as_str(), mark, &row.reason_code) {
        ("proposed", None, None) => Ok(Status::Proposed),
        ("approved", Some(mark), None) => Ok(Status::Approved(mark)),
        ("superseded", Some(mark), None) => Ok(Status::Superseded(mark)),
        ("rejected", Some(mark), Some(code)) => {
            Ok(Status::Rejected { mark, code: code.clone(), text: row.reason.unwrap_or_default() })
        }
        _ => Err(sqlx::Error::Decode(Contradiction { id, status: row }.into())),
    }
}

fn period(first: Day, last: Day) -> Result<Period> {
    Period::new(first, last).map_err(|error| sqlx::Error::Decode(error.into()))
}

impl TryFrom<LineRow> for DecidedLine {
    type Error = sqlx::Error;
    fn try_from(row: LineRow) -> Result<Self> {
        Ok(Self {
            key: row.line_key,
            payee: row.payee,
            about: row.about,
            period: period(row.first_day, row.last_day)?,
            amount: row.amount,
            posting: row.posting_code,
            reference: row.reference,
            details: serde_json::from_str(&row.details)
                .map_err(|error| sqlx::Error::Decode(error.into()))?,
        })
    }
}

/// Puts the lines, which come in their order, with their decisions.
pub(super) fn assemble(
    tenant: Tenant,
    decisions: Vec<DecisionRow>,
    lines: Vec<LineRow>,
) -> Result<Vec<Decision>> {
    let mut by_decision: HashMap<DecisionId, Vec<DecidedLine>> = HashMap::new();
    for line in lines {
        by_decision.entry(line.decision_id).or_default().push(line.try_into()?);
    }
    let decision = |row: DecisionRow| {
        Ok(Decision {
            id: row.id,
            run: row.run_id,
            month_run: row.month_run,
            basis: Basis {
                tenant,
                case: row.case_id,
                period: period(row.first_day, row.last_day)?,
                ruling: row.ruling,
                artifact: row.artifact,
                dossier: row.dossier_digest,
                outcome: row.outcome_digest,
            },
            lines: by_decision.remove(&row.id).unwrap_or_default(),
            total: row.total,
            digest: row.digest,
            proposed: Mark { at: row.proposed_at, by: row.proposed_by },
            status: status(row.id, row.status)?,
        })
    };
    decisions.into_iter().map(decision).collect()
}
