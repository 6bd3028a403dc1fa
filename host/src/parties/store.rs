//! The table of parties.

use std::collections::BTreeMap;

use ydun_domain::Tenant;
use ydun_domain::ids::PartyId;

use super::{Identity, Party, PaymentIdentity, SortName};
use crate::db::{Bind, Read, Result, Tx, bulk, list, sql, sql_each};

#[derive(sqlx::FromRow)]
struct Row {
    id: PartyId,
    name: String,
    number_kind: String,
    number: String,
    company: Option<PartyId>,
}

/// A row no version of the program has written.
#[derive(Debug, thiserror::Error)]
#[error("the row of party {0} contradicts itself")]
struct Contradiction(PartyId);

impl TryFrom<Row> for Party {
    type Error = sqlx::Error;
    fn try_from(row: Row) -> Result<Self> {
        let identity =
            identity(&row).ok_or_else(|| sqlx::Error::Decode(Box::new(Contradiction(row.id))))?;
        Ok(Self { id: row.id, name: row.name, identity })
    }
}

fn identity(row: &Row) -> Option<Identity> {
    match (row.number_kind.as_str(), row.company) {
        ("cpr", None) => Some(Identity::Citizen(row.number.parse().ok()?)),
        ("cvr", None) => Some(Identity::Company(row.number.parse().ok()?)),
        ("se", Some(company)) => Some(Identity::SeUnit { se: row.number.parse().ok()?, company }),
        ("p", Some(company)) => Some(Identity::PUnit { p: row.number.parse().ok()?, company }),
        _ => None,
    }
}

/// A number as it stands in the columns `number_kind` and `number`.
fn columns(number: &PaymentIdentity) -> (&'static str, &str) {
    match number {
        PaymentIdentity::Cpr(cpr) => ("cpr", cpr.digits()),
        PaymentIdentity::Cvr(cvr) => ("cvr", cvr.digits()),
        PaymentIdentity::Se(se) => ("se", se.digits()),
        PaymentIdentity::P(p) => ("p", p.digits()),
    }
}

fn parties(rows: Vec<Row>) -> Result<Vec<Party>> {
    rows.into_iter().map(Party::try_from).collect()
}

pub async fn by_number(
    read: &mut Read,
    tenant: Tenant,
    number: &PaymentIdentity,
) -> Result<Option<Party>> {
    const BY_NUMBER: &str = "
        SELECT id, name, number_kind, number, company
        FROM party
        WHERE tenant = $1 AND number_kind = $2 AND number = $3";
    let (kind, digits) = columns(number);
    let found: Option<Row> =
        read.optional(sql(BY_NUMBER).bind(tenant).bind(kind).bind(digits)).await?;
    found.map(Party::try_from).transpose()
}

/// Those of the numbers that are registered.
pub(super) async fn by_numbers(
    read: &mut Read,
    tenant: Tenant,
    numbers: &[PaymentIdentity],
) -> Result<BTreeMap<PaymentIdentity, Party>> {
    const SQLITE: &str = "
        SELECT id, name, number_kind, number, company
        FROM party
        WHERE tenant = $1 AND number_kind = $2 AND number IN (SELECT value FROM json_each($3))";
    const POSTGRES: &str = "
        SELECT id, name, number_kind, number, company
        FROM party
        WHERE tenant = $1 AND number_kind = $2
          AND number = ANY (ARRAY(SELECT json_array_elements_text(CAST($3 AS JSON))))";
    let mut by_kind: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for number in numbers {
        let (kind, digits) = columns(number);
        by_kind.entry(kind).or_default().push(digits);
    }
    let mut found = BTreeMap::new();
    for (kind, digits) in by_kind {
        let wanted = sql_each(SQLITE, POSTGRES).bind(tenant).bind(kind).bind(list(&digits));
        let rows: Vec<Row> = read.all(wanted).await?;
        found.extend(parties(rows)?.into_iter().map(|party| (party.identity.for_payment(), party)));
    }
    Ok(found)
}

/// Those of the ids that are parties of the municipality, in the order of their ids.
pub async fn by_ids(read: &mut Read, tenant: Tenant, ids: &[PartyId]) -> Result<Vec<Party>> {
    const SQLITE: &str = "
        SELECT id, name, number_kind, number, company
        FROM party
        WHERE tenant = $1 AND id IN (SELECT unhex(value, '-') FROM json_each($2))
        ORDER BY id";
    const POSTGRES: &str = "
        SELECT id, name, number_kind, number, company
        FROM party
        WHERE tenant = $1 AND id = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
        ORDER BY id";
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    parties(read.all(sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(ids))).await?)
}

/// The units of a company.
pub async fn units(read: &mut Read, tenant: Tenant, company: PartyId) -> Result<Vec<Party>> {
    const UNITS: &str = "
        SELECT id, name, number_kind, number, company
        FROM party
        WHERE tenant = $1 AND company = $2
        ORDER BY sort_name, id";
    parties(read.all(sql(UNITS).bind(tenant).bind(company)).await?)
}

/// The first parties, in Danish order, whose name begins so.
pub async fn named(
    read: &mut Read,
    tenant: Tenant,
    beginning: &str,
    limit: u32,
) -> Result<Vec<Party>> {
    const NAMED: &str = "
        SELECT id, name, number_kind, number, company
        FROM party
        WHERE tenant = $1 AND sort_name >= $2 AND sort_name < $3
        ORDER BY sort_name, id
        LIMIT $4";
    let first = SortName::of(beginning);
    let after = first.after_prefix();
    parties(read.all(sql(NAMED).bind(tenant).bind(first).bind(after).bind(i64::from(limit))).await?)
}

/// Returns how many were new; others are left as they are.
pub(super) async fn insert(
    tx: &mut Tx,
    tenant: Tenant,
    parties: impl IntoIterator<Item = &Party>,
) -> Result<u64> {
    const INSERT: &str =
        "INSERT INTO party (tenant, id, name, sort_name, number_kind, number, company) VALUES";
    let mut rows = bulk(INSERT, "ON CONFLICT (tenant, number_kind, number) DO NOTHING");
    for party in parties {
        let number = party.identity.for_payment();
        let (kind, digits) = columns(&number);
        rows.row(vec![
            tenant.bind(),
            party.id.bind(),
            party.name.as_str().bind(),
            SortName::of(&party.name).bind(),
            kind.bind(),
            digits.bind(),
            party.identity.company().bind(),
        ]);
    }
    tx.insert(rows).await
}

/// Changes name and company; the number is what the party is known by.
pub(super) async fn update(tx: &mut Tx, tenant: Tenant, party: &Party) -> Result<()> {
    const UPDATE: &str =
        "UPDATE party SET name = $3, sort_name = $4, company = $5 WHERE tenant = $1 AND id = $2";
    let update = sql(UPDATE)
        .bind(tenant)
        .bind(party.id)
        .bind(party.name.as_str())
        .bind(SortName::of(&party.name))
        .bind(party.identity.company());
    tx.execute(update).await.map(drop)
}
