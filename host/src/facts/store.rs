//! The table of facts.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ydun_domain::benefit::{Attribute, Scalar};
use ydun_domain::ids::{CaseId, FactId, PartyId};
use ydun_domain::{Day, Tenant, Validity};

use super::{Content, Fact};
use crate::cases::CaseRange;
use crate::db::{Bind, Read, Result, Tx, bulk, list, sql, sql_each};

#[derive(sqlx::FromRow)]
struct Row {
    case_id: CaseId,
    id: FactId,
    kind: String,
    about: PartyId,
    first_day: Day,
    last_day: Option<Day>,
    attributes: String,
    source: String,
    known_from: Day,
    known_until: Option<Day>,
}

impl TryFrom<Row> for Fact {
    type Error = sqlx::Error;
    fn try_from(row: Row) -> Result<Self> {
        let valid = Validity::new(row.first_day, row.last_day);
        let content = Content {
            kind: row.kind,
            about: row.about,
            valid: valid.map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
            attributes: read_attributes(&row.attributes)?,
        };
        Ok(Self {
            id: row.id,
            case: row.case_id,
            content,
            source: row.source,
            known_from: row.known_from,
            known_until: row.known_until,
        })
    }
}

/// `{"worked":{"number":"37.5"}}`, in the order of the names.
fn write_attributes(attributes: &[Attribute]) -> Result<String> {
    let by_name: BTreeMap<&str, &Scalar> =
        attributes.iter().map(|attribute| (attribute.name.as_str(), &attribute.value)).collect();
    serde_json::to_string(&by_name).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

fn read_attributes(text: &str) -> Result<Vec<Attribute>> {
    let by_name: BTreeMap<String, Scalar> =
        serde_json::from_str(text).map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    Ok(by_name.into_iter().map(|(name, value)| Attribute { name, value }).collect())
}

fn facts(rows: Vec<Row>) -> Result<Vec<Fact>> {
    rows.into_iter().map(Fact::try_from).collect()
}

/// What was known on a day in a range of cases, case by case.
pub async fn known(
    read: &mut Read,
    tenant: Tenant,
    range: CaseRange,
    known_at: Day,
) -> Result<Vec<Fact>> {
    const KNOWN: &str = "
        SELECT case_id, id, kind, about, first_day, last_day, attributes, source, known_from, known_until
        FROM fact
        WHERE tenant = $1 AND case_id > $2 AND case_id <= $3
          AND known_from <= $4 AND (known_until IS NULL OR known_until > $4)
        ORDER BY case_id, id";
    let known = sql(KNOWN).bind(tenant).bind(range.after()).bind(range.up_to()).bind(known_at);
    facts(read.all(known).await?)
}

/// What was known on a day in these cases, wherever they lie, case by case.
pub async fn known_of(
    read: &mut Read,
    tenant: Tenant,
    cases: &[CaseId],
    known_at: Day,
) -> Result<Vec<Fact>> {
    const SQLITE: &str = "
        SELECT case_id, id, kind, about, first_day, last_day, attributes, source, known_from, known_until
        FROM fact
        WHERE tenant = $1 AND case_id IN (SELECT unhex(value, '-') FROM json_each($2))
          AND known_from <= $3 AND (known_until IS NULL OR known_until > $3)
        ORDER BY case_id, id";
    const POSTGRES: &str = "
        SELECT case_id, id, kind, about, first_day, last_day, attributes, source, known_from, known_until
        FROM fact
        WHERE tenant = $1 AND case_id = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
          AND known_from <= $3 AND (known_until IS NULL OR known_until > $3)
        ORDER BY case_id, id";
    facts(read.all(sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(cases)).bind(known_at)).await?)
}

/// What is known on a day about a party, in whatever case, the newest last.
pub async fn known_about(
    read: &mut Read,
    tenant: Tenant,
    party: PartyId,
    known_at: Day,
) -> Result<Vec<Fact>> {
    const ABOUT: &str = "
        SELECT case_id, id, kind, about, first_day, last_day, attributes, source, known_from, known_until
        FROM fact
        WHERE tenant = $1 AND about = $2
          AND known_from <= $3 AND (known_until IS NULL OR known_until > $3)
        ORDER BY id";
    facts(read.all(sql(ABOUT).bind(tenant).bind(party).bind(known_at)).await?)
}

pub(super) async fn insert(
    tx: &mut Tx,
    tenant: Tenant,
    facts: &[Fact],
    at: DateTime<Utc>,
    by: &str,
) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO fact (
            tenant, case_id, id, kind, about, first_day, last_day, attributes, source, known_from, known_until,
            recorded_at, recorded_by
        ) VALUES";
    let mut rows = bulk(INSERT, "");
    for fact in facts {
        rows.row(vec![
            tenant.bind(),
            fact.case.bind(),
            fact.id.bind(),
            fact.content.kind.as_str().bind(),
            fact.content.about.bind(),
            fact.content.valid.first().bind(),
            fact.content.valid.last().bind(),
            write_attributes(&fact.content.attributes)?.bind(),
            fact.source.as_str().bind(),
            fact.known_from.bind(),
            fact.known_until.bind(),
            at.bind(),
            by.bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

/// Ends the days a fact was held to be true; `false` when they had ended already, or it never was.
pub(super) async fn end(
    tx: &mut Tx,
    tenant: Tenant,
    case: CaseId,
    fact: FactId,
    on: Day,
) -> Result<bool> {
    const END: &str = "
        UPDATE fact SET known_until = $4
        WHERE tenant = $1 AND case_id = $2 AND id = $3 AND known_until IS NULL";
    Ok(tx.execute(sql(END).bind(tenant).bind(case).bind(fact).bind(on)).await? == 1)
}
