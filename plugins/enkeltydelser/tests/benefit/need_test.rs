//! Convention E1: what the household can pay, and what is proposed. Guiding amounts are invented.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{Scene, code, kroner, on, text};

use crate::scene::{MARCH, applied_on, approved, dentist, flag, integer, judged, judged_dentist};

/// What is proposed to the dentist's bill of 4,200 kr.
#[track_caller]
fn proposes(scene: &Scene, expected: &str) {
    let outcome = scene.outcome();
    let step = outcome.steps.iter().find(|step| step.id == "forslag:1");
    let step = step.unwrap_or_else(|| panic!("{}", ydun_benefit::testing::told(&outcome)));
    assert_eq!(step.value, kroner(expected), "{:?}", outcome.steps);
}

fn budget(name: &str, amount: &str) -> Scene {
    dentist().set("budget", name, kroner(amount))
}

#[test]
fn what_is_above_the_guiding_amount_is_the_applicants_to_pay() {
    proposes(&dentist(), "4200.00"); // 12,000 - 8,000 = 4,000, which is the guiding amount
    proposes(&budget("net-income", "11999.99"), "4200.00");
    proposes(&budget("net-income", "12000.01"), "4199.99");
    proposes(&budget("net-income", "13000.00"), "3200.00");
    proposes(&budget("net-income", "16199.99"), "0.01");
    proposes(&budget("net-income", "16200.00"), "0.00");
    proposes(&budget("net-income", "90000.00"), "0.00");
    proposes(&budget("net-income", "0.00"), "4200.00"); // what is below it gives no more
}

#[test]
fn every_income_and_every_accepted_expense_counts() {
    for income in ["child-benefits", "housing-benefit", "other-income"] {
        proposes(&budget(income, "500.00"), "3700.00");
    }
    let poorer = |name| budget("net-income", "13000.00").set("budget", name, kroner("400.00"));
    for fixed in
        ["insurance", "transport", "childcare", "medicine", "maintenance", "other-expenses"]
    {
        proposes(&poorer(fixed), "3600.00"); // 13,000 - 8,400 - 4,000 = 600
    }
}

#[test]
fn instalments_on_debt_count_where_the_municipality_accepts_them() {
    let indebted =
        budget("net-income", "13000.00").set("budget", "debt-instalments", kroner("400.00"));
    proposes(&indebted, "3200.00");
    proposes(&indebted.setting("accept-debt-instalments", flag(true)), "3600.00");
}

#[test]
fn savings_above_the_accepted_are_used_first() {
    proposes(&budget("assets", "15500.00"), "4200.00");
    proposes(&budget("assets", "15500.01"), "4199.99");
    proposes(&budget("assets", "16500.00"), "3200.00");
}

#[test]
fn the_accepted_savings_follow_the_day_of_the_application() {
    let saved = |amount, day| applied_on(budget("assets", amount), day);
    proposes(&saved("12000.00", "2025-06-30"), "2200.00"); // 10,000 until then
    proposes(&saved("12000.00", "2025-07-01"), "4200.00"); // 15,500
    saved("12000.00", "2016-12-31")
        .fails("no value of the rate 'asset-limit-single on 2016-12-31' is in force");
}

#[test]
fn a_municipality_may_accept_other_savings() {
    let own = |amount| {
        budget("assets", amount)
            .setting("accepted-assets", code("own"))
            .setting("accepted-assets-single", kroner("2000.00"))
    };
    proposes(&own("2000.00"), "4200.00");
    proposes(&own("2000.01"), "4199.99");
    proposes(&own("2000.01").setting("accepted-assets-single", kroner("0.00")), "2199.99");
}

fn married() -> Scene {
    dentist().set("household", "family", code("married")).fact(
        "spouse-means",
        MARCH,
        &[("net-income", kroner("3000.00")), ("assets", kroner("10000.00"))],
    )
}

#[test]
fn the_spouses_means_count() {
    proposes(&married(), "4200.00"); // 15,000 - 8,000 = 7,000, the couple's amount
    proposes(&married().set("spouse-means", "net-income", kroner("3500.00")), "3700.00");
    // 5,000 + 27,000 is 1,000 above a couple's 31,000.
    proposes(&married().set("spouse-means", "assets", kroner("27000.00")), "3200.00");
    let own = married()
        .setting("accepted-assets", code("own"))
        .setting("accepted-assets-couple", kroner("14000.00"));
    proposes(&own, "3200.00"); // 15,000 of savings
    let outcome = married().without("spouse-means").outcome();
    assert_eq!(
        (outcome.verdict, outcome.needs[0].kind.as_str()),
        (Verdict::Incomplete, "spouse-means")
    );
    assert_eq!(outcome.needs[0].about, Party::new("applicant"));
    let known = married().without("spouse-means").set(
        "household",
        "spouse",
        Scalar::Who(Party::new("spouse")),
    );
    assert_eq!(known.outcome().needs[0].about, Party::new("spouse"));
}

#[test]
fn one_who_cohabits_is_tested_alone() {
    let cohabiting = married().set("household", "family", code("cohabiting"));
    let outcome = cohabiting.outcome();
    assert_eq!(outcome.needs[0].kind, "guide-amount"); // the municipality has no such amount
    proposes(&cohabiting.setting("guide-cohabiting", kroner("3500.00")), "3700.00");
}

#[test]
fn each_child_at_home_adds_to_the_guiding_amount() {
    let children = |scene: Scene, count| scene.set("household", "children", integer(count));
    // 14,000 - 8,000 = 6,000; 4,000 + 2 x 1,100 = 6,200.
    proposes(&children(budget("net-income", "14000.00"), 2), "4200.00");
    proposes(&children(budget("net-income", "14000.00"), 1), "3300.00"); // 900 above 5,100
    // 16,000 + 3,000 - 8,000 = 11,000; 7,000 + 3 x 1,200 = 10,600.
    let couple = married().set("budget", "net-income", kroner("16000.00"));
    proposes(&children(couple, 3), "3800.00");
    let outcome = children(dentist(), 1).setting("guide-child-single", kroner("0.00")).outcome();
    assert_eq!(
        outcome.needs[0].reason,
        "Kommunen har ikke indstillet et vejledende rådighedsbeløb for børn, der gælder den 10. marts 2026."
    );
}

#[test]
fn children_are_told_of_where_there_are_some() {
    let told = |children| {
        let outcome = dentist().set("household", "children", integer(children)).outcome();
        let step = outcome.steps.into_iter().find(|step| step.id == "vejledende:2026-03").unwrap();
        step.inputs.into_iter().map(|input| input.name).collect::<Vec<_>>()
    };
    assert_eq!(told(0), ["kilde", "for enlige"]);
    assert_eq!(told(1), ["kilde", "for enlige", "børn", "for hvert barn"]);
}

#[test]
fn a_household_without_children_needs_no_amount_for_them() {
    proposes(&dentist().setting("guide-child-single", kroner("0.00")), "4200.00");
}

#[test]
fn the_young_have_amounts_where_the_municipality_has_them() {
    let young = |birth: &str| {
        dentist()
            .set("birth", "day", on(birth))
            .setting("guide-young-alone", kroner("3000.00"))
            .setting("guide-young-with-parents", kroner("1500.00"))
    };
    proposes(&young("2001-03-11"), "3200.00"); // 24: 4,000 - 3,000
    proposes(&young("2001-03-10"), "4200.00"); // 25
    let with_parents = young("2001-03-11").set("household", "lives-with-parents", flag(true));
    proposes(&with_parents, "1700.00"); // 4,000 - 1,500
    proposes(&with_parents.clone().setting("guide-young-with-parents", kroner("0.00")), "4200.00");
    proposes(&with_parents.set("household", "children", integer(1)), "4200.00"); // a parent
    let outcome = young("2001-03-11").without("birth").outcome();
    assert_eq!(outcome.needs[0].kind, "birth");
    proposes(&dentist().without("birth"), "4200.00"); // nothing hangs on it
}

#[test]
fn without_an_amount_the_module_says_so() {
    let unset = judged_dentist().setting("guide-single", kroner("0.00"));
    let outcome = unset.gives(Verdict::Incomplete, "0.00");
    assert_eq!(outcome.needs[0].kind, "guide-amount");
    unset.state("guide:2026-03", State::NotAssessed);
    unset.state("means:1", State::NotAssessed);
}

#[test]
fn an_amount_of_the_case_comes_first() {
    let own = |valid: &str| {
        dentist().fact(
            "guide-amount",
            valid,
            &[("amount", kroner("2800.00")), ("source", text("Lavere sats, byrådet 2026"))],
        )
    };
    proposes(&own("2026-03-10..2026-03-10"), "3000.00"); // 4,000 - 2,800
    proposes(&own("2026-03-11.."), "4200.00");
    proposes(&own("2026-01-01..2026-03-09"), "4200.00");
}

#[test]
fn all_that_is_lacking_is_asked_for_together() {
    let outcome = dentist().without("household").without("budget").outcome();
    let kinds: Vec<&str> = outcome.needs.iter().map(|need| need.kind.as_str()).collect();
    assert_eq!((outcome.verdict, kinds), (Verdict::Incomplete, vec!["household", "budget"]));
    let poor = married().without("spouse-means").setting("guide-couple", kroner("0.00")).outcome();
    let kinds: Vec<&str> = poor.needs.iter().map(|need| need.kind.as_str()).collect();
    assert_eq!(kinds, ["spouse-means", "guide-amount"]);
    // The budget of another month is not this month's.
    let february = dentist().valid("budget", "2026-02-01..2026-02-28").outcome();
    assert_eq!(february.needs[0].kind, "budget");
    assert_eq!(february.needs[0].valid.to_string(), MARCH);
}

#[test]
fn the_guiding_amount_refuses_nobody() {
    let rich = || budget("net-income", "90000.00");
    rich().gives(Verdict::NeedsHuman, "0.00");
    rich().state("means:1", State::NeedsHuman);
    rich().state("amount:1", State::NotAssessed);
    let judged_rich = || judged(judged(rich(), 1, "necessary", true), 1, "means", true);
    let outcome = judged_rich().gives(Verdict::Incomplete, "0.00");
    assert_eq!(outcome.needs[0].reason, "Beløbet, der bevilges, mangler: tandlæge 4.200 kr.");
    approved(judged_rich(), 1, "4200.00").gives(Verdict::Granted, "4200.00");
    judged(rich(), 1, "means", false).gives(Verdict::Refused, "0.00");
}

#[test]
fn a_person_may_approve_more_or_less_than_is_proposed() {
    judged_dentist().gives(Verdict::Granted, "4200.00");
    approved(judged_dentist(), 1, "4199.99").gives(Verdict::PartlyGranted, "4199.99");
    let partly = judged_dentist().set("budget", "net-income", kroner("13000.00"));
    partly.gives(Verdict::PartlyGranted, "3200.00");
    approved(partly, 1, "4000.00").gives(Verdict::PartlyGranted, "4000.00");
}

#[test]
fn an_approval_is_about_its_own_expense() {
    approved(judged_dentist(), 2, "100.00").gives(Verdict::Granted, "4200.00");
    approved(dentist(), 1, "4200.00").gives(Verdict::NeedsHuman, "0.00"); // it judges nothing
}
