//! SQL for campaigns and publications.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use ydun_domain::ids::{CampaignId, CaseId, PublicationId};
use ydun_domain::{Day, Tenant, Validity};
use ydun_runtime::manifest::RateValue;

use super::rates::AddedRate;
use super::{Campaign, Progress, Publication, RateFile, State};
use crate::access::{Act, Administer, Right};
use crate::db::{Bind as _, Read, Result, Tx, bulk, list, sql, sql_each};

#[derive(sqlx::FromRow)]
struct CampaignRow {
    id: CampaignId,
    benefit: String,
    title: String,
    publication: Option<PublicationId>,
    #[sqlx(try_from = "String")]
    state: State,
    resumes_as: Option<String>,
    note: String,
    created_at: DateTime<Utc>,
    created_by: String,
    done_on: Option<Day>,
    withdrawn_on: Option<Day>,
}

impl CampaignRow {
    fn with(self, rates: Vec<AddedRate>) -> Result<Campaign> {
        let resumes_as = self.resumes_as.map(State::try_from).transpose().map_err(broken)?;
        let Self { id, benefit, title, publication, state, note, created_at, created_by, .. } =
            self;
        let (done_on, withdrawn_on) = (self.done_on, self.withdrawn_on);
        Ok(Campaign {
            id,
            benefit,
            title,
            publication,
            state,
            resumes_as,
            note,
            created_at,
            created_by,
            done_on,
            withdrawn_on,
            rates,
        })
    }
}

#[derive(sqlx::FromRow)]
struct RateRow {
    campaign: CampaignId,
    key: String,
    first_day: Day,
    last_day: Option<Day>,
    announced: Day,
    value: String,
    source: String,
}

impl TryFrom<RateRow> for AddedRate {
    type Error = sqlx::Error;
    fn try_from(row: RateRow) -> Result<Self> {
        let RateRow { key, first_day, last_day, announced, value, source, .. } = row;
        let valid = Validity::new(first_day, last_day).map_err(broken)?;
        let value = serde_json::from_str(&value).map_err(broken)?;
        Ok(Self { key, value: RateValue { valid, announced, value, source } })
    }
}

fn broken<E: std::error::Error + Send + Sync + 'static>(error: E) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}

/// A benefit's campaigns, oldest first.
pub(super) async fn of_benefit(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
) -> Result<Vec<Campaign>> {
    const CAMPAIGNS: &str = "
        SELECT id, benefit, title, publication, state, resumes_as, note, created_at, created_by,
               done_on, withdrawn_on
        FROM campaign WHERE tenant = $1 AND benefit = $2 ORDER BY id";
    const RATES: &str = "
        SELECT rate.campaign, rate.key, rate.first_day, rate.last_day, rate.announced, rate.value, rate.source
        FROM campaign
        JOIN campaign_rate AS rate ON rate.tenant = campaign.tenant AND rate.campaign = campaign.id
        WHERE campaign.tenant = $1 AND campaign.benefit = $2
        ORDER BY rate.campaign, rate.place";
    let campaigns: Vec<CampaignRow> = db.all(sql(CAMPAIGNS).bind(tenant).bind(benefit)).await?;
    if campaigns.is_empty() {
        return Ok(Vec::new());
    }
    let rates: Vec<RateRow> = db.all(sql(RATES).bind(tenant).bind(benefit)).await?;
    assemble(campaigns, rates)
}

/// Every campaign of the municipality, the newest first.
pub(super) async fn all(db: &mut Read, tenant: Tenant) -> Result<Vec<Campaign>> {
    const CAMPAIGNS: &str = "
        SELECT id, benefit, title, publication, state, resumes_as, note, created_at, created_by,
               done_on, withdrawn_on
        FROM campaign WHERE tenant = $1 ORDER BY id DESC";
    const RATES: &str = "
        SELECT campaign, key, first_day, last_day, announced, value, source
        FROM campaign_rate WHERE tenant = $1 ORDER BY campaign, place";
    let campaigns = db.all(sql(CAMPAIGNS).bind(tenant)).await?;
    assemble(campaigns, db.all(sql(RATES).bind(tenant)).await?)
}

/// One campaign; nobody else changes it until the transaction ends.
pub(super) async fn lock(tx: &mut Tx, tenant: Tenant, id: CampaignId) -> Result<Option<Campaign>> {
    const LOCK: &str = "SELECT id FROM campaign WHERE tenant = $1 AND id = $2";
    tx.optional::<(CampaignId,)>(sql(LOCK).bind(tenant).bind(id).locking()).await?;
    by_id(tx, tenant, id).await
}

pub(super) async fn by_id(
    db: &mut Read,
    tenant: Tenant,
    id: CampaignId,
) -> Result<Option<Campaign>> {
    const CAMPAIGN: &str = "
        SELECT id, benefit, title, publication, state, resumes_as, note, created_at, created_by,
               done_on, withdrawn_on
        FROM campaign WHERE tenant = $1 AND id = $2";
    const RATES: &str = "
        SELECT campaign, key, first_day, last_day, announced, value, source
        FROM campaign_rate WHERE tenant = $1 AND campaign = $2 ORDER BY place";
    let Some(row) = db.optional(sql(CAMPAIGN).bind(tenant).bind(id)).await? else {
        return Ok(None);
    };
    let rates: Vec<RateRow> = db.all(sql(RATES).bind(tenant).bind(id)).await?;
    Ok(assemble(vec![row], rates)?.pop())
}

fn assemble(campaigns: Vec<CampaignRow>, rates: Vec<RateRow>) -> Result<Vec<Campaign>> {
    let mut of: HashMap<CampaignId, Vec<AddedRate>> = HashMap::new();
    for rate in rates {
        of.entry(rate.campaign).or_default().push(rate.try_into()?);
    }
    campaigns
        .into_iter()
        .map(|row| {
            let rates = of.remove(&row.id).unwrap_or_default();
            row.with(rates)
        })
        .collect()
}

pub(super) async fn insert(tx: &mut Tx, act: &Act<Administer>, campaign: &Campaign) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO campaign (tenant, id, benefit, title, publication, state, note, created_at, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let Campaign { id, benefit, title, publication, state, note, .. } = campaign;
    let insert =
        sql(INSERT).bind(act.tenant()).bind(*id).bind(benefit.as_str()).bind(title.as_str());
    let insert = insert.bind(*publication).bind(state.word()).bind(note.as_str());
    tx.execute(insert.bind(act.at()).bind(act.by())).await?;
    let mut rates = bulk(
        "INSERT INTO campaign_rate
            (tenant, campaign, place, key, first_day, last_day, announced, value, source)
        VALUES",
        "",
    );
    for (place, AddedRate { key, value }) in (0i64..).zip(&campaign.rates) {
        rates.row(vec![
            act.tenant().bind(),
            id.bind(),
            place.bind(),
            key.as_str().bind(),
            value.valid.first().bind(),
            value.valid.last().bind(),
            value.announced.bind(),
            serde_json::to_string(&value.value).expect("a value can be written as JSON").bind(),
            value.source.as_str().bind(),
        ]);
    }
    tx.insert(rates).await.map(drop)
}

/// Writes down where a campaign stands now.
pub(super) async fn save<R: Right>(tx: &mut Tx, act: &Act<R>, now: &Campaign) -> Result<()> {
    const SAVE: &str = "
        UPDATE campaign SET state = $3, resumes_as = $4, note = $5, done_on = $6, withdrawn_on = $7
        WHERE tenant = $1 AND id = $2";
    let save = sql(SAVE).bind(act.tenant()).bind(now.id).bind(now.state.word());
    let save = save.bind(now.resumes_as.map(State::word)).bind(now.note.as_str());
    tx.execute(save.bind(now.done_on).bind(now.withdrawn_on)).await.map(drop)
}

/// The days on which campaigns took the cases of a range.
pub(super) async fn taken(
    db: &mut Read,
    tenant: Tenant,
    cases: &RangeInclusive<CaseId>,
) -> Result<Vec<(CaseId, CampaignId, Day)>> {
    const TAKEN: &str = "
        SELECT case_id, campaign, taken_on FROM campaign_case
        WHERE tenant = $1 AND case_id >= $2 AND case_id <= $3 AND taken_on IS NOT NULL";
    db.all(sql(TAKEN).bind(tenant).bind(*cases.start()).bind(*cases.end())).await
}

/// The cases with something calculated for days the rates are about, that no wave has chosen.
pub(super) async fn waiting(
    db: &mut Read,
    tenant: Tenant,
    campaign: &Campaign,
    days: Validity,
) -> Result<Vec<CaseId>> {
    const WAITING: &str = "
        SELECT benefit_case.id
        FROM benefit_case
        WHERE benefit_case.tenant = $1 AND benefit_case.benefit = $2
          AND EXISTS (
              SELECT 1 FROM run
              WHERE run.tenant = benefit_case.tenant AND run.case_id = benefit_case.id
                AND run.purpose = 'live' AND run.last_day >= $4
                AND (CAST($5 AS DATE) IS NULL OR run.first_day <= $5))
          AND NOT EXISTS (
              SELECT 1 FROM campaign_case
              WHERE campaign_case.tenant = benefit_case.tenant AND campaign_case.campaign = $3
                AND campaign_case.case_id = benefit_case.id)
        ORDER BY benefit_case.id";
    let ask = sql(WAITING).bind(tenant).bind(campaign.benefit.as_str()).bind(campaign.id);
    let rows: Vec<(CaseId,)> = db.all(ask.bind(days.first()).bind(days.last())).await?;
    Ok(rows.into_iter().map(|(case,)| case).collect())
}

/// Puts cases in a wave.
pub(super) async fn choose(
    tx: &mut Tx,
    tenant: Tenant,
    campaign: CampaignId,
    wave: i64,
    cases: &[CaseId],
) -> Result<()> {
    let mut rows = bulk("INSERT INTO campaign_case (tenant, campaign, case_id, wave) VALUES", "");
    for case in cases {
        rows.row(vec![tenant.bind(), campaign.bind(), case.bind(), wave.bind()]);
    }
    tx.insert(rows).await.map(drop)
}

/// Remembers from which day cases know the new rates.
pub(super) async fn take(
    tx: &mut Tx,
    tenant: Tenant,
    campaign: CampaignId,
    cases: &[CaseId],
    on: Day,
) -> Result<()> {
    const SQLITE: &str = "
        UPDATE campaign_case SET taken_on = $3
        WHERE tenant = $1 AND campaign = $2 AND case_id IN (SELECT unhex(value, '-') FROM json_each($4))";
    const POSTGRES: &str = "
        UPDATE campaign_case SET taken_on = $3
        WHERE tenant = $1 AND campaign = $2
          AND case_id = ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST($4 AS JSON)) AS UUID)))";
    let take = sql_each(SQLITE, POSTGRES).bind(tenant).bind(campaign).bind(on).bind(list(cases));
    tx.execute(take).await.map(drop)
}

pub(super) async fn progress(
    db: &mut Read,
    tenant: Tenant,
    campaign: CampaignId,
) -> Result<Progress> {
    const PROGRESS: &str = "
        SELECT COUNT(*) AS cases, COUNT(wave) AS chosen, COUNT(taken_on) AS taken,
               COALESCE(MAX(wave) + 1, 0) AS waves
        FROM campaign_case WHERE tenant = $1 AND campaign = $2";
    db.one(sql(PROGRESS).bind(tenant).bind(campaign)).await
}

pub(super) async fn insert_publication(
    tx: &mut Tx,
    act: &Act<Administer>,
    id: PublicationId,
    file: &RateFile,
) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO rate_publication (id, benefit, title, rates, published_at, published_by)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let rates = serde_json::to_string(&file.rates).expect("rates can be written as JSON");
    let insert = sql(INSERT).bind(id).bind(file.benefit.as_str()).bind(file.title.as_str());
    tx.execute(insert.bind(rates).bind(act.at()).bind(act.by())).await.map(drop)
}

/// What has been published for all municipalities, the newest first.
pub(super) async fn publications(db: &mut Read) -> Result<Vec<Publication>> {
    const PUBLICATIONS: &str = "
        SELECT id, benefit, title, rates, published_at, published_by
        FROM rate_publication ORDER BY id DESC";
    #[derive(sqlx::FromRow)]
    struct Row {
        id: PublicationId,
        benefit: String,
        title: String,
        rates: String,
        published_at: DateTime<Utc>,
        published_by: String,
    }
    let publication = |row: Row| {
        let Row { id, benefit, title, rates, published_at, published_by } = row;
        let rates = serde_json::from_str(&rates).map_err(broken)?;
        let file = RateFile { benefit, title, rates };
        Ok(Publication { id, file, published_at, published_by })
    };
    let rows: Vec<Row> = db.all(sql(PUBLICATIONS)).await?;
    rows.into_iter().map(publication).collect()
}
