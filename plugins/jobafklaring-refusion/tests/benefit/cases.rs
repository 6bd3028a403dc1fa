//! The cases the module carries along: `cases/*.csv`, which the host runs before it trusts it.
//!
//! Each has its verdict and amount beside it here, worked out by hand; the rest of the answer is
//! kept as it was last read and approved. After a wanted change, write them anew with
//! `UPDATE_CASES=1 cargo test -p jobafklaring-refusion cases` and read the difference.

use std::collections::BTreeSet;

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{code, kept_as_tables, kroner, on, text, total};

use crate::scene::{EMPLOYEE, Refund, Scene, asked, bare, ordinary, since};

pub(crate) struct Case {
    name: &'static str,
    pub(crate) scene: Scene,
    verdict: Verdict,
    /// Plain kroner; none when a rate is missing.
    amount: Option<&'static str>,
}

fn case(name: &'static str, scene: Scene, verdict: Verdict, amount: &'static str) -> Case {
    Case { name, scene, verdict, amount: Some(amount) }
}

pub(crate) fn all() -> Vec<Case> {
    [granted(), by_choice(), partly_granted(), undecided(), refused()]
        .into_iter()
        .flatten()
        .collect()
}

fn received(day: &str) -> Scene {
    ordinary().set("refund-request", "received", on(day)).seen_on("2021-02-05")
}

fn excused() -> Scene {
    received("2021-01-15")
        .set("refund-request", "asks-exception", Scalar::Flag(true))
        .set("refund-request", "exception-ground", code("wrong-guidance"))
        .set("refund-request", "exception-reason", text("Kommunen oplyste en forkert frist."))
}

fn granted() -> Vec<Case> {
    use Verdict::Granted;
    vec![
        // 15,355 and 0.3 % of it.
        case("provider-in-october-2020", ordinary(), Granted, "15401.07"),
        // 11,554 and 34.66.
        case(
            "not-provider-in-october-2020",
            ordinary().set("provider-status", "status", code("not-provider")),
            Granted,
            "11588.66",
        ),
        // 15,547 and 93.28, although the month has 28 days.
        case(
            "shortest-month-gives-the-whole-rate",
            asked(bare("2021-02-01..2021-02-28")),
            Granted,
            "15640.28",
        ),
        // 3,594 and 10.78.
        case(
            "young-at-home",
            ordinary().set("provider-status", "status", code("young-at-home")).fact(
                "birth",
                "1998-05-01..",
                &[("day", on("1998-05-01"))],
            ),
            Granted,
            "3604.78",
        ),
        // 15,355 and 46.07; 15,547 and 93.28.
        case("across-new-year", asked(bare("2020-12-01..2021-01-31")), Granted, "31041.35"),
        // 3/4 of the hours: 11,516.25 and 34.55.
        case("part-of-the-hours", ordinary().hours("2020-10", "120", "160"), Granted, "11550.80"),
        // 15 of 22 weekdays: 10,469.32 and 31.41.
        case(
            "course-begins-in-the-month",
            ordinary()
                .valid("jobafklaring", "2020-10-12..")
                .valid("provider-status", "2020-10-12..")
                .valid("refund-request", "2020-10-12..2020-10-31"),
            Granted,
            "10500.73",
        ),
        // Ten weekdays at 15,355 and twelve at 11,554 of 22: 13,281.73 and 39.85.
        case(
            "child-turned-eighteen-and-status-told-anew",
            ordinary()
                .child("child", "2002-10-15..", "2002-10-15")
                .valid("provider-status", "2020-03-02..2020-10-14")
                .fact("provider-status", "2020-10-15..", &[("status", code("not-provider"))]),
            Granted,
            "13321.58",
        ),
        // Seven weekdays of 200 kr.: 13,955 and 41.87 (41.865).
        case(
            "insurance-under-section-55",
            ordinary()
                .set("refund-request", "sickness-refund", Scalar::Flag(true))
                .sickness_refund("section-55", "2020-10-01..2020-10-09", "200.00"),
            Granted,
            "13996.87",
        ),
        // Two of 22 weekdays are taken wholly: 13,959.09 and 41.88.
        case(
            "agreement-under-section-56-above-the-refund",
            ordinary().sickness_refund("section-56", "2020-10-01..2020-10-02", "5000.00"),
            Granted,
            "14000.97",
        ),
        // 9,000 and 27.
        case(
            "never-above-the-wage",
            ordinary().set("month-hours", "wage", kroner("9000.00")),
            Granted,
            "9027.00",
        ),
        case(
            "late-with-a-ground-that-was-found-good",
            excused().assessed(EMPLOYEE, "deadline", true, "2020-10-01..2020-10-14"),
            Granted,
            "15401.07",
        ),
        // 14,808, and no supplement before 2020.
        case(
            "before-the-supplement",
            asked(since("2016-09-01", "2017-03-01..2017-03-31")),
            Granted,
            "14808.00",
        ),
        case(
            "asked-before-the-wage-and-accepted",
            ordinary().set("month-hours", "wage-paid", on("2020-11-04")).assessed(
                EMPLOYEE,
                "wage-paid",
                true,
                "2020-10-01..2020-10-31",
            ),
            Granted,
            "15401.07",
        ),
        case(
            "moved-and-still-ours",
            ordinary()
                .valid("residence", "2010-01-01..2020-10-20")
                .fact("residence", "2020-10-21..", &[("municipality", text("0563"))])
                .assessed(EMPLOYEE, "residence", true, "2020-10-21.."),
            Granted,
            "15401.07",
        ),
    ]
}

/// What a municipality has chosen where the law or its sources leave it open.
fn by_choice() -> Vec<Case> {
    use Verdict::Granted;
    vec![
        // Nine days of 100 kr., the weekend included: 14,455 and 43.37 (43.365).
        case(
            "every-day-is-deducted-by-choice",
            ordinary()
                .sickness_refund("section-55", "2020-10-01..2020-10-09", "100.00")
                .setting("deducted-days", code("all")),
            Granted,
            "14498.37",
        ),
        // Seven weekdays of 200 kr. leave 13,955; the supplement is of 15,355: 46.07 (46.065).
        case(
            "supplement-before-the-deduction-by-choice",
            ordinary()
                .sickness_refund("section-55", "2020-10-01..2020-10-09", "200.00")
                .setting("supplement-base", code("before-deduction")),
            Granted,
            "14001.07",
        ),
        // 15,355 and 46.07, although the wage was 9,000.
        case(
            "above-the-wage-by-choice",
            ordinary()
                .set("month-hours", "wage", kroner("9000.00"))
                .setting("never-above-wage", Scalar::Flag(false)),
            Granted,
            "15401.07",
        ),
    ]
}

/// September to November, asked for on 17 December; part of the hours in two months, and an
/// agreement under § 56 in the third.
fn three_months_in_one_request() -> Scene {
    asked(bare("2020-09-01..2020-11-30"))
        .set("refund-request", "received", on("2020-12-17"))
        .seen_on("2020-12-20")
        .hours("2020-09", "90", "150")
        .hours("2020-10", "120", "160")
        .sickness_refund("section-56", "2020-11-02..2020-11-06", "100.00")
}

fn partly_granted() -> Vec<Case> {
    use Verdict::PartlyGranted;
    vec![
        // 15,355 x 10 / 22 x 90 / 150 = 4,187.73; x 120 / 160 = 11,516.25; less 5 x 100: 14,855.
        // 0.3 % of each: 12.56, 34.55 and 44.57 (44.565).
        case(
            "three-months-in-one-request",
            three_months_in_one_request(),
            PartlyGranted,
            "30650.66",
        ),
        // 15-31 October are 12 of 22 weekdays: 8,375.45 and 25.13.
        case("days-more-than-three-months-old", received("2021-01-15"), PartlyGranted, "8400.58"),
        // 14 of 22 weekdays: 9,771.36 and 29.31.
        case(
            "course-ended-before-the-request-does",
            ordinary().valid("jobafklaring", "2020-03-02..2020-10-20"),
            PartlyGranted,
            "9800.67",
        ),
        // October; November has no hours yet.
        case(
            "one-month-waits-for-its-hours",
            bare("2020-10-01..2020-11-30")
                .month("2020-10")
                .request("2020-10-01..2020-11-30", "2020-12-03"),
            PartlyGranted,
            "15401.07",
        ),
    ]
}

fn undecided() -> Vec<Case> {
    use Verdict::{Incomplete, NeedsHuman};
    let nothing = "0.00";
    vec![
        case("month-not-asked-for", bare("2020-10-01..2020-10-31"), Incomplete, nothing),
        case("course-unknown", ordinary().without("jobafklaring"), Incomplete, nothing),
        case("employment-unknown", ordinary().without("employment"), Incomplete, nothing),
        case("residence-unknown", ordinary().without("residence"), Incomplete, nothing),
        case(
            "the-municipality-has-no-code",
            ordinary().setting("municipality", text("")),
            NeedsHuman,
            nothing,
        ),
        case(
            "child-turned-eighteen",
            ordinary().child("child", "2002-10-15..", "2002-10-15"),
            Incomplete,
            nothing,
        ),
        case(
            "amounts-under-section-55-unknown",
            ordinary().set("refund-request", "sickness-refund", Scalar::Flag(true)),
            Incomplete,
            nothing,
        ),
        case("late-with-a-ground", excused(), NeedsHuman, nothing),
        case(
            "asked-before-the-wage-was-paid",
            ordinary().set("month-hours", "wage-paid", on("2020-11-04")),
            NeedsHuman,
            nothing,
        ),
        case(
            "lives-in-another-municipality",
            ordinary().set("residence", "municipality", text("0563")),
            NeedsHuman,
            nothing,
        ),
        Case {
            name: "rate-of-2018-not-found",
            scene: asked(since("2017-09-01", "2018-03-01..2018-03-31")),
            verdict: NeedsHuman,
            amount: None,
        },
    ]
}

fn refused() -> Vec<Case> {
    use Verdict::Refused;
    let nothing = "0.00";
    vec![
        case("all-days-too-old", received("2021-02-01"), Refused, nothing),
        case(
            "course-ended-before-the-month",
            ordinary().valid("jobafklaring", "2020-03-02..2020-09-30"),
            Refused,
            nothing,
        ),
        case(
            "course-after-something-else",
            ordinary().set("jobafklaring", "comes-from", code("other")),
            Refused,
            nothing,
        ),
        case(
            "employment-ended-before-the-month",
            ordinary().valid("employment", "2010-08-01..2020-09-30"),
            Refused,
            nothing,
        ),
        case(
            "lives-in-another-municipality-for-good",
            ordinary().set("residence", "municipality", text("0563")).assessed(
                EMPLOYEE,
                "residence",
                false,
                "2020-10-01..",
            ),
            Refused,
            nothing,
        ),
    ]
}

#[test]
fn every_case_has_the_answer_worked_out_by_hand() {
    for case in all() {
        let answer = case.scene.calculate().ok();
        let told = answer.map(|outcome| (outcome.verdict, total(&outcome).plain()));
        let expected = case.amount.map(|amount| (case.verdict, amount.to_owned()));
        assert_eq!(told, expected, "{}", case.name);
    }
}

#[test]
fn every_case_is_kept_with_its_whole_answer() {
    let scenes = all().into_iter().map(|case| (case.name, case.scene));
    kept_as_tables(env!("CARGO_MANIFEST_DIR"), scenes);
}

#[test]
fn the_cases_meet_every_condition_met_not_met_and_open() {
    let outcomes: Vec<Outcome> =
        all().iter().filter_map(|case| case.scene.calculate().ok()).collect();
    let seen: BTreeSet<(String, bool, bool)> = outcomes
        .iter()
        .flat_map(|outcome| &outcome.conditions)
        .map(|found| (found.id.clone(), found.state == State::Met, found.state == State::NotMet))
        .collect();
    let expect = |id: &str, states: &[(bool, bool)]| {
        for (met, not_met) in states {
            assert!(seen.contains(&(id.into(), *met, *not_met)), "{id}: met {met}, not {not_met}");
        }
    };
    let (met, not_met, open) = ((true, false), (false, true), (false, false));
    expect("residence", &[met, not_met, open]);
    expect("jobafklaring", &[met, not_met, open]);
    expect("comes-from", &[met, not_met]);
    expect("employment", &[met, not_met, open]);
    expect("deadline", &[met, open]);
    expect("wage-paid", &[met, open]);
    expect("provider-status", &[met, open]);
    expect("days", &[met, not_met]);
}
