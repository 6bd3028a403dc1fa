//! SQL for the measures: counts across the tables of all components, which only a report may read.
//!
//! A fact's source says where it comes from by how it begins: what a caseworker typed to answer a task, what a
//! citizen or company told, what a register told; all else was read from a file.

use chrono::{DateTime, Utc};
use ydun_domain::Tenant;

use super::service::Span;
use super::{Behind, Facts, Measure, Share};
use crate::db::{Read, Result, sql};

pub(super) async fn corrected(db: &mut Read, tenant: Tenant, span: Span) -> Result<Share> {
    const CORRECTED: &str = "
        SELECT COUNT(*) AS whole, COUNT(CASE WHEN decision.state = 'superseded' THEN 1 END) AS part
        FROM payment
        JOIN decision ON decision.tenant = payment.tenant AND decision.case_id = payment.case_id
                     AND decision.id = payment.decision_id
        WHERE payment.tenant = $1 AND payment.disposal BETWEEN $2 AND $3 AND payment.state = 'settled'";
    db.one(sql(CORRECTED).bind(tenant).bind(span.first).bind(span.last)).await
}

pub(super) async fn self_service(db: &mut Read, tenant: Tenant, span: Span) -> Result<Share> {
    const OPENED: &str = "
        SELECT COUNT(*) AS whole, COUNT(CASE WHEN EXISTS (
                   SELECT 1 FROM fact
                   WHERE fact.tenant = benefit_case.tenant AND fact.case_id = benefit_case.id
                     AND fact.source LIKE 'selvbetjening%') THEN 1 END) AS part
        FROM benefit_case
        WHERE tenant = $1 AND opened BETWEEN $2 AND $3";
    db.one(sql(OPENED).bind(tenant).bind(span.first).bind(span.last)).await
}

pub(super) async fn facts(db: &mut Read, tenant: Tenant, span: Span) -> Result<Facts> {
    const FACTS: &str = "
        SELECT COUNT(CASE WHEN source LIKE 'opgave %' THEN 1 END) AS typed,
               COUNT(CASE WHEN source LIKE 'selvbetjening%' THEN 1 END) AS own,
               COUNT(CASE WHEN source LIKE 'hændelse fra %' THEN 1 END) AS register,
               COUNT(CASE WHEN source NOT LIKE 'opgave %' AND source NOT LIKE 'selvbetjening%'
                           AND source NOT LIKE 'hændelse fra %' THEN 1 END) AS other
        FROM fact
        WHERE tenant = $1 AND recorded_at >= $2 AND recorded_at < $3";
    db.one(sql(FACTS).bind(tenant).bind(span.from).bind(span.until)).await
}

/// How many whole hours each task took that was done.
pub(super) async fn task_hours(db: &mut Read, tenant: Tenant, span: Span) -> Result<Vec<i64>> {
    const TASKS: &str = "
        SELECT created_at, done_at FROM task
        WHERE tenant = $1 AND done_at IS NOT NULL AND done_at >= $2 AND done_at < $3";
    let rows: Vec<(DateTime<Utc>, DateTime<Utc>)> =
        db.all(sql(TASKS).bind(tenant).bind(span.from).bind(span.until)).await?;
    Ok(rows.into_iter().map(|(put, done)| (done - put).num_hours()).collect())
}

pub(super) async fn tasks_per_decided(db: &mut Read, tenant: Tenant, span: Span) -> Result<Share> {
    const TASKS: &str = "
        SELECT (SELECT COUNT(*) FROM task
                WHERE tenant = $1 AND created_at >= $2 AND created_at < $3) AS part,
               (SELECT COUNT(DISTINCT case_id) FROM decision
                WHERE tenant = $1 AND state IN ('approved', 'superseded')
                  AND closed_at >= $2 AND closed_at < $3) AS whole";
    db.one(sql(TASKS).bind(tenant).bind(span.from).bind(span.until)).await
}

/// The cases behind a measure, those that count most first.
pub(super) async fn behind(
    db: &mut Read,
    tenant: Tenant,
    measure: Measure,
    span: Span,
    limit: u32,
) -> Result<Vec<Behind>> {
    const CORRECTED: &str = "
        SELECT benefit_case.number, COUNT(*) AS count
        FROM payment
        JOIN decision ON decision.tenant = payment.tenant AND decision.case_id = payment.case_id
                     AND decision.id = payment.decision_id AND decision.state = 'superseded'
        JOIN benefit_case ON benefit_case.tenant = payment.tenant AND benefit_case.id = payment.case_id
        WHERE payment.tenant = $1 AND payment.disposal BETWEEN $2 AND $3 AND payment.state = 'settled'
        GROUP BY benefit_case.number ORDER BY count DESC, benefit_case.number LIMIT $4";
    const SELF_SERVICE: &str = "
        SELECT benefit_case.number, COUNT(*) AS count
        FROM benefit_case
        JOIN fact ON fact.tenant = benefit_case.tenant AND fact.case_id = benefit_case.id
                 AND fact.source LIKE 'selvbetjening%'
        WHERE benefit_case.tenant = $1 AND benefit_case.opened BETWEEN $2 AND $3
        GROUP BY benefit_case.number ORDER BY count DESC, benefit_case.number LIMIT $4";
    const TYPED: &str = "
        SELECT benefit_case.number, COUNT(*) AS count
        FROM fact
        JOIN benefit_case ON benefit_case.tenant = fact.tenant AND benefit_case.id = fact.case_id
        WHERE fact.tenant = $1 AND fact.recorded_at >= $2 AND fact.recorded_at < $3
          AND fact.source LIKE 'opgave %'
        GROUP BY benefit_case.number ORDER BY count DESC, benefit_case.number LIMIT $4";
    const DONE: &str = "
        SELECT benefit_case.number, COUNT(*) AS count
        FROM task
        JOIN benefit_case ON benefit_case.tenant = task.tenant AND benefit_case.id = task.case_id
        WHERE task.tenant = $1 AND task.done_at IS NOT NULL AND task.done_at >= $2 AND task.done_at < $3
        GROUP BY benefit_case.number ORDER BY count DESC, benefit_case.number LIMIT $4";
    const PUT: &str = "
        SELECT benefit_case.number, COUNT(*) AS count
        FROM task
        JOIN benefit_case ON benefit_case.tenant = task.tenant AND benefit_case.id = task.case_id
        WHERE task.tenant = $1 AND task.created_at >= $2 AND task.created_at < $3
        GROUP BY benefit_case.number ORDER BY count DESC, benefit_case.number LIMIT $4";
    let of_days = |text| sql(text).bind(tenant).bind(span.first).bind(span.last);
    let of_moments = |text| sql(text).bind(tenant).bind(span.from).bind(span.until);
    let ask = match measure {
        Measure::Corrected => of_days(CORRECTED),
        Measure::SelfService => of_days(SELF_SERVICE),
        Measure::Typed => of_moments(TYPED),
        Measure::Time => of_moments(DONE),
        Measure::Tasks => of_moments(PUT),
    };
    db.all(ask.bind(i64::from(limit))).await
}
