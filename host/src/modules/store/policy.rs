//! SQL for a municipality's rules for modules.

use ydun_domain::{Day, Tenant};

use crate::access::{Act, Administer};
use crate::db::{Read, Result, Tx, sql};
use crate::modules::policy::{Policy, SelfCheck};

#[derive(sqlx::FromRow)]
struct Row {
    fault_limit: i64,
    window_hours: i64,
    self_check_every: i64,
    is_development: bool,
}

impl TryFrom<Row> for Policy {
    type Error = sqlx::Error;
    fn try_from(row: Row) -> Result<Self> {
        let whole =
            |number: i64| u32::try_from(number).map_err(|error| sqlx::Error::Decode(error.into()));
        Ok(Self {
            fault_limit: whole(row.fault_limit)?,
            window_hours: whole(row.window_hours)?,
            self_check: SelfCheck::one_of(whole(row.self_check_every)?)
                .map_err(|error| sqlx::Error::Decode(error.into()))?,
            is_development: row.is_development,
        })
    }
}

/// What was decided last, as known on a day.
pub(in crate::modules) async fn policy(
    db: &mut Read,
    tenant: Tenant,
    known_at: Day,
) -> Result<Option<Policy>> {
    const POLICY: &str = "
        SELECT fault_limit, window_hours, self_check_every, is_development
        FROM module_policy
        WHERE tenant = $1 AND known_from <= $2
        ORDER BY known_from DESC, number DESC LIMIT 1";
    let row: Option<Row> = db.optional(sql(POLICY).bind(tenant).bind(known_at)).await?;
    row.map(Policy::try_from).transpose()
}

pub(in crate::modules) async fn insert_policy(
    tx: &mut Tx,
    act: &Act<Administer>,
    known_from: Day,
    policy: Policy,
) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO module_policy
            (tenant, number, known_from, fault_limit, window_hours, self_check_every, is_development,
             set_at, set_by)
        SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8
        FROM module_policy WHERE tenant = $1";
    let Policy { fault_limit, window_hours, self_check, is_development } = policy;
    let insert = sql(INSERT).bind(act.tenant()).bind(known_from);
    let insert = insert.bind(i64::from(fault_limit)).bind(i64::from(window_hours));
    let insert = insert.bind(i64::from(self_check.every())).bind(is_development);
    tx.execute(insert.bind(act.at()).bind(act.by())).await.map(drop)
}
