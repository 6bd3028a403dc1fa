//! Jobs: planned once, held by one, done once.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use ydun::db::Db;
use ydun::jobs::{Claimed, LeaseError, Topic, claim, complete, fail, plan, renew, unfinished};
use ydun_domain::ids::JobId;

use crate::support::{change, each_engine, now, other_tenant, set_up, tenant};

const TOPIC: Topic = Topic::PublishPaymentFile;

fn minutes(minutes: i64) -> TimeDelta {
    TimeDelta::minutes(minutes)
}

async fn plan_one(db: &Db, business_key: &str) -> bool {
    change(db, async |tx| plan(tx, tenant(), TOPIC, business_key, &"payload", now()).await.unwrap())
        .await
}

/// Claims at most one job, for ten minutes.
async fn claim_one(db: &Db, at: DateTime<Utc>) -> Option<Claimed> {
    claim(db, tenant(), TOPIC, 1, minutes(10), at).await.unwrap().pop()
}

async fn open_jobs(db: &Db) -> usize {
    unfinished(&mut db.read().await.unwrap(), tenant()).await.unwrap().len()
}

#[tokio::test]
async fn planning_twice_is_planning_once() {
    each_engine(|db| async move {
        assert!(plan_one(&db, "file 1").await);
        assert!(!plan_one(&db, "file 1").await);
        assert!(plan_one(&db, "file 2").await);
        assert_eq!(open_jobs(&db).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_business_key_stays_taken_when_the_job_is_done() {
    each_engine(|db| async move {
        plan_one(&db, "file 1").await;
        let job = claim_one(&db, now()).await.unwrap();
        change(&db, async |tx| complete(tx, &job, now()).await.unwrap()).await;
        assert!(!plan_one(&db, "file 1").await);
        assert_eq!(open_jobs(&db).await, 0);
        assert!(claim_one(&db, now() + minutes(60)).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_plan_is_undone_with_its_transaction() {
    each_engine(|db| async move {
        let mut tx = db.begin().await.unwrap();
        plan(&mut tx, tenant(), TOPIC, "file 1", &(), now()).await.unwrap();
        drop(tx);
        assert_eq!(open_jobs(&db).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_job_brings_what_was_planned() {
    each_engine(|db| async move {
        let id = JobId::generate();
        change(&db, async |tx| {
            plan(tx, tenant(), TOPIC, "file 1", &(id, "ÆØÅ"), now()).await.unwrap()
        })
        .await;
        let job = claim_one(&db, now()).await.unwrap();
        assert_eq!(job.payload::<(JobId, String)>().unwrap(), (id, "ÆØÅ".to_owned()));
        assert_eq!((job.business_key.as_str(), job.topic, job.attempts), ("file 1", TOPIC, 1));
    })
    .await;
}

#[tokio::test]
async fn only_due_jobs_of_the_topic_and_municipality_are_claimed() {
    each_engine(|db| async move {
        set_up(&db, other_tenant()).await;
        change(&db, async |tx| {
            plan(tx, tenant(), TOPIC, "due later", &(), now() + minutes(1)).await.unwrap();
            plan(tx, tenant(), Topic::SendLetter, "another topic", &(), now()).await.unwrap();
            plan(tx, other_tenant(), TOPIC, "another municipality", &(), now()).await.unwrap();
        })
        .await;
        assert!(claim_one(&db, now()).await.is_none());
        assert_eq!(claim_one(&db, now() + minutes(1)).await.unwrap().business_key, "due later");
    })
    .await;
}

#[tokio::test]
async fn the_longest_overdue_come_first() {
    each_engine(|db| async move {
        change(&db, async |tx| {
            for (key, delay) in [("third", 3), ("first", 1), ("second", 2)] {
                plan(tx, tenant(), TOPIC, key, &(), now() + minutes(delay)).await.unwrap();
            }
        })
        .await;
        let claimed =
            claim(&db, tenant(), TOPIC, 2, minutes(10), now() + minutes(5)).await.unwrap();
        let keys: BTreeSet<&str> = claimed.iter().map(|job| job.business_key.as_str()).collect();
        assert_eq!(keys, BTreeSet::from(["first", "second"]));
    })
    .await;
}

#[tokio::test]
async fn two_claimers_never_get_the_same_job() {
    each_engine(|db| async move {
        change(&db, async |tx| {
            for number in 0..100 {
                plan(tx, tenant(), TOPIC, &format!("file {number}"), &(), now()).await.unwrap();
            }
        })
        .await;
        let claimers = (0..6).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let jobs = claim(&db, tenant(), TOPIC, 7, minutes(10), now()).await.unwrap();
                    if jobs.is_empty() {
                        return mine;
                    }
                    assert!(jobs.len() <= 7);
                    mine.extend(jobs.into_iter().map(|job| job.business_key));
                }
            })
        });
        let mut all = Vec::new();
        for claimer in claimers.collect::<Vec<_>>() {
            all.extend(claimer.await.unwrap());
        }
        assert_eq!(all.len(), 100);
        assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), 100);
    })
    .await;
}

#[tokio::test]
async fn a_killed_holder_is_followed_by_another_and_fenced_off() {
    each_engine(|db| async move {
        plan_one(&db, "file 1").await;
        let killed = claim_one(&db, now()).await.unwrap();
        assert!(claim_one(&db, now() + minutes(9)).await.is_none());
        let heir = claim_one(&db, now() + minutes(10)).await.unwrap();
        assert_eq!((heir.id, heir.attempts), (killed.id, 2));

        let late = change(&db, async |tx| complete(tx, &killed, now()).await.unwrap_err()).await;
        assert!(matches!(late, LeaseError::Lost { .. }), "{late}");
        let late =
            change(&db, async |tx| fail(tx, &killed, "too late", now()).await.unwrap_err()).await;
        assert!(matches!(late, LeaseError::Lost { .. }), "{late}");
        let late =
            change(&db, async |tx| renew(tx, &killed, minutes(10), now()).await.unwrap_err()).await;
        assert!(matches!(late, LeaseError::Lost { .. }), "{late}");

        change(&db, async |tx| complete(tx, &heir, now()).await.unwrap()).await;
        let twice = change(&db, async |tx| complete(tx, &heir, now()).await.unwrap_err()).await;
        assert!(matches!(twice, LeaseError::Lost { .. }), "{twice}");
    })
    .await;
}

#[tokio::test]
async fn a_renewed_lease_lasts_longer() {
    each_engine(|db| async move {
        plan_one(&db, "file 1").await;
        let job = claim_one(&db, now()).await.unwrap();
        change(&db, async |tx| renew(tx, &job, minutes(10), now() + minutes(9)).await.unwrap())
            .await;
        assert!(claim_one(&db, now() + minutes(18)).await.is_none());
        assert!(claim_one(&db, now() + minutes(19)).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_failed_job_is_tried_again_later_and_later() {
    each_engine(|db| async move {
        plan_one(&db, "file 1").await;
        let mut at = now();
        for expected_minutes in [1, 2, 4, 8, 16, 32, 64, 128, 240, 240] {
            let job = claim_one(&db, at).await.unwrap();
            let retry_at = job.retry_at(at);
            assert_eq!(retry_at - at, minutes(expected_minutes));
            change(&db, async |tx| {
                fail(tx, &job, "070761-4285 findes ikke", retry_at).await.unwrap();
            })
            .await;
            assert!(claim_one(&db, retry_at - TimeDelta::seconds(1)).await.is_none());
            at = retry_at;
        }
        let open = unfinished(&mut db.read().await.unwrap(), tenant()).await.unwrap();
        assert_eq!(open[0].last_error.as_deref(), Some("070761-•••• findes ikke"));
        assert_eq!(open[0].attempts, 10);
    })
    .await;
}
