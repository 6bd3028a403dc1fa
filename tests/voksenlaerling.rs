//! A municipality with the real module voksenlærling, and with the cases the module carries along.

use std::path::PathBuf;
use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use uuid::Uuid;
use ydun::access::{Act, Administer, Register};
use ydun::cases::Case;
use ydun::cases::service::{NewCase, open};
use ydun::db::{Db, sql};
use ydun::facts::Content;
use ydun::facts::service::record;
use ydun::modules::Mode;
use ydun::modules::package::Package;
use ydun::modules::registry::Registry;
use ydun::modules::replay::service::{Request, replay};
use ydun::modules::service::{
    Activate, Choose, PublisherError, activate, add_publisher, all_days, choose,
};
use ydun::parties::service::register;
use ydun_domain::benefit::{Attribute, Fact, Party, Scalar};
use ydun_domain::ids::{FactId, PartyId};
use ydun_runtime::signature::{Reach, Signature, SigningKey};
use ydun_runtime::{ClassLimits, Digest, FuelBudget, Limits, Manifest, Sandbox, Signatures};

use crate::support::{act_as, at, change, citizen, company, day, tenant};

pub(crate) const BENEFIT: &str = "voksenlaerling";
pub(crate) const OCTOBER: &str = "2020-10";

/// The morning after the firms have sent their requests for October.
pub(crate) fn in_november() -> DateTime<Utc> {
    at("2020-11-05T09:00:00Z")
}

/// The module as `cargo xtask modules` built it.
pub(crate) fn component() -> Vec<u8> {
    let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/modules");
    let folder =
        std::env::var_os("YDUN_MODULES").map_or_else(|| PathBuf::from(built), PathBuf::from);
    let file = folder.join("voksenlaerling-1.0.0.wasm");
    std::fs::read(&file)
        .unwrap_or_else(|error| panic!("{}: {error}; run `cargo xtask modules`", file.display()))
}

/// The module with some of its text replaced by as much other text.
pub(crate) fn with(text: &str, other: &str) -> Vec<u8> {
    replaced(component(), text, other)
}

fn replaced(mut component: Vec<u8>, text: &str, other: &str) -> Vec<u8> {
    assert_eq!(text.len(), other.len());
    let place = component.windows(text.len()).position(|window| window == text.as_bytes()).unwrap();
    component[place..place + text.len()].copy_from_slice(other.as_bytes());
    component
}

/// The next version of the module, which calculates the same.
pub(crate) fn next_version() -> Vec<u8> {
    with(r#""version":"1.0.0""#, r#""version":"1.1.0""#)
}

/// The next version with the posting it pays by left out of its manifest, so that no answer of it
/// is taken.
pub(crate) fn failing_version() -> Vec<u8> {
    replaced(next_version(), r#""code":"tilskud""#, r#""code":"tilsku_""#)
}

/// One for all tests, because compiling takes a while.
pub(crate) fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<(tempfile::TempDir, Registry)> = OnceLock::new();
    let open = || {
        let folder = tempfile::tempdir().unwrap();
        let registry =
            Registry::open(Sandbox::new(ClassLimits::default()).unwrap(), folder.path()).unwrap();
        (folder, registry)
    };
    &REGISTRY.get_or_init(open).1
}

/// A registry whose modules have no fuel to calculate with, so that every calculation fails.
pub(crate) fn starved_registry() -> (tempfile::TempDir, Registry) {
    let calculate = FuelBudget { base: 1_000, per_row: 0 };
    let compiled = Limits { calculate, ..Limits::compiled() };
    let sandbox = Sandbox::new(ClassLimits { compiled, ..ClassLimits::default() }).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let registry = Registry::open(sandbox, folder.path()).unwrap();
    (folder, registry)
}

/// The key of the publisher `Ydun`, made anew for each run of the tests.
fn key() -> &'static SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    KEY.get_or_init(new_key)
}

/// A key that nobody has seen before.
pub(crate) fn new_key() -> SigningKey {
    let random: Vec<Uuid> = std::iter::repeat_with(Uuid::now_v7).take(4).collect();
    SigningKey::from_seed(&Digest::of(format!("{random:?}").as_bytes()).0)
}

/// A component as the publisher `Ydun` delivers it.
pub(crate) fn package(component: Vec<u8>) -> Package {
    signed_by(&[key()], component)
}

pub(crate) fn signed_by(keys: &[&SigningKey], component: Vec<u8>) -> Package {
    let manifest = ydun_runtime::verify::manifest_of(&component).unwrap();
    let on = day("2020-01-02");
    let sign = |key: &&SigningKey| Signature::new(key, &component, &manifest, on);
    let signatures = Signatures { signatures: keys.iter().map(sign).collect() };
    Package { component, signatures }
}

/// Lets the municipality trust the publisher `Ydun`, if it does not already.
pub(crate) async fn trust_publisher(db: &Db) {
    let act = act_as::<Administer>(db, "abc", at("2020-01-02T09:00:00Z")).await;
    let mut tx = db.begin().await.unwrap();
    let key = key().public();
    match add_publisher(&mut tx, &act, "Ydun", &Reach::National, key).await {
        Ok(()) => tx.commit().await.unwrap(),
        Err(PublisherError::Taken(_)) => (),
        Err(other) => panic!("{other}"),
    }
}

/// Keeps a signed module without verifying it, which takes seconds, and which `modules` tries.
pub(crate) async fn keep_module(db: &Db, component: Vec<u8>) -> Digest {
    const KEEP: &str = "
        INSERT INTO artifact
            (digest, benefit, version, interface, manifest, component, report, installed_at, installed_by)
        VALUES ($1, $2, $3, '1.0.0', $4, $5, '{}', $6, 'abc')";
    const SIGN: &str = "
        INSERT INTO artifact_signature (digest, key_id, signature, kept_at, kept_by)
        VALUES ($1, $2, $3, $4, 'abc')";
    let (digest, kept_at) = (Digest::of(&component), at("2020-01-02T09:00:00Z"));
    let Package { component, signatures } = package(component);
    let signature = &signatures.signatures[0];
    let sign = sql(SIGN).bind(digest).bind(signature.statement.key.to_string());
    let sign = sign.bind(serde_json::to_string(signature).unwrap()).bind(kept_at);
    let manifest = ydun_runtime::verify::manifest_of(&component).unwrap();
    let json = serde_json::to_string(&manifest).unwrap();
    let keep = sql(KEEP).bind(digest).bind(manifest.id).bind(manifest.version.to_string());
    let keep = keep.bind(json).bind(component).bind(kept_at);
    change(db, async |tx| {
        tx.execute(keep).await.unwrap();
        tx.execute(sign).await.unwrap();
    })
    .await;
    digest
}

/// Lets the module count for all days, and says where it is.
pub(crate) async fn set_up_module(db: &Db) {
    trust_publisher(db).await;
    keep_module(db, component()).await;
    activate_version(db, "1.0.0", "2013-01-01..", "2020-01-02").await;
    let act = act_as::<Administer>(db, "abc", at("2020-01-02T09:00:00Z")).await;
    let known_from = day("2020-01-02");
    change(db, async |tx| {
        let value = Scalar::Text(tenant().to_string());
        let (key, days) = ("municipality", all_days());
        choose(tx, &act, Choose { benefit: BENEFIT, key, days, known_from, value }).await.unwrap();
    })
    .await;
}

/// Lets a version count for some days, as known from a day on.
pub(crate) async fn activate_version(db: &Db, version: &str, days: &str, known_from: &str) {
    let act = act_as::<Administer>(db, "abc", at("2020-01-02T09:00:00Z")).await;
    let (days, known_from, mode) = (days.parse().unwrap(), day(known_from), Mode::Active);
    let new = Activate { benefit: BENEFIT, version, days, known_from, mode };
    change(db, async |tx| activate(tx, &act, new).await.unwrap()).await;
}

/// Holds the next version against the first, which it is to take over from.
pub(crate) async fn replay_next_version(db: &Db) {
    let act = act_as::<Administer>(db, "abc", in_november()).await;
    let request = Request::new(BENEFIT, "1.0.0", "1.1.0");
    replay(db, registry(), &act, &request, |_| ()).await.unwrap();
}

/// Opens a case with the facts of one of the module's own cases; `number` makes it another person.
pub(crate) async fn open_case(db: &Db, name: &str, number: u16) -> Case {
    let act = act_as::<Register>(db, "abc", in_november()).await;
    let shown = ydun_runtime::case::read(&component()).unwrap();
    let shown = shown
        .into_iter()
        .find(|case| case.name == name)
        .unwrap_or_else(|| panic!("no case {name}"));
    change(db, async |tx| {
        let apprentice = citizen(&format!("070761-4{number:03}"), &format!("Lærling {number}"));
        let apprentice = register(tx, &act, apprentice).await.unwrap().id;
        let employer = register(tx, &act, company("29189803", "Tømrer Dam ApS")).await.unwrap().id;
        let roles = [("apprentice".into(), apprentice), ("employer".into(), employer)].into();
        let opened = day("2020-08-01");
        let new = NewCase { benefit: BENEFIT.into(), external_key: None, opened, roles };
        let case = open(tx, &act, new).await.unwrap();
        for fact in &shown.dossier.facts {
            let content = content(fact, apprentice, employer);
            record(tx, &act, manifest(), case.id, content, "prøve").await.unwrap();
        }
        case
    })
    .await
}

fn manifest() -> &'static Manifest {
    static MANIFEST: OnceLock<Manifest> = OnceLock::new();
    MANIFEST.get_or_init(|| ydun_runtime::verify::manifest_of(&component()).unwrap())
}

/// The module's cases name the parties by their parts.
fn content(fact: &Fact, apprentice: PartyId, employer: PartyId) -> Content {
    let party = |party: &Party| if party.0 == "apprentice" { apprentice } else { employer };
    let value = |value: &Scalar| match value {
        Scalar::Who(who) => Scalar::Who(party(who).into()),
        value => value.clone(),
    };
    Content {
        kind: fact.kind.clone(),
        about: party(&fact.about),
        valid: fact.valid,
        attributes: fact
            .attributes
            .iter()
            .map(|told| Attribute::new(&told.name, value(&told.value)))
            .collect(),
    }
}

/// Corrects the hours of the week that began on a Monday of October.
pub(crate) async fn correct_hours(db: &Db, case: &Case, monday: &str, worked: &str) {
    const WEEK: &str = "
        SELECT id, about, last_day FROM fact
        WHERE case_id = $1 AND kind = 'weekly-hours' AND first_day = $2 AND known_until IS NULL";
    let act: Act<Register> = act_as(db, "abc", at("2020-11-09T09:00:00Z")).await;
    let (wrong, about, last): (FactId, PartyId, ydun_domain::Day) =
        db.read().await.unwrap().one(sql(WEEK).bind(case.id).bind(day(monday))).await.unwrap();
    let content = Content {
        kind: "weekly-hours".into(),
        about,
        valid: format!("{monday}..{last}").parse().unwrap(),
        attributes: vec![Attribute::new("worked", Scalar::Number(worked.parse().unwrap()))],
    };
    change(db, async |tx| {
        let correct =
            ydun::facts::service::correct(tx, &act, manifest(), (case.id, wrong), content, "ret");
        correct.await.unwrap();
    })
    .await;
}
