//! SQL for the rules of distribution.

use ydun_domain::ids::TaskId;
use ydun_domain::{Dkk, Tenant};

use crate::db::{Bind as _, Read, Result, Tx, bulk, sql};
use crate::tasks::rules::{Fits, Planned, Rule};

#[derive(sqlx::FromRow)]
struct RuleRow {
    number: i64,
    name: String,
    benefit: String,
    queue: String,
    amount_from: Option<Dkk>,
    amount_to: Option<Dkk>,
    born_from: Option<i64>,
    born_to: Option<i64>,
    workers: String,
    is_on: bool,
}

impl From<RuleRow> for Rule {
    fn from(row: RuleRow) -> Self {
        let RuleRow { number, name, benefit, queue, amount_from, amount_to, is_on, .. } = row;
        let born = row.born_from.zip(row.born_to);
        let fits = Fits { benefit, queue, amount_from, amount_to, born };
        let workers = row.workers.split(' ').map(str::to_owned).collect();
        Self { number, name, fits, workers, is_on }
    }
}

/// The rules in their order.
pub(in crate::tasks) async fn rules(db: &mut Read, tenant: Tenant) -> Result<Vec<Rule>> {
    const RULES: &str = "
        SELECT number, name, benefit, queue, amount_from, amount_to, born_from, born_to, workers, is_on
        FROM task_rule
        WHERE tenant = $1
        ORDER BY number";
    let rows: Vec<RuleRow> = db.all(sql(RULES).bind(tenant)).await?;
    Ok(rows.into_iter().map(Rule::from).collect())
}

/// Puts a rule where its number says; one that stood there is replaced.
pub(in crate::tasks) async fn put_rule(tx: &mut Tx, tenant: Tenant, rule: &Rule) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO task_rule
            (tenant, number, name, benefit, queue, amount_from, amount_to, born_from, born_to, workers, is_on) VALUES",
        "ON CONFLICT (tenant, number) DO UPDATE
        SET name = excluded.name, benefit = excluded.benefit, queue = excluded.queue,
            amount_from = excluded.amount_from, amount_to = excluded.amount_to, born_from = excluded.born_from,
            born_to = excluded.born_to, workers = excluded.workers, is_on = excluded.is_on",
    );
    let (born_from, born_to) = rule.fits.born.unzip();
    rows.row(vec![
        tenant.bind(),
        rule.number.bind(),
        rule.name.as_str().bind(),
        rule.fits.benefit.as_str().bind(),
        rule.fits.queue.as_str().bind(),
        rule.fits.amount_from.bind(),
        rule.fits.amount_to.bind(),
        born_from.bind(),
        born_to.bind(),
        rule.workers.join(" ").bind(),
        rule.is_on.bind(),
    ]);
    tx.insert(rows).await.map(drop)
}

pub(in crate::tasks) async fn remove_rule(tx: &mut Tx, tenant: Tenant, number: i64) -> Result<()> {
    const REMOVE: &str = "DELETE FROM task_rule WHERE tenant = $1 AND number = $2";
    tx.execute(sql(REMOVE).bind(tenant).bind(number)).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct FitRow {
    id: TaskId,
    title: String,
    number: Option<String>,
}

/// Open tasks that nobody has and that a rule fits, the most urgent first, each with who gets it.
pub(in crate::tasks) async fn fitting(
    db: &mut Read,
    tenant: Tenant,
    rule: &Rule,
    limit: u32,
) -> Result<Vec<Planned>> {
    const FITTING: &str = "
        SELECT task.id, COALESCE(task.name, task.title) AS title, benefit_case.number
        FROM task
        LEFT JOIN benefit_case ON benefit_case.tenant = task.tenant AND benefit_case.id = task.case_id
        WHERE task.tenant = $1 AND task.done_at IS NULL AND task.worker IS NULL
          AND ($2 = '' OR benefit_case.benefit = $2)
          AND ($3 = '' OR task.queue = $3)
          AND ($4 IS NULL OR task.amount >= $4)
          AND ($5 IS NULL OR task.amount <= $5)
          AND ($6 IS NULL OR EXISTS (
              SELECT 1 FROM case_party
              JOIN party ON party.tenant = case_party.tenant AND party.id = case_party.party
              WHERE case_party.tenant = task.tenant AND case_party.case_id = task.case_id
                AND party.number_kind = 'cpr'
                AND CAST(SUBSTR(party.number, 1, 2) AS BIGINT) BETWEEN $6 AND $7))
        ORDER BY task.sort_day, task.id
        LIMIT $8";
    let (born_from, born_to) = rule.fits.born.unzip();
    let ask = sql(FITTING)
        .bind(tenant)
        .bind(rule.fits.benefit.as_str())
        .bind(rule.fits.queue.as_str())
        .bind(rule.fits.amount_from)
        .bind(rule.fits.amount_to)
        .bind(born_from)
        .bind(born_to)
        .bind(i64::from(limit));
    let rows: Vec<FitRow> = db.all(ask).await?;
    let planned = |FitRow { id, title, number }: FitRow| Planned {
        task: id,
        title,
        worker: turn(&rule.workers, number.as_deref()).to_owned(),
        case: number,
        rule: rule.name.clone(),
    };
    Ok(rows.into_iter().map(planned).collect())
}

/// Whose turn a case is: the same worker's each time.
fn turn<'a>(workers: &'a [String], number: Option<&str>) -> &'a str {
    let serial = number.and_then(|number| number.split_once('-')?.1.parse::<usize>().ok());
    let place = serial.unwrap_or_default().checked_rem(workers.len()).unwrap_or_default();
    workers.get(place).map_or("", String::as_str)
}

/// Gives a task that nobody has to whom a rule says.
pub(in crate::tasks) async fn give(tx: &mut Tx, tenant: Tenant, plan: &Planned) -> Result<bool> {
    const GIVE: &str = "
        UPDATE task SET worker = $3, version = version + 1
        WHERE tenant = $1 AND id = $2 AND worker IS NULL AND done_at IS NULL";
    let give = sql(GIVE).bind(tenant).bind(plan.task).bind(plan.worker.as_str());
    tx.execute(give).await.map(|given| given == 1)
}
