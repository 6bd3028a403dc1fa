//! The table of visits.

use chrono::{DateTime, Utc};
use ydun_domain::Tenant;
use ydun_domain::ids::PartyId;

use super::Visit;
use crate::db::{Read, Result, Tx, sql};
use crate::logins::Token;
use crate::parties::Party;

/// A visit that nobody has ended; whether it has run out, the service says.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub(super) party: PartyId,
    person: String,
    employee: Option<String>,
    seen_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

impl Row {
    pub(super) fn of(self, party: Party) -> Visit {
        let Self { person, employee, seen_at, ends_at, .. } = self;
        Visit { party, person, employee, seen_at, ends_at }
    }
}

pub(super) async fn insert(
    tx: &mut Tx,
    tenant: Tenant,
    token: &Token,
    visit: &Visit,
) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO visit (tenant, token_hash, party, person, employee, begun_at, seen_at, ends_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6, $7)";
    let insert = sql(INSERT)
        .bind(tenant)
        .bind(token.hash().as_slice())
        .bind(visit.party.id)
        .bind(visit.person.as_str())
        .bind(visit.employee.as_deref())
        .bind(visit.seen_at)
        .bind(visit.ends_at);
    tx.execute(insert).await.map(drop)
}

pub(super) async fn find(db: &mut Read, tenant: Tenant, token: &Token) -> Result<Option<Row>> {
    const FIND: &str = "
        SELECT party, person, employee, seen_at, ends_at FROM visit
        WHERE tenant = $1 AND token_hash = $2 AND ended_at IS NULL";
    db.optional(sql(FIND).bind(tenant).bind(token.hash().as_slice())).await
}

pub(super) async fn seen(
    tx: &mut Tx,
    tenant: Tenant,
    token: &Token,
    now: DateTime<Utc>,
) -> Result<()> {
    const SEEN: &str = "
        UPDATE visit SET seen_at = $3
        WHERE tenant = $1 AND token_hash = $2 AND ended_at IS NULL AND seen_at < $3";
    tx.execute(sql(SEEN).bind(tenant).bind(token.hash().as_slice()).bind(now)).await.map(drop)
}

pub(super) async fn end(
    tx: &mut Tx,
    tenant: Tenant,
    token: &Token,
    now: DateTime<Utc>,
) -> Result<()> {
    const END: &str = "
        UPDATE visit SET ended_at = $3 WHERE tenant = $1 AND token_hash = $2 AND ended_at IS NULL";
    tx.execute(sql(END).bind(tenant).bind(token.hash().as_slice()).bind(now)).await.map(drop)
}
