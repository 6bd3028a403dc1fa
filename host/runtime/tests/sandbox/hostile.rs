//! Modules that break a rule. Each must end in its own code, and leave the sandbox as good as before.

use std::time::Duration;

use ydun_domain::benefit::{Line, Verdict};
use ydun_domain::{Dkk, Period};
use ydun_runtime::{Allocation, Code, FuelBudget, Limits, Module, Sandbox};

use crate::guest::{EMIT, Guest, WIT};
use crate::{abi, fixture};

/// Loads and calculates; the code of the fault that must come of it.
fn code(sandbox: &Sandbox, component: &[u8]) -> Code {
    let fault = match Module::load(sandbox, component) {
        Err(fault) => fault,
        Ok(module) => {
            module.calculate(&fixture::dossier()).answer.expect_err("the module is hostile")
        }
    };
    fault.code
}

#[track_caller]
fn check(rows: &[(&str, Vec<u8>, Code)]) {
    let good = Guest::default().component();
    for allocation in [Allocation::Pooled, Allocation::OnDemand] {
        let sandbox = Sandbox::with(Limits::compiled(), allocation).unwrap();
        let good = Module::load(&sandbox, &good).unwrap();
        let cost = good.calculate(&fixture::dossier()).fuel;
        for (name, component, expected) in rows {
            assert_eq!(code(&sandbox, component), *expected, "{name}, {allocation:?}");
            let run = good.calculate(&fixture::dossier());
            assert_eq!(run.answer.unwrap().unwrap(), fixture::outcome(), "after: {name}");
            assert_eq!(run.fuel, cost, "after: {name}");
        }
    }
}

#[test]
fn what_uses_too_much_is_stopped() {
    let endless = "(loop $again (br $again)) unreachable";
    let calculating = |body: &str| Guest::calculating(body).component();
    let with_items = |body: &str, items: &str| {
        Guest { items: items.into(), ..Guest::calculating(body) }.component()
    };
    check(&[
        ("an endless loop", calculating(endless), Code::Budget),
        (
            "an endless loop while the dossier is copied in",
            Guest { realloc: endless.into(), ..Guest::default() }.component(),
            Code::Budget,
        ),
        (
            "an endless loop after the answer",
            with_items(
                "(i32.const 1024)",
                &format!("(func (export \"cabi_post_ydun:benefit/calculation@1.0.0#calculate\") (param i32) {endless})"),
            ),
            Code::Budget,
        ),
        (
            "two instructions that clear a megabyte, again and again",
            Guest {
                memory: "(memory (export \"memory\") 17)".into(),
                ..Guest::calculating(
                    "(loop $again
                        (memory.fill (i32.const 65536) (i32.const 0) (i32.const 1000000)) (br $again)) unreachable",
                )
            }
            .component(),
            Code::Budget,
        ),
        (
            "a memory bomb",
            calculating("(if (i32.eq (memory.grow (i32.const 1000)) (i32.const -1)) (then unreachable)) (i32.const 0)"),
            Code::Memory,
        ),
        (
            "memory grown page by page",
            calculating("(loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable"),
            Code::Memory,
        ),
        (
            "a table grown without end",
            with_items(
                "(loop $more (br_if $more
                    (i32.ne (table.grow $t (ref.null func) (i32.const 1000)) (i32.const -1)))) unreachable",
                "(table $t 1 funcref)",
            ),
            Code::Memory,
        ),
        (
            "recursion without end",
            with_items("(call $deeper (i32.const 0))", "(func $deeper (param i32) (result i32) (i32.add (call $deeper (local.get 0)) (i32.const 1)))"),
            Code::Stack,
        ),
        ("a list of fifteen thousand lines", huge_list(), Code::Output),
        ("a flood of trace lines", trace("(loop $again (call $emit (i32.const 0) (i32.const 1024) (i32.const 1)) (br $again)) unreachable"), Code::Output),
        ("one trace line of twenty thousand letters", trace("(call $emit (i32.const 0) (i32.const 8192) (i32.const 20000)) (i32.const 1024)"), Code::Output),
    ]);
}

/// Fuel does not see time, so here it is plentiful and the clock short.
#[test]
fn what_takes_too_long_is_stopped() {
    let plenty = FuelBudget { base: u64::MAX / 2, per_row: 0 };
    let limits =
        Limits { calculate: plenty, wall: Duration::from_millis(50), ..Limits::compiled() };
    let sandbox = Sandbox::new(limits).unwrap();
    let component = Guest::calculating("(loop $again (br $again)) unreachable").component();
    assert_eq!(code(&sandbox, &component), Code::Time);
    let good = Module::load(&sandbox, &Guest::default().component()).unwrap();
    assert_eq!(good.calculate(&fixture::dossier()).answer.unwrap().unwrap(), fixture::outcome());
}

fn huge_list() -> Vec<u8> {
    let memory = "(memory (export \"memory\") 30)".to_owned();
    let answer = |bytes: &mut Vec<u8>| {
        bytes[abi::LINES..abi::LINES + 4].copy_from_slice(&65_536_u32.to_le_bytes());
        bytes[abi::LINES + 4..abi::LINES + 8].copy_from_slice(&15_000_u32.to_le_bytes());
    };
    Guest { memory, ..Guest::with_bytes(answer) }.component()
}

fn trace(body: &str) -> Vec<u8> {
    Guest { imports: EMIT.into(), ..Guest::calculating(body) }.component()
}

#[test]
fn what_breaks_the_rules_of_webassembly_is_stopped() {
    let calculating = |body: &str| Guest::calculating(body).component();
    let allocating = |body: &str| Guest { realloc: body.into(), ..Guest::default() }.component();
    check(&[
        ("giving up", calculating("unreachable"), Code::Panic),
        ("division by zero", calculating("(i32.div_u (i32.const 1) (i32.const 0))"), Code::Trap),
        ("reading outside the memory", calculating("(i32.load (i32.const -4))"), Code::Trap),
        ("an answer outside the memory", calculating("(i32.const -8)"), Code::Trap),
        ("an answer at an odd address", calculating("(i32.const 1025)"), Code::Trap),
        ("room for the dossier outside the memory", allocating("(i32.const -16)"), Code::Trap),
        ("room for the dossier at an odd address", allocating("(i32.const 3)"), Code::Trap),
        (
            "calling through an empty table",
            Guest {
                items: "(table $t 1 funcref) (type $f (func (result i32)))".into(),
                ..Guest::calculating("(call_indirect $t (type $f) (i32.const 0))")
            }
            .component(),
            Code::Trap,
        ),
    ]);
}

#[test]
fn an_answer_that_is_no_value_of_the_interface_is_refused() {
    let patched = |at: fn(&[u8]) -> usize, bytes: &[u8]| {
        Guest::with_bytes(|answer| {
            let at = at(answer);
            answer[at..at + bytes.len()].copy_from_slice(bytes);
        })
        .component()
    };
    check(&[
        ("neither ok nor failure", patched(|_| 0, &[2]), Code::Trap),
        ("a verdict that is none", patched(|_| abi::VERDICT, &[9]), Code::Trap),
        (
            "a kind of value that is none",
            patched(|a| abi::pointer(a, abi::STEPS) + abi::STEP_KIND, &[9]),
            Code::Trap,
        ),
        (
            "neither some nor none",
            patched(|a| abi::pointer(a, abi::LINES) + abi::LINE_ABOUT, &[2]),
            Code::Trap,
        ),
        (
            "a text that is not UTF-8",
            patched(|a| abi::pointer(a, abi::pointer(a, abi::LINES)), &[0xff]),
            Code::Trap,
        ),
        (
            "a list longer than the memory",
            patched(|_| abi::LINES + 4, &10_000_u32.to_le_bytes()),
            Code::Trap,
        ),
        ("a list longer than any memory", patched(|_| abi::LINES + 4, &[0xff; 4]), Code::Trap),
        (
            "a list at the end of the memory",
            patched(|_| abi::LINES, &65_528_u32.to_le_bytes()),
            Code::Trap,
        ),
        (
            "a text at the end of the memory",
            patched(|a| abi::pointer(a, abi::LINES), &65_535_u32.to_le_bytes()),
            Code::Trap,
        ),
        (
            "an amount beyond every budget",
            patched(|a| abi::pointer(a, abi::LINES) + abi::LINE_AMOUNT, &[0xff; 7]),
            Code::Invalid,
        ),
        (
            "a day beyond the calendar",
            patched(|a| abi::pointer(a, abi::LINES) + abi::LINE_PERIOD, &i32::MAX.to_le_bytes()),
            Code::Invalid,
        ),
    ]);
}

#[test]
fn an_answer_that_does_not_hang_together_is_refused() {
    let first = |change: fn(&mut Line)| {
        Guest::with_outcome(|outcome| change(&mut outcome.lines[0])).component()
    };
    let again = |change: fn(&mut Line)| {
        Guest::with_outcome(|outcome| {
            let mut line = outcome.lines[0].clone();
            change(&mut line);
            outcome.lines.push(line);
        })
        .component()
    };
    check(&[
        ("an undeclared posting code", first(|line| line.posting = "gave".into()), Code::Invalid),
        (
            "a line outside the span",
            first(|line| line.period = "2020-10-31..2020-11-01".parse().unwrap()),
            Code::Invalid,
        ),
        ("a line for no money", first(|line| line.amount = Dkk::ZERO), Code::Invalid),
        ("a line without a step", first(|line| line.steps.clear()), Code::Invalid),
        (
            "a line with a step that is not there",
            first(|line| line.steps.push("gæt".into())),
            Code::Invalid,
        ),
        ("a line without a key", first(|line| line.key.clear()), Code::Invalid),
        ("two lines with one key", again(|line| line.posting = "ydelse".into()), Code::Invalid),
        (
            "two lines for one day",
            again(|line| {
                line.key = "ydelse:2020-10-31".into();
                line.period = Period::of_day(line.period.last());
            }),
            Code::Invalid,
        ),
        (
            "a step without a law",
            Guest::with_outcome(|outcome| outcome.steps[1].law.clear()).component(),
            Code::Invalid,
        ),
        (
            "a step without a label",
            Guest::with_outcome(|outcome| outcome.steps[1].label.clear()).component(),
            Code::Invalid,
        ),
        (
            "two steps with one id",
            Guest::with_outcome(|outcome| outcome.steps.push(outcome.steps[0].clone())).component(),
            Code::Invalid,
        ),
        (
            "money for the refused",
            Guest::with_outcome(|outcome| outcome.verdict = Verdict::Refused).component(),
            Code::Invalid,
        ),
        (
            "refused for no reason",
            Guest::with_outcome(|outcome| {
                outcome.verdict = Verdict::Refused;
                outcome.lines.clear();
            })
            .component(),
            Code::Invalid,
        ),
        (
            "incomplete for no reason",
            Guest::with_outcome(|outcome| {
                outcome.verdict = Verdict::Incomplete;
                outcome.lines.clear();
            })
            .component(),
            Code::Invalid,
        ),
        (
            "a letter with an undeclared field",
            Guest::with_manifest(|manifest| {
                manifest["letters"][0]["fields"] = serde_json::json!([]);
            })
            .component(),
            Code::Invalid,
        ),
        (
            "an undeclared queue",
            Guest::with_manifest(|manifest| manifest["queues"] = serde_json::json!([])).component(),
            Code::Invalid,
        ),
    ]);
}

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
    let large = [good.as_slice(), &vec![0; 4 << 20]].concat();
    check(&[
        ("nothing", Vec::new(), Code::Format),
        ("random bytes", random, Code::Format),
        ("random bytes that begin well", behind_a_header, Code::Format),
        ("half a module", good[..good.len() / 2].to_vec(), Code::Format),
        ("a module but its last byte", good[..good.len() - 1].to_vec(), Code::Format),
        ("a core module", wat::parse_str("(module)").unwrap(), Code::Format),
        ("a module of more than four megabytes", large, Code::Size),
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
