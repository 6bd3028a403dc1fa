//! The cases the module carries along: `cases/*.csv`, which the host runs before it trusts it.
//!
//! Each has its verdict and amount beside it here, worked out by hand; the rest of the answer is
//! kept as it was last read and approved. After a wanted change, write them anew with
//! `UPDATE_CASES=1 cargo test -p tabt-arbejdsfortjeneste cases` and read the difference.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::{Scene, kept_as_tables};

use crate::scene::{
    CHILD, MARCH, PARENT, code, full_time, judged_suitable, kroner, number, on, ordinary, over,
    text, total, who,
};
use crate::years::four_years;

pub(crate) struct Case {
    name: &'static str,
    pub(crate) scene: Scene,
    verdict: Verdict,
    /// The sum of all lines, in plain kroner.
    amount: &'static str,
}

fn case(name: &'static str, scene: Scene, verdict: Verdict, amount: &'static str) -> Case {
    Case { name, scene, verdict, amount }
}

pub(crate) fn all() -> Vec<Case> {
    [granted(), by_choice(), ended(), partly_granted(), refused(), incomplete(), for_a_person()]
        .into_iter()
        .flatten()
        .collect()
}

fn granted() -> Vec<Case> {
    use Verdict::Granted;
    vec![
        // 15,450 + 50 + 100 + 1,500 - 600
        case("ordinary-month", ordinary(), Granted, "16500.00"),
        case("first-month-of-a-grant", over("2024-02-01..2024-02-29"), Granted, "16500.00"),
        // 35,247 and 100 to ATP
        case(
            "income-above-the-cap",
            full_time("60000.00", "2024-01-01", MARCH),
            Granted,
            "35347.00",
        ),
        // 20,000 and 20,700, each with 100 to ATP
        case(
            "over-the-change-of-acts-2024",
            full_time("20000.00", "2023-01-01", "2023-12-01..2024-01-31"),
            Granted,
            "40900.00",
        ),
        // 12 × 20,700 and 12 × 100
        case(
            "a-whole-year",
            full_time("20000.00", "2023-01-01", "2024-01-01..2024-12-31"),
            Granted,
            "249600.00",
        ),
        // 60,000 without a cap, and 100 to ATP
        case(
            "applied-for-before-2011",
            full_time("60000.00", "2024-01-01", MARCH).set(
                "application",
                "received",
                on("2010-12-31"),
            ),
            Granted,
            "60100.00",
        ),
        // 1 % of 6 × 20,000 beside 20,700 and 100
        case(
            "holiday-supplement-in-may",
            full_time("20000.00", "2023-07-01", "2024-05-01..2024-05-31")
                .setting("holiday-supplement-month", Scalar::Integer(5)),
            Granted,
            "22000.00",
        ),
        case("acconto-in-another-system", acconto(), Granted, "32000.00"),
        case(
            "moved-and-assessed",
            moved().assessed(PARENT, "deciding-municipality", true, MARCH),
            Granted,
            "16500.00",
        ),
        case("single-hours-at-the-hospital", hospital_visit(), Granted, "1587.50"),
        case("both-parents-at-the-hospital", both_parents(true), Granted, "26126.22"),
        case("begins-in-school", begins_in_school(), Granted, "16500.00"),
        case(
            "hours-changed-in-the-month",
            ordinary()
                .valid("hours-granted", "2024-02-01..2024-03-14")
                .fact(
                    "hours-granted",
                    "2024-03-15..",
                    &[("weekly-hours", number("18.5")), ("sibling-hours", number("10"))],
                )
                .set("employer-statement", "weekly-hours-now", number("0")),
            Granted,
            "16500.00",
        ),
    ]
}

/// What a municipality has chosen where the law or its sources leave it open.
fn by_choice() -> Vec<Case> {
    use Verdict::{Granted, PartlyGranted};
    let from_2010 = full_time("60000.00", "2023-01-01", "2024-01-01..2024-01-31");
    let ended_in_2023 = full_time("20000.00", "2022-01-01", "2023-06-01..2023-06-30").fact(
        "ended",
        "2023-06-01..",
        &[("last-day", on("2023-06-30")), ("reason", code("own-wish"))],
    );
    let mid_march = on("2024-03-15");
    let need_ceased = [("last-day", mid_march.clone()), ("reason", code("need-ceased"))];
    vec![
        // 31,249 and 100 to ATP
        case(
            "cap-of-2020-by-choice",
            full_time("60000.00", "2020-01-01", "2020-01-01..2020-01-31")
                .setting("cap-2020", kroner("31249.00")),
            Granted,
            "31349.00",
        ),
        // 20,000 × 1.030 and 100 to ATP
        case(
            "regulation-of-2020-by-choice",
            full_time("20000.00", "2019-01-01", "2020-01-01..2020-01-31")
                .setting("regulation-2019-2021", text("2020=3,0")),
            Granted,
            "20700.00",
        ),
        // 60,000 × 1.033 without a cap, and 100 to ATP
        case(
            "regulation-of-a-benefit-from-before-2011-by-choice",
            from_2010
                .set("application", "received", on("2010-06-01"))
                .setting("regulation-before-2011", text("2024=3.3")),
            Granted,
            "62080.00",
        ),
        // 160 × 37 / 40 = 148 hours: 31,000 × 7 / 148 = 1,466.22; 3,000 × 7 / 148 = 141.89; 100 to ATP
        case(
            "a-full-time-week-of-forty-hours-by-choice",
            hospital_visit().setting("full-time-hours", number("40")),
            Granted,
            "1708.11",
        ),
        // A tenth of 15,500 and not half of 2,000: 15,450 + 50 + 100 + 1,550 - 600
        case(
            "the-former-pension-contribution-is-not-scaled-by-choice",
            ordinary()
                .set("pension-scheme", "employer-contribution", kroner("2000.00"))
                .setting("scale-pension-limit", Scalar::Flag(false)),
            Granted,
            "16550.00",
        ),
        // 15,500 - 33.50 = 15,466.50; 33.50 and 67 to ATP; 1,500 - 600
        case(
            "other-contributions-to-atp-by-choice",
            ordinary()
                .setting("atp-own", kroner("33.50"))
                .setting("atp-municipality", kroner("67.00")),
            Granted,
            "16467.00",
        ),
        // 20,000 × 1.030 = 20,600; a tenth of 240,000; 100 to ATP
        case(
            "end-supplement-of-2023-by-choice",
            ended_in_2023.setting("end-supplement-before-2024", number("10")),
            Granted,
            "44700.00",
        ),
        // An eighth of 20,700 + 20,700 + 10,842.86, in May
        case(
            "holiday-year-from-may-by-choice",
            ends("2024-05-01..2024-05-31", "ended", &need_ceased)
                .setting("holiday-year-month", Scalar::Integer(5)),
            Granted,
            "6530.36",
        ),
        // Two weeks after 15 March is the 29th, the last weekday: 20,700; an eighth of 240,000; 100
        case(
            "run-off-of-two-weeks-by-choice",
            ends(MARCH, "child-death", &[("day", mid_march)])
                .setting("run-off-weeks", Scalar::Integer(2)),
            PartlyGranted,
            "50800.00",
        ),
        // 17,623.41 and 1,700 to pension; 25,541.18 of 2023; 17,623.41 of 2024; 100 to ATP
        case(
            "four-years-and-the-end",
            four_years("2024-08-01..2024-09-30"),
            PartlyGranted,
            "62588.00",
        ),
    ]
}

/// November and December 2020 as the job centre paid them in its finance system: 16,000 kr. a month
/// for 37 hours, with no pension, no own ATP and none from the municipality.
fn acconto() -> Scene {
    full_time("16000.00", "2020-10-01", "2020-11-01..2020-12-31")
        .set("atp", "municipality", kroner("0.00"))
        .fact(
            "paid-elsewhere",
            "2020-11-01..2020-12-31",
            &[
                ("amount", kroner("30000.00")),
                ("system", text("Prisme")),
                ("voucher", text("20417")),
            ],
        )
}

fn moved() -> Scene {
    ordinary().set("residence", "municipality", text("0101"))
}

fn begins_in_school() -> Scene {
    ordinary().fact(
        "day-care",
        "2024-03-04..",
        &[("kind", code("school")), ("weekly-hours", number("20"))],
    )
}

/// Seven hours of 160 and no weekly hours: 31,000 × 7 / 160 = 1,356.25; 131.25 to pension; 100 to ATP.
fn hospital_visit() -> Scene {
    ordinary()
        .without("hours-granted")
        .without("employer-statement")
        .setting("hour-divisor", number("160"))
        .fact(
            "single-hours",
            "2024-03-12..2024-03-12",
            &[
                ("hours", number("7")),
                ("unpaid", Scalar::Flag(true)),
                ("reason", code("hospital-visit")),
            ],
        )
}

/// The father has 35,247 × 10 / 37 = 9,526.216… and 100 to ATP; with the child in hospital all month.
fn both_parents(both_needed: bool) -> Scene {
    let scene = ordinary().fact(
        "hospital-stay",
        MARCH,
        &[("presence-necessary", Scalar::Flag(true)), ("both-needed", Scalar::Flag(both_needed))],
    );
    let facts: [(&str, &[(&str, Scalar)]); 7] = [
        ("application", &[("child", who(CHILD)), ("received", on("2024-01-15"))]),
        ("relation", &[("kind", code("father")), ("maintains-in-home", Scalar::Flag(false))]),
        ("hours-granted", &[("weekly-hours", number("10"))]),
        (
            "income-basis",
            &[
                ("kind", code("latest-wage")),
                ("wage", kroner("50000.00")),
                ("weekly-hours", number("37")),
                ("hours-were-cut", Scalar::Flag(false)),
            ],
        ),
        ("employer-statement", &[("weekly-hours-now", number("27"))]),
        ("pension-scheme", &[("kind", code("none"))]),
        ("atp", &[("receiver", who("atp"))]),
    ];
    let scene = facts.into_iter().fold(scene, |scene, (kind, attributes)| {
        scene.fact_about("far", kind, "2024-02-01..", attributes)
    });
    judged_suitable(scene, "far")
}

/// 20,000 kr. since January 2023, ended on 15 March 2024 in some way.
fn ends(span: &str, kind: &str, attributes: &[(&str, Scalar)]) -> Scene {
    full_time("20000.00", "2023-01-01", span).fact(kind, "2024-03-01..", attributes)
}

fn ended() -> Vec<Case> {
    use Verdict::{Granted, PartlyGranted, Refused};
    let last = on("2024-03-15");
    let decided = [("last-day", last.clone()), ("reason", code("need-ceased"))];
    let died = [("day", last)];
    vec![
        // 20,700 × 11 / 21 = 10,842.86; 12.5 % of 240,000; 100 to ATP
        case("ended-in-the-month", ends(MARCH, "ended", &decided), PartlyGranted, "40942.86"),
        case("child-died", ends(MARCH, "child-death", &died), PartlyGranted, "40942.86"),
        case("parent-died", ends(MARCH, "parent-death", &died), PartlyGranted, "10942.86"),
        // 12.5 % of 20,700 + 20,700 + 10,842.86
        case(
            "supplement-when-the-holiday-year-begins",
            ends("2024-09-01..2024-09-30", "ended", &decided),
            Granted,
            "6530.36",
        ),
        case(
            "nothing-is-due-after-the-end",
            ends("2024-05-01..2024-05-31", "ended", &decided),
            Refused,
            "0.00",
        ),
        // 15 March is the last day: 11 of 21 weekdays of 20,700; 12.5 % of 240,000; 100
        case(
            "child-turns-eighteen",
            full_time("20000.00", "2023-01-01", MARCH).set("birth", "day", on("2006-03-16")),
            PartlyGranted,
            "40942.86",
        ),
    ]
}

fn partly_granted() -> Vec<Case> {
    use Verdict::PartlyGranted;
    vec![
        case(
            "fewer-hours-than-applied-for",
            over("2024-02-01..2024-02-29").set("application", "weekly-hours", number("37")),
            PartlyGranted,
            "16500.00",
        ),
        // 16 of 21 weekdays: 15,500, 1,500 and 600 become 11,809.52, 1,142.86 and 457.14; 100 to ATP
        case(
            "placed-for-a-week",
            ordinary().fact("placement", "2024-03-11..2024-03-17", &[]),
            PartlyGranted,
            "12595.24",
        ),
        // Five weekdays of nine are kept: 17 of 21 of 15,500, 1,500 and 600; 100 to ATP
        case(
            "more-holiday-than-is-kept",
            ordinary().setting("holiday-weeks-kept", Scalar::Integer(1)).fact(
                "holiday",
                "2024-03-11..2024-03-21",
                &[],
            ),
            PartlyGranted,
            "13376.20",
        ),
        case("pension-unknown", ordinary().without("pension-scheme"), PartlyGranted, "15000.00"),
        case(
            "single-hours-without-a-divisor",
            hospital_visit().setting("hour-divisor", number("0")),
            PartlyGranted,
            "0.00",
        ),
        case(
            "one-parent-is-refused",
            both_parents(true).assessed("far", "most-suitable", false, MARCH),
            PartlyGranted,
            "16500.00",
        ),
    ]
}

/// An application that is decided for the first time.
fn applied() -> Scene {
    ordinary().valid("hours-granted", MARCH)
}

fn refused() -> Vec<Case> {
    let judged = |condition| applied().assessed(PARENT, condition, false, MARCH);
    [
        ("child-is-eighteen", applied().set("birth", "day", on("2006-03-01"))),
        ("illness-of-eleven-months", short_illness()),
        ("child-lives-outside-the-home", applied().fact("placement", "2024-01-01..", &[])),
        ("care-at-home-is-not-necessary", judged("care-at-home")),
        ("another-should-do-it", judged("most-suitable")),
        ("not-a-relative", applied().set("relation", "kind", code("other"))),
        ("public-benefit-as-income", applied().set("income-basis", "kind", code("public-benefit"))),
        ("no-hours-lost", applied().set("employer-statement", "weekly-hours-now", number("37"))),
        (
            "running-and-no-longer-necessary",
            ordinary().assessed(PARENT, "care-at-home", false, MARCH),
        ),
        (
            "granted-after-the-childs-death",
            applied().fact("child-death", "2024-02-29..", &[("day", on("2024-02-29"))]),
        ),
    ]
    .into_iter()
    .map(|(name, scene)| case(name, scene, Verdict::Refused, "0.00"))
    .collect()
}

fn short_illness() -> Scene {
    applied().set("illness", "kind", code("long-term")).set(
        "illness",
        "expected-months",
        Scalar::Integer(11),
    )
}

fn incomplete() -> Vec<Case> {
    let without = |kind| ordinary().without(kind);
    [
        ("no-application", without("application")),
        ("residence-unknown", without("residence")),
        ("birthday-unknown", without("birth")),
        ("illness-unknown", without("illness")),
        ("relation-unknown", without("relation")),
        ("income-unknown", without("income-basis")),
        ("no-employer-statement", without("employer-statement")),
        ("atp-receiver-unknown", without("atp")),
        ("hours-not-granted", without("hours-granted")),
    ]
    .into_iter()
    .map(|(name, scene)| case(name, scene, Verdict::Incomplete, "0.00"))
    .collect()
}

fn for_a_person() -> Vec<Case> {
    [
        ("nothing-is-judged", ordinary().without("assessment")),
        ("child-lives-elsewhere", moved()),
        ("the-municipality-has-no-code", ordinary().setting("municipality", text(""))),
        ("self-employed", ordinary().set("income-basis", "kind", code("self-employed"))),
        ("both-parents-at-home", both_parents(false)),
    ]
    .into_iter()
    .map(|(name, scene)| case(name, scene, Verdict::NeedsHuman, "0.00"))
    .collect()
}

#[test]
fn every_case_has_the_answer_worked_out_by_hand() {
    for case in all() {
        let outcome = case.scene.outcome();
        assert_eq!(
            (outcome.verdict, total(&outcome).plain().as_str()),
            (case.verdict, case.amount),
            "{}: {}",
            case.name,
            ydun_benefit::testing::told(&outcome)
        );
    }
}

#[test]
fn every_case_is_kept_with_its_whole_answer() {
    let cases = all().into_iter().map(|case| (case.name, case.scene));
    kept_as_tables(env!("CARGO_MANIFEST_DIR"), cases);
}
