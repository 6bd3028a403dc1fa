//! What the parent is written about.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::Scene;

use crate::scene::{MARCH, PARENT, code, full_time, number, on, ordinary, over};

fn letters(scene: &Scene) -> Vec<Letter> {
    let effects = scene.outcome().effects.into_iter();
    effects
        .filter_map(|effect| if let Effect::Letter(letter) = effect { Some(letter) } else { None })
        .collect()
}

#[track_caller]
fn writes(scene: &Scene, expected: &[&str]) -> Vec<Letter> {
    let letters = letters(scene);
    assert_eq!(letters.iter().map(|letter| letter.key.as_str()).collect::<Vec<_>>(), expected);
    assert!(letters.iter().all(|letter| letter.recipient.0 == PARENT));
    letters
}

fn told(letter: &Letter) -> Vec<String> {
    letter.fields.iter().map(|field| format!("{} {}", field.name, field.value)).collect()
}

#[test]
fn an_ordinary_month_writes_nothing() {
    writes(&ordinary(), &[]);
}

#[test]
fn the_month_the_grant_begins_tells_it() {
    let found = writes(&over("2024-02-01..2024-02-29"), &["bevilling:parent:2024-02-01"]);
    assert_eq!(
        told(&found[0]),
        ["fra 2024-02-01", "timer 18,5", "arbejdstid 37", "hel-maaned 15.500,00 kr."]
    );
    assert_eq!(found[0].steps, ["hel-maaned:2024-02-01"]);
    // A grant from the middle of a month tells the whole month's amount.
    let found = writes(
        &ordinary().valid("hours-granted", "2024-03-15.."),
        &["bevilling:parent:2024-03-15"],
    );
    assert_eq!(told(&found[0])[3], "hel-maaned 15.500,00 kr.");
}

#[test]
fn fewer_hours_than_applied_for_are_told() {
    let scene = over("2024-02-01..2024-02-29").set("application", "weekly-hours", number("37"));
    let found = writes(&scene, &["delvis-bevilling:parent:2024-02-01"]);
    assert_eq!(told(&found[0])[4], "soegt 37");
}

#[test]
fn a_change_says_what_changed() {
    let hours = ordinary()
        .valid("hours-granted", "2024-02-01..2024-03-14")
        .fact("hours-granted", "2024-03-15..", &[("weekly-hours", number("10"))])
        .set("application", "weekly-hours", number("10"));
    let found = writes(&hours, &["aendring:parent:2024-03-15"]);
    assert_eq!(told(&found[0])[4], "aarsag Antallet af bevilgede timer er ændret.");
    let january = full_time("20000.00", "2023-01-01", "2024-01-01..2024-01-31");
    let found = writes(&january, &["aendring:parent:2024-01-01"]);
    assert_eq!(told(&found[0])[3], "hel-maaned 20.700,00 kr.");
    assert_eq!(told(&found[0])[4], "aarsag Ydelsen og loftet er reguleret 1. januar.");
    let income =
        ordinary().valid("income-basis", "2024-03-01..").valid("hours-granted", "2024-02-05..");
    let found = writes(&income, &["aendring:parent:2024-03-01"]);
    assert_eq!(told(&found[0])[4], "aarsag Den indtægt, ydelsen beregnes af, er ændret.");
}

#[test]
fn a_refused_application_is_told_with_the_condition_and_its_law() {
    let scene = ordinary().valid("hours-granted", MARCH).set("relation", "kind", code("other"));
    let found = writes(&scene, &["afslag:parent:2024-01-08"]);
    assert_eq!(
        told(&found[0])[1],
        "ikke-opfyldt Ansøgeren er forælder, eller stedforælder eller slægtning, der forsørger barnet \
         i hjemmet (Barnets lov § 87)"
    );
    // What runs is not stopped by a letter from here.
    writes(&ordinary().set("relation", "kind", code("other")), &[]);
}

#[test]
fn what_is_missing_is_asked_for_once() {
    let scene = ordinary().without("relation").without("birth");
    let found = writes(&scene, &["manglende-oplysninger:parent:birth+relation"]);
    assert_eq!(
        told(&found[0])[1],
        "mangler Barnets fødselsdag mangler. Ansøgerens tilknytning til barnet mangler."
    );
    writes(&ordinary().without("assessment"), &[]); // a person decides first
}

#[test]
fn an_end_is_told_but_not_after_a_death() {
    let ended = ordinary().fact(
        "ended",
        "2024-03-01..",
        &[("last-day", on("2024-03-15")), ("reason", code("need-ceased"))],
    );
    let found = writes(&ended, &["ophoer:parent:2024-03-15"]);
    assert_eq!(
        told(&found[0]),
        ["sidste-dag 2024-03-15", "aarsag kommunen har truffet afgørelse om det"]
    );
    let eighteen = ordinary().set("birth", "day", on("2006-03-16"));
    let found = writes(&eighteen, &["ophoer:parent:2024-03-15"]);
    assert_eq!(told(&found[0])[1], "aarsag barnet fylder 18 år");
    for kind in ["child-death", "parent-death"] {
        writes(&ordinary().fact(kind, "2024-03-15..", &[("day", on("2024-03-15"))]), &[]);
    }
    let sudden = ended.set("ended", "reason", code("sudden"));
    assert_eq!(
        told(&letters(&sudden)[0])[1],
        "aarsag behovet for pasning i hjemmet er ophørt pludseligt"
    );
}
