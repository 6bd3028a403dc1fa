//! The tables of cases and of parts in them.

use ydun_domain::ids::{CaseId, PartyId};
use ydun_domain::{Day, Tenant};

use super::{Case, CaseNumber, CaseRange, Role};
use crate::db::{Bind, Read, Result, Tx, bulk, list, sql, sql_each};

#[derive(sqlx::FromRow)]
struct Row {
    id: CaseId,
    number: String,
    external_key: Option<String>,
    benefit: String,
    opened: Day,
    closed: Option<Day>,
}

impl TryFrom<Row> for Case {
    type Error = sqlx::Error;
    fn try_from(row: Row) -> Result<Self> {
        let Row { id, number, external_key, benefit, opened, closed } = row;
        let number = number.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        Ok(Self { id, number, external_key, benefit, opened, closed })
    }
}

fn cases(rows: Vec<Row>) -> Result<Vec<Case>> {
    rows.into_iter().map(Case::try_from).collect()
}

const BY_ID: &str = "
    SELECT id, number, external_key, benefit, opened, closed
    FROM benefit_case
    WHERE tenant = $1 AND id = $2";

pub async fn by_id(read: &mut Read, tenant: Tenant, id: CaseId) -> Result<Option<Case>> {
    read.optional::<Row>(sql(BY_ID).bind(tenant).bind(id)).await?.map(Case::try_from).transpose()
}

/// Keeps others from changing the case, or the facts in it, until the transaction ends.
pub async fn lock(tx: &mut Tx, tenant: Tenant, id: CaseId) -> Result<Option<Case>> {
    tx.optional::<Row>(sql(BY_ID).bind(tenant).bind(id).locking())
        .await?
        .map(Case::try_from)
        .transpose()
}

pub async fn by_number(
    read: &mut Read,
    tenant: Tenant,
    number: CaseNumber,
) -> Result<Option<Case>> {
    const BY_NUMBER: &str = "
        SELECT id, number, external_key, benefit, opened, closed
        FROM benefit_case
        WHERE tenant = $1 AND number = $2";
    let found: Option<Row> =
        read.optional(sql(BY_NUMBER).bind(tenant).bind(number.to_string())).await?;
    found.map(Case::try_from).transpose()
}

/// Those of the numbers that are cases, locked in the order of their ids.
pub async fn lock_by_numbers(
    tx: &mut Tx,
    tenant: Tenant,
    numbers: &[CaseNumber],
) -> Result<Vec<Case>> {
    const SQLITE: &str = "
        SELECT id, number, external_key, benefit, opened, closed
        FROM benefit_case
        WHERE tenant = $1 AND number IN (SELECT value FROM json_each($2))
        ORDER BY +id"; // sorted afterwards: not by walking through all cases
    const POSTGRES: &str = "
        SELECT id, number, external_key, benefit, opened, closed
        FROM benefit_case
        WHERE tenant = $1 AND number = ANY (ARRAY(SELECT json_array_elements_text(CAST($2 AS JSON))))
        ORDER BY id";
    let numbers: Vec<String> = numbers.iter().map(CaseNumber::to_string).collect();
    cases(tx.all(sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(&numbers)).locking()).await?)
}

/// Those of the external keys that are cases, locked in the order of their ids.
pub async fn lock_by_external_keys(
    tx: &mut Tx,
    tenant: Tenant,
    keys: &[&str],
) -> Result<Vec<Case>> {
    const SQLITE: &str = "
        SELECT id, number, external_key, benefit, opened, closed
        FROM benefit_case
        WHERE tenant = $1 AND external_key IN (SELECT value FROM json_each($2))
        ORDER BY +id"; // sorted afterwards: not by walking through all cases
    const POSTGRES: &str = "
        SELECT id, number, external_key, benefit, opened, closed
        FROM benefit_case
        WHERE tenant = $1 AND external_key = ANY (ARRAY(SELECT json_array_elements_text(CAST($2 AS JSON))))
        ORDER BY id";
    cases(tx.all(sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(keys)).locking()).await?)
}

/// The next open cases of a benefit after an id, in the order of their ids; [`CaseRange::of`] them
/// finds what concerns them.
pub async fn next_open(
    read: &mut Read,
    tenant: Tenant,
    benefit: &str,
    after: Option<CaseId>,
    limit: u32,
) -> Result<Vec<Case>> {
    const NEXT: &str = "
        SELECT id, number, external_key, benefit, opened, closed
        FROM benefit_case
        WHERE tenant = $1 AND benefit = $2 AND closed IS NULL AND id > $3
        ORDER BY id
        LIMIT $4";
    let after = after.unwrap_or(CaseId(uuid::Uuid::nil()));
    cases(read.all(sql(NEXT).bind(tenant).bind(benefit).bind(after).bind(i64::from(limit))).await?)
}

/// These cases, wherever they lie, in the order of their ids.
pub async fn by_ids(read: &mut Read, tenant: Tenant, ids: &[CaseId]) -> Result<Vec<Case>> {
    const SQLITE: &str = "
        SELECT id, number, external_key, benefit, opened, closed
        FROM benefit_case
        WHERE tenant = $1 AND id IN (SELECT unhex(value, '-') FROM json_each($2))
        ORDER BY id";
    const POSTGRES: &str = "
        SELECT id, number, external_key, benefit, opened, closed
        FROM benefit_case
        WHERE tenant = $1 AND id = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
        ORDER BY id";
    cases(read.all(sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(ids))).await?)
}

/// The cases a party has a part in, newest first.
pub async fn of_party(read: &mut Read, tenant: Tenant, party: PartyId) -> Result<Vec<Case>> {
    const OF_PARTY: &str = "
        SELECT id, number, external_key, benefit, opened, closed
        FROM benefit_case
        WHERE tenant = $1 AND id IN (SELECT case_id FROM case_party WHERE tenant = $1 AND party = $2)
        ORDER BY id DESC";
    cases(read.all(sql(OF_PARTY).bind(tenant).bind(party)).await?)
}

/// The last of `count` numbers that are ours. Others wait for this transaction, so none is skipped.
pub(super) async fn take_numbers(
    tx: &mut Tx,
    tenant: Tenant,
    year: i64,
    count: i64,
) -> Result<i64> {
    const TAKE: &str = "
        INSERT INTO case_sequence (tenant, year, last_given) VALUES ($1, $2, $3)
        ON CONFLICT (tenant, year) DO UPDATE SET last_given = case_sequence.last_given + $3
        RETURNING last_given";
    let (last,): (i64,) = tx.one(sql(TAKE).bind(tenant).bind(year).bind(count)).await?;
    Ok(last)
}

pub(super) async fn insert(tx: &mut Tx, tenant: Tenant, cases: &[Case]) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO benefit_case (tenant, id, number, external_key, benefit, opened, closed) VALUES";
    let mut rows = bulk(INSERT, "");
    for case in cases {
        rows.row(vec![
            tenant.bind(),
            case.id.bind(),
            case.number.to_string().bind(),
            case.external_key.as_deref().bind(),
            case.benefit.as_str().bind(),
            case.opened.bind(),
            case.closed.bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

pub(super) async fn set_closed(tx: &mut Tx, tenant: Tenant, id: CaseId, on: Day) -> Result<()> {
    const CLOSE: &str = "UPDATE benefit_case SET closed = $3 WHERE tenant = $1 AND id = $2";
    tx.execute(sql(CLOSE).bind(tenant).bind(id).bind(on)).await.map(drop)
}

pub(super) async fn insert_roles(tx: &mut Tx, tenant: Tenant, roles: &[Role]) -> Result<()> {
    const INSERT: &str = "INSERT INTO case_party (tenant, case_id, role, party) VALUES";
    let mut rows = bulk(INSERT, "ON CONFLICT (tenant, case_id, role, party) DO NOTHING");
    for Role { case, role, party } in roles {
        rows.row(vec![tenant.bind(), case.bind(), role.as_str().bind(), party.bind()]);
    }
    tx.insert(rows).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct RoleRow {
    case_id: CaseId,
    role: String,
    party: PartyId,
}

fn as_roles(rows: Vec<RoleRow>) -> Vec<Role> {
    rows.into_iter()
        .map(|RoleRow { case_id, role, party }| Role { case: case_id, role, party })
        .collect()
}

/// Who has which part in a range of cases.
pub async fn roles(read: &mut Read, tenant: Tenant, range: CaseRange) -> Result<Vec<Role>> {
    const ROLES: &str = "
        SELECT case_id, role, party
        FROM case_party
        WHERE tenant = $1 AND case_id > $2 AND case_id <= $3
        ORDER BY case_id, role, party";
    let rows = read.all(sql(ROLES).bind(tenant).bind(range.after()).bind(range.up_to())).await?;
    Ok(as_roles(rows))
}

/// Who has which part in these cases, wherever they lie.
pub async fn roles_of(read: &mut Read, tenant: Tenant, cases: &[CaseId]) -> Result<Vec<Role>> {
    const SQLITE: &str = "
        SELECT case_id, role, party
        FROM case_party
        WHERE tenant = $1 AND case_id IN (SELECT unhex(value, '-') FROM json_each($2))
        ORDER BY case_id, role, party";
    const POSTGRES: &str = "
        SELECT case_id, role, party
        FROM case_party
        WHERE tenant = $1 AND case_id = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
        ORDER BY case_id, role, party";
    let rows = read.all(sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(cases))).await?;
    Ok(as_roles(rows))
}
