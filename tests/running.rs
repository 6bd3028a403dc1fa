//! A running benefit is not lowered by what the party has not been heard about: the failure of 2022.

use ydun::access::{Act, Approve, Look, Propose, Register};
use ydun::db::Db;
use ydun::decisions::gate::Loss;
use ydun::decisions::service::sign_list;
use ydun::hearings::Channel;
use ydun::hearings::service::{deliver, open};
use ydun::operations::ahead::ahead;
use ydun::operations::close::refund::refund_lines;
use ydun::operations::figures::figures;
use ydun::operations::service::{Request, Terms, approve_month, run_month};
use ydun::payments::{BankProfile, Lane};
use ydun::tasks;
use ydun_domain::Dkk;
use ydun_domain::benefit::{Attribute, Fact, Party, Scalar};

use crate::benefits::{Benefit, Opened};
use crate::support::{
    act_as, at, change, day, decisions_arrive, each_engine, parties_know, tenant,
};
use crate::voksenlaerling::registry;

const BENEFIT: &str = "tabt-arbejdsfortjeneste";

/// Runs and approves a month; answers what the run would give.
async fn pay(db: &Db, month: &str, moment: &str) -> Dkk {
    let propose: Act<Propose> = act_as(db, "abc", at(moment)).await;
    let request = Request::new(BENEFIT, month.parse().unwrap());
    let summary = run_month(db, registry(), &propose, &request, |_| ()).await.unwrap();
    let run = summary.run.unwrap();
    let list = sign_list(&mut db.read().await.unwrap(), tenant(), run.id).await.unwrap();
    let approve: Act<Approve> = act_as(db, "def", at(moment)).await;
    let bank = BankProfile::demo("Prøve Kommune", "29189803".parse().unwrap());
    let terms = Terms { bank: &bank, lane: Lane::Almindelig, due: None };
    approve_month(db, &approve, run.id, list.digest, &terms, |_| ()).await.unwrap();
    summary.tally.difference()
}

async fn titles(db: &Db) -> Vec<String> {
    let look: Act<Look> = act_as(db, "abc", at("2025-02-20T09:00:00Z")).await;
    let tasks = tasks::service::open(&mut db.read().await.unwrap(), &look).await.unwrap();
    tasks.into_iter().map(|task| task.title).collect()
}

/// Nothing is due from a day on, as somebody wrote down on the tenth.
async fn nothing_is_due(db: &Db, benefit: &Benefit, opened: &Opened, from: &str) {
    let fact = Fact {
        id: "assessment-9".into(),
        kind: "assessment".into(),
        about: Party::new("parent"),
        valid: format!("{from}..").parse().unwrap(),
        attributes: vec![
            Attribute::new("condition", Scalar::Code("care-at-home".into())),
            Attribute::new("met", Scalar::Flag(false)),
            Attribute::new("reason", Scalar::Text("Barnet er begyndt i børnehave.".into())),
        ],
    };
    benefit.learn(db, opened, &fact, "2025-02-10T09:00:00Z").await;
}

async fn what_it_takes_away(db: &Db, opened: &Opened, month: &str) -> Vec<Loss> {
    let look: Act<Look> = act_as(db, "abc", at("2025-02-11T09:00:00Z")).await;
    ahead(db, registry(), &look, opened.case.id, month.parse().unwrap()).await.unwrap()
}

#[tokio::test]
async fn the_benefit_goes_on_until_the_party_is_heard_about_what_is_new() {
    each_engine(|db| async move {
        let benefit = Benefit::set_up(&db, BENEFIT).await;
        let opened = benefit.open(&db, "a-whole-year").await;
        let january = pay(&db, "2024-01", "2025-01-28T09:00:00Z").await;
        assert!(january > Dkk::ZERO);

        nothing_is_due(&db, &benefit, &opened, "2024-02-01").await;
        assert_eq!(pay(&db, "2024-02", "2025-02-12T09:00:00Z").await, january);
        let hearing = titles(&db).await.into_iter().find(|title| title.contains("partshøring"));
        assert!(hearing.is_some_and(|title| title.contains("februar 2024")));

        let losses = what_it_takes_away(&db, &opened, "2024-03").await;
        let parent = opened.parties["parent"];
        let loss = losses.iter().find(|loss| loss.intention.party == parent).unwrap();
        assert_eq!(loss.after, Dkk::ZERO);
        let propose: Act<Propose> = act_as(&db, "abc", at("2025-02-11T09:00:00Z")).await;
        let register: Act<Register> = act_as(&db, "abc", at("2025-02-12T09:00:00Z")).await;
        for loss in &losses {
            let intention = loss.intention;
            change(&db, async |tx| {
                let hearing = open(tx, &propose, intention, "Vi påtænker …", 14).await.unwrap();
                let of = (opened.case.id, hearing.id);
                deliver(tx, &register, of, day("2025-02-12"), Channel::DigitalPost).await.unwrap();
            })
            .await;
        }
        // What is withheld for the authorities lacks nowhere in the month's figures.
        let look: Act<Look> = act_as(&db, "abc", at("2025-02-26T08:00:00Z")).await;
        let mut read = db.read().await.unwrap();
        let figures = figures(&mut read, &look, &benefit.id, "2024-01".parse().unwrap()).await;
        let figures = figures.unwrap();
        assert!(figures.booked.withheld > Dkk::ZERO);
        assert_eq!((figures.not_booked(), figures.not_paid()), (Dkk::ZERO, Dkk::ZERO));
        drop(read);

        // While the party can answer, the month is paid as before; after that it is not.
        assert_eq!(pay(&db, "2024-03", "2025-02-26T09:00:00Z").await, january);
        assert_eq!(pay(&db, "2024-04", "2025-02-27T09:00:00Z").await, Dkk::ZERO);
    })
    .await;
}

/// What the state refunds of November 2020, while the benefit was given by serviceloven.
async fn refund(db: &Db) -> Dkk {
    let month = "2020-11".parse().unwrap();
    let mut read = db.read().await.unwrap();
    let lines = refund_lines(&mut read, tenant(), BENEFIT, month).await.unwrap();
    lines.iter().map(|line| line.refund).sum()
}

#[tokio::test]
async fn the_refund_follows_a_lower_decision_when_it_has_arrived_and_not_before() {
    each_engine(|db| async move {
        let benefit = Benefit::set_up(&db, BENEFIT).await;
        let opened = benefit.open(&db, "acconto-in-another-system").await;
        pay(&db, "2020-11", "2025-01-28T09:00:00Z").await;
        let before = refund(&db).await;
        assert!(before > Dkk::ZERO);

        nothing_is_due(&db, &benefit, &opened, "2020-11-01").await;
        pay(&db, "2020-11", "2025-02-12T09:00:00Z").await;
        parties_know(&db, at("2025-02-12T10:00:00Z")).await;
        pay(&db, "2020-11", "2025-02-13T09:00:00Z").await;
        assert_eq!(refund(&db).await, before, "the decision has not arrived");
        decisions_arrive(&db, at("2025-02-14T09:00:00Z")).await;
        assert_eq!(refund(&db).await, Dkk::ZERO);
    })
    .await;
}
