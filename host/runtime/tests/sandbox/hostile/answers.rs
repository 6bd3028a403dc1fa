//! Modules that break off, or answer what is no answer.

use ydun_domain::benefit::{Effect, Line, Question, Scalar, Verdict};
use ydun_domain::{Dkk, Period};
use ydun_runtime::Code;

use super::check;
use crate::abi;
use crate::guest::Guest;

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
    ]);
}

#[test]
fn an_effect_that_the_manifest_does_not_know_is_refused() {
    let asking = |change: fn(&mut Question)| {
        Guest::with_outcome(|outcome| {
            let Effect::Task(task) = &mut outcome.effects[1] else {
                panic!("the task comes second")
            };
            change(&mut task.questions[0]);
        })
        .component()
    };
    check(&[
        (
            "a letter with an undeclared field",
            Guest::with_manifest(|manifest| {
                manifest["letters"][0]["fields"] = serde_json::json!([]);
            })
            .component(),
            Code::Invalid,
        ),
        (
            "a question that no fact answers",
            asking(|question| question.kind = "vurdering".into()),
            Code::Invalid,
        ),
        (
            "a question that gives an attribute of another type",
            asking(|question| question.given[0].value = Scalar::Text("37".into())),
            Code::Invalid,
        ),
        (
            "an undeclared queue",
            Guest::with_manifest(|manifest| manifest["queues"] = serde_json::json!([])).component(),
            Code::Invalid,
        ),
    ]);
}
