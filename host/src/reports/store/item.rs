//! Items of files, and their amounts.

use std::collections::{BTreeMap, BTreeSet};

use ydun_domain::ids::{PartyId, ReportFileId};
use ydun_domain::{Cpr, Day, Dkk, Period, Tenant};

use super::Which;
use crate::db::{Bind as _, Read, Result, Sql, Tx, bulk, sql};
use crate::reports::difference::{Group, Standing};
use crate::reports::{Amounts, Field, Item, Key, State};

/// The highest number an item has, while nobody else gives out numbers.
pub(in crate::reports) async fn last_number(tx: &mut Tx, tenant: Tenant) -> Result<i64> {
    const LAST: &str = "
        SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM report_item WHERE tenant = $1";
    let (last,): (i64,) = tx.one(sql(LAST).bind(tenant)).await?;
    Ok(last)
}

/// Inserts a file's items, numbered from `first` on.
pub(in crate::reports) async fn insert(
    tx: &mut Tx,
    tenant: Tenant,
    file: ReportFileId,
    first: i64,
    items: &[Item],
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO report_item
            (tenant, report_id, number, file_id, reverses, party, cpr, first_day, last_day, disposal,
             income_type, income_kind, account, earlier_period, state) VALUES",
        "",
    );
    let mut amounts =
        bulk("INSERT INTO report_amount (tenant, report_id, field, amount) VALUES", "");
    for (number, item) in (first..).zip(items) {
        let Key { cpr, party, period, income_type, income_kind, account } = &item.key;
        rows.row(vec![
            tenant.bind(),
            item.report_id.as_str().bind(),
            number.bind(),
            file.bind(),
            item.reverses.as_deref().bind(),
            party.bind(),
            cpr.bind(),
            period.first().bind(),
            period.last().bind(),
            item.disposal.bind(),
            income_type.as_str().bind(),
            income_kind.as_str().bind(),
            account.as_str().bind(),
            item.earlier_period.bind(),
            item.state.bind(),
        ]);
        for (field, amount) in &item.amounts {
            let field = i64::from(*field).bind();
            amounts.row(vec![tenant.bind(), item.report_id.as_str().bind(), field, amount.bind()]);
        }
    }
    tx.insert(rows).await?;
    tx.insert(amounts).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct ItemRow {
    report_id: String,
    reverses: Option<String>,
    party: PartyId,
    cpr: String,
    first_day: Day,
    last_day: Day,
    disposal: Day,
    income_type: String,
    income_kind: String,
    account: String,
    earlier_period: bool,
    #[sqlx(try_from = "String")]
    state: State,
    answer: Option<String>,
}

fn decode(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::Decode(error.into())
}

impl ItemRow {
    fn item(self, amounts: Amounts) -> Result<Item> {
        let cpr: Cpr = self.cpr.parse().map_err(decode)?;
        let period = Period::new(self.first_day, self.last_day).map_err(decode)?;
        let Self { report_id, reverses, party, disposal, earlier_period, state, answer, .. } = self;
        let (income_type, income_kind, account) =
            (self.income_type, self.income_kind, self.account);
        let key = Key { cpr, party, period, income_type, income_kind, account };
        Ok(Item { report_id, reverses, key, disposal, earlier_period, amounts, state, answer })
    }
}

/// The one text that finds items, with what they must fulfil.
macro_rules! items_where {
    ($condition:expr) => {
        (
            concat!(
                "SELECT item.report_id, item.reverses, item.party, item.cpr, item.first_day, item.last_day,
                        item.disposal, item.income_type, item.income_kind, item.account,
                        item.earlier_period, item.state, item.answer
                 FROM report_item AS item
                 WHERE item.tenant = $1 AND ",
                $condition,
                " ORDER BY item.number"
            ),
            concat!(
                "SELECT item.report_id, line.field, line.amount
                 FROM report_item AS item
                 JOIN report_amount AS line ON line.tenant = item.tenant AND line.report_id = item.report_id
                 WHERE item.tenant = $1 AND ",
                $condition
            ),
        )
    };
}

async fn items(
    db: &mut Read,
    (heads, lines): (&'static str, &'static str),
    bind: impl Fn(crate::db::Sql) -> crate::db::Sql,
) -> Result<Vec<Item>> {
    let rows: Vec<ItemRow> = db.all(bind(sql(heads))).await?;
    let lines: Vec<(String, i64, Dkk)> = db.all(bind(sql(lines))).await?;
    let mut amounts: BTreeMap<String, Amounts> = BTreeMap::new();
    for (report_id, field, amount) in lines {
        let field = Field::try_from(field).map_err(decode)?;
        amounts.entry(report_id).or_default().insert(field, amount);
    }
    let item = |row: ItemRow| {
        let amounts = amounts.remove(&row.report_id).unwrap_or_default();
        row.item(amounts)
    };
    rows.into_iter().map(item).collect()
}

/// A file's items, in the order they have in it.
pub(in crate::reports) async fn of_file(
    db: &mut Read,
    tenant: Tenant,
    file: ReportFileId,
) -> Result<Vec<Item>> {
    items(db, items_where!("item.file_id = $2"), |sql| sql.bind(tenant).bind(file)).await
}

/// The items in a state, oldest first.
pub(in crate::reports) async fn in_state(
    db: &mut Read,
    tenant: Tenant,
    state: State,
) -> Result<Vec<Item>> {
    items(db, items_where!("item.state = $2"), |sql| sql.bind(tenant).bind(state)).await
}

/// The one text that finds reports that were accepted and are not reversed.
macro_rules! standing_where {
    ($condition:literal) => {
        items_where!(concat!(
            "item.state = 'accepted' AND item.reverses IS NULL
             AND NOT EXISTS (
                SELECT 1 FROM report_item AS reversal
                WHERE reversal.tenant = item.tenant AND reversal.reverses = item.report_id
                  AND reversal.state = 'accepted') AND ",
            $condition
        ))
    };
}

/// Reports that were accepted and are not reversed, oldest first.
pub(in crate::reports) async fn standing(
    db: &mut Read,
    tenant: Tenant,
    which: Which,
) -> Result<Vec<Standing>> {
    let found = match which {
        Which::All => items(db, standing_where!("1 = 1"), |sql| sql.bind(tenant)).await?,
        Which::For(days) => {
            let bind = |sql: Sql| sql.bind(tenant).bind(days.first()).bind(days.last());
            items(db, standing_where!("item.last_day BETWEEN $2 AND $3"), bind).await?
        }
        Which::To(party) => {
            let bind = |sql: Sql| sql.bind(tenant).bind(party);
            items(db, standing_where!("item.party = $2"), bind).await?
        }
    };
    Ok(found.into_iter().map(as_standing).collect())
}

fn as_standing(Item { report_id, key, amounts, disposal, .. }: Item) -> Standing {
    Standing { report_id, key, amounts, disposal }
}

/// The persons and days of which an item waits for its answer, or was refused.
pub(in crate::reports) async fn open_groups(
    db: &mut Read,
    tenant: Tenant,
) -> Result<BTreeSet<Group>> {
    const OPEN: &str = "
        SELECT DISTINCT cpr, first_day, last_day
        FROM report_item
        WHERE tenant = $1 AND state <> 'accepted' AND state <> 'replaced'";
    let rows: Vec<(String, Day, Day)> = db.all(sql(OPEN).bind(tenant)).await?;
    let group = |(cpr, first, last): (String, Day, Day)| {
        Ok((cpr.parse().map_err(decode)?, Period::new(first, last).map_err(decode)?))
    };
    rows.into_iter().map(group).collect()
}

pub(in crate::reports) async fn set_state(
    tx: &mut Tx,
    tenant: Tenant,
    report_id: &str,
    state: State,
    answer: Option<&str>,
) -> Result<()> {
    const SET: &str = "
        UPDATE report_item SET state = $3, answer = COALESCE($4, answer)
        WHERE tenant = $1 AND report_id = $2";
    let set = sql(SET).bind(tenant).bind(report_id).bind(state).bind(answer);
    tx.execute(set).await.map(drop)
}

/// Lets what was refused be told anew, and returns how many items that is.
pub(in crate::reports) async fn replace_refused(tx: &mut Tx, tenant: Tenant) -> Result<u64> {
    const REPLACE: &str =
        "UPDATE report_item SET state = 'replaced' WHERE tenant = $1 AND state = 'refused'";
    tx.execute(sql(REPLACE).bind(tenant)).await
}
