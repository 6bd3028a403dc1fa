//! Whose word a module is accepted on.

use serde_json::{Value, json};
use ydun_domain::Day;
use ydun_runtime::signature::{Publisher, Reach, Signature, SigningKey};
use ydun_runtime::verify::Signer;
use ydun_runtime::{
    Code, FloatPolicy, Manifest, Report, Signatures, Signing, Terms, TrustStore, verify,
};

use crate::fixture;
use crate::guest::Guest;

const SIGNED_ON: Day = Day::new(2026, 11, 22);

/// Keys by their holder; 3 is nobody we know.
fn key(holder: u8) -> SigningKey {
    SigningKey::from_seed(&[holder; 32])
}

/// The national publisher is 1, the municipality of Esbjerg 2.
fn trust() -> TrustStore {
    let publisher = |holder, name: &str, may_sign| Publisher {
        name: name.into(),
        key: key(holder).public(),
        may_sign,
        revoked: None,
    };
    let esbjerg = Reach::Municipality("k0561".into());
    TrustStore {
        publishers: vec![
            publisher(1, "Ydun", Reach::National),
            publisher(2, "Esbjerg Kommune", esbjerg),
        ],
    }
}

fn guest(id: &str) -> Guest {
    let calculate = Guest::for_the_span().calculate;
    Guest { calculate, ..Guest::with_manifest(|manifest| manifest["id"] = id.into()) }
}

fn manifest(guest: &Guest) -> Manifest {
    serde_json::from_slice(&guest.manifest[0]).unwrap()
}

fn signed_by(guest: &Guest, holders: &[u8]) -> Signatures {
    let sign =
        |holder| Signature::new(&key(holder), &guest.component(), &manifest(guest), SIGNED_ON);
    Signatures { signatures: holders.iter().copied().map(sign).collect() }
}

fn report(guest: &Guest, trust: &TrustStore, signatures: &Signatures) -> Report {
    let signing = Signing::Required { trust, signatures };
    let terms = Terms { floats: FloatPolicy::Forbid, signing, previous: None };
    verify(&fixture::sandbox(), &guest.component(), terms).report
}

#[track_caller]
fn refused(report: &Report, code: Code, detail: &str) {
    let failed = report.failed().expect("a step fails");
    assert_eq!((failed.code, failed.detail.as_str()), (code, detail));
    assert!(report.signed_by.is_empty() || code == Code::SignatureOther);
}

/// The signatures after a change in their file.
fn changed(signatures: &Signatures, change: impl FnOnce(&mut Value)) -> Signatures {
    let mut file = serde_json::to_value(signatures).unwrap();
    change(&mut file["signatures"][0]);
    Signatures::read(file.to_string().as_bytes()).unwrap()
}

#[test]
fn a_publisher_s_signature_is_told_in_the_report() {
    let guest = guest("proeveydelse");
    let report = report(&guest, &trust(), &signed_by(&guest, &[1]));
    assert!(report.passed(), "{:?}", report.failed());
    let signer =
        Signer { publisher: "Ydun".into(), key: key(1).public().id(), signed_on: SIGNED_ON };
    assert_eq!(report.signed_by, [signer]);
}

#[test]
fn the_signed_text_can_be_read() {
    let statement = &signed_by(&guest("proeveydelse"), &[1]).signatures[0].statement;
    let text = statement.text().replace(&statement.component.to_string(), "…");
    insta::assert_snapshot!(text, @r"
    ydun module signature 1
    benefit proeveydelse
    version 1.2.0
    interface 1.0.0
    component sha256:…
    key 34750f98bd59fcfc
    signed on 2026-11-22
    ");
}

#[test]
fn a_module_nobody_we_know_has_signed_is_refused() {
    let guest = guest("proeveydelse");
    let check = |holders: &[u8], code, detail: &str| {
        refused(&report(&guest, &trust(), &signed_by(&guest, holders)), code, detail);
    };
    check(&[], Code::SignatureMissing, "there is no signature");
    let unknown = format!("the key {} belongs to no publisher known here", key(3).public().id());
    check(&[3], Code::SignatureUnknown, &unknown);
}

#[test]
fn a_municipality_publishes_its_own_benefits_only() {
    let (own, standard, neighbours) =
        (guest("k0561:julehjaelp"), guest("julehjaelp"), guest("k0101:julehjaelp"));
    assert!(report(&own, &trust(), &signed_by(&own, &[2])).passed());
    for other in [standard, neighbours] {
        let id = manifest(&other).id;
        let detail = format!("Esbjerg Kommune (key {}) may not sign '{id}'", key(2).public().id());
        refused(&report(&other, &trust(), &signed_by(&other, &[2])), Code::SignatureReach, &detail);
        let both = report(&other, &trust(), &signed_by(&other, &[2, 1]));
        assert_eq!(both.signed_by.len(), 1, "the national publisher's alone counts");
    }
    assert!(report(&own, &trust(), &signed_by(&own, &[2, 1])).signed_by.len() == 2);
}

#[test]
fn a_revoked_key_counts_for_nothing() {
    let guest = guest("proeveydelse");
    let mut trust = trust();
    trust.publishers[0].revoked = Some("stjålet den 1. november 2026".into());
    let detail = format!("Ydun (key {}): stjålet den 1. november 2026", key(1).public().id());
    refused(&report(&guest, &trust, &signed_by(&guest, &[1])), Code::SignatureRevoked, &detail);
}

#[test]
fn what_was_changed_after_it_was_signed_is_refused() {
    let guest = guest("proeveydelse");
    let signatures = signed_by(&guest, &[1]);
    let condemned = |guest: &Guest, signatures: &Signatures| {
        let report = report(guest, &trust(), signatures);
        assert_eq!(report.failed().unwrap().code, Code::SignatureInvalid);
    };
    let other_bytes = Guest { items: "(func)".into(), ..guest.clone() };
    condemned(&other_bytes, &signatures);
    for (field, value) in [
        ("benefit", "andenydelse"),
        ("version", "1.2.1"),
        ("interface", "1.0.1"),
        ("signed-on", "2026-11-23"),
    ] {
        let forged = changed(&signatures, |signature| signature["statement"][field] = value.into());
        condemned(&guest, &forged);
    }
    let mut with_a_good_one = signed_by(&guest, &[1, 3]);
    let stolen_key = key(1).public().id().to_string();
    let forged = changed(&signed_by(&guest, &[3]), |signature| {
        signature["statement"]["key"] = stolen_key.into();
    });
    with_a_good_one.signatures.extend(forged.signatures);
    condemned(&guest, &with_a_good_one);
}

#[test]
fn a_signature_for_another_version_of_the_same_bytes_is_refused() {
    let guest = guest("proeveydelse");
    let other = Manifest { version: "1.3.0".parse().unwrap(), ..manifest(&guest) };
    let signature = Signature::new(&key(1), &guest.component(), &other, SIGNED_ON);
    let report = report(&guest, &trust(), &Signatures { signatures: vec![signature] });
    let detail = "signed is proeveydelse 1.3.0 for interface 1.0.0, this is proeveydelse 1.2.0 for interface 1.0.0";
    refused(&report, Code::SignatureOther, detail);
}

#[test]
fn a_file_of_signatures_that_cannot_be_read_says_why() {
    let nonsense = json!({ "signatures": [{ "signature": "00" }] }).to_string();
    let fault = Signatures::read(nonsense.as_bytes()).unwrap_err();
    assert_eq!(fault.code, Code::SignatureFormat);
    assert!(fault.detail.starts_with("'00' is not a signature"), "{}", fault.detail);
}

#[test]
fn signing_again_replaces_one_s_own_signature() {
    let guest = guest("proeveydelse");
    let mut signatures = signed_by(&guest, &[1, 2]);
    let later = SIGNED_ON.next();
    signatures.add(Signature::new(&key(1), &guest.component(), &manifest(&guest), later));
    let days: Vec<_> =
        signatures.signatures.iter().map(|signature| signature.statement.signed_on).collect();
    assert_eq!(days, [SIGNED_ON, later]);
}
