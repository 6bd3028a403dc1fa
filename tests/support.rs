//! A fresh database of each engine, a municipality with workers, a case, and a time that stands still.

use std::future::Future;

use chrono::{DateTime, Utc};
use serde_json::json;
use ydun::access::{Act, Administer, Approve, Look, Pay, Propose, Register, Right, authorise};
use ydun::cases::Case;
use ydun::cases::service::{NewCase, open};
use ydun::db::{Db, Tx, sql};
use ydun::hearings::Channel;
use ydun::letters::Stationery;
use ydun::operations::delivery;
use ydun::operations::service::Approval;
use ydun::parties::Identity;
use ydun::parties::service::{NewParty, register};
use ydun::payments::BankProfile;
use ydun_domain::ids::PartyId;
use ydun_domain::{Day, Tenant};
use ydun_runtime::Manifest;
use ydun_typeset::{Colour, Sender};

/// What letters are written on.
pub(crate) fn stationery() -> Stationery {
    Stationery::new(Sender {
        municipality: "Prøve Kommune".to_owned(),
        contact: vec!["Telefon 99 99 99 99".to_owned()],
        colour: Colour::default(),
        logo: None,
    })
}

use crate::fresh::Fresh;

/// Runs a test on a fresh SQLite file and, where `YDUN_TEST_POSTGRES` names a server, in a fresh
/// database there. The tables are made and the municipality [`tenant`] is set up.
pub(crate) async fn each_engine<F: Future<Output = ()>>(test: impl Fn(Db) -> F) {
    each_empty_engine(|db| async {
        set_up(&db, tenant()).await;
        test(db).await;
    })
    .await;
}

/// As [`each_engine`], with the tables made and nothing in them.
pub(crate) async fn each_empty_engine<F: Future<Output = ()>>(test: impl Fn(Db) -> F) {
    eprintln!("on SQLite:");
    run(Fresh::sqlite().await, &test).await;
    let Ok(server) = std::env::var("YDUN_TEST_POSTGRES") else { return };
    eprintln!("on PostgreSQL:");
    run(Fresh::postgres(&server).await, &test).await;
}

async fn run<F: Future<Output = ()>>(fresh: Fresh, test: &impl Fn(Db) -> F) {
    let db = Db::open(&fresh.url()).await.unwrap();
    test(db.clone()).await;
    db.close().await;
    fresh.drop().await;
}

/// A municipality with the workers `abc` and `def`, who may do everything.
pub(crate) async fn set_up(db: &Db, tenant: Tenant) {
    const MUNICIPALITY: &str = "INSERT INTO municipality (tenant, name, cvr) VALUES ($1, $2, $3)";
    const WORKER: &str = "INSERT INTO worker (tenant, id, name, rights) VALUES ($1, $2, $3, $4)";
    let rights =
        [Look::WORD, Register::WORD, Propose::WORD, Approve::WORD, Pay::WORD, Administer::WORD]
            .join(" ");
    change(db, async |tx| {
        tx.execute(sql(MUNICIPALITY).bind(tenant).bind("Prøve Kommune").bind("29189803"))
            .await
            .unwrap();
        for (id, name) in [("abc", "Anna B. Carlsen"), ("def", "Dorte E. Friis")] {
            tx.execute(sql(WORKER).bind(tenant).bind(id).bind(name).bind(rights.as_str()))
                .await
                .unwrap();
        }
    })
    .await;
}

/// Does something in a transaction and commits it.
pub(crate) async fn change<T>(db: &Db, work: impl AsyncFnOnce(&mut Tx) -> T) -> T {
    let mut tx = db.begin().await.unwrap();
    let result = work(&mut tx).await;
    tx.commit().await.unwrap();
    result
}

pub(crate) fn tenant() -> Tenant {
    "0561".parse().unwrap()
}

pub(crate) fn other_tenant() -> Tenant {
    "0575".parse().unwrap()
}

/// A Monday morning.
pub(crate) fn now() -> DateTime<Utc> {
    at("2020-11-02T09:00:00Z")
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// The worker `abc`, acting now.
pub(crate) async fn act<R: Right>(db: &Db) -> Act<R> {
    act_as(db, "abc", now()).await
}

/// One of the workers, acting at a moment.
pub(crate) async fn act_as<R: Right>(db: &Db, worker: &str, at: DateTime<Utc>) -> Act<R> {
    let mut read = db.read().await.unwrap();
    authorise(&mut read, tenant(), worker, at).await.unwrap()
}

/// A benefit with one kind of fact that is exclusive and bounded, and one that is neither.
pub(crate) fn manifest() -> Manifest {
    serde_json::from_value(json!({
        "id": BENEFIT, "version": "1.0.0", "interface": "1.0.0", "title": "Prøveydelse", "legal-basis": [],
        "owner": "Ydun", "licence": "MPL-2.0", "postings": [], "payees": [], "four-eyes-above": "0.00",
        "retention-years": 5,
        "facts": [
            {
                "kind": "hours", "title": "Timer", "about": "apprentice", "exclusive": true, "bounded": true,
                "attributes": [
                    {
                        "name": "worked", "title": "Arbejdstimer", "type": "number",
                        "min": { "number": "0" }, "max": { "number": "250" }
                    },
                    { "name": "paid-by", "title": "Betalt af", "type": "who", "optional": true }
                ]
            },
            {
                "kind": "agreement", "title": "Aftale", "about": "employer",
                "attributes": [{ "name": "made", "title": "Indgået", "type": "day" }]
            }
        ]
    }))
    .unwrap()
}

pub(crate) const BENEFIT: &str = "proeveydelse";

pub(crate) fn citizen(cpr: &str, name: &str) -> NewParty {
    NewParty { name: name.into(), identity: Identity::Citizen(cpr.parse().unwrap()) }
}

pub(crate) fn company(cvr: &str, name: &str) -> NewParty {
    NewParty { name: name.into(), identity: Identity::Company(cvr.parse().unwrap()) }
}

/// An open case with an apprentice and an employer.
pub(crate) async fn open_case(db: &Db) -> (Case, Roles) {
    let act = act::<Register>(db).await;
    change(db, async |tx| {
        let apprentice = register(tx, &act, citizen("070761-4285", "Bo Dam")).await.unwrap().id;
        let employer = register(tx, &act, company("29189803", "Tømrer Dam ApS")).await.unwrap().id;
        let roles = [("apprentice".into(), apprentice), ("employer".into(), employer)].into();
        let opened = day("2020-08-01");
        let new = NewCase { benefit: BENEFIT.into(), external_key: None, opened, roles };
        (open(tx, &act, new).await.unwrap(), Roles { apprentice, employer })
    })
    .await
}

/// The parties of [`open_case`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Roles {
    pub(crate) apprentice: PartyId,
    pub(crate) employer: PartyId,
}

/// Leaves out the hearings about all that is proposed: the parties gave the information themselves.
pub(crate) async fn parties_know(db: &Db, moment: DateTime<Utc>) {
    let (look, act) =
        (act_as::<Look>(db, "def", moment).await, act_as::<Approve>(db, "def", moment).await);
    change(db, async |tx| {
        let open = ydun::decisions::service::open(tx, &look).await.unwrap();
        let today = ydun::clock::danish(moment);
        for loss in ydun::decisions::gate::losses(tx, tenant(), &open, today).await.unwrap() {
            let ground = ydun::hearings::Ground::PartyKnows;
            ydun::hearings::service::waive(tx, &act, loss.intention, ground, "selv oplyst")
                .await
                .unwrap();
        }
    })
    .await;
}

/// All decisions that wait have reached the parties.
pub(crate) async fn decisions_arrive(db: &Db, moment: DateTime<Utc>) -> Approval {
    let act = act_as::<Approve>(db, "def", moment).await;
    let bank = BankProfile::demo("Prøve Kommune", "29189803".parse().unwrap());
    let waiting = delivery::held(&mut db.read().await.unwrap(), tenant()).await.unwrap();
    let mut whole = Approval::default();
    for held in waiting {
        let of = (held.case_id, held.decision_id);
        let on = ydun::clock::danish(moment);
        let arrived = change(db, async |tx| {
            delivery::deliver(tx, &act, &bank, of, on, Channel::Desk).await.unwrap()
        })
        .await;
        whole.payments += arrived.payments;
        whole.paid += arrived.paid;
        whole.withdrawn += arrived.withdrawn;
        whole.overpayments += arrived.overpayments;
    }
    whole
}
