//! The cases the module carries along: `cases/*.csv`, which the host runs before it trusts it.
//!
//! Each has its verdict and amount beside it here, worked out by hand; the rest of the answer is
//! kept as it was last read and approved. After a wanted change, write them anew with
//! `UPDATE_CASES=1 cargo test -p voksenlaerling cases` and read the difference.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{code, kept_as_tables, number, on, total};

use crate::scene::{Apprenticeship, Scene, bare, granted_on, ordinary};

pub(crate) struct Case {
    name: &'static str,
    pub(crate) scene: Scene,
    verdict: Verdict,
    /// Plain kroner.
    amount: &'static str,
}

fn case(name: &'static str, scene: Scene, verdict: Verdict, amount: &'static str) -> Case {
    Case { name, scene, verdict, amount }
}

pub(crate) fn all() -> Vec<Case> {
    [granted(), partly_granted(), not_granted()].into_iter().flatten().collect()
}

fn employed(scene: Scene) -> Scene {
    scene.unset("background", "target-group").set("background", "comes-from", code("employment"))
}

/// Skilled, and unemployed for three months to the day in the trial that asks for three.
fn exactly_three_months() -> Scene {
    ordinary()
        .set("background", "schooling", code("skilled"))
        .set("background", "education-last-used", on("2020-03-31"))
        .set("background", "unemployed-since", on("2020-05-10"))
}

fn granted() -> Vec<Case> {
    use Verdict::Granted;
    vec![
        // 162.8 hours at 45 kr.
        case("ordinary-month", ordinary(), Granted, "7326.00"),
        // 22 + 21 + 23 weekdays of 7.4 hours at 45 kr.
        case(
            "back-payment-of-three-months",
            bare("2020-10-01..2020-12-31").months(&["2020-10", "2020-11", "2020-12"], "37"),
            Granted,
            "21978.00",
        ),
        // 22 weekdays at 40 kr., then 23 at 45 kr.
        case(
            "lifted-on-new-years-day-2020",
            granted_on("2019-06-03", "2019-06-01", "2019-12-01..2020-01-31")
                .months(&["2019-12", "2020-01"], "37")
                .set("background", "unemployed-since", on("2019-01-01")),
            Granted,
            "14171.00",
        ),
        // A week at school of five: 17 weekdays are left.
        case(
            "school-stay",
            ordinary()
                .fact("school-stay", "2020-10-19..2020-10-25", &[])
                .week("2020-10-19", "worked", "0")
                .week("2020-10-19", "school", "37"),
            Granted,
            "5661.00",
        ),
        // 45 hours, 5 of them overtime: 37 are paid.
        case(
            "overtime-above-the-cap",
            ordinary().week("2020-10-12", "worked", "45").week("2020-10-12", "overtime", "5"),
            Granted,
            "7326.00",
        ),
        case(
            "exactly-three-months-and-assessed",
            exactly_three_months().judged("unemployment-length", true),
            Granted,
            "7326.00",
        ),
        // Annulled after Wednesday 14 October: ten weekdays.
        case(
            "agreement-annulled-in-the-month",
            ordinary().fact(
                "agreement-ended",
                "2020-10-14..2020-10-14",
                &[("last-day", on("2020-10-14")), ("reason", code("annulled"))],
            ),
            Granted,
            "3330.00",
        ),
        // The agreement began on Monday 10 August: sixteen weekdays.
        case(
            "first-month-is-partial",
            bare("2020-08-01..2020-08-31").months(&["2020-08"], "37"),
            Granted,
            "5328.00",
        ),
        // From employment at 30 kr., under trial B without the positive list.
        case(
            "from-employment-in-trial-b",
            employed(ordinary()).set("training-agreement", "on-positive-list", Scalar::Flag(false)),
            Granted,
            "4884.00",
        ),
    ]
}

fn partly_granted() -> Vec<Case> {
    use Verdict::PartlyGranted;
    vec![
        // July 2022 has 21 weekdays, August 7 until the two years are over, at 30 kr.
        case(
            "thirty-kr-end-after-two-years",
            employed(
                bare("2022-07-01..2022-09-30").months(&["2022-07", "2022-08", "2022-09"], "37"),
            ),
            PartlyGranted,
            "6216.00",
        ),
        // Applied on 12 October: the weekdays from then on are 15.
        case(
            "late-application",
            ordinary().set("application", "received", on("2020-10-12")),
            PartlyGranted,
            "4995.00",
        ),
        // Support from 12 to 18 October takes five weekdays.
        case(
            "other-support-for-a-week",
            ordinary().fact(
                "other-support",
                "2020-10-12..2020-10-18",
                &[("kind", code("wage-subsidy"))],
            ),
            PartlyGranted,
            "5661.00",
        ),
    ]
}

fn not_granted() -> Vec<Case> {
    use Verdict::{Incomplete, NeedsHuman, Refused};
    vec![
        case(
            "de-minimis-is-used-up",
            ordinary().set("de-minimis", "received-eur", number("190000")),
            Refused,
            "0.00",
        ),
        case("exactly-three-months-unemployed", exactly_three_months(), NeedsHuman, "0.00"),
        case(
            "aged-24-years-and-364-days",
            ordinary().set("birth", "day", on("1995-08-11")),
            Refused,
            "0.00",
        ),
        case("month-not-asked-for", bare("2020-10-01..2020-10-31"), Incomplete, "0.00"),
        case("wage-unknown", ordinary().without("wage"), Incomplete, "0.00"),
    ]
}

#[test]
fn every_case_has_the_answer_worked_out_by_hand() {
    for case in all() {
        let outcome = case.scene.outcome();
        assert_eq!(
            (outcome.verdict, total(&outcome).plain().as_str()),
            (case.verdict, case.amount),
            "{}",
            case.name
        );
    }
}

#[test]
fn every_case_is_kept_with_its_whole_answer() {
    let scenes = all().into_iter().map(|case| (case.name, case.scene));
    kept_as_tables(env!("CARGO_MANIFEST_DIR"), scenes);
}
