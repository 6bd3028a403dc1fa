//! Whose modules a municipality takes in, and what happens when a key can no longer be trusted.

use ydun::access::{Act, Administer};
use ydun::db::Db;
use ydun::modules::package::Package;
use ydun::modules::policy::Policy;
use ydun::modules::service::{
    Activate, ActivateError, InstallError, PublisherError, activate, active, add_key,
    add_publisher, install, list, publishers, report, revoke_key, set_policy, untrusted,
};
use ydun::modules::{Activation, Mode};
use ydun_domain::Tenant;
use ydun_runtime::signature::{KeyId, PublicKey, Reach, SigningKey};
use ydun_runtime::{Digest, Report, Signatures};

use crate::support::{act, at, change, day, each_engine, other_tenant, set_up, tenant};
use crate::voksenlaerling::{
    BENEFIT, component, keep_module, new_key, next_version, registry, set_up_module, signed_by,
    with,
};

async fn act_in(db: &Db, tenant: Tenant) -> Act<Administer> {
    let now = at("2020-11-02T09:00:00Z");
    let mut read = db.read().await.unwrap();
    ydun::access::authorise(&mut read, tenant, "abc", now).await.unwrap()
}

async fn trust(db: &Db, name: &str, may_sign: &str, key: &SigningKey) {
    let act: Act<Administer> = act(db).await;
    let may_sign = Reach::try_from(may_sign.to_owned()).unwrap();
    change(db, async |tx| add_publisher(tx, &act, name, &may_sign, key.public()).await.unwrap())
        .await;
}

async fn install_in(db: &Db, tenant: Tenant, package: Package) -> Result<Report, InstallError> {
    let act = act_in(db, tenant).await;
    let mut tx = db.begin().await.unwrap();
    let report = install(&mut tx, &act, registry().sandbox(), package).await?;
    tx.commit().await.unwrap();
    Ok(report)
}

/// The code of the step that refused the module.
async fn refused(db: &Db, package: Package) -> String {
    match install_in(db, tenant(), package).await {
        Err(InstallError::Refused(report)) => report.failed().unwrap().code.to_string(),
        other => panic!("{other:?}"),
    }
}

fn unsigned(component: Vec<u8>) -> Package {
    Package { component, signatures: Signatures::default() }
}

/// The module as if the municipality of Esbjerg had made it for itself.
fn esbjergs_own() -> Vec<u8> {
    with(r#""id":"voksenlaerling""#, r#""id":"k0561:voksenla""#)
}

#[tokio::test]
async fn only_what_a_trusted_publisher_has_signed_is_taken_in() {
    each_engine(|db| async move {
        let (ydun, esbjerg, stranger) = (new_key(), new_key(), new_key());
        assert_eq!(refused(&db, unsigned(component())).await, "YDV-SIGNATURE-MISSING");
        trust(&db, "Ydun", "national", &ydun).await;
        trust(&db, "Esbjerg Kommune", "k0561", &esbjerg).await;
        let by = |key: &SigningKey| signed_by(&[key], component());
        assert_eq!(refused(&db, by(&stranger)).await, "YDV-SIGNATURE-UNKNOWN");
        assert_eq!(refused(&db, by(&esbjerg)).await, "YDV-SIGNATURE-REACH");
        let moved = Package { component: next_version(), ..by(&ydun) };
        assert_eq!(refused(&db, moved).await, "YDV-SIGNATURE-INVALID");
        assert!(list(&mut db.read().await.unwrap()).await.unwrap().is_empty());

        // A key that is unknown here does no harm beside one that counts.
        let both = signed_by(&[&stranger, &ydun], component());
        let signers = install_in(&db, tenant(), both).await.unwrap().signed_by;
        assert_eq!(
            signers.iter().map(|signer| signer.key).collect::<Vec<_>>(),
            [ydun.public().id()]
        );
        let own = signed_by(&[&esbjerg], esbjergs_own());
        let signers = install_in(&db, tenant(), own).await.unwrap().signed_by;
        assert_eq!(signers[0].publisher, "Esbjerg Kommune");
    })
    .await;
}

#[tokio::test]
async fn each_municipality_trusts_for_itself() {
    each_engine(|db| async move {
        set_up(&db, other_tenant()).await;
        let ydun = new_key();
        trust(&db, "Ydun", "national", &ydun).await;
        let package = || signed_by(&[&ydun], component());
        install_in(&db, tenant(), package()).await.unwrap();
        let elsewhere = install_in(&db, other_tenant(), package()).await;
        assert!(matches!(elsewhere, Err(InstallError::Refused(_))), "{elsewhere:?}");
        let elsewhere = try_activate(&db, other_tenant(), "1.0.0").await;
        assert!(matches!(elsewhere, Err(ActivateError::NotTrusted { .. })), "{elsewhere:?}");
        let theirs = publishers(&mut db.read().await.unwrap(), other_tenant()).await.unwrap();
        assert_eq!(theirs, []);
    })
    .await;
}

async fn try_activate(db: &Db, tenant: Tenant, version: &str) -> Result<(), ActivateError> {
    let act = act_in(db, tenant).await;
    let (days, mode) = ("2020-01-01..".parse().unwrap(), Mode::Active);
    let known_from = day("2020-11-02");
    let new = Activate { benefit: BENEFIT, version, days, known_from, mode };
    let mut tx = db.begin().await.unwrap();
    activate(&mut tx, &act, new).await?;
    Ok(tx.commit().await?)
}

#[tokio::test]
async fn a_module_that_is_only_tried_out_counts_elsewhere_when_it_is_signed() {
    each_engine(|db| async move {
        let developer = other_tenant();
        set_up(&db, developer).await;
        let tried_out = Policy { is_development: true, ..Policy::default() };
        let theirs = act_in(&db, developer).await;
        let from = day("2020-11-02");
        change(&db, async |tx| set_policy(tx, &theirs, from, tried_out).await.unwrap()).await;
        let found = install_in(&db, developer, unsigned(component())).await.unwrap();
        assert_eq!(found.signed_by, []);
        try_activate(&db, developer, "1.0.0").await.unwrap();

        let ydun = new_key();
        trust(&db, "Ydun", "national", &ydun).await;
        let refused = try_activate(&db, tenant(), "1.0.0").await.unwrap_err().to_string();
        assert!(refused.contains("Modulet er ikke underskrevet."), "{refused}");
        install_in(&db, tenant(), signed_by(&[&ydun], component())).await.unwrap();
        let kept = report(&mut db.read().await.unwrap(), BENEFIT, "1.0.0").await.unwrap();
        assert_eq!(kept.signed_by.len(), 1); // the report says so from now on
        try_activate(&db, tenant(), "1.0.0").await.unwrap();
    })
    .await;
}

async fn try_revoke(
    db: &Db,
    key: PublicKey,
    because: &str,
) -> Result<Vec<Activation>, PublisherError> {
    let act: Act<Administer> = act(db).await;
    change(db, async |tx| revoke_key(tx, &act, key.id(), because).await).await
}

#[tokio::test]
async fn a_revoked_key_stops_no_payment_and_starts_none() {
    each_engine(|db| async move {
        set_up_module(&db).await;
        keep_module(&db, next_version()).await;
        let october = "2020-10-01..2020-10-31".parse().unwrap();
        let mut read = db.read().await.unwrap();
        let [ydun] = &publishers(&mut read, tenant()).await.unwrap()[..] else { panic!("one") };
        assert_eq!(untrusted(&mut read, tenant()).await.unwrap(), []);
        drop(read);
        let key = ydun.keys[0].public;
        let without_reason = try_revoke(&db, key, " ").await;
        assert!(matches!(without_reason, Err(PublisherError::NoReason)), "{without_reason:?}");

        let told = try_revoke(&db, key, "Nøglen er stjålet").await.unwrap();
        assert_eq!(told.len(), 1);
        let mut read = db.read().await.unwrap();
        assert_eq!(untrusted(&mut read, tenant()).await.unwrap(), told);
        // What counts goes on counting, until a person puts it to rest.
        let counts = active(&mut read, tenant(), BENEFIT, october, day("2020-11-02")).await;
        assert_eq!(counts.unwrap(), Digest::of(&component()));
        drop(read);
        let refused = try_activate(&db, tenant(), "1.1.0").await.unwrap_err().to_string();
        assert!(refused.contains("en nøgle, der er spærret"), "{refused}");

        let again = try_revoke(&db, key, "Nøglen er stjålet").await;
        assert!(matches!(again, Err(PublisherError::NoKey(_))), "{again:?}");
        let act: Act<Administer> = act(&db).await;
        let back = add_key(&mut db.begin().await.unwrap(), &act, "Ydun", key).await;
        assert!(matches!(back, Err(PublisherError::KeyTaken(_))), "{back:?}");
    })
    .await;
}

#[tokio::test]
async fn a_publisher_that_lost_a_key_signs_with_another() {
    each_engine(|db| async move {
        let (lost, new) = (new_key(), new_key());
        trust(&db, "Ydun", "national", &lost).await;
        try_revoke(&db, lost.public(), "Nøglen er tabt").await.unwrap();
        assert_eq!(refused(&db, signed_by(&[&lost], component())).await, "YDV-SIGNATURE-REVOKED");
        let act: Act<Administer> = act(&db).await;
        change(&db, async |tx| add_key(tx, &act, "Ydun", new.public()).await.unwrap()).await;
        install_in(&db, tenant(), signed_by(&[&lost, &new], component())).await.unwrap();

        let [ydun] = &publishers(&mut db.read().await.unwrap(), tenant()).await.unwrap()[..] else {
            panic!("one publisher")
        };
        let ids: Vec<(KeyId, bool)> =
            ydun.keys.iter().map(|key| (key.id, key.revoked.is_some())).collect();
        assert!(ids.contains(&(lost.public().id(), true)), "{ids:?}");
        assert!(ids.contains(&(new.public().id(), false)), "{ids:?}");
    })
    .await;
}

#[tokio::test]
async fn a_publisher_is_added_once_and_by_name() {
    each_engine(|db| async move {
        let (one, other) = (new_key(), new_key());
        trust(&db, "Ydun", "national", &one).await;
        let act: Act<Administer> = act(&db).await;
        let add = async |name: &str, key: &SigningKey| {
            let mut tx = db.begin().await.unwrap();
            add_publisher(&mut tx, &act, name, &Reach::National, key.public()).await
        };
        assert!(matches!(add("Ydun", &other).await, Err(PublisherError::Taken(_))));
        assert!(matches!(add(" ", &other).await, Err(PublisherError::NoName)));
        assert!(matches!(add("En anden", &one).await, Err(PublisherError::KeyTaken(_))));
        let nobody = add_key(&mut db.begin().await.unwrap(), &act, "Ingen", other.public()).await;
        assert!(matches!(nobody, Err(PublisherError::Unknown(_))), "{nobody:?}");
    })
    .await;
}
