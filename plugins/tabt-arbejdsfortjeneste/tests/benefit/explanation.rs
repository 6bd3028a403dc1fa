//! What a person reads: the steps behind an amount, and the lines themselves.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::explained;

use crate::scene::{code, full_time, number, on, ordinary};

#[test]
fn the_caseworker_can_follow_an_ordinary_month() {
    let scene = ordinary().setting("hour-divisor", number("160")).fact(
        "single-hours",
        "2024-03-12..2024-03-12",
        &[
            ("hours", number("7")),
            ("unpaid", Scalar::Flag(true)),
            ("reason", code("hospital-visit")),
        ],
    );
    insta::assert_snapshot!(explained(&scene.outcome()), @r"
    Månedlig indtægt før = 31.000,00 kr.
        Barnets lov § 87: grundlag seneste løn, løn 30.000,00 kr., faste tillæg 1.500,00 kr., eget pensionsbidrag, som ikke tæller med 500,00 kr.
    Loft pr. måned i 2024 = 35.247,00 kr.
        Barnets lov § 87: kilde Barnets lov § 87; Social-, Bolig- og Ældreministeriets satser for 2024 og vejledning nr. 9375 af 28. maj 2024; bekendtgørelsesdagen er ikke fundet, og satsens første dag er brugt
    Månedsbeløb ved fuld arbejdstid i 2024 = 31.000,00 kr.
        Barnets lov § 87: Indtægt før tabt arbejdsfortjeneste 31.000,00 kr., loft 35.247,00 kr.
    Bevilgede timer og dage = 18,5 af 37 timer, 21 af 21 hverdage
        Barnets lov § 87: månedsbeløb 31.000,00 kr., bevilgede timer om ugen 18,5, arbejdstid om ugen før 37, hverdage 21 af 21
    Enkelte timer = 7 timer 12. marts 2024
        Barnets lov § 87: månedsbeløb 31.000,00 kr., dag 2024-03-12, timer 7, divisor ved fuld tid (indstillingen hour-divisor) 160, arbejdstid om ugen før 37
    Bruttoydelse for marts 2024 = 16.856,25 kr.
        Barnets lov § 87: andel 18,5 af 37 timer, 21 af 21 hverdage, andel 7 timer 12. marts 2024
    Eget bidrag til ATP = 50,00 kr.
        Barnets lov § 87: bidrag pr. måned 50,00 kr., bruttoydelse 16.856,25 kr.
    Kommunens bidrag til ATP = 100,00 kr.
        Barnets lov § 87: bidrag pr. måned 100,00 kr.
    Ydelse for marts 2024 = 16.806,25 kr.
        Barnets lov § 87: bruttoydelse 16.856,25 kr., eget bidrag til ATP 50,00 kr.
    Bidrag til pension for marts 2024 = 1.631,25 kr.
        Barnets lov § 87: bruttoydelse 16.856,25 kr., procent 10, kilde Barnets lov § 87; bekendtgørelsesdagen er ikke fundet, og satsens første dag er brugt, arbejdsgiverens hidtidige bidrag pr. måned 3.000,00 kr., bidraget nedsættes efter timerne ja
    Sparede udgifter = -600,00 kr.
        Barnets lov § 87: sparet pr. måned 600,00 kr., hverdage 21 af 21
    ");
}

#[test]
fn the_caseworker_can_follow_a_regulation_and_an_end() {
    let scene = full_time("60000.00", "2023-11-01", "2024-01-01..2024-01-31").fact(
        "ended",
        "2024-01-20..",
        &[("last-day", on("2024-01-31")), ("reason", code("own-wish"))],
    );
    insta::assert_snapshot!(explained(&scene.outcome()), @r"
    Månedlig indtægt før = 60.000,00 kr.
        Serviceloven § 42: grundlag seneste løn, løn 60.000,00 kr., faste tillæg 0,00 kr., eget pensionsbidrag, som ikke tæller med 0,00 kr.
    Loft pr. måned i 2023 = 34.055,00 kr.
        Serviceloven § 42: kilde Barnets lov § 87 (niveau for 2023) og serviceloven § 42; bekendtgørelsesdagen er ikke fundet, og satsens første dag er brugt
    Månedsbeløb ved fuld arbejdstid i 2023 = 34.055,00 kr.
        Serviceloven § 42: Indtægt før tabt arbejdsfortjeneste 60.000,00 kr., loft 34.055,00 kr.
    Regulering 1. januar 2024 = 35.246,93 kr.
        Barnets lov § 87: månedsbeløb før 34.055,00 kr., procent 3,5, kilde Udledt af lofterne: 35.247 / 34.055 = 1,035; reguleringen er 2,0 % plus eller minus tilpasningsprocenten; bekendtgørelsesdagen er ikke fundet, og satsens første dag er brugt
    Loft pr. måned i 2024 = 35.247,00 kr.
        Barnets lov § 87: kilde Barnets lov § 87; Social-, Bolig- og Ældreministeriets satser for 2024 og vejledning nr. 9375 af 28. maj 2024; bekendtgørelsesdagen er ikke fundet, og satsens første dag er brugt
    Månedsbeløb ved fuld arbejdstid i 2024 = 35.246,93 kr.
        Barnets lov § 87: Reguleret månedsbeløb 35.246,93 kr., loft 35.247,00 kr.
    Bevilgede timer og dage = 37 af 37 timer, 23 af 23 hverdage
        Barnets lov § 87: månedsbeløb 35.246,93 kr., bevilgede timer om ugen 37, arbejdstid om ugen før 37, hverdage 23 af 23
    Bruttoydelse for januar 2024 = 35.246,93 kr.
        Barnets lov § 87: andel 37 af 37 timer, 23 af 23 hverdage
    Eget bidrag til ATP = 0,00 kr.
        Barnets lov § 87: bidrag pr. måned 0,00 kr., bruttoydelse 35.246,93 kr.
    Kommunens bidrag til ATP = 100,00 kr.
        Barnets lov § 87: bidrag pr. måned 100,00 kr.
    Ydelse for januar 2024 = 35.246,93 kr.
        Barnets lov § 87: bruttoydelse 35.246,93 kr., eget bidrag til ATP 0,00 kr.
    Bevilgede timer og dage = 37 af 37 timer, 22 af 22 hverdage
        Serviceloven § 42: månedsbeløb 34.055,00 kr., bevilgede timer om ugen 37, arbejdstid om ugen før 37, hverdage 22 af 22
    Bruttoydelse for november 2023 = 34.055,00 kr.
        Serviceloven § 42: andel 37 af 37 timer, 22 af 22 hverdage
    Bevilgede timer og dage = 37 af 37 timer, 21 af 21 hverdage
        Serviceloven § 42: månedsbeløb 34.055,00 kr., bevilgede timer om ugen 37, arbejdstid om ugen før 37, hverdage 21 af 21
    Bruttoydelse for december 2023 = 34.055,00 kr.
        Serviceloven § 42: andel 37 af 37 timer, 21 af 21 hverdage
    Bruttoydelse i 2023 = 68.110,00 kr.
        Serviceloven § 42: november 2023 34.055,00 kr., december 2023 34.055,00 kr.
    Tillæg ved ophør, året før = 8.513,75 kr.
        Bekendtgørelse nr. 1603 af 14. december 2023, § 16: bruttoydelse i året 68.110,00 kr., procent 12,5, kilde Bekendtgørelse nr. 1603 af 14. december 2023, § 16; bekendtgørelsesdagen er ikke fundet, og satsens første dag er brugt
    Bruttoydelse for en hel måned = 35.246,93 kr.
        Barnets lov § 87: månedsbeløb 35.246,93 kr., bevilgede timer om ugen 37, arbejdstid om ugen før 37
    ");
}

#[test]
fn the_parent_is_told_gross_and_atp() {
    let outcome = ordinary().outcome();
    let line = &outcome.lines[0];
    let details: Vec<String> =
        line.details.iter().map(|told| format!("{} {}", told.name, told.value)).collect();
    assert_eq!(details, ["bruttoydelse 15.500,00 kr.", "eget ATP-bidrag 50,00 kr."]);
    assert_eq!((line.key.as_str(), line.posting.as_str()), ("ydelse:parent:2024-03", "ydelse"));
    assert_eq!((line.payee.0.as_str(), &line.about), ("parent", &None));
    assert_eq!(line.period.to_string(), "2024-03-01..2024-03-31");
}

#[test]
fn a_line_rests_on_its_own_month_and_on_the_income() {
    let outcome = crate::scene::over("2024-02-01..2024-03-31").outcome();
    let steps = |key: &str| &outcome.lines.iter().find(|line| line.key == key).unwrap().steps;
    let march = steps("ydelse:parent:2024-03");
    assert_eq!(march[0], "ydelse:2024-03");
    assert_eq!(march[march.len() - 1], "indtaegt:2024-02-01");
    assert!(march.iter().all(|step| !step.contains("2024-02") || step.starts_with("indtaegt")));
    assert!(steps("besparelser:parent:2024-03").contains(&"brutto:2024-03".to_owned()));
}
