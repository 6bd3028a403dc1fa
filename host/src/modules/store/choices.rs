//! SQL for what a municipality chooses.

use chrono::{DateTime, Utc};
use ydun_domain::{Day, Tenant, Validity};

use crate::access::{Act, Administer};
use crate::db::{Read, Result, Tx, sql};
use crate::modules::Choice;

#[derive(sqlx::FromRow)]
struct Row {
    key: String,
    first_day: Day,
    last_day: Option<Day>,
    known_from: Day,
    value: String,
    set_at: DateTime<Utc>,
    set_by: String,
}

impl TryFrom<Row> for Choice {
    type Error = sqlx::Error;
    fn try_from(row: Row) -> Result<Self> {
        fn broken<E: std::error::Error + Send + Sync + 'static>(error: E) -> sqlx::Error {
            sqlx::Error::Decode(Box::new(error))
        }
        Ok(Self {
            days: Validity::new(row.first_day, row.last_day).map_err(broken)?,
            value: serde_json::from_str(&row.value).map_err(broken)?,
            key: row.key,
            known_from: row.known_from,
            set_at: row.set_at,
            set_by: row.set_by,
        })
    }
}

/// What the municipality has chosen, as known on a day; of two about one day the last counts.
pub(in crate::modules) async fn choices(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    known_at: Day,
) -> Result<Vec<Choice>> {
    const CHOICES: &str = "
        SELECT key, first_day, last_day, known_from, value, set_at, set_by
        FROM benefit_choice
        WHERE tenant = $1 AND benefit = $2 AND known_from <= $3
        ORDER BY key, known_from, number";
    let rows: Vec<Row> = db.all(sql(CHOICES).bind(tenant).bind(benefit).bind(known_at)).await?;
    rows.into_iter().map(Choice::try_from).collect()
}

pub(in crate::modules) async fn insert_choice(
    tx: &mut Tx,
    act: &Act<Administer>,
    benefit: &str,
    choice: &Choice,
) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO benefit_choice
            (tenant, benefit, key, number, first_day, last_day, known_from, value, set_at, set_by)
        SELECT $1, $2, $3, COALESCE(MAX(number), 0) + 1, $4, $5, $6, $7, $8, $9
        FROM benefit_choice WHERE tenant = $1 AND benefit = $2 AND key = $3";
    let insert = sql(INSERT).bind(act.tenant()).bind(benefit).bind(choice.key.as_str());
    let insert = insert.bind(choice.days.first()).bind(choice.days.last()).bind(choice.known_from);
    let value = serde_json::to_string(&choice.value).expect("a value can be written as JSON");
    let insert = insert.bind(value).bind(choice.set_at).bind(choice.set_by.as_str());
    tx.execute(insert).await.map(drop)
}
