//! Modules that use more than they may.

use std::time::Duration;

use ydun_runtime::{ClassLimits, Code, FuelBudget, Limits, Module, Sandbox};

use super::{check, code};
use crate::guest::{EMIT, Guest};
use crate::{abi, fixture};

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
    let compiled =
        Limits { calculate: plenty, wall: Duration::from_millis(50), ..Limits::compiled() };
    let sandbox = Sandbox::new(ClassLimits { compiled, ..ClassLimits::default() }).unwrap();
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
