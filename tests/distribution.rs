//! Rules that give tasks to people: what one would do is what it does.

use axum::http::StatusCode;
use ydun::access::{Act, Administer, Look, Register};
use ydun::db::Db;
use ydun::tasks::bench::{Choice, Holder, Pace};
use ydun::tasks::moves::Move;
use ydun::tasks::rules::{Fits, Planned, Rule};
use ydun::tasks::service::{self as tasks, RuleError};
use ydun::tasks::{About, NewTask};
use ydun_domain::Dkk;
use ydun_domain::ids::CaseId;

use crate::support::{BENEFIT, act, act_as, change, each_engine, now, open_case, tenant};
use crate::web::{get, october, send_as};

/// Questions about the case of somebody born on the 7th: of two queues, and of two amounts.
async fn ask(db: &Db) -> CaseId {
    let case = open_case(db).await.0.id;
    let question = |key: &str, queue: &str, kroner: i64| NewTask {
        business_key: key.into(),
        about: About::Case(case),
        topic: "prøve".into(),
        queue: queue.into(),
        title: key.into(),
        detail: String::new(),
        questions: Vec::new(),
        amount: Some(Dkk::from_oere(kroner * 100)),
        due: None,
    };
    let questions = vec![
        question("lille", "vurdering", 100),
        question("stor", "vurdering", 5_000),
        question("kvittering", "dokumentation", 100),
    ];
    let act: Act<Register> = act(db).await;
    change(db, async |tx| tasks::ask(tx, &act, "prøve", &(case..=case), questions).await.unwrap())
        .await;
    case
}

fn rule(number: i64, fits: Fits, workers: &[&str]) -> Rule {
    let workers = workers.iter().map(|&worker| worker.to_owned()).collect();
    Rule { number, name: format!("regel {number}"), fits, workers, is_on: true }
}

async fn plan(db: &Db, rules: &[Rule]) -> Vec<(String, String)> {
    let planned = tasks::plan(&mut db.read().await.unwrap(), tenant(), rules).await.unwrap();
    planned.into_iter().map(|Planned { title, worker, .. }| (title, worker)).collect()
}

#[track_caller]
fn check(planned: &[(String, String)], expected: &[(&str, &str)]) {
    let planned: Vec<(&str, &str)> =
        planned.iter().map(|(title, worker)| (&**title, &**worker)).collect();
    assert_eq!(planned, expected);
}

#[tokio::test]
async fn a_rule_fits_by_benefit_queue_amount_and_day_of_birth() {
    each_engine(|db| async move {
        ask(&db).await;
        let fitting = async |fits: Fits| {
            let planned = plan(&db, &[rule(1, fits, &["abc"])]).await;
            planned.into_iter().map(|(title, _)| title).collect::<Vec<_>>()
        };
        let all = ["lille", "stor", "kvittering"];
        let fits = Fits::default;
        assert_eq!(fitting(fits()).await, all);
        assert_eq!(fitting(Fits { benefit: BENEFIT.into(), ..fits() }).await, all);
        assert_eq!(fitting(Fits { benefit: "andet".into(), ..fits() }).await, [""; 0]);
        assert_eq!(fitting(Fits { queue: "vurdering".into(), ..fits() }).await, all[..2]);
        let kroner = |kroner: i64| Some(Dkk::from_oere(kroner * 100));
        assert_eq!(fitting(Fits { amount_from: kroner(5_000), ..fits() }).await, ["stor"]);
        assert_eq!(fitting(Fits { amount_from: kroner(5_001), ..fits() }).await, [""; 0]);
        assert_eq!(
            fitting(Fits { amount_to: kroner(100), ..fits() }).await,
            ["lille", "kvittering"]
        );
        assert_eq!(fitting(Fits { born: Some((7, 7)), ..fits() }).await, all);
        assert_eq!(fitting(Fits { born: Some((8, 31)), ..fits() }).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn the_first_rule_that_fits_decides_and_what_was_planned_is_what_is_done() {
    each_engine(|db| async move {
        ask(&db).await;
        let rules = [
            rule(
                1,
                Fits { amount_from: Some(Dkk::from_oere(500_000)), ..Fits::default() },
                &["def"],
            ),
            rule(2, Fits { queue: "vurdering".into(), ..Fits::default() }, &["abc", "def"]),
        ];
        let planned = plan(&db, &rules).await;
        check(&planned, &[("stor", "def"), ("lille", "def")]); // case 00001: the second of two
        let administer: Act<Administer> = act(&db).await;
        let register: Act<Register> = act(&db).await;
        let given = change(&db, async |tx| {
            for rule in &rules {
                tasks::put_rule(tx, &administer, rule).await.unwrap();
            }
            let off = Rule { is_on: false, ..rule(3, Fits::default(), &["abc"]) };
            tasks::put_rule(tx, &administer, &off).await.unwrap();
            tasks::distribute(tx, &register).await.unwrap()
        })
        .await;
        assert_eq!(given, 2);
        let look: Act<Look> = act_as(&db, "def", now()).await;
        let mut read = db.read().await.unwrap();
        let dortes = Choice { holder: Holder::Worker("def".into()), ..Choice::default() };
        let page = tasks::page(&mut read, &look, &dortes, None, 10).await.unwrap();
        let titles: Vec<&str> = page.entries.iter().map(|entry| entry.task.called()).collect();
        assert_eq!(titles, ["lille", "stor"]);
        let history = tasks::history(&mut read, tenant(), page.entries[1].task.id).await.unwrap();
        assert_eq!((history[0].what, &*history[0].note), (Move::Distributed, "def: regel 1"));
        let nobodys = Choice { holder: Holder::Nobody, pace: Pace::All, ..Choice::default() };
        assert_eq!(tasks::count(&mut read, &look, &nobodys, 10).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_rule_that_can_not_be_meant_is_refused() {
    each_engine(|db| async move {
        let administer: Act<Administer> = act(&db).await;
        let put = async |rule: Rule| {
            let mut tx = db.begin().await.unwrap();
            let put = tasks::put_rule(&mut tx, &administer, &rule).await;
            tx.commit().await.unwrap();
            put
        };
        let born = |born| Fits { born: Some(born), ..Fits::default() };
        assert!(matches!(put(rule(1, Fits::default(), &[])).await, Err(RuleError::NoWorkers)));
        assert!(matches!(
            put(rule(1, Fits::default(), &["xyz"])).await,
            Err(RuleError::NoWorker(_))
        ));
        assert!(matches!(put(rule(1, born((0, 3)), &["abc"])).await, Err(RuleError::Days)));
        assert!(matches!(put(rule(1, born((9, 8)), &["abc"])).await, Err(RuleError::Days)));
        put(rule(1, born((1, 31)), &["abc"])).await.unwrap();
        let same_name = Rule { number: 2, ..rule(1, Fits::default(), &["abc"]) };
        assert!(matches!(put(same_name).await, Err(RuleError::Name)));
        change(&db, async |tx| tasks::remove_rule(tx, &administer, 1).await.unwrap()).await;
        assert_eq!(tasks::rules(&mut db.read().await.unwrap(), tenant()).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_rule_is_tried_on_its_page_before_it_is_switched_on() {
    const PAGE: &str = "/opgaver/fordeling";
    each_engine(|db| async move {
        october(&db).await;
        let send = async |fields: &str| send_as(&db, "def", PAGE, fields).await;
        let nobody = send("hvad=gem&navn=Vurderinger&koe=vurdering&foedt-fra=1").await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
        nobody.says("Fødselsdage går fra den 1. til den 31.");
        nobody.says(r#"value="Vurderinger""#);
        let kept = send("hvad=gem&navn=Vurderinger&koe=vurdering&hvem=abc").await;
        assert_eq!(kept.header("location"), format!("{PAGE}?proev=1"));
        let tried = get(&db, &format!("{PAGE}?proev=1")).await;
        tried.says("1 opgave: Anna B. Carlsen 1.");
        tried.says("Tænd reglen");
        send("hvad=fordel").await;
        get(&db, "/opgaver?hos=abc").await.says("Ingen opgaver passer"); // it is not on yet
        send("hvad=taend&nummer=1").await;
        send("hvad=fordel").await;
        let annas = get(&db, "/opgaver?hos=abc").await;
        let task = annas.body.split(r#"<a href="/opgaver/"#).nth(1).unwrap();
        let task = task.split('"').next().unwrap();
        get(&db, &format!("/opgaver/{task}"))
            .await
            .says("gav den til Anna B. Carlsen efter reglen Vurderinger");
        send("hvad=sluk&nummer=1").await;
        get(&db, PAGE).await.says("Slukket");
        send("hvad=fjern&nummer=1").await;
        get(&db, PAGE).await.says("Der er ingen regler.");
    })
    .await;
}
