//! What the employer is answered.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{code, on};

use crate::scene::{Apprenticeship, Scene, bare, ordinary};

/// `template: field value; …`, when there is a letter.
fn letter(scene: &Scene) -> Option<String> {
    let effects = scene.outcome().effects;
    let letter = effects.into_iter().find_map(|effect| match effect {
        Effect::Letter(letter) => Some(letter),
        Effect::Task(_) | Effect::Claim(_) => None,
    })?;
    assert_eq!(letter.recipient.0, "employer");
    let fields: Vec<String> =
        letter.fields.iter().map(|field| format!("{} {}", field.name, field.value)).collect();
    Some(format!("{}: {}", letter.template, fields.join("; ")))
}

#[track_caller]
fn says(scene: &Scene, expected: &str) {
    assert_eq!(letter(scene).as_deref(), Some(expected));
}

/// Nothing is decided before this month.
fn new() -> Scene {
    ordinary().without("grant")
}

#[test]
fn a_grant_is_told_when_it_is_decided_and_not_month_by_month() {
    says(
        &new(),
        "bevilget: laerling apprentice; uddannelse Tømrer; timesats 45,00 kr.; foerste-dag 2020-08-10; varighed hele uddannelsesaftalen",
    );
    assert_eq!(letter(&ordinary()), None);
}

#[test]
fn two_years_at_30_kr_are_told_as_such() {
    let employed = new().unset("background", "target-group").set(
        "background",
        "comes-from",
        code("employment"),
    );
    says(
        &employed,
        "bevilget: laerling apprentice; uddannelse Tømrer; timesats 30,00 kr.; foerste-dag 2020-08-10; varighed højst 2 år fra aftalens begyndelse",
    );
}

#[test]
fn a_part_says_which_days_are_left_out() {
    let late = new().set("application", "received", on("2020-10-12"));
    says(
        &late,
        "delvist-bevilget: laerling apprentice; uddannelse Tømrer; timesats 45,00 kr.; foerste-dag 2020-10-12; varighed hele uddannelsesaftalen; grund Ansøgningen skulle være kommet senest den 10. september 2020. Den kom den 12. oktober 2020, og tilskuddet begynder den dag.",
    );
    let supported = ordinary().fact(
        "other-support",
        "2020-10-12..2020-10-18",
        &[("kind", code("wage-subsidy"))],
    );
    let told = letter(&supported).unwrap();
    assert!(
        told.ends_with(
            "grund Der er ikke tilskud for dage med anden offentlig støtte til lærlingen."
        ),
        "{told}"
    );
    let limited = bare("2022-08-01..2022-08-31")
        .months(&["2022-08"], "37")
        .unset("background", "target-group")
        .set("background", "comes-from", code("employment"));
    let told = letter(&limited).unwrap();
    assert!(
        told.ends_with("grund Tilskuddet gives længst til og med den 9. august 2022."),
        "{told}"
    );
}

#[test]
fn only_what_leaves_out_days_is_told() {
    let support = "Der er ikke tilskud for dage med anden offentlig støtte til lærlingen.";
    let supported = |scene: Scene| {
        let scene =
            scene.fact("other-support", "2022-08-02..2022-08-03", &[("kind", code("other"))]);
        letter(&scene).unwrap().split("grund ").nth(1).unwrap().to_owned()
    };
    let august = || bare("2022-08-01..2022-08-31").months(&["2022-08"], "37");
    // Late, but in time for all the days that are asked for.
    for received in ["2020-09-11", "2022-08-01"] {
        assert_eq!(supported(august().set("application", "received", on(received))), support);
    }
    // The last day asked for is the last of the two years.
    let employed = august()
        .unset("background", "target-group")
        .set("background", "comes-from", code("employment"))
        .span("2022-08-01..2022-08-09");
    assert_eq!(supported(employed), support);
}

#[test]
fn a_month_that_is_waited_for_is_no_part_refused() {
    let waits = bare("2020-10-01..2020-11-30").months(&["2020-10"], "37");
    assert_eq!(waits.outcome().verdict, Verdict::PartlyGranted);
    assert_eq!(letter(&waits), None);
}

#[test]
fn a_refusal_names_condition_and_law_and_stops_nothing_that_runs() {
    let young = |scene: Scene| scene.set("birth", "day", on("1995-08-11"));
    says(&young(new()), "afslag: laerling apprentice; grund Lærlingen er fyldt 25 år (LAB § 154).");
    assert_eq!(letter(&young(ordinary())), None);
}

#[test]
fn only_what_the_employer_can_tell_is_asked_for() {
    says(
        &ordinary().without("wage").without("birth"),
        "mangler: laerling apprentice; mangler Lønnen og den laveste løn for ufaglærte mangler.",
    );
    assert_eq!(letter(&ordinary().without("birth")), None);
    assert_eq!(letter(&ordinary().without("application")), None);
    assert_eq!(letter(&bare("2020-10-01..2020-10-31")), None); // the month has not been asked for
}

#[test]
fn while_a_person_judges_nothing_is_written() {
    let unapproved = new().set("training-agreement", "school-approved", Scalar::Flag(false));
    assert_eq!(letter(&unapproved), None);
}
