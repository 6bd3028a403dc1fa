//! What the employer is answered, and what the employee is told.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::on;

use crate::scene::{EMPLOYEE, EMPLOYER, Refund, Scene, asked, bare, ordinary};

/// `template to recipient: field value; …`
fn letters(scene: &Scene) -> Vec<String> {
    let letter = |effect: Effect| match effect {
        Effect::Letter(letter) => {
            let fields: Vec<String> = letter
                .fields
                .iter()
                .map(|field| format!("{} {}", field.name, field.value))
                .collect();
            Some(format!("{} to {}: {}", letter.template, letter.recipient.0, fields.join("; ")))
        }
        Effect::Task(_) | Effect::Claim(_) => None,
    };
    scene.outcome().effects.into_iter().filter_map(letter).collect()
}

const NOTICE: &str = "orientering to employee: arbejdsgiver employer; maaned oktober 2020; timer 160; loen 30.000,00 kr.";

#[test]
fn a_grant_tells_the_amounts_and_the_employee_gets_a_notice() {
    let granted = "bevilget to employer: periode oktober 2020; refusion 15.355,00 kr.; tillaeg 46,07 kr.; i-alt 15.401,07 kr.";
    assert_eq!(letters(&ordinary()), [granted, NOTICE]);
    let outcome = ordinary().outcome();
    let Effect::Letter(answer) = &outcome.effects[0] else { panic!("{:?}", outcome.effects) };
    assert_eq!(answer.key, "svar:2020-10-01..2020-10-31");
    assert_eq!(answer.steps, ["refusion:2020-10", "tillaeg:2020-10"]);
    let Effect::Letter(notice) = &outcome.effects[1] else { panic!("{:?}", outcome.effects) };
    assert_eq!(notice.key, "orientering:2020-10");
}

#[test]
fn a_part_tells_which_days_are_left_out_and_why() {
    let late = ordinary().set("refund-request", "received", on("2021-01-15"));
    let [partly, notice] = &letters(&late)[..] else { panic!("{:?}", letters(&late)) };
    assert_eq!(
        partly,
        "delvist-bevilget to employer: periode oktober 2020; refusion 8.375,45 kr.; tillaeg 25,13 kr.; i-alt 8.400,58 kr.; grund Dagene før 15. oktober 2020 ligger mere end tre måneder før anmodningen."
    );
    assert_eq!(notice, NOTICE);
}

#[test]
fn a_part_tells_what_the_other_months_wait_for() {
    let one = bare("2020-10-01..2020-11-30")
        .month("2020-10")
        .request("2020-10-01..2020-11-30", "2020-12-03")
        .valid("jobafklaring", "2020-10-12..");
    let letters = letters(&one);
    assert!(
        letters[0].ends_with(
            "grund I oktober 2020 er der kun refusion for de dage, hvor medarbejderen er i jobafklaringsforløb og ansat. Timer og løn for november 2020 mangler."
        ),
        "{}",
        letters[0]
    );
    assert_eq!(letters.len(), 2); // November has nothing to tell the employee yet
}

#[test]
fn a_month_that_nobody_asked_for_is_no_part_refused() {
    let october = bare("2020-10-01..2020-11-30")
        .month("2020-10")
        .request("2020-10-01..2020-10-31", "2020-11-03");
    assert_eq!(october.outcome().verdict, Verdict::PartlyGranted);
    assert_eq!(letters(&october), letters(&ordinary()));
}

#[test]
fn a_month_after_the_course_is_told_as_left_out() {
    let after =
        asked(bare("2020-10-01..2020-11-30")).valid("jobafklaring", "2020-03-02..2020-10-31");
    let letters = letters(&after);
    assert!(
        letters[0].ends_with(
            "grund I november 2020 er der ingen dage, hvor medarbejderen er i jobafklaringsforløb og ansat."
        ),
        "{}",
        letters[0]
    );
}

#[test]
fn a_refusal_names_condition_and_law() {
    let late = ordinary().set("refund-request", "received", on("2021-02-01"));
    assert_eq!(
        letters(&late)[0],
        "afslag to employer: periode oktober 2020; grund Der er hverdage at give refusion for (LAS §§ 69 t-69 u og BEK 1486/2019 § 2). Dagene før 1. november 2020 ligger mere end tre måneder før anmodningen."
    );
}

#[test]
fn what_the_employer_has_begun_to_tell_is_asked_for() {
    assert_eq!(
        letters(&ordinary().without("month-hours")),
        [
            "mangler to employer: periode oktober 2020; mangler Timer og løn for oktober 2020 mangler."
        ]
    );
    // What nobody has asked for, or only the municipality knows, is no letter to the employer.
    assert_eq!(letters(&bare("2020-10-01..2020-10-31")), [""; 0]);
    assert_eq!(letters(&ordinary().without("provider-status")), [NOTICE]);
    assert_eq!(letters(&ordinary().without("jobafklaring")), [""; 0]);
}

#[test]
fn while_a_person_judges_only_the_employee_is_told() {
    let early = ordinary().set("month-hours", "wage-paid", on("2020-11-04"));
    assert_eq!(letters(&early), [NOTICE]);
}

#[test]
fn each_month_has_its_own_notice() {
    let letters = letters(&asked(bare("2020-12-01..2021-01-31")));
    assert_eq!(letters.len(), 3);
    assert!(letters[0].starts_with("bevilget to employer: periode december 2020 til januar 2021;"));
    assert!(letters[1].contains("maaned december 2020"));
    assert!(letters[2].contains("maaned januar 2021"));
    assert_eq!((EMPLOYER, EMPLOYEE), ("employer", "employee"));
}
