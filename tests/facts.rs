//! Facts: two dates, one truth at a time.

use ydun::access::Register;
use ydun::cases::service::close;
use ydun::cases::{Case, CaseRange};
use ydun::db::Db;
use ydun::facts::service::{FactError, correct, known, known_of, record, withdraw};
use ydun::facts::{Content, Why};
use ydun_domain::benefit::{Attribute, Fact, Scalar};
use ydun_domain::ids::{CaseId, FactId, PartyId};

use crate::support::{
    Roles, act, act_as, at, change, day, each_engine, manifest, open_case, other_tenant, tenant,
};

fn hours(roles: Roles, days: &str, worked: &str) -> Content {
    Content {
        kind: "hours".into(),
        about: roles.apprentice,
        valid: days.parse().unwrap(),
        attributes: vec![
            Attribute::new("worked", Scalar::Number(worked.parse().unwrap())),
            Attribute::new("paid-by", Scalar::Who(roles.employer.into())),
        ],
    }
}

const OCTOBER: &str = "2020-10-01..2020-10-31";

/// Records hours in a case on a day.
async fn record_hours(db: &Db, case: &Case, hours: Content, on: &str) -> Result<FactId, FactError> {
    let act = act_as::<Register>(db, "abc", at(&format!("{on}T09:00:00Z"))).await;
    let mut tx = db.begin().await.unwrap();
    let recorded = record(&mut tx, &act, &manifest(), case.id, hours, "AB 505").await;
    if recorded.is_ok() {
        tx.commit().await.unwrap();
    }
    recorded
}

/// The hours known on a day.
async fn known_hours(db: &Db, case: &Case, on: &str) -> Vec<String> {
    let mut read = db.read().await.unwrap();
    let facts = known(&mut read, tenant(), CaseRange::of_one(case.id), day(on)).await.unwrap();
    let some = known_of(&mut read, tenant(), &[case.id], day(on)).await.unwrap();
    assert_eq!(some, facts);
    facts.iter().map(|fact| Fact::from(fact).attribute("worked").unwrap().to_string()).collect()
}

#[tokio::test]
async fn a_fact_is_kept_as_it_was_given() {
    each_engine(|db| async move {
        let (case, roles) = open_case(&db).await;
        let id =
            record_hours(&db, &case, hours(roles, OCTOBER, "148.50"), "2020-11-02").await.unwrap();
        let mut read = db.read().await.unwrap();
        let found = known(&mut read, tenant(), CaseRange::of_one(case.id), day("2020-11-02"))
            .await
            .unwrap();
        let [fact] = &found[..] else { panic!("{found:?}") };
        assert_eq!((fact.id, fact.case, fact.source.as_str()), (id, case.id, "AB 505"));
        assert_eq!((fact.known_from, fact.known_until), (day("2020-11-02"), None));

        let given = Fact::from(fact);
        assert_eq!((given.kind.as_str(), given.valid), ("hours", OCTOBER.parse().unwrap()));
        assert_eq!(PartyId::try_from(&given.about), Ok(roles.apprentice));
        let names: Vec<&str> =
            given.attributes.iter().map(|attribute| attribute.name.as_str()).collect();
        assert_eq!(names, ["paid-by", "worked"]);
        assert_eq!(given.attribute("worked").unwrap().to_string(), "148,50");
        let other = known(&mut read, other_tenant(), CaseRange::of_one(case.id), day("2020-11-02"))
            .await
            .unwrap();
        assert!(other.is_empty());
        assert!(
            known_of(&mut read, other_tenant(), &[case.id], day("2020-11-02"))
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn what_was_known_on_a_past_day_stays_known_on_it() {
    each_engine(|db| async move {
        let (case, roles) = open_case(&db).await;
        let wrong =
            record_hours(&db, &case, hours(roles, OCTOBER, "148"), "2020-11-02").await.unwrap();
        let act = act_as::<Register>(&db, "abc", at("2020-11-10T09:00:00Z")).await;
        let right = change(&db, async |tx| {
            correct(tx, &act, &manifest(), (case.id, wrong), hours(roles, OCTOBER, "160"), "AB 505")
                .await
                .unwrap()
        })
        .await;
        let act = act_as::<Register>(&db, "abc", at("2020-11-20T09:00:00Z")).await;
        change(&db, async |tx| {
            withdraw(tx, &act, (case.id, right), "sendt af en fejl").await.unwrap();
        })
        .await;

        for (on, expected) in [
            ("2020-11-01", &[][..]),
            ("2020-11-02", &["148"]),
            ("2020-11-09", &["148"]),
            ("2020-11-10", &["160"]),
            ("2020-11-19", &["160"]),
            ("2020-11-20", &[]),
        ] {
            assert_eq!(known_hours(&db, &case, on).await, expected, "{on}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_range_of_cases_is_read_at_once_and_nothing_beside_it() {
    each_engine(|db| async move {
        let mut cases = Vec::new();
        for number in 0..4 {
            let (case, roles) = open_case(&db).await;
            record_hours(&db, &case, hours(roles, OCTOBER, &number.to_string()), "2020-11-02")
                .await
                .unwrap();
            cases.push(case);
        }
        let mut read = db.read().await.unwrap();
        let range = CaseRange::of(&cases[1..3]).unwrap();
        let found = known(&mut read, tenant(), range, day("2020-11-02")).await.unwrap();
        let found: Vec<CaseId> = found.iter().map(|fact| fact.case).collect();
        assert_eq!(found, [cases[1].id, cases[2].id]);
        let some = known_of(&mut read, tenant(), &[cases[3].id, cases[0].id], day("2020-11-02"))
            .await
            .unwrap();
        let some: Vec<CaseId> = some.iter().map(|fact| fact.case).collect();
        assert_eq!(some, [cases[0].id, cases[3].id]);
    })
    .await;
}

#[tokio::test]
async fn overlapping_and_impossible_hours_are_refused() {
    each_engine(|db| async move {
        let (case, roles) = open_case(&db).await;
        record_hours(&db, &case, hours(roles, OCTOBER, "148"), "2020-11-02").await.unwrap();
        for (days, worked, expected) in [
            (
                "2020-10-26..2020-11-01",
                "37",
                "case 2020-00001, fact 'hours': the days 2020-10-26..2020-11-01 overlap with those of another such fact, \
                 2020-10-01..2020-10-31; change the days, or correct that fact instead",
            ),
            (
                "2020-11-01..2020-11-30",
                "-1",
                "case 2020-00001, fact 'hours', field 'worked': -1 is too small; the smallest allowed is 0",
            ),
        ] {
            let refused = record_hours(&db, &case, hours(roles, days, worked), "2020-11-03").await.unwrap_err();
            assert_eq!(refused.to_string(), expected);
        }
        assert_eq!(known_hours(&db, &case, "2020-11-03").await, ["148"]);
    })
    .await;
}

#[tokio::test]
async fn a_value_names_only_parties_that_are_registered() {
    each_engine(|db| async move {
        let (case, roles) = open_case(&db).await;
        let stranger = Roles { employer: PartyId::generate(), ..roles };
        let refused = record_hours(&db, &case, hours(stranger, OCTOBER, "1"), "2020-11-02").await.unwrap_err();
        assert!(matches!(refused, FactError::Refused(refused) if matches!(*refused.why, Why::UnknownParty { .. })));
    })
    .await;
}

#[tokio::test]
async fn only_one_of_many_who_record_the_same_days_gets_through() {
    each_engine(|db| async move {
        let (case, roles) = open_case(&db).await;
        let writers = (0..8).map(|worked| {
            let (db, case) = (db.clone(), case.clone());
            tokio::spawn(async move {
                record_hours(&db, &case, hours(roles, OCTOBER, &worked.to_string()), "2020-11-02")
                    .await
                    .is_ok()
            })
        });
        let mut through = 0;
        for writer in writers.collect::<Vec<_>>() {
            through += usize::from(writer.await.unwrap());
        }
        assert_eq!(through, 1);
        assert_eq!(known_hours(&db, &case, "2020-11-02").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_correction_needs_a_known_fact_of_the_same_kind() {
    each_engine(|db| async move {
        let (case, roles) = open_case(&db).await;
        let wrong =
            record_hours(&db, &case, hours(roles, OCTOBER, "148"), "2020-11-02").await.unwrap();
        let act = act::<Register>(&db).await;
        let mut tx = db.begin().await.unwrap();
        let unknown = (case.id, FactId::generate());
        let refused = correct(&mut tx, &act, &manifest(), unknown, hours(roles, OCTOBER, "1"), "")
            .await
            .unwrap_err();
        assert!(matches!(refused, FactError::NotKnown { .. }), "{refused}");
        let agreement = Content {
            kind: "agreement".into(),
            about: roles.employer,
            valid: "2020-08-01..".parse().unwrap(),
            attributes: vec![Attribute::new("made", Scalar::Day(day("2020-07-01")))],
        };
        let refused =
            correct(&mut tx, &act, &manifest(), (case.id, wrong), agreement, "").await.unwrap_err();
        assert!(matches!(refused, FactError::AnotherKind { .. }), "{refused}");
        withdraw(&mut tx, &act, (case.id, wrong), "").await.unwrap();
        let refused = withdraw(&mut tx, &act, (case.id, wrong), "").await.unwrap_err();
        assert!(matches!(refused, FactError::NotKnown { .. }), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn a_closed_case_takes_no_facts() {
    each_engine(|db| async move {
        let (case, roles) = open_case(&db).await;
        let act = act::<Register>(&db).await;
        change(&db, async |tx| close(tx, &act, case.id, day("2020-10-31")).await.unwrap()).await;
        let refused =
            record_hours(&db, &case, hours(roles, OCTOBER, "1"), "2020-11-02").await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "case 2020-00001 was closed on 2020-10-31; facts are recorded in open cases only"
        );
    })
    .await;
}
