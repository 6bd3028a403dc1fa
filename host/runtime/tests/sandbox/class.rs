//! A module may use what its class may: one of a municipality's own, interpreted, more than others.

use serde_json::{Value, json};
use ydun_runtime::manifest::Class;
use ydun_runtime::{
    ClassLimits, Code, FloatPolicy, Limits, Module, Signing, Terms, section, verify,
};

use crate::fixture;
use crate::guest::Guest;

/// A guest of a municipality's own benefit, with the class its manifest says.
fn guest(class: &str, guest: Guest) -> Guest {
    let mut manifest = fixture::manifest();
    manifest["id"] = "k0561:proeveydelse".into();
    manifest["class"] = class.into();
    Guest { manifest: vec![manifest.to_string().into_bytes()], ..guest }
}

/// Counts to fifteen millions, which costs 75 million fuel, and pays for the span.
fn busy() -> Guest {
    let pays = Guest::for_the_span().calculate;
    let counts = "(local $i i32)
        (loop $again (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 15000000))))";
    Guest::calculating(&format!("{counts}{pays}"))
}

/// Has forty megabytes from the start.
fn broad() -> Guest {
    Guest { memory: "(memory (export \"memory\") 640)".into(), ..Guest::for_the_span() }
}

/// A file of more than five megabytes.
fn large(mut component: Vec<u8>) -> Vec<u8> {
    section::append(&mut component, "filler", &vec![0; 5 << 20]);
    component
}

/// The code of the fault of loading and calculating, if there is one.
fn code(component: &[u8]) -> Option<Code> {
    let fault = match Module::load(&fixture::sandbox(), component) {
        Ok(module) => module.calculate(&fixture::dossier()).answer.err(),
        Err(fault) => Some(fault),
    };
    fault.map(|fault| fault.code)
}

#[test]
fn an_interpreted_module_may_use_more_than_a_compiled_one() {
    let check = |component: &dyn Fn(&str) -> Vec<u8>, refused: Code| {
        assert_eq!(code(&component("compiled")), Some(refused));
        assert_eq!(code(&component("interpreted")), None, "{refused}");
    };
    check(&|class| guest(class, busy()).component(), Code::Budget);
    check(&|class| guest(class, broad()).component(), Code::Instantiate);
    check(&|class| large(guest(class, Guest::default()).component()), Code::Size);
}

#[test]
fn an_interpreted_module_has_limits_too() {
    let pages = |count: u32| format!("(memory (export \"memory\") {count})");
    let with = |count| {
        guest("interpreted", Guest { memory: pages(count), ..Guest::default() }).component()
    };
    assert_eq!(code(&with(1024)), None);
    // The pool has no room for it, and without a pool the limit says no.
    assert!(matches!(code(&with(1025)), Some(Code::Compile | Code::Instantiate)));
}

#[test]
fn a_busy_interpreted_module_passes_every_step() {
    let terms = Terms { floats: FloatPolicy::Allow, signing: Signing::NotAsked, previous: None };
    let report =
        |class: &str| verify(&fixture::sandbox(), &guest(class, busy()).component(), terms).report;
    assert!(report("interpreted").passed(), "{:?}", report("interpreted").failed());
    let failed = report("compiled");
    assert_eq!(failed.failed().unwrap().code, Code::CaseFault);
}

#[test]
fn what_every_municipality_pays_by_is_never_interpreted() {
    let national = Guest::with_manifest(|manifest| manifest["class"] = "interpreted".into());
    let fault = Module::load(&fixture::sandbox(), &national.component()).unwrap_err();
    assert_eq!(
        (fault.code, fault.detail.as_str()),
        (
            Code::ManifestContent,
            "class: is interpreted, which only a municipality's own benefit may be, such as 'k0561:julehjaelp'"
        )
    );
    let unknown = Guest::with_manifest(|manifest| manifest["class"] = json!("magic"));
    assert_eq!(code(&unknown.component()), Some(Code::ManifestFormat));
}

#[test]
fn a_module_that_says_nothing_is_compiled() {
    assert_eq!(fixture::manifest().get("class"), None::<&Value>);
    let module = Module::load(&fixture::sandbox(), &Guest::default().component()).unwrap();
    assert_eq!(module.manifest().class, Class::Compiled);
    assert_eq!(module.limits(), &Limits::compiled());
    assert_eq!(ClassLimits::default().of(Class::Interpreted), &Limits::interpreted());
}
