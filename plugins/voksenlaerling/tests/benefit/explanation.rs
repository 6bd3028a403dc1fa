//! What a person reads: the steps behind an amount, and the line itself.

use ydun_benefit::prelude::*;

use ydun_benefit::testing::{code, explained};

use crate::scene::{Apprenticeship, bare, ordinary};

#[test]
fn the_caseworker_can_follow_an_ordinary_month() {
    let scene = ordinary()
        .fact("school-stay", "2020-10-19..2020-10-25", &[])
        .week("2020-10-19", "worked", "0")
        .week("2020-10-19", "school", "37")
        .week("2020-10-12", "worked", "29.6")
        .week("2020-10-12", "sick", "7.4")
        .week("2020-10-26", "worked", "40");
    insta::assert_snapshot!(explained(&scene.outcome()), @r"
    Regler, gruppe og varighed = VL-2020
        LAB §§ 155 og 159: bevilget 2020-09-01, aftalen begynder 2020-08-10, gruppe fra ledighed, varighed hele uddannelsen
    Dage med tilskud = 31
        LAB §§ 158-159: aftalen begynder 2020-08-10, ansøgning modtaget 2020-08-20, første dag 2020-10-01, sidste dag 2020-10-31
    Loft over timer i uge 40 = 14,8
        LAB § 159: normal ugentlig arbejdstid 37, hverdage hos arbejdsgiveren 2, hverdage på skole 0
    Timer med tilskud i uge 40 = 14,8
        LAB § 159: arbejdet 14,8, heraf overarbejde 0, fravær 0, heraf talt med 0, på skole 0, loft 14,8
    Loft over timer i uge 41 = 37
        LAB § 159: normal ugentlig arbejdstid 37, hverdage hos arbejdsgiveren 5, hverdage på skole 0
    Timer med tilskud i uge 41 = 37
        LAB § 159: arbejdet 37, heraf overarbejde 0, fravær 0, heraf talt med 0, på skole 0, loft 37
    Loft over timer i uge 42 = 37
        LAB § 159: normal ugentlig arbejdstid 37, hverdage hos arbejdsgiveren 5, hverdage på skole 0
    Timer med tilskud i uge 42 = 29,6
        LAB § 159: arbejdet 29,6, heraf overarbejde 0, fravær 7,4, heraf talt med 0, på skole 0, loft 37
    Loft over timer i uge 43 = 0
        LAB § 159: normal ugentlig arbejdstid 37, hverdage hos arbejdsgiveren 0, hverdage på skole 5
    Timer med tilskud i uge 43 = 0
        LAB § 159: arbejdet 0, heraf overarbejde 0, fravær 0, heraf talt med 0, på skole 37, loft 0
    Loft over timer i uge 44 = 37
        LAB § 159: normal ugentlig arbejdstid 37, hverdage hos arbejdsgiveren 5, hverdage på skole 0
    Timer med tilskud i uge 44 = 37
        LAB § 159: arbejdet 40, heraf overarbejde 0, fravær 0, heraf talt med 0, på skole 0, loft 37
    Timer med tilskud i oktober 2020 = 118,4
        LAB § 159: uge 40 14,8, uge 41 37, uge 42 29,6, uge 43 0, uge 44 37
    Sats pr. time = 45,00 kr.
        LAB § 159: kilde LAB § 159, jf. § 155, stk. 1 (lov nr. 548 af 7. maj 2019); bekendtgørelsesdagen er ikke fundet, og satsens første dag er brugt, gælder 2020-01-01.., gruppe fra ledighed
    Tilskud for oktober 2020 = 5.328,00 kr.
        LAB § 159: timer 118,4, timesats 45,00 kr.
    ");
}

#[test]
fn the_employer_is_told_hours_and_rate() {
    let outcome = ordinary().outcome();
    let line = &outcome.lines[0];
    let details: Vec<String> =
        line.details.iter().map(|told| format!("{} {}", told.name, told.value)).collect();
    assert_eq!(
        details,
        ["timer 162,8", "timesats 45,00 kr.", "skoletimer uden tilskud 0", "fraværstimer 0"]
    );
    assert_eq!((line.key.as_str(), line.posting.as_str()), ("tilskud:2020-10", "tilskud"));
    assert_eq!(line.reference.as_deref(), Some("Projekt 4711"));
    assert_eq!(
        (line.payee.0.as_str(), line.about.as_ref().unwrap().0.as_str()),
        ("employer", "apprentice")
    );
    assert_eq!(line.period.to_string(), "2020-10-01..2020-10-31");
}

#[test]
fn a_line_rests_on_its_own_month_and_on_the_rules() {
    let scene = bare("2020-10-01..2020-11-30").months(&["2020-10", "2020-11"], "37");
    let outcome = scene.outcome();
    let october = &outcome.lines[0].steps;
    assert_eq!(october[..3], ["beloeb:2020-10", "sats:2020-10", "timer:2020-10"]);
    assert_eq!(october[october.len() - 2..], ["dage", "regler"]);
    assert!(october.iter().all(|step| !step.contains("2020-11")));
}

#[test]
fn a_cut_week_says_how_it_was_shared() {
    let scene =
        ordinary().fact("other-support", "2020-10-07..2020-10-07", &[("kind", code("other"))]);
    let outcome = scene.outcome();
    let week = outcome.steps.iter().find(|step| step.id == "uge:2020-10-05").unwrap();
    assert_eq!(
        week.inputs[5],
        Attribute::new("ugens dage med tilskud", Scalar::Text("4 af 5".into()))
    );
    assert_eq!(week.value.to_string(), "29,6");
}
