//! What a person reads: the steps behind an amount, and the line itself.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{code, explained, kroner};

use crate::scene::{Refund, ordinary};

#[test]
fn the_caseworker_can_follow_a_month_in_which_everything_happens() {
    let scene = ordinary()
        .valid("jobafklaring", "2020-10-05..")
        .valid("provider-status", "2020-03-02..2020-10-18")
        .fact("provider-status", "2020-10-19..", &[("status", code("not-provider"))])
        .hours("2020-10", "120", "148")
        .set("month-hours", "wage", kroner("9500.00"))
        .sickness_refund("section-55", "2020-10-05..2020-10-09", "50.00");
    insta::assert_snapshot!(explained(&scene.outcome()), @r"
    Sats pr. måned, forsørger = 15.355,00 kr.
        LAS §§ 69 t-69 u: kilde Beskæftigelsesministeriets satser for 2020, ressourceforløbsydelse; bekendtgørelsesdagen er ikke fundet, og satsens første dag er brugt, gælder 2020-01-01..2020-12-31
    Sats pr. måned, ikke-forsørger = 11.554,00 kr.
        LAS §§ 69 t-69 u: kilde Beskæftigelsesministeriets satser for 2020, ressourceforløbsydelse; bekendtgørelsesdagen er ikke fundet, og satsens første dag er brugt, gælder 2020-01-01..2020-12-31
    Hverdage med refusion i oktober 2020 = 20
        LAS §§ 69 t-69 u og BEK 1486/2019 § 2: anmodet om 2020-10-01..2020-10-31, modtaget 2020-11-03, første dag 2020-10-05, sidste dag 2020-10-31
    Andel af den normale arbejdstid = 0,8108
        LAS §§ 69 t-69 u og BEK 1486/2019 § 1: fraværstimer med løn 120, normale timer 148
    Refusion for oktober 2020 efter sats, dage og timer = 9.917,32 kr.
        LAS §§ 69 t-69 u og BEK 1486/2019 § 1: sats, forsørger 15.355,00 kr., hverdage, forsørger 10, sats, ikke-forsørger 11.554,00 kr., hverdage, ikke-forsørger 10, dage 20, andel 0,8108, hverdage i måneden 22
    Højst den løn, der er betalt = 9.500,00 kr.
        LAS §§ 69 t-69 u og BEK 1486/2019 § 1: beregnet 9.917,32 kr., betalt løn 9.500,00 kr., hverdage med refusion 20, hverdage med løn 20
    Fradrag pr. dag efter sygedagpengeloven = -250,00 kr.
        LAS §§ 69 t-69 u og BEK 1486/2019 § 2: dage med refusion 20, dage med beløb 5, beløb i alt 250,00 kr.
    Refusion for oktober 2020 = 9.250,00 kr.
        LAS §§ 69 t-69 u og BEK 1486/2019 § 2: før fradrag 9.500,00 kr., fradrag -250,00 kr.
    Tillæg til refusion i procent = 0,3
        LAS § 80 c: kilde LAS § 80 c; at procenten også gælder tillægget til arbejdsgiveren under jobafklaring, følger af loven fra 2019 og kontoplanen; bekendtgørelsesdagen er ikke fundet, og lovens første dag er brugt, gælder 2020-01-01..2020-12-31
    Tillæg til refusion for oktober 2020 = 27,75 kr.
        LAS § 80 c: refusion 9.250,00 kr., procent 0,3
    ");
}

#[test]
fn the_employer_is_told_month_hours_and_rate() {
    let outcome = ordinary().outcome();
    let told = |line: &Line| -> Vec<String> {
        line.details.iter().map(|told| format!("{} {}", told.name, told.value)).collect()
    };
    let [refund, supplement] = &outcome.lines[..] else { panic!("{:?}", outcome.lines) };
    assert_eq!(
        told(refund),
        [
            "måned oktober 2020",
            "fraværstimer med løn 160",
            "normale timer 160",
            "sats, forsørger 15.355,00 kr."
        ]
    );
    assert_eq!(told(supplement), ["måned oktober 2020", "procent 0,3"]);
    for (line, key) in [(refund, "refusion:2020-10"), (supplement, "tillaeg:2020-10")] {
        assert_eq!(line.key, key);
        assert_eq!(line.reference.as_deref(), Some("Medarbejder 4711"));
        assert_eq!(line.payee.0, "employer");
        assert_eq!(line.about.as_ref().unwrap().0, "employee");
        assert_eq!(line.period.to_string(), "2020-10-01..2020-10-31");
    }
    assert_eq!((refund.posting.as_str(), supplement.posting.as_str()), ("refusion", "tillaeg"));
}

#[test]
fn a_line_rests_on_its_own_month() {
    let outcome = crate::scene::asked(crate::scene::bare("2020-12-01..2021-01-31")).outcome();
    let steps = |line: usize| outcome.lines[line].steps.clone();
    assert_eq!(
        steps(0),
        [
            "refusion:2020-12",
            "loft:2020-12",
            "beregnet:2020-12",
            "andel:2020-12",
            "dage:2020-12",
            "sats:2020-12"
        ]
    );
    assert_eq!(steps(3)[..2], ["tillaeg:2021-01", "procent:2021-01"]);
    assert!(steps(3).iter().all(|step| step.contains("2021-01")), "{:?}", steps(3));
}

#[test]
fn a_month_before_2020_cites_the_order_of_2014() {
    let scene = crate::scene::asked(crate::scene::since("2016-01-01", "2017-03-01..2017-03-31"));
    let outcome = scene.outcome();
    assert!(outcome.conditions.iter().all(|condition| !condition.law.contains("1486")));
    assert!(outcome.steps.iter().all(|step| !step.law.contains("1486")));
    assert!(outcome.steps.iter().any(|step| step.law.contains("BEK 1552/2014")));
}

#[test]
fn from_january_2020_the_order_of_2019_is_cited() {
    let outcome =
        crate::scene::asked(crate::scene::since("2018-01-01", "2020-01-01..2020-01-31")).outcome();
    let laws = outcome.conditions.iter().map(|condition| &condition.law);
    let laws: Vec<&String> = laws.chain(outcome.steps.iter().map(|step| &step.law)).collect();
    assert!(laws.iter().all(|law| !law.contains("1552")), "{laws:?}");
    for section in ["BEK 1486/2019 § 1", "BEK 1486/2019 § 2"] {
        assert!(laws.iter().any(|law| law.contains(section)), "{laws:?}");
    }
}
