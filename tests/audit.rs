//! The audit chain: what is recorded, and that a change of it is found.

use ydun::access::Look;
use ydun::audit::{
    Action, Event, Subject, VerifyError, record, record_all, record_look, verify_chain,
};
use ydun::db::{Db, Result, sql};
use ydun_domain::ids::{CaseId, PartyId};

use crate::support::{act, at, change, each_engine, now, other_tenant, set_up, tenant};

async fn verify(db: &Db) -> std::result::Result<i64, VerifyError> {
    let mut read = db.read().await.unwrap();
    verify_chain(&mut read, tenant()).await.map(|verified| verified.rows)
}

/// A chain of five rows.
async fn five_rows(db: &Db) {
    let act = act::<Look>(db).await;
    change(db, async |tx| {
        record_look(tx, &act, Subject::Party(PartyId::generate()), "").await?;
        record(tx, &act, Action::CaseOpened, Subject::Case(CaseId::generate()), "2020-00001")
            .await?;
        let fact =
            |number| Event::new(Action::FactRecorded, Subject::Municipality, format!("{number}"));
        record_all(tx, &act, (3..=5).map(fact).collect()).await
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn an_untouched_chain_holds() {
    each_engine(|db| async move {
        assert_eq!(verify(&db).await.unwrap(), 0);
        five_rows(&db).await;
        assert_eq!(verify(&db).await.unwrap(), 5);
    })
    .await;
}

#[tokio::test]
async fn every_way_to_tamper_with_a_row_is_found() {
    const CHANGES: [(&str, i64); 7] = [
        ("UPDATE audit SET detail = 'noget andet' WHERE tenant = $1 AND number = 3", 3),
        ("UPDATE audit SET actor = 'xyz' WHERE tenant = $1 AND number = 1", 1),
        ("UPDATE audit SET action = 'looked' WHERE tenant = $1 AND number = 2", 2),
        ("UPDATE audit SET subject = 'party' WHERE tenant = $1 AND number = 5", 5),
        (
            "UPDATE audit SET hash = (SELECT hash FROM audit_head WHERE tenant = $1) WHERE tenant = $1 AND number = 4",
            4,
        ),
        ("UPDATE audit SET number = 6 WHERE tenant = $1 AND number = 4", 4),
        ("DELETE FROM audit WHERE tenant = $1 AND number = 2", 2),
    ];
    each_engine(|db| async move {
        five_rows(&db).await;
        for (tampering, expected) in CHANGES {
            let mut tx = db.begin().await.unwrap();
            assert_eq!(tx.execute(sql(tampering).bind(tenant())).await.unwrap(), 1, "{tampering}");
            let broken = verify_chain(&mut tx, tenant()).await.unwrap_err();
            assert!(
                matches!(broken, VerifyError::Broken { number } if number == expected),
                "{tampering}: {broken}"
            );
        }
        let mut tx = db.begin().await.unwrap();
        let later = sql("UPDATE audit SET at = $2 WHERE tenant = $1 AND number = 4");
        tx.execute(later.bind(tenant()).bind(at("2020-11-02T09:00:00.000001Z"))).await.unwrap();
        assert!(verify_chain(&mut tx, tenant()).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_chain_cut_short_is_found() {
    each_engine(|db| async move {
        five_rows(&db).await;
        change(&db, async |tx| {
            tx.execute(sql("DELETE FROM audit WHERE tenant = $1 AND number > 3").bind(tenant()))
                .await
                .unwrap();
        })
        .await;
        let broken = verify(&db).await.unwrap_err();
        assert!(matches!(broken, VerifyError::Short { found: 3, expected: 5 }), "{broken}");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_committed_was_not_recorded() {
    each_engine(|db| async move {
        let act = act::<Look>(&db).await;
        let mut tx = db.begin().await.unwrap();
        record_look(&mut tx, &act, Subject::Municipality, "").await.unwrap();
        drop(tx);
        assert_eq!(verify(&db).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_row_says_who_what_and_when_and_no_personal_number() {
    #[derive(sqlx::FromRow, Debug, PartialEq)]
    struct Row {
        actor: String,
        action: String,
        subject: String,
        detail: String,
        at: chrono::DateTime<chrono::Utc>,
    }
    each_engine(|db| async move {
        let act = act::<Look>(&db).await;
        let party = PartyId::generate();
        change(&db, async |tx| {
            record_look(tx, &act, Subject::Party(party), "søgt på 070761-4285").await.unwrap();
        })
        .await;
        let mut read = db.read().await.unwrap();
        let row: Row =
            read.one(sql("SELECT actor, action, subject, detail, at FROM audit")).await.unwrap();
        let expected = Row {
            actor: "abc".into(),
            action: "looked".into(),
            subject: format!("party {party}"),
            detail: "søgt på 070761-••••".into(),
            at: now(),
        };
        assert_eq!(row, expected);
    })
    .await;
}

#[tokio::test]
async fn many_at_once_make_one_chain() {
    each_engine(|db| async move {
        let writers = (0..8).map(|number| {
            let db = db.clone();
            tokio::spawn(async move {
                let act = act::<Look>(&db).await;
                for _ in 0..5 {
                    change(&db, async |tx| {
                        record_look(tx, &act, Subject::Municipality, format!("{number}")).await
                    })
                    .await
                    .unwrap();
                }
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        assert_eq!(verify(&db).await.unwrap(), 40);
    })
    .await;
}

#[tokio::test]
async fn a_long_chain_is_read_in_pages() {
    each_engine(|db| async move {
        let act = act::<Look>(&db).await;
        let events =
            (0..4_100).map(|_| Event::new(Action::Looked, Subject::Municipality, "")).collect();
        change(&db, async |tx| record_all(tx, &act, events).await.unwrap()).await;
        assert_eq!(verify(&db).await.unwrap(), 4_100);
    })
    .await;
}

#[tokio::test]
async fn each_municipality_has_its_own_chain() {
    each_engine(|db| async move {
        set_up(&db, other_tenant()).await;
        five_rows(&db).await;
        let mut read = db.read().await.unwrap();
        let other: Result<_> =
            verify_chain(&mut read, other_tenant()).await.map_err(|error| match error {
                VerifyError::Store(error) => error,
                other => panic!("{other}"),
            });
        assert_eq!(other.unwrap().rows, 0);
    })
    .await;
}
