//! Parties: known by number, found by name.

use ydun::access::Register;
use ydun::db::Db;
use ydun::parties::service::{
    Change, NewParty, RegisterError, Warning, by_ids, by_number, named, register, register_all,
};
use ydun::parties::{Identity, PaymentIdentity};
use ydun_domain::ids::PartyId;

use crate::support::{act, change, citizen, company, each_engine, other_tenant, set_up, tenant};

const CPR: &str = "070761-4285";
const CVR: &str = "29189803";

async fn names(db: &Db, beginning: &str) -> Vec<String> {
    let mut read = db.read().await.unwrap();
    let found = named(&mut read, tenant(), beginning, 10).await.unwrap();
    found.into_iter().map(|party| party.name).collect()
}

fn unit_by_p(company: PartyId) -> NewParty {
    let p = "1003000000".parse().unwrap();
    NewParty { name: "Afdeling Ribe".into(), identity: Identity::PUnit { p, company } }
}

fn unit_by_se(company: PartyId) -> NewParty {
    let se = CVR.parse().unwrap();
    NewParty { name: "Lønkontoret".into(), identity: Identity::SeUnit { se, company } }
}

#[tokio::test]
async fn every_kind_of_party_is_found_again_by_its_number() {
    each_engine(|db| async move {
        let act = act::<Register>(&db).await;
        let mut tx = db.begin().await.unwrap();
        let employer = register(&mut tx, &act, company(CVR, "Tømrer Dam ApS")).await.unwrap().id;
        for new in [citizen(CPR, "Bo Dam"), unit_by_p(employer), unit_by_se(employer)] {
            let registered = register(&mut tx, &act, new.clone()).await.unwrap();
            assert_eq!((registered.change, registered.warning), (Change::New, None));
            let found =
                by_number(&mut tx, tenant(), &new.identity.for_payment()).await.unwrap().unwrap();
            assert_eq!(
                (found.id, found.name, found.identity),
                (registered.id, new.name, new.identity)
            );
        }
        let unknown = PaymentIdentity::Cpr("010190-1234".parse().unwrap());
        assert_eq!(by_number(&mut tx, tenant(), &unknown).await.unwrap(), None);
        // The same eight digits are a company and a unit, and neither is the other.
        let as_company = by_number(&mut tx, tenant(), &PaymentIdentity::Cvr(CVR.parse().unwrap()))
            .await
            .unwrap();
        assert_eq!(as_company.unwrap().id, employer);
    })
    .await;
}

#[tokio::test]
async fn registering_again_keeps_the_id_and_takes_the_new_name() {
    each_engine(|db| async move {
        let act = act::<Register>(&db).await;
        let mut tx = db.begin().await.unwrap();
        let first = register(&mut tx, &act, citizen(CPR, "Bo Dam")).await.unwrap();
        let again = register(&mut tx, &act, citizen(CPR, " Bo Dam ")).await.unwrap();
        assert_eq!((again.id, again.change), (first.id, Change::Unchanged));
        let married = register(&mut tx, &act, citizen(CPR, "Bo Ås")).await.unwrap();
        assert_eq!((married.id, married.change), (first.id, Change::Updated));
        tx.commit().await.unwrap();
        assert_eq!(names(&db, "bo å").await, ["Bo Ås"]);
        assert!(names(&db, "bo d").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn one_given_twice_at_once_is_one_party() {
    each_engine(|db| async move {
        let act = act::<Register>(&db).await;
        let twice = vec![citizen(CPR, "Bo Dam"), citizen(CPR, "Bo Dam Ås")];
        let registered = change(&db, async |tx| register_all(tx, &act, twice).await.unwrap()).await;
        assert_eq!(registered[0].id, registered[1].id);
        assert_eq!([registered[0].change, registered[1].change], [Change::New, Change::Updated]);
        assert_eq!(names(&db, "Bo").await, ["Bo Dam Ås"]);
    })
    .await;
}

#[tokio::test]
async fn two_who_register_the_same_party_get_the_same_id() {
    each_engine(|db| async move {
        let writers = (0..8).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let act = act::<Register>(&db).await;
                change(&db, async |tx| register(tx, &act, citizen(CPR, "Bo Dam")).await.unwrap())
                    .await
            })
        });
        let mut registered = Vec::new();
        for writer in writers.collect::<Vec<_>>() {
            registered.push(writer.await.unwrap());
        }
        assert!(registered.iter().all(|party| party.id == registered[0].id), "{registered:?}");
        assert_eq!(registered.iter().filter(|party| party.change == Change::New).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_failed_check_digit_is_told_and_taken_in() {
    each_engine(|db| async move {
        let act = act::<Register>(&db).await;
        let registered = change(&db, async |tx| {
            register(tx, &act, citizen("070761-4286", "Bo Dam")).await.unwrap()
        })
        .await;
        assert_eq!(registered.warning, Some(Warning::CheckDigit));
    })
    .await;
}

#[tokio::test]
async fn a_party_needs_a_name_and_a_unit_its_company() {
    each_engine(|db| async move {
        let act = act::<Register>(&db).await;
        let mut tx = db.begin().await.unwrap();
        let nameless = register(&mut tx, &act, citizen(CPR, " ")).await.unwrap_err();
        assert_eq!(nameless.to_string(), "the party with CPR 070761-•••• has no name; give one");
        let person = register(&mut tx, &act, citizen(CPR, "Bo Dam")).await.unwrap().id;
        for no_company in [person, PartyId::generate()] {
            let orphan = register(&mut tx, &act, unit_by_p(no_company)).await.unwrap_err();
            assert!(matches!(orphan, RegisterError::NoCompany(_)), "{orphan}");
        }
    })
    .await;
}

#[tokio::test]
async fn names_are_found_by_their_beginning_in_danish_order() {
    each_engine(|db| async move {
        let act = act::<Register>(&db).await;
        let people = [
            ("010190-1234", "Åse Holm"),
            ("010190-1235", "Østen Holm"),
            ("010190-1236", "zenia Holm"),
            ("010190-1237", "Ægir Holm"),
            ("010190-1238", "Anna Holm"),
        ];
        let new = people.map(|(cpr, name)| citizen(cpr, name)).to_vec();
        change(&db, async |tx| register_all(tx, &act, new).await.unwrap()).await;
        assert_eq!(
            names(&db, "").await,
            ["Anna Holm", "zenia Holm", "Ægir Holm", "Østen Holm", "Åse Holm"]
        );
        assert_eq!(names(&db, "ÅS").await, ["Åse Holm"]);
        assert_eq!(names(&db, "Aase").await, ["Åse Holm"]);
        assert!(names(&db, "Holm").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn parties_are_found_by_ids_and_only_in_their_municipality() {
    each_engine(|db| async move {
        set_up(&db, other_tenant()).await;
        let act = act::<Register>(&db).await;
        let new = vec![citizen(CPR, "Bo Dam"), company(CVR, "Tømrer Dam ApS")];
        let ids: Vec<PartyId> = change(&db, async |tx| register_all(tx, &act, new).await.unwrap())
            .await
            .into_iter()
            .map(|party| party.id)
            .collect();
        let mut read = db.read().await.unwrap();
        let asked = [ids[1], PartyId::generate(), ids[0]];
        let found = by_ids(&mut read, tenant(), &asked).await.unwrap();
        let mut expected = ids.clone();
        expected.sort();
        assert_eq!(found.iter().map(|party| party.id).collect::<Vec<_>>(), expected);
        assert!(by_ids(&mut read, other_tenant(), &ids).await.unwrap().is_empty());
        assert!(by_ids(&mut read, tenant(), &[]).await.unwrap().is_empty());
        let cpr = PaymentIdentity::Cpr(CPR.parse().unwrap());
        assert_eq!(by_number(&mut read, other_tenant(), &cpr).await.unwrap(), None);
        assert!(named(&mut read, other_tenant(), "", 10).await.unwrap().is_empty());
    })
    .await;
}
