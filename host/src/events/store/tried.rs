//! SQL for what came of a month's events.

use std::collections::HashMap;

use ydun_domain::{Month, Tenant};

use crate::db::{Read, Result, sql};
use crate::events::Kind;
use crate::events::tried::Tried;

#[derive(sqlx::FromRow)]
struct EventRow {
    #[sqlx(try_from = "String")]
    kind: Kind,
    received: i64,
    waiting: i64,
    asked: i64,
}

#[derive(Default, sqlx::FromRow)]
struct TaskRow {
    kind: String,
    tasks: i64,
    holds: i64,
    done: i64,
    for_nothing: i64,
}

/// What came of the events received in a month, kind by kind.
pub(in crate::events) async fn tried(
    db: &mut Read,
    tenant: Tenant,
    month: Month,
) -> Result<Vec<Tried>> {
    const EVENTS: &str = "
        SELECT kind, COUNT(*) AS received,
               COUNT(CASE WHEN judged_at IS NULL THEN 1 END) AS waiting,
               COUNT(CASE WHEN EXISTS (
                   SELECT 1 FROM event_outcome
                   WHERE event_outcome.tenant = register_event.tenant AND event_outcome.event_id = register_event.id
                     AND event_outcome.verdict = 'asked') THEN 1 END) AS asked
        FROM register_event
        WHERE tenant = $1 AND received_on BETWEEN $2 AND $3
        GROUP BY kind ORDER BY kind";
    let rows: Vec<EventRow> =
        db.all(sql(EVENTS).bind(tenant).bind(month.first()).bind(month.last())).await?;
    let tasks = tasks(db, tenant, month).await?;
    let tried = |row: EventRow| {
        let EventRow { kind, received, waiting, asked } = row;
        let closed = received - waiting - asked;
        let none = TaskRow::default();
        let TaskRow { tasks, holds, done, for_nothing, .. } =
            tasks.get(kind.word()).unwrap_or(&none);
        Tried {
            kind,
            received,
            waiting,
            closed,
            tasks: *tasks,
            holds: *holds,
            done: *done,
            for_nothing: *for_nothing,
        }
    };
    Ok(rows.into_iter().map(tried).collect())
}

/// The tasks a month's events gave, by kind. Where the person recorded no fact and nothing was put to
/// decision between the event and the end of the task, it was for nothing.
async fn tasks(db: &mut Read, tenant: Tenant, month: Month) -> Result<HashMap<String, TaskRow>> {
    const TASKS: &str = "
        SELECT event.kind, COUNT(DISTINCT outcome.task_key) AS tasks,
               COUNT(DISTINCT CASE WHEN outcome.held THEN outcome.task_key END) AS holds,
               COUNT(DISTINCT CASE WHEN task.done_at IS NOT NULL THEN outcome.task_key END) AS done,
               COUNT(DISTINCT CASE WHEN task.done_at IS NOT NULL
                   AND NOT EXISTS (SELECT 1 FROM fact
                                   WHERE fact.tenant = outcome.tenant AND fact.case_id = outcome.case_id
                                     AND fact.recorded_at > event.judged_at)
                   AND NOT EXISTS (SELECT 1 FROM decision
                                   WHERE decision.tenant = outcome.tenant AND decision.case_id = outcome.case_id
                                     AND decision.proposed_at > event.judged_at)
                   THEN outcome.task_key END) AS for_nothing
        FROM register_event AS event
        JOIN event_outcome AS outcome ON outcome.tenant = event.tenant AND outcome.event_id = event.id
        LEFT JOIN task ON task.tenant = outcome.tenant AND task.business_key = outcome.task_key
        WHERE event.tenant = $1 AND event.received_on BETWEEN $2 AND $3 AND outcome.verdict = 'asked'
        GROUP BY event.kind";
    let rows: Vec<TaskRow> =
        db.all(sql(TASKS).bind(tenant).bind(month.first()).bind(month.last())).await?;
    Ok(rows.into_iter().map(|row| (row.kind.clone(), row)).collect())
}
