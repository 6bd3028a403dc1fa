//! SQL for replays.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ydun_domain::ids::{CampaignId, CaseId, MonthRunId, ReplayId, RunId};
use ydun_domain::{Day, Dkk, Tenant, Validity};
use ydun_runtime::Digest;
use ydun_runtime::replay::{Class, Parting};

use super::report::{Changed, Group, Signed, Totals};
use super::{Compared, Origin, Replay, Scope};
use crate::access::{Act, Approve, Right};
use crate::audit::hide_personal_numbers;
use crate::cases::CaseRange;
use crate::db::{Bind as _, Read, Result, Tx, bulk, sql};

#[derive(sqlx::FromRow)]
struct ReplayRow {
    id: ReplayId,
    benefit: String,
    #[sqlx(try_from = "String")]
    origin: Origin,
    old_artifact: Option<Vec<u8>>,
    new_artifact: Option<Vec<u8>>,
    scope: String,
    seed: Option<i64>,
    known_at: Option<Day>,
    month_run: Option<MonthRunId>,
    campaign: Option<CampaignId>,
    wave: Option<i64>,
    dossiers: Option<i64>,
    started_at: DateTime<Utc>,
    started_by: String,
    finished_at: Option<DateTime<Utc>>,
}

impl TryFrom<ReplayRow> for Replay {
    type Error = sqlx::Error;
    fn try_from(row: ReplayRow) -> Result<Self> {
        let digest = |bytes: Option<Vec<u8>>| {
            bytes.map(Digest::try_from).transpose().map_err(|error| broken(error.into()))
        };
        let scope = match (row.scope.as_str(), row.seed) {
            ("all", None) => Scope::All,
            ("open", None) => Scope::Open,
            ("sample", Some(seed)) => Scope::Sample { seed: seed.cast_unsigned() },
            (other, _) => return Err(broken(format!("'{other}' is no scope").into())),
        };
        Ok(Self {
            id: row.id,
            benefit: row.benefit,
            origin: row.origin,
            old: digest(row.old_artifact)?,
            new: digest(row.new_artifact)?,
            scope,
            known_at: row.known_at,
            month_run: row.month_run,
            campaign: row.campaign,
            wave: row.wave,
            dossiers: row.dossiers,
            started_at: row.started_at,
            started_by: row.started_by,
            finished_at: row.finished_at,
        })
    }
}

fn broken(error: Box<dyn std::error::Error + Send + Sync>) -> sqlx::Error {
    sqlx::Error::Decode(error)
}

pub(super) async fn insert<R: Right>(tx: &mut Tx, act: &Act<R>, replay: &Replay) -> Result<()> {
    const INSERT: &str = "
        INSERT INTO replay
            (tenant, id, benefit, origin, old_artifact, new_artifact, scope, seed, known_at,
             month_run, campaign, wave, dossiers, started_at, started_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    let insert = sql(INSERT).bind(act.tenant()).bind(replay.id).bind(replay.benefit.as_str());
    let insert = insert.bind(replay.origin.word()).bind(replay.old).bind(replay.new);
    let insert = insert.bind(replay.scope.word()).bind(replay.scope.seed()).bind(replay.known_at);
    let insert = insert.bind(replay.month_run).bind(replay.campaign).bind(replay.wave);
    let insert = insert.bind(replay.dossiers).bind(replay.started_at);
    tx.execute(insert.bind(replay.started_by.as_str())).await.map(drop)
}

/// Ends a replay: nothing is added to it any more.
pub(super) async fn finish<R: Right>(tx: &mut Tx, act: &Act<R>, id: ReplayId) -> Result<()> {
    const FINISH: &str = "UPDATE replay SET finished_at = $3 WHERE tenant = $1 AND id = $2";
    tx.execute(sql(FINISH).bind(act.tenant()).bind(id).bind(act.at())).await.map(drop)
}

/// Keeps what was compared, with the groups it falls into. What is compared again takes its place.
pub(super) async fn add(
    tx: &mut Tx,
    tenant: Tenant,
    replay: ReplayId,
    compared: &[Compared],
) -> Result<()> {
    let mut groups: BTreeMap<String, (Class, &Parting)> = BTreeMap::new();
    let mut cases = bulk(
        "INSERT INTO replay_case
            (tenant, replay, case_id, run_id, group_name, before_amount, after_amount)
        VALUES",
        "ON CONFLICT (tenant, replay, case_id, run_id) DO UPDATE
        SET group_name = excluded.group_name, before_amount = excluded.before_amount,
            after_amount = excluded.after_amount",
    );
    for Compared { case, run, difference } in compared {
        let group = difference.group();
        cases.row(vec![
            tenant.bind(),
            replay.bind(),
            case.bind(),
            run.bind(),
            group.clone().bind(),
            difference.before.bind(),
            difference.after.bind(),
        ]);
        if let (Some(name), Some(parting)) = (group, &difference.parting) {
            groups.entry(name).or_insert((difference.class, parting));
        }
    }
    insert_groups(tx, tenant, replay, &groups).await?;
    tx.insert(cases).await.map(drop)
}

async fn insert_groups(
    tx: &mut Tx,
    tenant: Tenant,
    replay: ReplayId,
    groups: &BTreeMap<String, (Class, &Parting)>,
) -> Result<()> {
    let mut rows = bulk(
        "INSERT INTO replay_group (tenant, replay, name, class, label, law, before_text, after_text) VALUES",
        "ON CONFLICT (tenant, replay, name) DO NOTHING",
    );
    for (name, (class, parting)) in groups {
        let told = |text: &Option<String>| text.as_deref().map(hide_personal_numbers);
        rows.row(vec![
            tenant.bind(),
            replay.bind(),
            name.as_str().bind(),
            class.word().bind(),
            hide_personal_numbers(&parting.label).bind(),
            parting.law.as_str().bind(),
            told(&parting.before).bind(),
            told(&parting.after).bind(),
        ]);
    }
    tx.insert(rows).await.map(drop)
}

pub(super) async fn replay(db: &mut Read, tenant: Tenant, id: ReplayId) -> Result<Option<Replay>> {
    const REPLAY: &str = "
        SELECT id, benefit, origin, old_artifact, new_artifact, scope, seed, known_at,
               month_run, campaign, wave, dossiers, started_at, started_by, finished_at
        FROM replay WHERE tenant = $1 AND id = $2";
    let row: Option<ReplayRow> = db.optional(sql(REPLAY).bind(tenant).bind(id)).await?;
    row.map(Replay::try_from).transpose()
}

/// Every replay of the municipality, the newest first.
pub(super) async fn replays(db: &mut Read, tenant: Tenant) -> Result<Vec<Replay>> {
    const REPLAYS: &str = "
        SELECT id, benefit, origin, old_artifact, new_artifact, scope, seed, known_at,
               month_run, campaign, wave, dossiers, started_at, started_by, finished_at
        FROM replay WHERE tenant = $1 ORDER BY id DESC";
    let rows: Vec<ReplayRow> = db.all(sql(REPLAYS).bind(tenant)).await?;
    rows.into_iter().map(Replay::try_from).collect()
}

/// The last finished replay of all or all open cases through two versions.
pub(super) async fn newest_whole(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    old: Digest,
    new: Digest,
) -> Result<Option<Replay>> {
    const NEWEST: &str = "
        SELECT id, benefit, origin, old_artifact, new_artifact, scope, seed, known_at,
               month_run, campaign, wave, dossiers, started_at, started_by, finished_at
        FROM replay
        WHERE tenant = $1 AND benefit = $2 AND old_artifact = $3 AND new_artifact = $4
          AND origin = 'replay' AND scope <> 'sample' AND finished_at IS NOT NULL
        ORDER BY id DESC LIMIT 1";
    let newest = sql(NEWEST).bind(tenant).bind(benefit).bind(old).bind(new);
    db.optional::<ReplayRow>(newest).await?.map(Replay::try_from).transpose()
}

/// The newest trial of a campaign that came to its end.
pub(super) async fn newest_trial(
    db: &mut Read,
    tenant: Tenant,
    campaign: CampaignId,
) -> Result<Option<Replay>> {
    const NEWEST: &str = "
        SELECT id, benefit, origin, old_artifact, new_artifact, scope, seed, known_at,
               month_run, campaign, wave, dossiers, started_at, started_by, finished_at
        FROM replay
        WHERE tenant = $1 AND campaign = $2 AND origin = 'campaign' AND finished_at IS NOT NULL
        ORDER BY id DESC LIMIT 1";
    let row: Option<ReplayRow> = db.optional(sql(NEWEST).bind(tenant).bind(campaign)).await?;
    row.map(Replay::try_from).transpose()
}

/// What a shadow found in a month's run, or a campaign in a wave.
pub(super) async fn of_month_run(
    db: &mut Read,
    tenant: Tenant,
    run: MonthRunId,
) -> Result<Option<Replay>> {
    const OF_RUN: &str = "
        SELECT id, benefit, origin, old_artifact, new_artifact, scope, seed, known_at,
               month_run, campaign, wave, dossiers, started_at, started_by, finished_at
        FROM replay WHERE tenant = $1 AND month_run = $2";
    let row: Option<ReplayRow> = db.optional(sql(OF_RUN).bind(tenant).bind(run)).await?;
    row.map(Replay::try_from).transpose()
}

pub(super) async fn of_wave(
    db: &mut Read,
    tenant: Tenant,
    campaign: CampaignId,
    wave: i64,
) -> Result<Option<Replay>> {
    const OF_WAVE: &str = "
        SELECT id, benefit, origin, old_artifact, new_artifact, scope, seed, known_at,
               month_run, campaign, wave, dossiers, started_at, started_by, finished_at
        FROM replay WHERE tenant = $1 AND campaign = $2 AND wave = $3";
    let row: Option<ReplayRow> =
        db.optional(sql(OF_WAVE).bind(tenant).bind(campaign).bind(wave)).await?;
    row.map(Replay::try_from).transpose()
}

/// The newest wave of a campaign, or its newest trial.
pub(super) async fn newest_of_campaign(
    db: &mut Read,
    tenant: Tenant,
    campaign: CampaignId,
) -> Result<Option<Replay>> {
    const NEWEST: &str = "
        SELECT id, benefit, origin, old_artifact, new_artifact, scope, seed, known_at,
               month_run, campaign, wave, dossiers, started_at, started_by, finished_at
        FROM replay WHERE tenant = $1 AND campaign = $2
        ORDER BY wave DESC NULLS LAST, id DESC LIMIT 1";
    let row: Option<ReplayRow> = db.optional(sql(NEWEST).bind(tenant).bind(campaign)).await?;
    row.map(Replay::try_from).transpose()
}

pub(super) async fn totals(db: &mut Read, tenant: Tenant, replay: ReplayId) -> Result<Totals> {
    const TOTALS: &str = "
        SELECT COUNT(*) AS dossiers, COUNT(group_name) AS changed,
               CAST(COALESCE(SUM(before_amount), 0) AS BIGINT) AS before,
               CAST(COALESCE(SUM(after_amount), 0) AS BIGINT) AS after
        FROM replay_case WHERE tenant = $1 AND replay = $2";
    db.one(sql(TOTALS).bind(tenant).bind(replay)).await
}

pub(super) async fn groups(db: &mut Read, tenant: Tenant, replay: ReplayId) -> Result<Vec<Group>> {
    const GROUPS: &str = "
        SELECT kind.name, kind.class, kind.label, kind.law, kind.before_text, kind.after_text,
               kind.signed_at, kind.signed_by, kind.reason, COUNT(*) AS dossiers,
               CAST(SUM(replay_case.before_amount) AS BIGINT) AS before,
               CAST(SUM(replay_case.after_amount) AS BIGINT) AS after
        FROM replay_group AS kind
        JOIN replay_case ON replay_case.tenant = kind.tenant AND replay_case.replay = kind.replay
                        AND replay_case.group_name = kind.name
        WHERE kind.tenant = $1 AND kind.replay = $2
        GROUP BY kind.tenant, kind.replay, kind.name";
    #[derive(sqlx::FromRow)]
    struct Row {
        name: String,
        #[sqlx(try_from = "String")]
        class: Class,
        label: String,
        law: String,
        before_text: Option<String>,
        after_text: Option<String>,
        signed_at: Option<DateTime<Utc>>,
        signed_by: Option<String>,
        reason: Option<String>,
        dossiers: i64,
        before: Dkk,
        after: Dkk,
    }
    let group = |row: Row| {
        let signed = match (row.signed_at, row.signed_by, row.reason) {
            (Some(at), Some(by), Some(reason)) => Some(Signed { at, by, reason }),
            _ => None,
        };
        let Row { name, class, label, law, before_text, after_text, .. } = row;
        let Row { dossiers, before, after, .. } = row;
        let examples = Vec::new();
        Group {
            name,
            class,
            label,
            law,
            before_text,
            after_text,
            dossiers,
            before,
            after,
            signed,
            examples,
        }
    };
    let rows: Vec<Row> = db.all(sql(GROUPS).bind(tenant).bind(replay)).await?;
    Ok(rows.into_iter().map(group).collect())
}

/// The cases of a group, those with the largest difference first.
pub(super) async fn changed(
    db: &mut Read,
    tenant: Tenant,
    replay: ReplayId,
    group: &str,
    limit: u32,
) -> Result<Vec<Changed>> {
    const CHANGED: &str = "
        SELECT benefit_case.number, run.first_day, run.last_day,
               replay_case.before_amount AS before, replay_case.after_amount AS after
        FROM replay_case
        JOIN benefit_case ON benefit_case.tenant = replay_case.tenant AND benefit_case.id = replay_case.case_id
        JOIN run ON run.tenant = replay_case.tenant AND run.case_id = replay_case.case_id
                AND run.id = replay_case.run_id
        WHERE replay_case.tenant = $1 AND replay_case.replay = $2 AND replay_case.group_name = $3
        ORDER BY ABS(replay_case.after_amount - replay_case.before_amount) DESC,
                 benefit_case.number, run.first_day
        LIMIT $4";
    db.all(sql(CHANGED).bind(tenant).bind(replay).bind(group).bind(i64::from(limit))).await
}

/// Signs a group that nobody has signed, and tells whether there was one.
pub(super) async fn sign(
    tx: &mut Tx,
    act: &Act<Approve>,
    replay: ReplayId,
    group: &str,
    reason: &str,
) -> Result<bool> {
    const SIGN: &str = "
        UPDATE replay_group SET signed_at = $4, signed_by = $5, reason = $6
        WHERE tenant = $1 AND replay = $2 AND name = $3 AND signed_at IS NULL";
    let sign = sql(SIGN).bind(act.tenant()).bind(replay).bind(group);
    Ok(tx.execute(sign.bind(act.at()).bind(act.by()).bind(reason)).await? == 1)
}

/// The stored calculations for days a version counts for: the newest of each case and first day, in
/// the order of cases. `open_only` leaves out closed cases.
pub(super) async fn of_version(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    version: Digest,
    open_only: bool,
) -> Result<Vec<(CaseId, RunId)>> {
    const NEWEST: &str = "
        SELECT run.case_id, run.id
        FROM benefit_case
        JOIN run ON run.tenant = benefit_case.tenant AND run.case_id = benefit_case.id AND run.purpose = 'live'
        WHERE benefit_case.tenant = $1 AND benefit_case.benefit = $2
          AND (benefit_case.closed IS NULL OR NOT $4)
          AND EXISTS (
              SELECT 1 FROM activation
              WHERE activation.tenant = run.tenant AND activation.benefit = $2 AND activation.digest = $3
                AND activation.mode = 'active' AND activation.known_until IS NULL
                AND activation.first_day <= run.last_day
                AND (activation.last_day IS NULL OR activation.last_day >= run.first_day))
          AND NOT EXISTS (
              SELECT 1 FROM run AS newer
              WHERE newer.tenant = run.tenant AND newer.case_id = run.case_id AND newer.purpose = 'live'
                AND newer.first_day = run.first_day AND newer.id > run.id)
        ORDER BY run.case_id, run.id";
    db.all(sql(NEWEST).bind(tenant).bind(benefit).bind(version).bind(open_only)).await
}

/// As [`of_version`], for some days of a range of cases, whichever version counts for them.
pub(super) async fn of_days(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    days: Validity,
    cases: CaseRange,
) -> Result<Vec<(CaseId, RunId)>> {
    const NEWEST: &str = "
        SELECT run.case_id, run.id
        FROM benefit_case
        JOIN run ON run.tenant = benefit_case.tenant AND run.case_id = benefit_case.id AND run.purpose = 'live'
        WHERE benefit_case.tenant = $1 AND benefit_case.benefit = $2
          AND benefit_case.id > $5 AND benefit_case.id <= $6
          AND run.last_day >= $3 AND (CAST($4 AS DATE) IS NULL OR run.first_day <= $4)
          AND NOT EXISTS (
              SELECT 1 FROM run AS newer
              WHERE newer.tenant = run.tenant AND newer.case_id = run.case_id AND newer.purpose = 'live'
                AND newer.first_day = run.first_day AND newer.id > run.id)
        ORDER BY run.case_id, run.id";
    let newest = sql(NEWEST).bind(tenant).bind(benefit).bind(days.first()).bind(days.last());
    db.all(newest.bind(cases.after()).bind(cases.up_to())).await
}

/// How many stored calculations for days an older version counts for are not in a replay. `none`
/// stands for a replay that there is not.
pub(super) async fn not_replayed(
    db: &mut Read,
    tenant: Tenant,
    benefit: &str,
    version: Digest,
    days: Validity,
    (replay, open_only): (ReplayId, bool),
) -> Result<i64> {
    const MISSED: &str = "
        SELECT COUNT(*)
        FROM benefit_case
        JOIN run ON run.tenant = benefit_case.tenant AND run.case_id = benefit_case.id AND run.purpose = 'live'
        WHERE benefit_case.tenant = $1 AND benefit_case.benefit = $2
          AND (benefit_case.closed IS NULL OR NOT $7)
          AND run.last_day >= $4 AND (CAST($5 AS DATE) IS NULL OR run.first_day <= $5)
          AND EXISTS (
              SELECT 1 FROM activation
              WHERE activation.tenant = run.tenant AND activation.benefit = $2 AND activation.digest = $3
                AND activation.mode = 'active' AND activation.known_until IS NULL
                AND activation.first_day <= run.last_day
                AND (activation.last_day IS NULL OR activation.last_day >= run.first_day))
          AND NOT EXISTS (
              SELECT 1 FROM run AS newer
              WHERE newer.tenant = run.tenant AND newer.case_id = run.case_id AND newer.purpose = 'live'
                AND newer.first_day = run.first_day AND newer.id > run.id)
          AND NOT EXISTS (
              SELECT 1 FROM replay_case
              WHERE replay_case.tenant = run.tenant AND replay_case.replay = $6
                AND replay_case.case_id = run.case_id AND replay_case.run_id = run.id)";
    let missed = sql(MISSED).bind(tenant).bind(benefit).bind(version);
    let missed = missed.bind(days.first()).bind(days.last()).bind(replay).bind(open_only);
    db.one::<(i64,)>(missed).await.map(|(count,)| count)
}

/// How many groups of a replay nobody has signed.
pub(super) async fn unsigned(db: &mut Read, tenant: Tenant, replay: ReplayId) -> Result<i64> {
    const UNSIGNED: &str = "
        SELECT COUNT(*) FROM replay_group WHERE tenant = $1 AND replay = $2 AND signed_at IS NULL";
    db.one::<(i64,)>(sql(UNSIGNED).bind(tenant).bind(replay)).await.map(|(count,)| count)
}

/// How many changed verdicts and failures of a replay nobody has signed, in groups.
pub(super) async fn unsigned_and_grave(
    db: &mut Read,
    tenant: Tenant,
    replay: ReplayId,
) -> Result<i64> {
    const GRAVE: &str = "
        SELECT COUNT(*) FROM replay_group
        WHERE tenant = $1 AND replay = $2 AND signed_at IS NULL
          AND class IN ('verdict-changed', 'new-failure')";
    db.one::<(i64,)>(sql(GRAVE).bind(tenant).bind(replay)).await.map(|(count,)| count)
}

/// The groups that were signed in any replay of a campaign.
pub(super) async fn signed_in_campaign(
    db: &mut Read,
    tenant: Tenant,
    campaign: CampaignId,
) -> Result<Vec<(String,)>> {
    const SIGNED: &str = "
        SELECT DISTINCT kind.name
        FROM replay
        JOIN replay_group AS kind ON kind.tenant = replay.tenant AND kind.replay = replay.id
        WHERE replay.tenant = $1 AND replay.campaign = $2 AND kind.signed_at IS NOT NULL
        ORDER BY kind.name";
    db.all(sql(SIGNED).bind(tenant).bind(campaign)).await
}
