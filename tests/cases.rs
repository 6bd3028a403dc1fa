//! Cases: numbered without gaps, listed in ranges, closed once.

use std::collections::BTreeSet;

use ydun::access::Register;
use ydun::cases::service::{
    CloseError, NewCase, OpenError, add_roles, by_id, by_number, close, lock,
    lock_by_external_keys, lock_by_numbers, next_open, of_party, open, open_all, roles, roles_of,
};
use ydun::cases::{Case, CaseRange, Role};
use ydun::db::Db;
use ydun_domain::ids::CaseId;

use crate::support::{
    BENEFIT, act, change, day, each_engine, open_case, other_tenant, set_up, tenant,
};

fn new(opened: &str) -> NewCase {
    NewCase {
        benefit: BENEFIT.into(),
        external_key: None,
        opened: day(opened),
        roles: BTreeSet::new(),
    }
}

async fn open_many(db: &Db, cases: Vec<NewCase>) -> Vec<Case> {
    let act = act::<Register>(db).await;
    change(db, async |tx| open_all(tx, &act, cases).await.unwrap()).await
}

fn numbers(cases: &[Case]) -> Vec<String> {
    cases.iter().map(Case::to_string).collect()
}

#[tokio::test]
async fn each_year_counts_its_own_cases() {
    each_engine(|db| async move {
        let first =
            open_many(&db, ["2020-12-31", "2021-01-01", "2020-08-01"].map(new).to_vec()).await;
        assert_eq!(numbers(&first), ["2020-00001", "2021-00001", "2020-00002"]);
        let next = open_many(&db, vec![new("2020-01-01")]).await;
        assert_eq!(numbers(&next), ["2020-00003"]);
        assert!(open_many(&db, vec![]).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn numbers_have_no_gap_however_many_open_cases_at_once() {
    each_engine(|db| async move {
        let writers = (0..8).map(|number| {
            let db = db.clone();
            tokio::spawn(async move {
                for _ in 0..4 {
                    open_many(&db, vec![new("2020-08-01"), new("2020-08-01")]).await;
                }
                // One that comes to nothing leaves no hole.
                let act = act::<Register>(&db).await;
                let mut tx = db.begin().await.unwrap();
                open(&mut tx, &act, new("2020-08-01")).await.unwrap();
                drop((tx, number));
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        let mut read = db.read().await.unwrap();
        let cases = next_open(&mut read, tenant(), BENEFIT, None, 100).await.unwrap();
        let found: BTreeSet<String> = numbers(&cases).into_iter().collect();
        let expected: BTreeSet<String> =
            (1..=64).map(|number| format!("2020-{number:05}")).collect();
        assert_eq!(found, expected);
    })
    .await;
}

#[tokio::test]
async fn a_case_is_found_by_id_number_and_external_key() {
    each_engine(|db| async move {
        set_up(&db, other_tenant()).await;
        let with_key = NewCase { external_key: Some("VL-1".into()), ..new("2020-08-01") };
        let cases = open_many(&db, vec![with_key, new("2020-08-02")]).await;
        let mut tx = db.begin().await.unwrap();
        for case in &cases {
            let expected = Some(case.clone());
            assert_eq!(by_id(&mut tx, tenant(), case.id).await.unwrap(), expected);
            assert_eq!(lock(&mut tx, tenant(), case.id).await.unwrap(), expected);
            assert_eq!(by_number(&mut tx, tenant(), case.number).await.unwrap(), expected);
            assert_eq!(by_id(&mut tx, other_tenant(), case.id).await.unwrap(), None);
            assert_eq!(by_number(&mut tx, other_tenant(), case.number).await.unwrap(), None);
        }
        let both = cases.iter().map(|case| case.number).collect::<Vec<_>>();
        assert_eq!(lock_by_numbers(&mut tx, tenant(), &both).await.unwrap(), cases);
        assert_eq!(
            lock_by_external_keys(&mut tx, tenant(), &["VL-1", "VL-2"]).await.unwrap(),
            cases[..1]
        );
        assert!(
            lock_by_external_keys(&mut tx, other_tenant(), &["VL-1"]).await.unwrap().is_empty()
        );
        assert!(lock_by_numbers(&mut tx, other_tenant(), &both).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_external_key_belongs_to_one_case() {
    each_engine(|db| async move {
        let with_key = NewCase { external_key: Some("VL-1".into()), ..new("2020-08-01") };
        open_many(&db, vec![with_key.clone()]).await;
        let act = act::<Register>(&db).await;
        let mut tx = db.begin().await.unwrap();
        let twice = open(&mut tx, &act, with_key).await.unwrap_err();
        assert!(matches!(twice, OpenError::Duplicate), "{twice}");
    })
    .await;
}

#[tokio::test]
async fn open_cases_come_in_batches_that_miss_none() {
    each_engine(|db| async move {
        let mut cases = open_many(&db, vec![new("2020-08-01"); 7]).await;
        let another = NewCase { benefit: "noget-andet".into(), ..new("2020-08-01") };
        open_many(&db, vec![another]).await;
        let act = act::<Register>(&db).await;
        change(&db, async |tx| close(tx, &act, cases[3].id, day("2020-10-01")).await.unwrap())
            .await;
        cases.remove(3);

        let mut read = db.read().await.unwrap();
        let mut found = Vec::new();
        loop {
            let after = found.last().map(|case: &Case| case.id);
            let batch = next_open(&mut read, tenant(), BENEFIT, after, 4).await.unwrap();
            if batch.is_empty() {
                break;
            }
            found.extend(batch);
        }
        assert_eq!(found, cases);
    })
    .await;
}

#[tokio::test]
async fn parts_are_read_for_a_range_and_for_some() {
    each_engine(|db| async move {
        let mut cases = Vec::new();
        for _ in 0..4 {
            cases.push(open_case(&db).await.0);
        }
        let (_, parties) = open_case(&db).await;
        let expected = |cases: &[Case]| {
            let two = |case: &Case| {
                let role = |role: &str, party| Role { case: case.id, role: role.into(), party };
                [role("apprentice", parties.apprentice), role("employer", parties.employer)]
            };
            cases.iter().flat_map(two).collect::<Vec<_>>()
        };
        let mut read = db.read().await.unwrap();
        for part in [&cases[..], &cases[1..3], &cases[3..]] {
            let range = CaseRange::of(part).unwrap();
            assert_eq!(roles(&mut read, tenant(), range).await.unwrap(), expected(part));
        }
        let first_and_last = [cases[0].clone(), cases[3].clone()];
        let ids: Vec<CaseId> = first_and_last.iter().map(|case| case.id).collect();
        assert_eq!(roles_of(&mut read, tenant(), &ids).await.unwrap(), expected(&first_and_last));
        assert_eq!(of_party(&mut read, tenant(), parties.employer).await.unwrap().len(), 5);
        assert!(
            roles(&mut read, other_tenant(), CaseRange::of(&cases).unwrap())
                .await
                .unwrap()
                .is_empty()
        );
        assert!(roles_of(&mut read, other_tenant(), &ids).await.unwrap().is_empty());
        assert!(of_party(&mut read, other_tenant(), parties.employer).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_part_is_added_once() {
    each_engine(|db| async move {
        let (case, parties) = open_case(&db).await;
        let act = act::<Register>(&db).await;
        let guardian = Role { case: case.id, role: "guardian".into(), party: parties.employer };
        for _ in 0..2 {
            change(&db, async |tx| {
                add_roles(tx, &act, std::slice::from_ref(&guardian)).await.unwrap();
            })
            .await;
        }
        let mut read = db.read().await.unwrap();
        let found = roles(&mut read, tenant(), CaseRange::of_one(case.id)).await.unwrap();
        assert_eq!(
            found.iter().map(|part| part.role.as_str()).collect::<Vec<_>>(),
            ["apprentice", "employer", "guardian"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_case_is_closed_once_and_not_before_it_was_opened() {
    each_engine(|db| async move {
        let (case, _) = open_case(&db).await;
        let act = act::<Register>(&db).await;
        let mut tx = db.begin().await.unwrap();
        let early = close(&mut tx, &act, case.id, day("2020-07-31")).await.unwrap_err();
        assert!(matches!(early, CloseError::BeforeOpened { .. }), "{early}");
        close(&mut tx, &act, case.id, day("2020-08-01")).await.unwrap();
        let again = close(&mut tx, &act, case.id, day("2020-12-31")).await.unwrap_err();
        assert_eq!(again.to_string(), "case 2020-00001 was closed already, on 2020-08-01");
        let unknown =
            close(&mut tx, &act, CaseId::generate(), day("2020-12-31")).await.unwrap_err();
        assert!(matches!(unknown, CloseError::NotFound), "{unknown}");
        assert_eq!(
            by_id(&mut tx, tenant(), case.id).await.unwrap().unwrap().closed,
            Some(day("2020-08-01"))
        );
    })
    .await;
}
