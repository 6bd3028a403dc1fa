//! What a person reads: the steps behind an amount.

use ydun_benefit::testing::{code, explained, kroner, number};

use crate::scene::{
    MARCH, approved, dentist, expense, flag, integer, judged_of_all, payee, person, with,
};

#[test]
fn the_caseworker_can_follow_a_couple_with_two_expenses() {
    let scene = expense(dentist(), 2, "medicine", "700.00")
        .set("household", "family", code("married"))
        .set("household", "children", integer(2))
        .set("budget", "net-income", kroner("16000.00"))
        .set("budget", "child-benefits", kroner("1800.00"))
        .fact(
            "spouse-means",
            MARCH,
            &[("net-income", kroner("1000.00")), ("assets", kroner("26100.00"))],
        );
    let scene =
        with(with(scene, 1, "cheapest-offer", kroner("4000.00")), 1, "covered", kroner("500.00"));
    let scene = judged_of_all(judged_of_all(scene, "necessary", true), "means", true);
    let scene = approved(payee(scene, 1, 1, "dentist", Some("2000.00")), 2, "650.00");
    insta::assert_snapshot!(explained(&scene.outcome()), @r"
    Husstandens indtægter i marts 2026 = 18.800,00 kr.
        LAS kap. 10: løn, ydelser og pension efter skat 16.000,00 kr., børneydelser og børnebidrag 1.800,00 kr., ægtefællens indtægt efter skat 1.000,00 kr.
    Godkendte faste udgifter i marts 2026 = 8.000,00 kr.
        LAS kap. 10: husleje eller boligudgift 7.000,00 kr., varme, el og vand 1.000,00 kr.
    Rådighedsbeløb i marts 2026 = 10.800,00 kr.
        LAS kap. 10: indtægter 18.800,00 kr., faste udgifter 8.000,00 kr.
    Vejledende rådighedsbeløb = 9.400,00 kr.
        LAS kap. 10: kilde kommunens indstilling, for par 7.000,00 kr., børn 2, for hvert barn 1.200,00 kr.
    Likvid formue over det accepterede = 100,00 kr.
        LAS kap. 10: ansøgerens 5.000,00 kr., ægtefællens 26.100,00 kr., accepteret 31.000,00 kr., kilde Formuegrænsen i kontanthjælp (omtale af kontanthjælpsreformen af 21. februar 2025). At den også gælder enkeltydelser, er ikke bekræftet; indstillingen »Formue, der accepteres« afgør det. Bekendtgørelsesdagen er ikke fundet; her er brugt omtalens dag.
    Hvad husstanden selv kan betale = 1.500,00 kr.
        LAS kap. 10: rådighedsbeløb 10.800,00 kr., vejledende rådighedsbeløb 9.400,00 kr., over det vejledende 1.400,00 kr., formue over det accepterede 100,00 kr.
    Udgift 1 (tandlæge): Pris, der kan gives hjælp til = 3.500,00 kr.
        LAS § 82: søgt 4.200,00 kr., billigste egnede tilbud 4.000,00 kr., dækkes af andre 500,00 kr.
    Udgift 1 (tandlæge): Heraf betaler husstanden selv = 1.500,00 kr.
        LAS kap. 10: udgift 3.500,00 kr., husstanden kan selv betale 1.500,00 kr., brugt på andre udgifter i måneden 0,00 kr.
    Udgift 1 (tandlæge): Forslag til hjælp = 2.000,00 kr.
        LAS § 82: udgift 3.500,00 kr., husstanden betaler 1.500,00 kr.
    Udgift 2 (medicin): Pris, der kan gives hjælp til = 700,00 kr.
        LAS § 82: søgt 700,00 kr., dækkes af andre 0,00 kr.
    Udgift 2 (medicin): Heraf betaler husstanden selv = 0,00 kr.
        LAS kap. 10: udgift 700,00 kr., husstanden kan selv betale 1.500,00 kr., brugt på andre udgifter i måneden 1.500,00 kr.
    Udgift 2 (medicin): Forslag til hjælp = 700,00 kr.
        LAS § 82: udgift 700,00 kr., husstanden betaler 0,00 kr.
    Udgift 2 (medicin): Bevilget efter vurdering = 650,00 kr.
        LAS § 82: forslag 700,00 kr., begrundelse Særlige forhold i familien.
    Udgift 1 (tandlæge): Betales direkte = 2.000,00 kr.
        LAS § 82: bevilget 2.000,00 kr., rækkefølge 1, regning 2.000,00 kr.
    ");
}

#[test]
fn the_dental_grant_is_explained() {
    let scene = expense(person(), 1, "dental", "3000.00")
        .set("application", "cash-benefit-level", flag(true))
        .setting("dental-own-payment", kroner("800.00"))
        .setting("dental-share", number("65"));
    insta::assert_snapshot!(explained(&scene.outcome()), @r"
    Udgift 1 (tandlæge): Pris, der kan gives hjælp til = 3.000,00 kr.
        LAS § 82 a: søgt 3.000,00 kr., dækkes af andre 0,00 kr.
    Udgift 1 (tandlæge): Del af regningen over egenbetalingen = 2.200,00 kr.
        LAS § 82 a: udgift 3.000,00 kr., alder 40, egenbetaling efter kommunens indstilling 800,00 kr., allerede betalt 0,00 kr.
    Udgift 1 (tandlæge): Tandtilskud = 1.430,00 kr.
        LAS § 82 a: over egenbetalingen 2.200,00 kr., tilskud i procent 65
    ");
}

#[test]
fn a_line_rests_on_its_own_expense_and_on_the_household() {
    let scene = expense(dentist(), 2, "medicine", "700.00");
    let scene = judged_of_all(judged_of_all(scene, "necessary", true), "means", true);
    let outcome = scene.outcome();
    let second = &outcome.lines[1].steps;
    assert_eq!(second[..3], ["forslag:2", "egenandel:2", "udgift:2"]);
    assert_eq!(
        second[3..],
        [
            "kan-betale:2026-03",
            "formue:2026-03",
            "vejledende:2026-03",
            "raadighed:2026-03",
            "udgifter:2026-03",
            "indtaegter:2026-03"
        ]
    );
}
