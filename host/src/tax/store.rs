//! SQL for tax cards and tax settings.

use ydun_domain::ids::PartyId;
use ydun_domain::{Day, Dkk, Tenant, Validity};

use super::settings::{Key, Value};
use super::{Card, TaxCard};
use crate::access::{Act, Right};
use crate::db::{Bind as _, Read, Result, Tx, bulk, list, sql, sql_each};

pub(super) async fn insert_cards<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    cards: &[TaxCard],
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO tax_card
            (tenant, party, id, kind, percent, allowance, first_day, last_day, known_from, source,
             recorded_at, recorded_by) VALUES",
        "",
    );
    for TaxCard { party, card, valid, known_from, source } in cards {
        rows.row(vec![
            act.tenant().bind(),
            party.bind(),
            uuid::Uuid::now_v7().bind(),
            card.kind().bind(),
            card.percent().map(i64::from).bind(),
            card.allowance().bind(),
            valid.first().bind(),
            valid.last().bind(),
            known_from.bind(),
            source.as_str().bind(),
            act.at().bind(),
            act.by().bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct CardRow {
    party: PartyId,
    kind: String,
    percent: Option<i64>,
    allowance: Option<Dkk>,
    first_day: Day,
    last_day: Option<Day>,
    known_from: Day,
    source: String,
}

impl TryFrom<CardRow> for TaxCard {
    type Error = sqlx::Error;
    fn try_from(row: CardRow) -> Result<Self> {
        let percent = row.percent.and_then(|percent| u8::try_from(percent).ok());
        let card = match (row.kind.as_str(), percent, row.allowance) {
            ("main", Some(percent), Some(allowance)) => Card::Main { percent, allowance },
            ("secondary", Some(percent), None) => Card::Secondary { percent },
            ("free", None, Some(allowance)) => Card::Free { allowance },
            _ => return Err(sqlx::Error::Decode("a tax card is of no kind".into())),
        };
        let valid = Validity::new(row.first_day, row.last_day)
            .map_err(|error| sqlx::Error::Decode(error.into()))?;
        let CardRow { party, known_from, source, .. } = row;
        Ok(Self { party, card, valid, known_from, source })
    }
}

/// The cards of some persons, in the order they were recorded.
pub(super) async fn cards(
    db: &mut Read,
    tenant: Tenant,
    parties: &[PartyId],
) -> Result<Vec<TaxCard>> {
    const SQLITE: &str = "
        SELECT party, kind, percent, allowance, first_day, last_day, known_from, source
        FROM tax_card
        WHERE tenant = $1 AND party IN (SELECT unhex(value, '-') FROM json_each($2))
        ORDER BY party, id";
    const POSTGRES: &str = "
        SELECT party, kind, percent, allowance, first_day, last_day, known_from, source
        FROM tax_card
        WHERE tenant = $1 AND party = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
        ORDER BY party, id";
    let cards = sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(parties));
    db.all::<CardRow>(cards).await?.into_iter().map(TaxCard::try_from).collect()
}

/// Keeps others from working out the tax of these persons until the transaction ends.
pub(super) async fn lock_payers(tx: &mut Tx, tenant: Tenant, parties: &[PartyId]) -> Result<()> {
    const SQLITE: &str = "
        SELECT party FROM tax_payer
        WHERE tenant = $1 AND party IN (SELECT unhex(value, '-') FROM json_each($2))
        ORDER BY party";
    const POSTGRES: &str = "
        SELECT party FROM tax_payer
        WHERE tenant = $1 AND party = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($2 AS JSON)) AS UUID)))
        ORDER BY party";
    let mut rows = bulk(
        "INSERT INTO tax_payer (tenant, party) VALUES",
        "ON CONFLICT (tenant, party) DO NOTHING",
    );
    for party in parties {
        rows.row(vec![tenant.bind(), party.bind()]);
    }
    tx.insert(rows).await?;
    let lock = sql_each(SQLITE, POSTGRES).bind(tenant).bind(list(parties)).locking();
    let _: Vec<(PartyId,)> = tx.all(lock).await?;
    Ok(())
}

pub(super) async fn insert_setting<R: Right>(
    tx: &mut Tx,
    act: &Act<R>,
    value: &Value,
    known_from: Day,
) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO tax_setting (tenant, key, first_day, known_from, value, source, set_at, set_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (tenant, key, first_day, known_from)
        DO UPDATE SET value = excluded.value, source = excluded.source, set_at = excluded.set_at,
                      set_by = excluded.set_by";
    let insert = sql(INSERT)
        .bind(act.tenant())
        .bind(value.key)
        .bind(value.from)
        .bind(known_from)
        .bind(value.value.as_str())
        .bind(value.source.as_str())
        .bind(act.at())
        .bind(act.by());
    tx.execute(insert).await.map(drop)
}

#[derive(sqlx::FromRow)]
struct SettingRow {
    #[sqlx(try_from = "String")]
    key: Key,
    first_day: Day,
    value: String,
    source: String,
}

/// The municipality's choices as known on a day; of two for the same first day the later known is last.
pub(super) async fn settings(db: &mut Read, tenant: Tenant, known_at: Day) -> Result<Vec<Value>> {
    const SETTINGS: &str = "
        SELECT key, first_day, value, source
        FROM tax_setting
        WHERE tenant = $1 AND known_from <= $2
        ORDER BY key, first_day, known_from";
    let rows: Vec<SettingRow> = db.all(sql(SETTINGS).bind(tenant).bind(known_at)).await?;
    let value = |SettingRow { key, first_day, value, source }| Value {
        key,
        from: first_day,
        value,
        grade: None,
        source,
    };
    Ok(rows.into_iter().map(value).collect())
}
