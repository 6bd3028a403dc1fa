//! What pages ask across components: the list of cases, and what leads to them.

use ydun_domain::ids::{CaseId, DecisionId, MonthRunId};
use ydun_domain::{Day, Dkk, Month, Period, Tenant};
use ydun_runtime::Digest;

use super::case_list::{Asked, Listed};
use super::danish;
use crate::cases::CaseNumber;
use crate::db::{Read, Result, sql};
use crate::decisions::Ruling;
use crate::operations::CaseResult;

/// Who has logged in, for the bar at the top of each page.
#[derive(sqlx::FromRow)]
pub(super) struct Worker {
    pub(super) name: String,
    /// The words of the rights, with spaces between.
    pub(super) rights: String,
}

pub(super) async fn worker(db: &mut Read, tenant: Tenant, id: &str) -> Result<Worker> {
    const WORKER: &str = "SELECT name, rights FROM worker WHERE tenant = $1 AND id = $2";
    db.one(sql(WORKER).bind(tenant).bind(id)).await
}

#[derive(sqlx::FromRow)]
struct Row {
    id: CaseId,
    number: String,
    benefit: String,
    opened: Day,
    closed: Option<Day>,
    result: Option<String>,
    amount: Option<i64>,
}

impl TryFrom<Row> for Listed {
    type Error = sqlx::Error;
    fn try_from(row: Row) -> Result<Self> {
        fn broken<E: std::error::Error + Send + Sync + 'static>(error: E) -> sqlx::Error {
            sqlx::Error::Decode(Box::new(error))
        }
        let number: CaseNumber = row.number.parse().map_err(broken)?;
        let result = row.result.map(CaseResult::try_from).transpose().map_err(broken)?;
        let amount = row.amount.map(Dkk::from_oere);
        let Row { id, benefit, opened, closed, .. } = row;
        Ok(Self { id, number, benefit, opened, closed, result, amount })
    }
}

/// Cases in the order of their numbers, each with what the month's last run gave in it.
///
/// The number is of one form, so that texts in order are numbers in order on both engines.
pub(super) async fn cases(
    db: &mut Read,
    tenant: Tenant,
    asked: &Asked,
    month: Month,
    limit: u32,
) -> Result<Vec<Listed>> {
    const CASES: &str = "
        SELECT benefit_case.id, benefit_case.number, benefit_case.benefit, benefit_case.opened, benefit_case.closed,
               month_run_case.result, month_run_case.amount
        FROM benefit_case
        LEFT JOIN month_run
            ON month_run.tenant = benefit_case.tenant AND month_run.benefit = benefit_case.benefit
            AND month_run.month = $2
            AND month_run.sequence = (
                SELECT MAX(latest.sequence) FROM month_run AS latest
                WHERE latest.tenant = month_run.tenant AND latest.benefit = month_run.benefit
                  AND latest.month = month_run.month)
        LEFT JOIN month_run_case
            ON month_run_case.tenant = benefit_case.tenant AND month_run_case.month_run = month_run.id
            AND month_run_case.case_id = benefit_case.id
        WHERE benefit_case.tenant = $1
          AND benefit_case.number > $3
          AND benefit_case.number LIKE $4
          AND ($5 = '' OR month_run_case.result = $5)
        ORDER BY benefit_case.number
        LIMIT $6";
    let after = asked.after.map(|number| number.to_string()).unwrap_or_default();
    let beginning = format!("{}%", asked.beginning.as_str());
    let result = asked.result.map_or("", CaseResult::word);
    let ask = sql(CASES).bind(tenant).bind(month.first()).bind(after).bind(beginning).bind(result);
    let rows: Vec<Row> = db.all(ask.bind(i64::from(limit))).await?;
    rows.into_iter().map(Listed::try_from).collect()
}

/// The days that were calculated in a case, the newest first.
pub(super) async fn calculated(
    db: &mut Read,
    tenant: Tenant,
    case: CaseId,
    limit: u32,
) -> Result<Vec<Period>> {
    const CALCULATED: &str = "
        SELECT first_day, MAX(last_day) AS last_day
        FROM run
        WHERE tenant = $1 AND case_id = $2 AND purpose = 'live'
        GROUP BY first_day
        ORDER BY first_day DESC
        LIMIT $3";
    let rows: Vec<(Day, Day)> =
        db.all(sql(CALCULATED).bind(tenant).bind(case).bind(i64::from(limit))).await?;
    let period = |(first, last)| {
        Period::new(first, last).map_err(|error| sqlx::Error::Decode(Box::new(error)))
    };
    rows.into_iter().map(period).collect()
}

/// The months that have been run, the newest first.
pub(super) async fn months(db: &mut Read, tenant: Tenant) -> Result<Vec<Month>> {
    const MONTHS: &str =
        "SELECT DISTINCT month FROM month_run WHERE tenant = $1 ORDER BY month DESC";
    let rows: Vec<(Day,)> = db.all(sql(MONTHS).bind(tenant)).await?;
    Ok(rows.into_iter().map(|(first,)| first.month()).collect())
}

/// A month's list with something on it to sign.
#[derive(sqlx::FromRow)]
pub(super) struct WaitingList {
    pub(super) benefit: String,
    /// The month's first day.
    pub(super) month: Day,
    pub(super) count: i64,
    pub(super) total: Dkk,
}

/// What waits for a second person, by month.
pub(super) async fn waiting_lists(db: &mut Read, tenant: Tenant) -> Result<Vec<WaitingList>> {
    const WAITING: &str = "
        SELECT month_run.benefit, month_run.month, COUNT(*) AS count,
               CAST(SUM(decision.total) AS BIGINT) AS total
        FROM decision
        JOIN month_run ON month_run.tenant = decision.tenant AND month_run.id = decision.month_run
        WHERE decision.tenant = $1 AND decision.state = 'proposed'
          AND month_run.sequence = (
              SELECT MAX(latest.sequence) FROM month_run AS latest
              WHERE latest.tenant = month_run.tenant AND latest.benefit = month_run.benefit
                AND latest.month = month_run.month)
        GROUP BY month_run.benefit, month_run.month
        ORDER BY month_run.month, month_run.benefit";
    db.all(sql(WAITING).bind(tenant)).await
}

/// A proposal on a month's list, or what became a decision of it.
#[derive(Clone, Debug)]
pub(super) struct OnList {
    pub(super) id: DecisionId,
    /// What a third person signs.
    pub(super) digest: Digest,
    pub(super) number: String,
    pub(super) ruling: Ruling,
    /// What it gives.
    pub(super) total: Dkk,
    /// What was decided for the days before it.
    pub(super) decided: Dkk,
    pub(super) is_open: bool,
}

impl OnList {
    pub(super) fn ruling(&self) -> &'static str {
        danish::ruling(self.ruling)
    }

    pub(super) fn difference(&self) -> Dkk {
        self.total - self.decided
    }

    /// Whether something decided before would be another amount.
    pub(super) fn changes(&self) -> bool {
        !self.decided.is_zero()
    }

    pub(super) fn is_refused(&self) -> bool {
        self.ruling == Ruling::Refused
    }
}

/// What is on a month run's list, by the cases' numbers.
pub(super) async fn on_list(
    db: &mut Read,
    tenant: Tenant,
    month_run: MonthRunId,
) -> Result<Vec<OnList>> {
    const LIST: &str = "
        SELECT decision.id, decision.digest, benefit_case.number, decision.ruling, decision.total,
               decision.state = 'proposed' AS is_open,
               COALESCE(month_run_case.decided, 0) AS decided
        FROM decision
        JOIN benefit_case ON benefit_case.tenant = decision.tenant AND benefit_case.id = decision.case_id
        LEFT JOIN month_run_case
            ON month_run_case.tenant = decision.tenant AND month_run_case.month_run = decision.month_run
            AND month_run_case.case_id = decision.case_id
        WHERE decision.tenant = $1 AND decision.month_run = $2 AND decision.state IN ('proposed', 'approved')
        ORDER BY benefit_case.number, decision.first_day";
    #[derive(sqlx::FromRow)]
    struct Row {
        id: DecisionId,
        #[sqlx(try_from = "Vec<u8>")]
        digest: Digest,
        number: String,
        #[sqlx(try_from = "String")]
        ruling: Ruling,
        total: Dkk,
        decided: Dkk,
        is_open: bool,
    }
    let rows: Vec<Row> = db.all(sql(LIST).bind(tenant).bind(month_run)).await?;
    let on_list = |Row { id, digest, number, ruling, total, decided, is_open }| OnList {
        id,
        digest,
        number,
        ruling,
        total,
        decided,
        is_open,
    };
    Ok(rows.into_iter().map(on_list).collect())
}
