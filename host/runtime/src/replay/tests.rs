use serde_json::{Value, json};

use super::*;

/// An outcome with one line; `change` says what is otherwise than usual.
fn outcome(change: impl FnOnce(&mut Value)) -> Outcome {
    let step =
        |id: &str, value: Value| json!({ "id": id, "label": id, "law": "§ 1", "value": value });
    let mut told = json!({
        "verdict": "granted",
        "conditions": [
            { "id": "age", "label": "Alder", "law": "§ 2", "state": "met" },
            { "id": "wage", "label": "Løn", "law": "§ 3", "state": "met" },
        ],
        "steps": [
            step("timer:2020-10", json!({ "number": "100" })),
            step("sats:2020-10", json!({ "amount": "45.00" })),
            step("beloeb:2020-10", json!({ "amount": "4500.00" })),
        ],
        "lines": [{
            "key": "tilskud:2020-10", "payee": "firma", "period": "2020-10-01..2020-10-31",
            "amount": "4500.00", "posting": "tilskud", "steps": ["beloeb:2020-10"],
        }],
    });
    change(&mut told);
    serde_json::from_value(told).unwrap()
}

fn usual() -> Outcome {
    outcome(|_| {})
}

fn rate(told: &mut Value, amount: &str, total: &str) {
    told["steps"][1]["value"] = json!({ "amount": amount });
    told["steps"][2]["value"] = json!({ "amount": total });
    told["lines"][0]["amount"] = json!(total);
}

#[track_caller]
fn check(new: &Outcome, class: Class, group: Option<&str>, amount: i64) {
    let difference = compare(Answered::Outcome(&usual()), Answered::Outcome(new));
    let found = (difference.class, difference.group());
    assert_eq!(found, (class, group.map(str::to_owned)), "{difference:?}");
    assert_eq!(difference.amount(), Dkk::from_kroner(amount));
}

#[test]
fn equal_answers_are_identical() {
    check(&usual(), Class::Identical, None, 0);
}

#[test]
fn an_amount_parts_at_the_first_step_that_gives_something_else() {
    let lower = outcome(|told| rate(told, "40.00", "4000.00"));
    check(&lower, Class::AmountChanged, Some("amount-changed/step/sats"), -500);
    let difference = compare(Answered::Outcome(&usual()), Answered::Outcome(&lower));
    let parting = difference.parting.unwrap();
    assert_eq!(parting.before.as_deref(), Some("45,00 kr."));
    assert_eq!(parting.after.as_deref(), Some("40,00 kr."));
    assert_eq!(parting.law, "§ 1");
}

#[test]
fn other_words_on_the_way_to_another_amount_are_not_the_reason() {
    let reworded = outcome(|told| {
        told["conditions"][0]["label"] = json!("Alderen");
        told["conditions"].as_array_mut().unwrap().insert(
            1,
            json!({ "id": "new", "label": "Ny, og opfyldt", "law": "§ 9", "state": "met" }),
        );
        told["steps"][0]["label"] = json!("Timer i alt");
        told["steps"][0]["inputs"] = json!([{ "name": "kilde", "value": { "text": "ugesedler" } }]);
        rate(told, "50.00", "5000.00");
    });
    check(&reworded, Class::AmountChanged, Some("amount-changed/step/sats"), 500);
}

#[test]
fn a_step_that_came_or_went_is_where_the_ways_part() {
    let rounded = outcome(|told| {
        let step = json!({ "id": "afrunding:2020-10", "label": "Afrunding", "law": "§ 4", "value": { "amount": "4400.00" } });
        told["steps"].as_array_mut().unwrap().push(step);
        told["lines"][0]["amount"] = json!("4400.00");
    });
    check(&rounded, Class::AmountChanged, Some("amount-changed/step/afrunding"), -100);
    let difference = compare(Answered::Outcome(&rounded), Answered::Outcome(&usual()));
    assert_eq!(difference.group().as_deref(), Some("amount-changed/step/afrunding"));
    let parting = difference.parting.unwrap();
    assert_eq!((parting.before.as_deref(), parting.after), (Some("4.400,00 kr."), None));
}

#[test]
fn the_same_sum_to_another_payee_or_posting_is_another_amount() {
    let payee = outcome(|told| told["lines"][0]["payee"] = json!("lærling"));
    check(&payee, Class::AmountChanged, Some("amount-changed/line/tilskud"), 0);
    let posting = outcome(|told| told["lines"][0]["posting"] = json!("bonus"));
    check(&posting, Class::AmountChanged, Some("amount-changed/line/tilskud"), 0);
}

#[test]
fn the_same_money_in_other_words_is_only_told_differently() {
    let label = outcome(|told| told["steps"][1]["label"] = json!("Timesats"));
    check(&label, Class::ToldDifferently, Some("told-differently/step/sats"), 0);
    let note = outcome(|told| told["lines"][0]["reference"] = json!("Projekt 4711"));
    check(&note, Class::ToldDifferently, Some("told-differently/line/tilskud"), 0);
    let task = json!([{ "task": { "key": "a", "queue": "q", "title": "Se på sagen" } }]);
    let task = outcome(|told| told["effects"] = task);
    check(&task, Class::ToldDifferently, Some("told-differently/beside/beside"), 0);
}

#[test]
fn another_verdict_parts_at_the_condition_that_turned_it() {
    let refused = outcome(|told| {
        told["verdict"] = json!("refused");
        told["conditions"][1]["state"] = json!("not-met");
        told["lines"] = json!([]);
    });
    let group = "verdict-changed/granted-to-refused/condition/wage";
    check(&refused, Class::VerdictChanged, Some(group), -4500);
}

#[test]
fn no_outcome_is_a_failure_unless_it_failed_so_before() {
    let usual = usual();
    let missing = Failure::MissingRate("sats".into());
    let unsupported = Failure::Unsupported("skift midt i måneden".into());
    let group = |old: Answered<'_>, new: Answered<'_>| compare(old, new).group();
    let (outcome, missing, unsupported) =
        (Answered::Outcome(&usual), Answered::Failure(&missing), Answered::Failure(&unsupported));
    let fault = Answered::Fault("YDP-BUDGET");
    let check = |old, new, expected: Option<&str>| {
        assert_eq!(group(old, new).as_deref(), expected);
    };
    check(outcome, missing, Some("new-failure/granted-to-failure/failure/sats"));
    check(outcome, fault, Some("new-failure/granted-to-failure/failure/YDP-BUDGET"));
    check(missing, unsupported, Some("new-failure/failure/unsupported"));
    check(missing, missing, None);
    check(fault, fault, None);
    check(fault, outcome, Some("verdict-changed/failure-to-granted/failure/YDP-BUDGET"));
}

#[test]
fn classes_are_words_and_the_graver_comes_later() {
    for class in Class::ALL {
        assert_eq!(class.word().parse::<Class>().as_ref(), Ok(class));
    }
    assert!(Class::ALL.is_sorted());
    assert_eq!("worse".parse::<Class>(), Err(NotAClass("worse".into())));
}
