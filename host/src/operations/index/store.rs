//! SQL for the index: what it should hold, and what it was told.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use uuid::Uuid;
use ydun_domain::ids::{CaseId, IndexFileId, PartyId};
use ydun_domain::{Day, Dkk, Tenant};

use super::{Effectuation, Grant, IndexFile, LifeCycle, Object, Part, Registration};
use crate::db::{Bind as _, Read, Result, Tx, bulk, list, sql, sql_each};

#[derive(sqlx::FromRow)]
struct GrantRow {
    id: CaseId,
    number: String,
    benefit: String,
    first: Day,
    last: Day,
}

/// What the decisions in force grant, by case.
pub(super) async fn grants(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
) -> Result<Vec<Grant>> {
    const GRANTS: &str = "
        SELECT benefit_case.id, benefit_case.number, benefit_case.benefit,
               MIN(decision.first_day) AS first, MAX(decision.last_day) AS last
        FROM decision
        JOIN benefit_case ON benefit_case.tenant = decision.tenant AND benefit_case.id = decision.case_id
        WHERE decision.tenant = $1 AND decision.case_id BETWEEN $2 AND $3
          AND decision.state = 'approved' AND decision.ruling <> 'refused'
        GROUP BY benefit_case.id, benefit_case.number, benefit_case.benefit
        ORDER BY benefit_case.id";
    const PAYEES: &str = "
        SELECT DISTINCT line.case_id, line.payee
        FROM decision
        JOIN decision_line AS line
          ON line.tenant = decision.tenant AND line.case_id = decision.case_id AND line.decision_id = decision.id
        WHERE decision.tenant = $1 AND decision.case_id BETWEEN $2 AND $3 AND decision.state = 'approved'
        ORDER BY line.case_id, line.payee";
    let of = |text| sql(text).bind(tenant).bind(*cases.start()).bind(*cases.end());
    let rows: Vec<GrantRow> = db.all(of(GRANTS)).await?;
    let mut payees: BTreeMap<CaseId, Vec<PartyId>> = BTreeMap::new();
    for (case, payee) in db.all::<(CaseId, PartyId)>(of(PAYEES)).await? {
        payees.entry(case).or_default().push(payee);
    }
    let grant = |GrantRow { id: case, number, benefit, first, last }| {
        let payees = payees.remove(&case).unwrap_or_default();
        Grant { case, number, benefit, first, last, payees }
    };
    Ok(rows.into_iter().map(grant).collect())
}

#[derive(sqlx::FromRow)]
struct PartRow {
    id: Uuid,
    case_id: CaseId,
    payee: PartyId,
    disposal: Day,
    net: Dkk,
    sent: Dkk,
    paid: Dkk,
    posting_code: String,
    first_day: Day,
    last_day: Day,
    amount: Dkk,
}

/// Every payout that is not stopped, and what other systems have paid.
pub(super) async fn effectuations(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
) -> Result<Vec<Effectuation>> {
    const PARTS: &str = "
        SELECT payment.id, payment.case_id, payment.payee, payment.disposal, payment.amount AS net,
               CASE WHEN payment.file_id IS NULL THEN 0 ELSE payment.amount END AS sent,
               CASE WHEN payment.state = 'settled' THEN payment.amount ELSE 0 END AS paid,
               part.posting_code, part.first_day, part.last_day, part.amount
        FROM payment
        JOIN payment_part AS part ON part.tenant = payment.tenant AND part.payment_id = payment.id
        WHERE payment.tenant = $1 AND payment.case_id BETWEEN $2 AND $3 AND payment.state <> 'stopped'
        ORDER BY payment.id, part.first_day, part.line_key, part.posting_code";
    const ELSEWHERE: &str = "
        SELECT whole.id, whole.case_id, whole.payee, whole.paid_on AS disposal, whole.net, whole.net AS sent,
               whole.net AS paid, whole.posting_code, part.first_day, part.last_day, part.amount
        FROM (
            SELECT one.id, one.case_id, one.payee, one.paid_on, one.posting_code, one.amount
                   - (SELECT CAST(SUM(atp + am_bidrag + a_tax) AS BIGINT) FROM paid_elsewhere_part AS taken
                      WHERE taken.tenant = one.tenant AND taken.elsewhere_id = one.id) AS net
            FROM paid_elsewhere AS one
            WHERE one.tenant = $1 AND one.case_id BETWEEN $2 AND $3 AND one.state IN ('confirmed', 'take-back-asked')
        ) AS whole
        JOIN paid_elsewhere_part AS part ON part.tenant = $1 AND part.elsewhere_id = whole.id
        ORDER BY whole.id, part.first_day, part.line_key";
    let of = |text| sql(text).bind(tenant).bind(*cases.start()).bind(*cases.end());
    let mut rows: Vec<PartRow> = db.all(of(PARTS)).await?;
    rows.extend(db.all::<PartRow>(of(ELSEWHERE)).await?);
    let mut payouts: Vec<Effectuation> = Vec::new();
    for row in rows {
        let PartRow { id, posting_code, first_day: first, last_day: last, amount, .. } = row;
        let part = Part { posting_code, first, last, amount };
        match payouts.last_mut().filter(|payout| payout.id == id) {
            Some(payout) => {
                payout.gross += amount;
                payout.parts.push(part);
            }
            None => payouts.push(Effectuation {
                id,
                case: row.case_id,
                payee: row.payee,
                disposal: row.disposal,
                gross: amount,
                net: row.net,
                sent: row.sent,
                paid: row.paid,
                parts: vec![part],
            }),
        }
    }
    Ok(payouts)
}

#[derive(sqlx::FromRow)]
struct RegistrationRow {
    number: i64,
    #[sqlx(try_from = "String")]
    life_cycle: LifeCycle,
    content: String,
}

impl TryFrom<RegistrationRow> for Registration {
    type Error = sqlx::Error;
    fn try_from(row: RegistrationRow) -> Result<Self> {
        let object: Object = serde_json::from_str(&row.content)
            .map_err(|error| sqlx::Error::Decode(error.into()))?;
        Ok(Self { number: row.number, life_cycle: row.life_cycle, object })
    }
}

/// The newest registration of everything the index was told, by object.
pub(super) async fn held(db: &mut Read, tenant: Tenant) -> Result<BTreeMap<Uuid, Registration>> {
    const HELD: &str = "
        SELECT told.number, told.life_cycle, told.content
        FROM index_registration AS told
        WHERE told.tenant = $1 AND NOT EXISTS (
            SELECT 1 FROM index_registration AS newer
            WHERE newer.tenant = told.tenant AND newer.object_id = told.object_id AND newer.number = told.number + 1)";
    by_object(db.all(sql(HELD).bind(tenant)).await?)
}

/// As [`held`], of some objects.
pub(super) async fn held_of(
    db: &mut Read,
    tenant: Tenant,
    objects: &[Uuid],
) -> Result<BTreeMap<Uuid, Registration>> {
    const SQLITE: &str = "
        SELECT number, life_cycle, content
        FROM index_registration
        WHERE tenant = $1 AND object_id IN (SELECT unhex(value, '-') FROM json_each($2))
        ORDER BY object_id, number";
    const POSTGRES: &str = "
        SELECT number, life_cycle, content
        FROM index_registration
        WHERE tenant = $1
          AND object_id = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
        ORDER BY object_id, number";
    by_object(db.all(sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(objects))).await?)
}

/// The newest of each object, where they stand in order of number.
fn by_object(rows: Vec<RegistrationRow>) -> Result<BTreeMap<Uuid, Registration>> {
    let held = |row| {
        let registration = Registration::try_from(row)?;
        Ok((registration.object.id(), registration))
    };
    rows.into_iter().map(held).collect()
}

/// Whether the index was ever told anything by the municipality.
pub(super) async fn is_told(db: &mut Read, tenant: Tenant) -> Result<bool> {
    const TOLD: &str = "SELECT number FROM index_registration WHERE tenant = $1 LIMIT 1";
    let told: Option<(i64,)> = db.optional(sql(TOLD).bind(tenant)).await?;
    Ok(told.is_some())
}

/// A file's registrations, in their order.
pub(super) async fn of_file(
    db: &mut Read,
    tenant: Tenant,
    file: IndexFileId,
) -> Result<Vec<Registration>> {
    const OF_FILE: &str = "
        SELECT number, life_cycle, content
        FROM index_registration
        WHERE tenant = $1 AND file_id = $2
        ORDER BY place";
    let rows: Vec<RegistrationRow> = db.all(sql(OF_FILE).bind(tenant).bind(file)).await?;
    rows.into_iter().map(Registration::try_from).collect()
}

pub(super) async fn insert(
    tx: &mut Tx,
    file: &IndexFile,
    registrations: &[Registration],
) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO index_file (tenant, id, name, digest, registrations, made_at, made_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let insert = sql(INSERT)
        .bind(file.tenant)
        .bind(file.id)
        .bind(file.name.as_str())
        .bind(file.digest.as_slice())
        .bind(file.registrations)
        .bind(file.made_at)
        .bind(file.made_by.as_str());
    tx.execute(insert).await?;
    let mut rows = bulk(
        "INSERT INTO index_registration (tenant, object_id, number, life_cycle, content, file_id, place) VALUES",
        "",
    );
    for (place, registration) in (1i64..).zip(registrations) {
        let content = serde_json::to_string(&registration.object)
            .map_err(|error| sqlx::Error::Encode(error.into()))?;
        rows.row(vec![
            file.tenant.bind(),
            registration.object.id().bind(),
            registration.number.bind(),
            registration.life_cycle.bind(),
            content.bind(),
            file.id.bind(),
            place.bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

pub(super) async fn find(
    db: &mut Read,
    tenant: Tenant,
    id: IndexFileId,
) -> Result<Option<IndexFile>> {
    const FIND: &str = "
        SELECT tenant, id, name, digest, registrations, made_at, made_by, published_at
        FROM index_file
        WHERE tenant = $1 AND id = $2";
    db.optional(sql(FIND).bind(tenant).bind(id)).await
}

/// The names of the files that are sealed and not yet published.
pub(super) async fn unpublished_names(db: &mut Read, tenant: Tenant) -> Result<Vec<String>> {
    const NAMES: &str = "SELECT name FROM index_file WHERE tenant = $1 AND published_at IS NULL";
    let rows: Vec<(String,)> = db.all(sql(NAMES).bind(tenant)).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

pub(super) async fn set_published(
    tx: &mut Tx,
    tenant: Tenant,
    id: IndexFileId,
    at: DateTime<Utc>,
) -> Result<()> {
    const SET: &str = "UPDATE index_file SET published_at = $3 WHERE tenant = $1 AND id = $2";
    tx.execute(sql(SET).bind(tenant).bind(id).bind(at)).await.map(drop)
}
