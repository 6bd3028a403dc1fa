//! Campaigns: new rates as data, tried, signed, and brought to cases in waves.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;
use tokio::sync::Notify;
use ydun::access::{Act, Administer, Approve, Look, Propose};
use ydun::cases::{ALL_CASES, Case};
use ydun::db::{Db, sql};
use ydun::decisions::service::sign_list;
use ydun::decisions::verify;
use ydun::modules::campaigns::service::{self as campaigns, CampaignError};
use ydun::modules::campaigns::{Campaign, RateFile, State};
use ydun::modules::policy::Policy;
use ydun::modules::replay::service::{Report, report, sign};
use ydun::modules::service::{set_policy, suspension};
use ydun::modules::suspension::Cause;
use ydun::operations::campaign::{self, CampaignRunError, Choice, Standing};
use ydun::operations::service::{Request, month_runs, run_month};
use ydun_domain::Dkk;
use ydun_domain::ids::{CampaignId, ReplayId};
use ydun_runtime::Digest;
use ydun_runtime::replay::Class;

use crate::support::{act_as, at, change, day, each_engine, tenant};
use crate::voksenlaerling::{
    BENEFIT, OCTOBER, component, in_november, open_case, registry, set_up_module, starved_registry,
};

const RATE: &str = "amount-changed/step/sats";
/// Five kroner more for each of 162,8 hours.
const RISE: Dkk = Dkk::from_kroner(814);

/// The rate for those who were unemployed, five kroner higher from October on.
fn higher() -> RateFile {
    rates(&json!([rate("higher-rate-2020", "2020-10-01..", "2020-11-02", "50.00")]))
}

fn rate(key: &str, valid: &str, announced: &str, amount: &str) -> serde_json::Value {
    let value = json!({ "amount": amount });
    json!({ "key": key, "valid": valid, "announced": announced, "value": value, "source": "BEK nr. 1" })
}

fn rates(rates: &serde_json::Value) -> RateFile {
    let file = json!({ "benefit": BENEFIT, "title": "Satser fra oktober", "rates": rates });
    RateFile::read(&serde_json::to_vec(&file).unwrap()).unwrap()
}

/// Four days after October was calculated.
fn later() -> DateTime<Utc> {
    at("2020-11-09T09:00:00Z")
}

async fn administrator(db: &Db) -> Act<Administer> {
    act_as(db, "abc", later()).await
}

async fn proposer(db: &Db) -> Act<Propose> {
    act_as(db, "abc", later()).await
}

async fn try_create(db: &Db, file: RateFile) -> Result<Campaign, CampaignError> {
    let act = administrator(db).await;
    let mut tx = db.begin().await.unwrap();
    let created = campaigns::create(&mut tx, &act, file).await?;
    tx.commit().await.unwrap();
    Ok(created)
}

async fn sign_as_second(db: &Db, replay: ReplayId, group: &str) {
    let act: Act<Approve> = act_as(db, "def", in_november()).await;
    change(db, async |tx| sign(tx, &act, replay, group, "Som bekendtgjort").await.unwrap()).await;
}

async fn found(db: &Db, replay: ReplayId) -> Report {
    let act: Act<Look> = act_as(db, "def", in_november()).await;
    change(db, async |tx| report(tx, &act, replay).await.unwrap().unwrap()).await
}

async fn october(db: &Db, known_at: &str) -> Dkk {
    let request = Request {
        known_at: Some(day(known_at)),
        threads: 2,
        ..Request::new(BENEFIT, OCTOBER.parse().unwrap())
    };
    let act: Act<Propose> = act_as(db, "abc", at(&format!("{known_at}T09:00:00Z"))).await;
    let summary = run_month(db, registry(), &act, &request, |_| ()).await.unwrap();
    summary.tally.0.values().map(|share| share.amount).sum()
}

/// October is calculated for so many who were unemployed, and one that is refused.
async fn town(db: &Db, unemployed: u16) -> (Vec<Case>, Dkk) {
    set_up_module(db).await;
    let mut cases = Vec::new();
    for number in 0..unemployed {
        cases.push(open_case(db, "ordinary-month", number).await);
    }
    open_case(db, "aged-24-years-and-364-days", unemployed).await;
    (cases, october(db, "2020-11-05").await)
}

/// The higher rate, tried and signed.
async fn signed(db: &Db) -> CampaignId {
    let id = try_create(db, higher()).await.unwrap().id;
    let act = administrator(db).await;
    let trial = campaign::try_out(db, registry(), &act, id, |_| ()).await.unwrap();
    sign_as_second(db, trial.id, RATE).await;
    id
}

async fn begin(db: &Db, id: CampaignId, choice: Choice) -> Result<(), CampaignRunError> {
    campaign::begin(db, &proposer(db).await, id, choice, 2).await
}

async fn work(db: &Db, id: CampaignId) -> Result<Standing, CampaignRunError> {
    let act = proposer(db).await;
    campaign::work(db, registry(), &act, id, Duration::ZERO, |_| ()).await
}

/// What is put to decision for October in all.
async fn proposed(db: &Db) -> Dkk {
    const PROPOSED: &str =
        "SELECT CAST(SUM(total) AS BIGINT) FROM decision WHERE state = 'proposed'";
    db.read().await.unwrap().one::<(Dkk,)>(sql(PROPOSED)).await.unwrap().0
}

/// What stands on the list that is signed for October.
async fn on_the_list(db: &Db) -> Dkk {
    let look: Act<Look> = act_as(db, "def", later()).await;
    let mut read = db.read().await.unwrap();
    let newest = month_runs(&mut read, &look).await.unwrap().remove(0);
    let list = sign_list(&mut read, tenant(), newest.id).await.unwrap();
    list.proposals.iter().map(|listed| listed.total).sum()
}

async fn count(db: &Db, question: &'static str) -> i64 {
    db.read().await.unwrap().one::<(i64,)>(sql(question)).await.unwrap().0
}

const ALL: Choice = Choice::Wave { size: None };

#[tokio::test]
async fn new_rates_reach_the_cases_wave_by_wave() {
    each_engine(|db| async move {
        let (_, before) = town(&db, 4).await;
        let id = try_create(&db, higher()).await.unwrap().id;
        let act = administrator(&db).await;
        let trial = campaign::try_out(&db, registry(), &act, id, |_| ()).await.unwrap();
        let tried = found(&db, trial.id).await;
        assert_eq!((tried.totals.dossiers, tried.totals.changed), (5, 4));
        assert_eq!(tried.totals.difference(), RISE + RISE + RISE + RISE);
        assert_eq!(proposed(&db).await, before); // a trial changes nothing
        sign_as_second(&db, trial.id, RATE).await;

        // The refused case may be drawn too, so the sample is as large as it takes to have two others.
        begin(&db, id, Choice::Sample { size: 3, seed: 1 }).await.unwrap();
        let sampled = work(&db, id).await.unwrap();
        assert_eq!((sampled.campaign.state, sampled.progress.taken), (State::Sampled, 3));
        assert_eq!((sampled.progress.cases, sampled.progress.waves), (5, 1));
        let changed = found(&db, sampled.replay.unwrap()).await.totals.changed;
        assert!((2..=3).contains(&changed), "{changed}");
        let after_sample = proposed(&db).await;
        assert_eq!(after_sample - before, (0..changed).map(|_| RISE).sum());

        // A month's run on the way leaves each case with the rates it knows.
        assert_eq!(october(&db, "2020-11-09").await, after_sample);

        begin(&db, id, Choice::Wave { size: Some(1) }).await.unwrap();
        assert_eq!(work(&db, id).await.unwrap().campaign.state, State::Waves);
        begin(&db, id, ALL).await.unwrap();
        let done = work(&db, id).await.unwrap();
        assert_eq!((done.campaign.state, done.progress.waves), (State::Done, 3));
        assert_eq!(done.campaign.done_on, Some(day("2020-11-09")));
        let risen = before + RISE + RISE + RISE + RISE;
        assert_eq!(proposed(&db).await, risen);
        assert_eq!(on_the_list(&db).await, risen); // what is signed for the month is all there is
        assert_eq!(count(&db, "SELECT COUNT(*) FROM decision WHERE state = 'approved'").await, 0);

        open_case(&db, "ordinary-month", 77).await; // one that no wave has seen knows them too
        let ordinary = Dkk::from_kroner(7326);
        assert_eq!(october(&db, "2020-11-10").await, risen + ordinary + RISE);
        // As it was known the day before, the old rate counts.
        assert_eq!(october(&db, "2020-11-08").await, before + ordinary);
    })
    .await;
}

#[tokio::test]
async fn what_new_rates_gave_is_calculated_again_bit_for_bit_and_says_where_they_come_from() {
    each_engine(|db| async move {
        let (cases, _) = town(&db, 1).await;
        let id = signed(&db).await;
        begin(&db, id, ALL).await.unwrap_err(); // the sample comes first
        begin(&db, id, Choice::Sample { size: 9, seed: 1 }).await.unwrap();
        assert_eq!(work(&db, id).await.unwrap().campaign.state, State::Done);

        let look: Act<Look> = act_as(&db, "def", in_november()).await;
        let verified = verify::verify(&db, registry(), &look, &ALL_CASES, 2, |_| ()).await.unwrap();
        assert!(verified.broken.is_empty(), "{verified:?}");
        assert_eq!(verified.runs, 3); // two of the month, and the one that changed

        let explained = change(&db, async |tx| {
            let october = "2020-10-01..2020-10-31".parse().unwrap();
            ydun::decisions::explain::explain(tx, &look, cases[0].id, october).await.unwrap()
        });
        let explained = serde_json::to_string(&explained.await).unwrap();
        assert!(
            explained.contains("BEK nr. 1; kommunens egne satser tilføjet 2020-11-09"),
            "{explained}"
        );
    })
    .await;
}

#[tokio::test]
async fn nothing_is_calculated_before_the_trial_is_signed() {
    each_engine(|db| async move {
        town(&db, 1).await;
        let id = try_create(&db, higher()).await.unwrap().id;
        let sample = Choice::Sample { size: 1, seed: 1 };
        let refused = begin(&db, id, sample).await;
        assert!(
            matches!(refused, Err(CampaignRunError::Campaign(CampaignError::WrongState { .. }))),
            "{refused:?}"
        );
        let act = administrator(&db).await;
        let trial = campaign::try_out(&db, registry(), &act, id, |_| ()).await.unwrap();
        let refused = begin(&db, id, sample).await;
        assert!(
            matches!(refused, Err(CampaignRunError::Unsigned { replay, groups: 1 }) if replay == trial.id),
            "{refused:?}"
        );
        sign_as_second(&db, trial.id, RATE).await;
        begin(&db, id, sample).await.unwrap();
        let refused = begin(&db, id, ALL).await;
        assert!(matches!(refused, Err(CampaignRunError::WaveOpen { open: 1, .. })), "{refused:?}");
    })
    .await;
}

/// Nobody knows any more when the apprentice was born.
async fn forget_birth(db: &Db, case: &Case) {
    const FORGET: &str = "UPDATE fact SET known_until = $2 WHERE case_id = $1 AND kind = 'birth'";
    change(db, async |tx| {
        tx.execute(sql(FORGET).bind(case.id).bind(day("2020-11-09"))).await.unwrap()
    })
    .await;
}

#[tokio::test]
async fn a_verdict_nobody_expected_halts_the_campaign_until_a_person_has_signed_it() {
    const TASKS: &str =
        "SELECT COUNT(*) FROM task WHERE topic LIKE 'campaign/%' AND done_at IS NULL";
    each_engine(|db| async move {
        let (cases, before) = town(&db, 3).await;
        let id = signed(&db).await;
        forget_birth(&db, &cases[1]).await;
        begin(&db, id, Choice::Sample { size: 9, seed: 1 }).await.unwrap();
        let halted = work(&db, id).await.unwrap();
        assert_eq!(halted.campaign.state, State::Halted);
        assert!(halted.campaign.note.starts_with("1 sager ændrer sig"), "{}", halted.campaign.note);
        let wave = halted.replay.unwrap();
        let grave = found(&db, wave).await.groups;
        let grave: Vec<_> =
            grave.iter().filter(|group| group.class == Class::VerdictChanged).collect();
        let [grave] = grave[..] else { panic!("{grave:?}") };
        assert_eq!(grave.dossiers, 1);

        // Nothing came of the part it was in, and what it is paid so far stays proposed.
        assert!(proposed(&db).await < before + RISE + RISE + RISE);
        let again = work(&db, id).await.unwrap();
        assert_eq!(again.campaign.state, State::Halted);
        let refused = campaign::resume(&db, &proposer(&db).await, id).await;
        assert!(
            matches!(refused, Err(CampaignRunError::Unsigned { groups: 1, .. })),
            "{refused:?}"
        );

        sign_as_second(&db, wave, &grave.name).await;
        let resumed = campaign::resume(&db, &proposer(&db).await, id).await.unwrap();
        assert_eq!(resumed.state, State::Sampled);
        let done = work(&db, id).await.unwrap();
        assert_eq!((done.campaign.state, done.progress.taken), (State::Done, 4));
        assert_eq!(found(&db, wave).await.totals.dossiers, 4);
        // Its open proposal is withdrawn: nobody knows what is right until the birth is known.
        let ordinary = Dkk::from_kroner(7326);
        assert_eq!(proposed(&db).await, before + RISE + RISE - ordinary);
        assert_eq!(count(&db, TASKS).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_module_that_fails_in_a_wave_comes_to_rest_as_in_a_months_run() {
    each_engine(|db| async move {
        town(&db, 4).await;
        let id = signed(&db).await;
        let act = administrator(&db).await;
        let strict = Policy { fault_limit: 2, ..Policy::default() };
        change(&db, async |tx| set_policy(tx, &act, day("2020-01-01"), strict).await.unwrap())
            .await;
        begin(&db, id, Choice::Sample { size: 5, seed: 1 }).await.unwrap();
        let (_folder, starved) = starved_registry();
        let act = proposer(&db).await;
        let halted = campaign::work(&db, &starved, &act, id, Duration::ZERO, |_| ()).await.unwrap();
        assert_eq!((halted.campaign.state, halted.progress.taken), (State::Halted, 0));

        let module = Digest::of(&component());
        let mut read = db.read().await.unwrap();
        let rests = suspension(&mut read, tenant(), module).await.unwrap().unwrap();
        let reason = "modulet fejlede 2 gange på 24 timer, senest med YDP-BUDGET";
        assert_eq!((rests.cause, rests.reason.as_str()), (Cause::Faults, reason));
    })
    .await;
}

#[tokio::test]
async fn a_killed_wave_goes_on_where_it_stopped() {
    each_engine(|db| async move {
        let (_, before) = town(&db, 6).await;
        let id = signed(&db).await;
        begin(&db, id, Choice::Sample { size: 7, seed: 1 }).await.unwrap();

        let first_part = Notify::new();
        let act = proposer(&db).await;
        let killed = campaign::work(&db, registry(), &act, id, Duration::ZERO, |so_far| {
            if so_far.taken > 0 {
                first_part.notify_one();
            }
        });
        tokio::select! {
            biased;
            () = first_part.notified() => (),
            ended = killed => panic!("it should not have come to its end: {ended:?}"),
        }
        let taken =
            count(&db, "SELECT COUNT(*) FROM campaign_case WHERE taken_on IS NOT NULL").await;
        assert!((1..7).contains(&taken), "{taken}");

        let done = work(&db, id).await.unwrap();
        assert_eq!((done.campaign.state, done.progress.taken), (State::Done, 7));
        assert_eq!(proposed(&db).await, before + (0..6).map(|_| RISE).sum());
        assert_eq!(count(&db, "SELECT COUNT(*) FROM run").await, 7 + 6); // none calculated twice
        assert_eq!(found(&db, done.replay.unwrap()).await.totals.dossiers, 7);
    })
    .await;
}

#[tokio::test]
async fn a_part_that_another_process_holds_is_waited_for() {
    const HOLD: &str = "UPDATE job SET lease_until = $1, lease_token = $2";
    each_engine(|db| async move {
        town(&db, 1).await;
        let id = signed(&db).await;
        begin(&db, id, Choice::Sample { size: 9, seed: 1 }).await.unwrap();
        let act = proposer(&db).await;
        let lease = Duration::from_mins(10);
        let mut polls = 0;
        let held = campaign::work(&db, registry(), &act, id, lease, |_| polls += 1);
        // Killed when it has taken the job and not yet finished it.
        assert!(tokio::time::timeout(Duration::ZERO, held).await.is_err());
        let (until, token) = (at("2199-01-01T00:00:00Z"), ydun_domain::ids::LeaseToken::generate());
        change(&db, async |tx| tx.execute(sql(HOLD).bind(until).bind(token)).await.unwrap()).await;
        let busy = work(&db, id).await;
        assert!(matches!(busy, Err(CampaignRunError::Busy)), "{busy:?}");
    })
    .await;
}

#[tokio::test]
async fn a_campaign_stands_still_while_it_is_paused_and_counts_nowhere_when_withdrawn() {
    each_engine(|db| async move {
        let (_, before) = town(&db, 2).await;
        let id = signed(&db).await;
        begin(&db, id, Choice::Sample { size: 9, seed: 1 }).await.unwrap();
        campaign::pause(&db, &proposer(&db).await, id, "Vi venter på KL").await.unwrap();
        let paused = work(&db, id).await.unwrap();
        assert_eq!((paused.campaign.state, paused.progress.taken), (State::Paused, 0));
        assert_eq!(paused.campaign.note, "Vi venter på KL");
        assert_eq!(proposed(&db).await, before);

        campaign::resume(&db, &proposer(&db).await, id).await.unwrap();
        begin(&db, id, ALL).await.unwrap_err(); // the sample is not done
        assert_eq!(work(&db, id).await.unwrap().campaign.state, State::Done);
        assert_eq!(proposed(&db).await, before + RISE + RISE);
    })
    .await;
}

#[tokio::test]
async fn rates_that_are_given_up_count_for_no_case_any_more() {
    each_engine(|db| async move {
        let (_, before) = town(&db, 3).await;
        let id = signed(&db).await;
        begin(&db, id, Choice::Sample { size: 2, seed: 1 }).await.unwrap();
        work(&db, id).await.unwrap();
        assert!(proposed(&db).await > before);
        campaign::withdraw(&db, &proposer(&db).await, id, "Satsen var forkert").await.unwrap();
        assert_eq!(october(&db, "2020-11-09").await, before);
        let refused = campaign::resume(&db, &proposer(&db).await, id).await;
        assert!(refused.is_err());
        try_create(&db, higher()).await.unwrap(); // there is room for the next
    })
    .await;
}

#[tokio::test]
async fn rates_for_all_municipalities_count_where_they_are_taken_in() {
    each_engine(|db| async move {
        let (_, before) = town(&db, 1).await;
        let act = administrator(&db).await;
        let published =
            change(&db, async |tx| campaigns::publish(tx, &act, higher()).await.unwrap()).await;
        assert_eq!(october(&db, "2020-11-05").await, before);
        let all = campaigns::publications(&mut db.read().await.unwrap()).await.unwrap();
        assert_eq!(all, std::slice::from_ref(&published));
        let taken =
            change(&db, async |tx| campaigns::take_in(tx, &act, published.id).await.unwrap()).await;
        assert_eq!((taken.publication, taken.state), (Some(published.id), State::Draft));
        let all = campaigns::campaigns(&mut db.read().await.unwrap(), tenant()).await.unwrap();
        assert_eq!(all, [taken]);
        assert_eq!(october(&db, "2020-11-05").await, before);
    })
    .await;
}

#[tokio::test]
async fn rates_that_mean_nothing_are_refused_with_the_reason() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        let key = "higher-rate-2020";
        let good = || rate(key, "2020-10-01..", "2020-11-02", "50.00");
        let refuse = async |file: RateFile, reason: &str| {
            let told = try_create(&db, file).await.unwrap_err().to_string();
            assert!(told.contains(reason), "{told}");
        };
        refuse(rates(&json!([])), "no rate in the file").await;
        let unknown = rate("sats", "2020-10-01..", "2020-11-02", "50.00");
        refuse(rates(&json!([unknown])), "no rate 'sats'; it has basic-rate").await;
        let mut other = good();
        other["value"] = json!({ "number": "50" });
        refuse(rates(&json!([other])), "must be of the type amount").await;
        let mut silent = good();
        silent["source"] = json!(" ");
        refuse(rates(&json!([silent])), "where it comes from").await;
        let two = json!([good(), rate(key, "2021-01-01..", "2020-11-02", "51.00")]);
        refuse(rates(&two), "two values of 'higher-rate-2020' are announced on 2020-11-02").await;
        try_create(&db, rates(&json!([good()]))).await.unwrap();
        refuse(rates(&json!([good()])), "under way already").await;
    })
    .await;
}
