//! Replays: what another version would change, found, signed, and let through the gate.

use ydun::access::{Act, Administer, Approve, Look, Propose};
use ydun::db::{Db, sql};
use ydun::modules::replay::gate::Closed;
use ydun::modules::replay::service::{
    Report, Request, SignError, Take, Tally, replay, replays, report, sign,
};
use ydun::modules::replay::{Knowledge, Origin, Replay};
use ydun::modules::service::{Activate, ActivateError, activate};
use ydun::modules::{Activated, Mode};
use ydun::operations::service::{Request as MonthRequest, run_month};
use ydun_domain::Dkk;
use ydun_domain::ids::ReplayId;
use ydun_runtime::replay::Class;

use crate::support::{act_as, change, day, each_engine};
use crate::voksenlaerling::{
    BENEFIT, OCTOBER, in_november, keep_module, next_version, open_case, registry, set_up_module,
};

/// The next version with the rate for those who were unemployed too low by five kroner.
pub(crate) fn wrong_rate() -> Vec<u8> {
    replaced(
        r#""announced":"2020-01-01","value":{"amount":"45.00"}"#,
        r#""announced":"2020-01-01","value":{"amount":"40.00"}"#,
    )
}

/// The next version, with its rates of 2020 announced on another day.
fn announced_on(day: &str) -> Vec<u8> {
    replaced(r#""announced":"2020-01-01""#, &format!(r#""announced":"{day}""#))
}

/// The next version with a text replaced by as much other text, wherever it stands.
fn replaced(text: &str, other: &str) -> Vec<u8> {
    assert_eq!(text.len(), other.len());
    let mut module = next_version();
    let find =
        |module: &[u8]| module.windows(text.len()).position(|window| window == text.as_bytes());
    assert!(find(&module).is_some(), "{text}");
    while let Some(place) = find(&module) {
        module[place..place + text.len()].copy_from_slice(other.as_bytes());
    }
    module
}

async fn run_october(db: &Db) {
    let act: Act<Propose> = act_as(db, "abc", in_november()).await;
    let month = MonthRequest { threads: 2, ..MonthRequest::new(BENEFIT, OCTOBER.parse().unwrap()) };
    run_month(db, registry(), &act, &month, |_| ()).await.unwrap();
}

async fn administrator(db: &Db) -> Act<Administer> {
    act_as(db, "abc", in_november()).await
}

async fn make(db: &Db, request: &Request) -> Replay {
    replay(db, registry(), &administrator(db).await, request, |_| ()).await.unwrap()
}

fn request() -> Request {
    Request { batch: 2, threads: 2, ..Request::new(BENEFIT, "1.0.0", "1.1.0") }
}

async fn found(db: &Db, id: ReplayId) -> Report {
    let act: Act<Look> = act_as(db, "def", in_november()).await;
    change(db, async |tx| report(tx, &act, id).await.unwrap().unwrap()).await
}

async fn try_sign(db: &Db, worker: &str, id: ReplayId, group: &str) -> Result<(), SignError> {
    let act: Act<Approve> = act_as(db, worker, in_november()).await;
    change(db, async |tx| sign(tx, &act, id, group, "Satsen er sat ned").await).await
}

async fn try_activate(db: &Db, days: &str) -> Result<Activated, ActivateError> {
    let act = administrator(db).await;
    let days = days.parse().unwrap();
    let known_from = day("2020-11-05");
    let mode = Mode::Active;
    let new = Activate { benefit: BENEFIT, version: "1.1.0", days, known_from, mode };
    let mut tx = db.begin().await.unwrap();
    let activated = activate(&mut tx, &act, new).await;
    if activated.is_ok() {
        tx.commit().await.unwrap();
    }
    activated
}

/// October is calculated for one who was unemployed, one who was not, and one that is refused.
async fn three_cases(db: &Db) -> Vec<String> {
    set_up_module(db).await;
    let names = ["ordinary-month", "ordinary-month", "aged-24-years-and-364-days"];
    let mut numbers = Vec::new();
    for (number, name) in (0u16..).zip(names) {
        numbers.push(open_case(db, name, number).await.to_string());
    }
    run_october(db).await;
    numbers
}

#[tokio::test]
async fn a_version_that_calculates_the_same_changes_nothing_and_passes_the_gate() {
    each_engine(|db| async move {
        three_cases(&db).await;
        keep_module(&db, next_version()).await;
        let made = make(&db, &request()).await;
        let found = found(&db, made.id).await;
        assert_eq!((found.totals.dossiers, found.totals.changed), (3, 0));
        assert_eq!(found.totals.difference(), Dkk::ZERO);
        assert!(found.groups.is_empty());
        try_activate(&db, "2020-01-01..").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_lower_rate_is_found_in_exactly_the_cases_it_lowers() {
    each_engine(|db| async move {
        let numbers = three_cases(&db).await;
        keep_module(&db, wrong_rate()).await;
        let mut tallies: Vec<Tally> = Vec::new();
        let act = administrator(&db).await;
        let progress = |tally: &Tally| tallies.push(tally.clone());
        let made = replay(&db, registry(), &act, &request(), progress).await.unwrap();
        assert_eq!(tallies.iter().map(|tally| tally.compared).collect::<Vec<_>>(), [2, 3]);

        let found = found(&db, made.id).await;
        let [group] = &found.groups[..] else { panic!("{:?}", found.groups) };
        assert_eq!(
            (group.class, group.name.as_str()),
            (Class::AmountChanged, "amount-changed/step/sats")
        );
        assert_eq!((group.label.as_str(), group.law.as_str()), ("Sats pr. time", "LAB § 159"));
        let told = (group.before_text.as_deref(), group.after_text.as_deref());
        assert_eq!(told, (Some("45,00 kr."), Some("40,00 kr.")));
        // 162,8 hours each, five kroner less an hour.
        assert_eq!((group.dossiers, group.difference()), (2, Dkk::from_kroner(-1628)));
        let examples: Vec<&str> = group.examples.iter().map(|one| one.number.as_str()).collect();
        assert_eq!(examples, &numbers[..2]);
        assert_eq!((found.totals.identical(), found.totals.changed), (1, 2));
        assert_eq!(found.old_version.as_deref(), Some("1.0.0"));
    })
    .await;
}

#[tokio::test]
async fn nothing_takes_over_before_a_person_has_signed_what_it_changes() {
    each_engine(|db| async move {
        three_cases(&db).await;
        keep_module(&db, wrong_rate()).await;
        let closed = try_activate(&db, "2020-01-01..").await.unwrap_err();
        let told = closed.to_string();
        assert!(
            matches!(closed, ActivateError::Gate(Closed::NotReplayed { dossiers: 3, .. })),
            "{told}"
        );
        assert!(told.contains("`ydun module replay 1.0.0 1.1.0`"), "{told}");
        try_activate(&db, "2021-01-01..").await.unwrap(); // nothing was calculated for these days

        let made = make(&db, &request()).await;
        let closed = try_activate(&db, "2020-01-01..").await.unwrap_err();
        assert!(
            matches!(closed, ActivateError::Gate(Closed::Unsigned { groups: 1, .. })),
            "{closed}"
        );

        let group = "amount-changed/step/sats";
        let refused = try_sign(&db, "abc", made.id, group).await;
        assert!(matches!(refused, Err(SignError::SamePerson { .. })), "{refused:?}");
        let refused = try_sign(&db, "def", made.id, "amount-changed/step/timer").await;
        assert!(matches!(refused, Err(SignError::NotOpen { .. })), "{refused:?}");
        try_sign(&db, "def", made.id, group).await.unwrap();
        let again = try_sign(&db, "def", made.id, group).await;
        assert!(matches!(again, Err(SignError::NotOpen { .. })), "{again:?}");
        let signed = found(&db, made.id).await.groups.remove(0).signed.unwrap();
        assert_eq!((signed.by.as_str(), signed.reason.as_str()), ("def", "Satsen er sat ned"));
        try_activate(&db, "2020-01-01..").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_calculation_that_is_newer_than_the_replay_closes_the_gate_again() {
    each_engine(|db| async move {
        three_cases(&db).await;
        keep_module(&db, next_version()).await;
        make(&db, &request()).await;
        open_case(&db, "ordinary-month", 9).await;
        run_october(&db).await; // all four cases are calculated again
        let closed = try_activate(&db, "2020-01-01..").await.unwrap_err();
        assert!(
            matches!(closed, ActivateError::Gate(Closed::Outdated { dossiers: 4, .. })),
            "{closed}"
        );
        make(&db, &request()).await;
        try_activate(&db, "2020-01-01..").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_sample_is_a_first_look_and_open_cases_are_enough() {
    const CLOSE: &str = "
        UPDATE benefit_case SET closed = $1
        WHERE id = (SELECT id FROM benefit_case ORDER BY number LIMIT 1)";
    each_engine(|db| async move {
        three_cases(&db).await;
        keep_module(&db, next_version()).await;
        let sample = Request { take: Take::Sample { size: 2, seed: 7 }, ..request() };
        let made = make(&db, &sample).await;
        assert_eq!(found(&db, made.id).await.totals.dossiers, 2);
        let closed = try_activate(&db, "2020-01-01..").await.unwrap_err();
        assert!(matches!(closed, ActivateError::Gate(Closed::NotReplayed { .. })), "{closed}");
        change(&db, async |tx| tx.execute(sql(CLOSE).bind(day("2020-11-01"))).await.unwrap()).await;
        let open = make(&db, &Request { take: Take::Open, ..request() }).await;
        assert_eq!(found(&db, open.id).await.totals.dossiers, 2);
        try_activate(&db, "2020-01-01..").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_was_decided_is_replayed_as_it_was_known_then_or_on_another_day() {
    each_engine(|db| async move {
        three_cases(&db).await;
        // The same rate, announced a day after October was calculated.
        keep_module(&db, announced_on("2020-11-06")).await;
        let then = make(&db, &request()).await;
        let [missing] = &found(&db, then.id).await.groups[..] else { panic!("one group") };
        assert_eq!((missing.class, missing.dossiers), (Class::NewFailure, 2));
        let now = Request { known: Knowledge::On(day("2020-11-06")), ..request() };
        let now = make(&db, &now).await;
        assert_eq!(found(&db, now.id).await.totals.changed, 0);
        let act: Act<Look> = act_as(&db, "def", in_november()).await;
        let all = replays(&mut db.read().await.unwrap(), &act).await.unwrap();
        assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>(), [now.id, then.id]);
    })
    .await;
}

#[tokio::test]
async fn a_version_in_the_shadow_is_compared_and_nothing_comes_of_it() {
    const PROPOSED: &str =
        "SELECT CAST(SUM(total) AS BIGINT) FROM decision WHERE state = 'proposed'";
    const SHADOWS: &str = "SELECT COUNT(*) FROM run WHERE purpose = 'shadow'";
    each_engine(|db| async move {
        set_up_module(&db).await;
        for number in 0..2 {
            open_case(&db, "ordinary-month", number).await;
        }
        keep_module(&db, wrong_rate()).await;
        let act = administrator(&db).await;
        let (days, known_from) = ("2020-10-01..".parse().unwrap(), day("2020-11-01"));
        let (version, mode) = ("1.1.0", Mode::Shadow);
        let shadow = Activate { benefit: BENEFIT, version, days, known_from, mode };
        change(&db, async |tx| activate(tx, &act, shadow).await.unwrap()).await;
        run_october(&db).await;

        let look: Act<Look> = act_as(&db, "def", in_november()).await;
        let all = replays(&mut db.read().await.unwrap(), &look).await.unwrap();
        let [beside] = &all[..] else { panic!("{all:?}") };
        assert_eq!((beside.origin, beside.started_by.as_str()), (Origin::Shadow, "abc"));
        assert!(beside.finished_at.is_some());
        let found = found(&db, beside.id).await;
        let [group] = &found.groups[..] else { panic!("{:?}", found.groups) };
        assert_eq!((group.dossiers, group.difference()), (2, Dkk::from_kroner(-1628)));
        assert_eq!(
            (found.old_version.as_deref(), found.new_version.as_deref()),
            (Some("1.0.0"), Some("1.1.0"))
        );
        let mut read = db.read().await.unwrap();
        assert_eq!(read.one::<(Dkk,)>(sql(PROPOSED)).await.unwrap().0, Dkk::from_kroner(2 * 7326));
        assert_eq!(read.one::<(i64,)>(sql(SHADOWS)).await.unwrap().0, 2);
        drop(read);

        // What the shadow calculated is not the newest of the days: the gate asks for a replay.
        let closed = try_activate(&db, "2020-10-01..").await.unwrap_err();
        assert!(
            matches!(closed, ActivateError::Gate(Closed::NotReplayed { dossiers: 2, .. })),
            "{closed}"
        );
    })
    .await;
}
