//! What a person is asked to look at.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::Scene;

use crate::scene::{MARCH, PARENT, code, full_time, kroner, number, on, ordinary, text};

fn tasks(scene: &Scene) -> Vec<Task> {
    let effects = scene.outcome().effects.into_iter();
    effects
        .filter_map(|effect| if let Effect::Task(task) = effect { Some(task) } else { None })
        .collect()
}

#[track_caller]
fn asks(scene: &Scene, expected: &[&str]) -> Vec<Task> {
    let tasks = tasks(scene);
    let titles: Vec<&str> = tasks.iter().map(|task| task.title.as_str()).collect();
    assert_eq!(titles, expected);
    tasks
}

#[test]
fn an_ordinary_month_asks_nobody() {
    asks(&ordinary(), &[]);
}

#[test]
fn an_open_condition_says_how_many_hours_and_when() {
    let scene = ordinary().without("assessment").assessed(PARENT, "impairment", true, MARCH);
    let found = asks(
        &scene,
        &[
            "Tabt arbejdsfortjeneste, 18,5 timer om ugen, vurder for marts 2024: Det er en nødvendig \
             konsekvens af lidelsen, at barnet passes i hjemmet",
            "Tabt arbejdsfortjeneste, 18,5 timer om ugen, vurder for marts 2024: Det er mest \
             hensigtsmæssigt, at det er ansøgeren, der passer barnet",
        ],
    );
    assert_eq!(found[0].key, "vurder:care-at-home:parent");
}

#[test]
fn a_benefit_that_runs_is_not_stopped_before_the_parent_is_heard() {
    let refused = ordinary().assessed(PARENT, "care-at-home", false, MARCH);
    let found = asks(
        &refused,
        &[
            "Tabt arbejdsfortjeneste, 18,5 timer om ugen, hør modtageren om marts 2024, ikke opfyldt: \
           Det er en nødvendig konsekvens af lidelsen, at barnet passes i hjemmet",
        ],
    );
    assert_eq!(found[0].key, "hoer:care-at-home:2024-03-01:parent");
    // The first decision of an application hears nobody: it is a refusal.
    asks(&refused.valid("hours-granted", MARCH), &[]);
}

#[test]
fn day_care_is_a_reason_to_look_again_and_no_more() {
    let begins = |first: &str| {
        ordinary().fact(
            "day-care",
            &format!("{first}.."),
            &[("kind", code("school")), ("weekly-hours", number("25"))],
        )
    };
    asks(
        &begins("2024-03-04"),
        &[
            "Tabt arbejdsfortjeneste, 18,5 timer om ugen, vurder behovet på ny: barnet begynder i skole \
           4. marts 2024, 25 timer om ugen",
        ],
    );
    asks(&begins("2024-02-29"), &[]); // told last month
    asks(&begins("2024-04-01"), &[]);
}

#[test]
fn a_death_is_handled_by_a_person() {
    let died = |kind| {
        full_time("20000.00", "2023-01-01", MARCH).fact(
            kind,
            "2024-03-15..",
            &[("day", on("2024-03-15"))],
        )
    };
    asks(
        &died("child-death"),
        &[
            "Tabt arbejdsfortjeneste, 37 timer om ugen, barnet er dødt, skriv til modtageren, og vurder, \
           om ydelsen skal afvikles: sidste dag 15. marts 2024",
        ],
    );
    asks(
        &died("parent-death"),
        &[
            "Tabt arbejdsfortjeneste, 37 timer om ugen, modtageren er død, afslut sagen, og se på tillæg \
           til boet: sidste dag 15. marts 2024",
        ],
    );
}

#[test]
fn a_sudden_end_is_looked_at_while_no_run_off_is_set() {
    let ended = |reason| {
        full_time("20000.00", "2023-01-01", MARCH).fact(
            "ended",
            "2024-03-01..",
            &[("last-day", on("2024-03-15")), ("reason", code(reason))],
        )
    };
    asks(
        &ended("sudden"),
        &[
            "Tabt arbejdsfortjeneste, 37 timer om ugen, ydelsen er ophørt pludseligt, vurder, om den skal \
           afvikles over nogle uger: sidste dag 15. marts 2024",
        ],
    );
    asks(&ended("need-ceased"), &[]);
    asks(&ended("sudden").setting("run-off-weeks", Scalar::Integer(2)), &[]);
}

#[test]
fn single_hours_without_a_divisor_are_told_with_their_number() {
    let hours = |scene: Scene, day: &str, hours: &str| {
        scene.fact(
            "single-hours",
            &format!("{day}..{day}"),
            &[
                ("hours", number(hours)),
                ("unpaid", Scalar::Flag(true)),
                ("reason", code("hospital-visit")),
            ],
        )
    };
    let scene = hours(hours(ordinary(), "2024-03-05", "7.5"), "2024-03-12", "4");
    asks(
        &scene,
        &[
            "Tabt arbejdsfortjeneste, 11,5 enkelte timer i marts 2024 venter: indstillingen hour-divisor \
           mangler",
        ],
    );
    asks(&scene.setting("hour-divisor", number("160.33")), &[]);
}

#[test]
fn holiday_is_looked_at_while_no_rule_is_set() {
    let scene = ordinary().fact("holiday", "2024-03-11..2024-03-15", &[]);
    asks(
        &scene,
        &["Tabt arbejdsfortjeneste, 18,5 timer om ugen, ferie 11. til 15. marts 2024: vurder, om \
           ydelsen bevares"],
    );
    asks(&scene.setting("holiday-weeks-kept", Scalar::Integer(5)), &[]);
}

#[test]
fn money_paid_in_another_system_is_told_with_amount_and_voucher() {
    let scene = ordinary().fact(
        "paid-elsewhere",
        MARCH,
        &[("amount", kroner("9000.00")), ("system", text("Prisme")), ("voucher", text("20417"))],
    );
    let found = asks(
        &scene,
        &["Tabt arbejdsfortjeneste, 9.000,00 kr. for marts 2024 er betalt i Prisme, bilag 20417: \
           registrér bilaget som betalt andetsteds, så det modregnes og indberettes"],
    );
    let told: Vec<String> = found[0]
        .attributes
        .iter()
        .map(|attribute| format!("{} {}", attribute.name, attribute.value))
        .collect();
    assert_eq!(
        told,
        ["beløb 9.000,00 kr.", "periode 2024-03-01..2024-03-31", "system Prisme", "bilag 20417"]
    );
    let april = scene.valid("paid-elsewhere", "2024-04-01..2024-04-30");
    asks(&april, &[]);
}

#[test]
fn two_rows_of_one_voucher_are_two_tasks() {
    let row = |scene: Scene, amount: &str| {
        let voucher =
            [("amount", kroner(amount)), ("system", text("Prisme")), ("voucher", text("20417"))];
        scene.fact("paid-elsewhere", MARCH, &voucher)
    };
    let outcome = row(row(ordinary(), "9000.00"), "1000.00").outcome();
    let keys: Vec<&str> = outcome
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Task(task) => Some(task.key.as_str()),
            _ => None,
        })
        .filter(|key| key.starts_with("betalt-andetsteds"))
        .collect();
    let first = "betalt-andetsteds:2024-03-01:20417";
    assert_eq!(keys, [format!("{first}:parent"), format!("{first}:2:parent")]);
}
