//! Dossiers drawn from a manifest, and what they find.

use ydun_domain::benefit::{Fact, Scalar};
use ydun_runtime::manifest::{FactKind, ScalarKind};
use ydun_runtime::{Code, Manifest, Module, generated};

use crate::fixture;
use crate::guest::Guest;

fn manifest() -> Manifest {
    let mut manifest = fixture::manifest();
    manifest["facts"][0]["exclusive"] = true.into();
    manifest["facts"][0]["attributes"][0]["min"] = serde_json::json!({ "integer": 1 });
    manifest["facts"][0]["attributes"][0]["max"] = serde_json::json!({ "integer": 37 });
    serde_json::from_value(manifest).unwrap()
}

fn module(guest: &Guest) -> Module {
    Module::load(&fixture::sandbox(), &guest.component()).unwrap()
}

#[test]
fn a_dossier_can_be_had_again_by_two_numbers() {
    let draw = |seed, number| generated::dossier(&manifest(), seed, number);
    assert_eq!(draw(7, 3), draw(7, 3));
    assert_ne!(draw(7, 3), draw(7, 6));
    assert_ne!(draw(7, 3), draw(8, 3));
}

#[track_caller]
fn keeps_to(kind: &FactKind, fact: &Fact) {
    for declared in &kind.attributes {
        let Some(value) = fact.attribute(&declared.name) else {
            assert!(declared.optional, "{fact:?}");
            continue;
        };
        assert_eq!(ScalarKind::of(value), declared.kind, "{fact:?}");
        assert!(declared.min.as_ref().is_none_or(|min| value >= min), "{fact:?}");
        assert!(declared.max.as_ref().is_none_or(|max| value <= max), "{fact:?}");
        if let Scalar::Code(word) = value {
            assert!(declared.codes.iter().any(|code| code.code == *word), "{fact:?}");
        }
    }
}

#[test]
fn every_third_dossier_is_one_a_host_would_send() {
    let manifest = manifest();
    let mut facts = 0;
    for number in (0..600).step_by(3) {
        let dossier = generated::dossier(&manifest, 1, number);
        for fact in &dossier.facts {
            keeps_to(manifest.fact(&fact.kind).unwrap(), fact);
        }
        let exclusive: Vec<_> = dossier.facts.iter().filter(|it| it.kind == "employment").collect();
        for (place, one) in exclusive.iter().enumerate() {
            let clash = |other: &&&Fact| one.about == other.about && one.valid.meets(other.valid);
            assert!(!exclusive[place + 1..].iter().any(|other| clash(&other)), "{exclusive:?}");
        }
        assert_eq!(dossier.settings.len(), manifest.settings.len());
        facts += dossier.facts.len();
    }
    assert!(facts > 100, "only {facts} facts");
}

#[test]
fn near_a_case_some_things_are_changed_and_the_rest_is_as_it_was_lived() {
    let manifest = manifest();
    let mut lived = [fixture::dossier()];
    lived[0].sort();
    let near = |number| generated::near(&manifest, &lived, 1, number).unwrap();
    assert_eq!(near(7), near(7));
    let drawn: Vec<_> = (0..200).map(near).collect();
    assert!(drawn.iter().any(|dossier| dossier.span != lived[0].span));
    assert!(drawn.iter().any(|dossier| dossier.facts.len() > lived[0].facts.len()));
    assert!(drawn.iter().any(|dossier| dossier.facts.len() < lived[0].facts.len()));
    let same = drawn
        .iter()
        .filter(|dossier| dossier.facts.iter().any(|fact| lived[0].facts.contains(fact)));
    assert!(same.count() > 20, "most is changed at once");
    assert_eq!(generated::near(&manifest, &[], 1, 7), None);
}

/// Panics when it is told of two facts or more; the answer is outside nearly every span.
#[test]
fn a_fault_is_found_and_its_dossier_made_as_small_as_it_can_be() {
    let two_facts =
        "(if (i32.gt_u (local.get 5) (i32.const 1)) (then unreachable)) (i32.const 1024)";
    let module = module(&Guest::calculating(two_facts));
    let panics = |dossier: &_| {
        generated::broken(&module, dossier).is_some_and(|fault| fault.code == Code::Panic)
    };
    let drawn = (0..200).map(|number| generated::dossier(module.manifest(), 1, number));
    let found = drawn.into_iter().find(|dossier| panics(dossier)).expect("two facts are no rarity");
    let small = generated::shrunk(&found, panics);
    assert_eq!(small.facts.len(), 2);
    assert!(small.facts.iter().all(|fact| fact.attributes.is_empty()));
}

#[test]
fn an_amount_that_no_step_gives_is_found() {
    let dossier = fixture::dossier();
    assert_eq!(generated::broken(&module(&Guest::default()), &dossier), None);
    let unexplained = Guest::with_outcome(|outcome| {
        outcome.lines[0].amount = ydun_domain::Dkk::from_kroner(1);
    });
    let fault = generated::broken(&module(&unexplained), &dossier).unwrap();
    assert_eq!(fault.detail, "line 'ydelse:2020-10' pays 1,00 kr., which none of its steps gives");
}
