//! Files that are no module, or a module nobody should load.

use ydun_runtime::Code;

use super::check;
use crate::fixture;
use crate::guest::{Guest, WIT};

#[test]
fn a_module_that_wants_more_than_it_may_have_is_not_loaded() {
    let importing = |interface: &str, name: &str, path: &str| {
        Guest {
            wit: format!(
                "{}\n{interface}",
                WIT.replace("import trace;", &format!("import trace; import {name};"))
            ),
            imports: format!("(import \"{path}\" \"now\" (func (result i64)))"),
            ..Guest::default()
        }
        .component()
    };
    let wasi = "package wasi:clocks@0.2.0 { interface monotonic-clock { now: func() -> u64; } }";
    check(&[
        (
            "a clock of our own",
            importing(
                "interface clock { now: func() -> u64; }",
                "clock",
                "ydun:benefit/clock@1.0.0",
            ),
            Code::Import,
        ),
        (
            "a clock of the system",
            importing(
                wasi,
                "wasi:clocks/monotonic-clock@0.2.0",
                "wasi:clocks/monotonic-clock@0.2.0",
            ),
            Code::Import,
        ),
        (
            "a second function of the trace",
            Guest {
                wit: WIT.replace("interface trace {", "interface trace { now: func() -> u64;"),
                imports: "(import \"ydun:benefit/trace@1.0.0\" \"now\" (func (result i64)))".into(),
                ..Guest::default()
            }
            .component(),
            Code::Import,
        ),
    ]);
}

#[test]
fn a_module_with_other_entries_is_not_loaded() {
    let with_wit = |wit: String| Guest { wit, ..Guest::default() }.component();
    check(&[
        (
            "a record with a field more",
            with_wit(
                WIT.replace("record step { id: string,", "record step { extra: u8, id: string,"),
            ),
            Code::Interface,
        ),
        (
            "a variant with a case more",
            with_wit(WIT.replace("enum verdict { granted,", "enum verdict { doubled, granted,")),
            Code::Interface,
        ),
        ("an entry missing", with_wit(WIT.replace("export application;", "")), Code::Interface),
        (
            "a trap when it starts",
            Guest { items: "(func $s unreachable) (start $s)".into(), ..Guest::default() }
                .component(),
            Code::Instantiate,
        ),
        (
            "an endless start",
            Guest { items: "(func $s (loop $l (br $l))) (start $s)".into(), ..Guest::default() }
                .component(),
            Code::Instantiate,
        ),
    ]);
}

#[test]
fn a_module_with_dangerous_instructions_is_not_loaded() {
    let refused = |name, core: &str| {
        let component = wat::parse_str(format!("(component (core module {core}))")).unwrap();
        (name, component, Code::Format)
    };
    check(&[
        refused("memory shared between threads", "(memory 1 1 shared)"),
        refused("atomic instructions", "(memory 1) (func (drop (i32.atomic.load (i32.const 0))))"),
        refused("memory of 64 bits", "(memory i64 1)"),
        refused("two memories", "(memory 1) (memory 1)"),
        refused("vectors", "(func (param v128))"),
        refused(
            "relaxed vectors",
            "(func (result v128) (i8x16.relaxed_swizzle (v128.const i64x2 0 0) (v128.const i64x2 0 0)))",
        ),
        refused("exceptions", "(tag (param i32))"),
        refused("garbage collection", "(type (struct (field i32)))"),
        refused("typed function references", "(type $f (func)) (func (param (ref $f)))"),
        refused("references to the outside", "(func (param externref))"),
        refused("tail calls", "(func $f (return_call $f))"),
        refused(
            "arithmetic of 128 bits",
            "(func (param i64 i64 i64 i64) (result i64 i64) (i64.add128 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))",
        ),
    ]);
}

#[test]
fn what_is_no_module_is_not_loaded() {
    let good = Guest::default().component();
    let mut noise = 1_u64;
    let random: Vec<u8> = std::iter::repeat_with(|| {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        noise.to_be_bytes()[0]
    })
    .take(10_000)
    .collect();
    let behind_a_header = [&good[..8], &random].concat();
    let large = [good.as_slice(), &vec![0; 32 << 20]].concat();
    check(&[
        ("nothing", Vec::new(), Code::Format),
        ("random bytes", random, Code::Format),
        ("random bytes that begin well", behind_a_header, Code::Format),
        ("half a module", good[..good.len() / 2].to_vec(), Code::Format),
        ("a module but its last byte", good[..good.len() - 1].to_vec(), Code::Format),
        ("a core module", wat::parse_str("(module)").unwrap(), Code::Format),
        ("a file of more than thirty-two megabytes", large, Code::Size),
        (
            "a memory larger than any module may have",
            Guest { memory: "(memory (export \"memory\") 600)".into(), ..Guest::default() }
                .component(),
            Code::Instantiate,
        ),
    ]);
}

#[test]
fn a_module_that_does_not_say_what_it_is_is_not_loaded() {
    let with = |manifest: Vec<Vec<u8>>| Guest { manifest, ..Guest::default() }.component();
    let changed = |change: fn(&mut serde_json::Value)| Guest::with_manifest(change).component();
    let good = fixture::manifest().to_string().into_bytes();
    let inside = "(@custom \"ydun:manifest\" \"{}\")".to_owned();
    check(&[
        ("no manifest", with(vec![]), Code::ManifestMissing),
        (
            "a manifest in the library, none in the component",
            Guest { items: inside, manifest: vec![], ..Guest::default() }.component(),
            Code::ManifestMissing,
        ),
        ("two manifests", with(vec![good.clone(), good.clone()]), Code::ManifestTwice),
        ("a manifest cut short", with(vec![good[..good.len() - 1].to_vec()]), Code::ManifestFormat),
        (
            "a manifest with an unknown field",
            changed(|manifest| manifest["price"] = 1.into()),
            Code::ManifestFormat,
        ),
        (
            "an id that is none",
            changed(|manifest| manifest["id"] = "K561:Jul".into()),
            Code::ManifestContent,
        ),
        (
            "a posting code twice",
            changed(|manifest| {
                let posting = manifest["postings"][0].clone();
                manifest["postings"].as_array_mut().unwrap().push(posting);
            }),
            Code::ManifestContent,
        ),
        (
            "a rate with two values announced on one day",
            changed(|manifest| {
                let value = manifest["rates"][0]["values"][0].clone();
                manifest["rates"][0]["values"].as_array_mut().unwrap().push(value);
            }),
            Code::ManifestContent,
        ),
        (
            "another interface than the component's",
            changed(|manifest| manifest["interface"] = "1.1.0".into()),
            Code::Interface,
        ),
    ]);
}
