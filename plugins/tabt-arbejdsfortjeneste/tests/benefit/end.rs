//! When it ends, and what is paid then and afterwards.

use ydun_benefit::prelude::*;
use ydun_benefit::testing::Scene;

use crate::scene::{PARENT, code, full_time, number, on, paid};

/// 20,000 kr. a month since January 2023, ended by a decision.
fn ended(last_day: &str, span: &str) -> Scene {
    full_time("20000.00", "2023-01-01", span).fact(
        "ended",
        "2024-03-01..",
        &[("last-day", on(last_day)), ("reason", code("need-ceased"))],
    )
}

fn died(kind: &str, span: &str) -> Scene {
    full_time("20000.00", "2023-01-01", span).fact(
        kind,
        "2024-03-15..",
        &[("day", on("2024-03-15"))],
    )
}

#[test]
fn the_last_day_is_paid_and_the_supplement_of_the_year_before_with_it() {
    let scene = ended("2024-03-15", "2024-03-01..2024-03-31");
    scene.pays("ydelse", "10842.86"); // 20,700 × 11 / 21 = 10,842.857…
    scene.pays("ophoerstillaeg", "30000.00"); // 12.5 % of 12 × 20,000
    scene.pays("ophoerstillaeg-aaret", "0.00");
    let outcome = scene.outcome();
    let line = outcome.lines.iter().find(|line| line.posting == "ophoerstillaeg").unwrap();
    assert_eq!(line.period.to_string(), "2024-03-15..2024-03-15");
    assert_eq!(line.key, format!("ophoerstillaeg:{PARENT}:2024-03-15"));
    let step = outcome.steps.iter().find(|step| step.id == line.steps[0]).unwrap();
    assert_eq!(step.law, "Bekendtgørelse nr. 1603 af 14. december 2023, § 16");
}

#[test]
fn the_supplement_of_the_same_year_follows_when_the_holiday_year_begins() {
    // 20,700 + 20,700 + 10,842.86 = 52,242.86; 12.5 % of it = 6,530.3575
    let due = |span: &str| ended("2024-03-15", span);
    due("2024-09-01..2024-09-30").pays("ophoerstillaeg-aaret", "6530.36");
    due("2024-09-01..2024-09-30").gives(Verdict::Granted, "6530.36");
    due("2024-08-01..2024-08-31").gives(Verdict::Refused, "0.00");
    due("2024-04-01..2024-04-30").gives(Verdict::Refused, "0.00");
    due("2025-09-01..2025-09-30").gives(Verdict::Refused, "0.00");
    // Another beginning of the holiday year, and an end after it.
    due("2024-05-01..2024-05-31")
        .setting("holiday-year-month", Scalar::Integer(5))
        .pays("ophoerstillaeg-aaret", "6530.36");
    let september = ended("2024-09-01", "2025-09-01..2025-09-30");
    // 8 × 20,700 and a Sunday that is no weekday: 12.5 % of 165,600
    september.pays("ophoerstillaeg-aaret", "20700.00");
}

#[test]
fn a_supplement_is_no_part_of_the_basis_of_another() {
    let scene = ended("2024-06-14", "2024-06-01..2024-06-30")
        .setting("holiday-supplement-month", Scalar::Integer(5));
    // Whatever was paid for holiday in May, the basis is the gross benefit of 2023.
    scene.pays("ophoerstillaeg", "30000.00");
}

#[test]
fn before_2024_the_percentage_is_a_setting() {
    let scene = full_time("20000.00", "2022-01-01", "2023-06-01..2023-06-30").fact(
        "ended",
        "2023-06-01..",
        &[("last-day", on("2023-06-30")), ("reason", code("own-wish"))],
    );
    scene.pays("ophoerstillaeg", "30000.00"); // 12.5 % of 240,000 in 2022
    scene.setting("end-supplement-before-2024", number("10")).pays("ophoerstillaeg", "24000.00");
}

#[test]
fn one_percent_for_holiday_is_paid_in_the_month_that_is_set() {
    let scene = |span: &str| full_time("20000.00", "2023-07-01", span);
    let may = |span: &str| scene(span).setting("holiday-supplement-month", Scalar::Integer(5));
    may("2024-05-01..2024-05-31").pays("ferietillaeg", "1200.00"); // 1 % of 6 × 20,000
    may("2024-04-01..2024-04-30").pays("ferietillaeg", "0.00");
    scene("2024-05-01..2024-05-31").pays("ferietillaeg", "0.00"); // not set
    // Nothing last year, and nothing when it no longer runs.
    full_time("20000.00", "2024-01-01", "2024-05-01..2024-05-31")
        .setting("holiday-supplement-month", Scalar::Integer(5))
        .pays("ferietillaeg", "0.00");
    let over = ended("2024-04-30", "2024-05-01..2024-05-31")
        .setting("holiday-supplement-month", Scalar::Integer(5));
    over.pays("ferietillaeg", "0.00");
}

#[test]
fn the_right_ends_the_day_before_the_eighteenth_birthday() {
    let scene = |born: &str| {
        full_time("20000.00", "2023-01-01", "2024-03-01..2024-03-31").set("birth", "day", on(born))
    };
    scene("2006-03-01").gives(Verdict::Refused, "0.00"); // it ended on 29 February
    scene("2006-03-02").pays("ydelse", "985.71"); // Friday the 1st: 20,700 / 21
    scene("2006-03-31").pays("ydelse", "20700.00"); // the last weekday is the 29th
    scene("2006-04-01").pays("ydelse", "20700.00");
    scene("2006-04-01").pays("ophoerstillaeg", "30000.00"); // 31 March is the last day
    scene("2006-04-02").pays("ophoerstillaeg", "0.00");
}

#[test]
fn who_is_born_on_29_february_turns_eighteen_on_1_march() {
    let scene = |span: &str| {
        full_time("20000.00", "2022-01-01", span).set("birth", "day", on("2004-02-29"))
    };
    scene("2022-02-01..2022-02-28").pays("ydelse-serviceloven", "20000.00");
    scene("2022-03-01..2022-03-31").gives(Verdict::Refused, "0.00");
}

#[test]
fn after_the_childs_death_the_day_itself_is_the_last() {
    let scene = died("child-death", "2024-03-01..2024-03-31");
    scene.pays("ydelse", "10842.86");
    scene.pays("ophoerstillaeg", "30000.00");
}

#[test]
fn a_run_off_is_given_only_by_setting() {
    // Two weeks after 15 March is the 29th: all 21 weekdays, and the supplement on the last of them.
    let two_weeks = |scene: Scene| scene.setting("run-off-weeks", Scalar::Integer(2));
    let scene = two_weeks(died("child-death", "2024-03-01..2024-03-31"));
    scene.pays("ydelse", "20700.00");
    assert_eq!(paid(&scene.outcome(), "ophoerstillaeg"), "30000.00");
    let fourteen =
        died("child-death", "2024-06-01..2024-06-30").setting("run-off-weeks", Scalar::Integer(14));
    // 14 weeks after 15 March is 21 June: 15 of 20 weekdays of 20,700
    fourteen.pays("ydelse", "15525.00");
    // An end that was decided has none, unless it came suddenly.
    two_weeks(ended("2024-03-15", "2024-03-01..2024-03-31")).pays("ydelse", "10842.86");
    two_weeks(ended("2024-03-15", "2024-03-01..2024-03-31").set("ended", "reason", code("sudden")))
        .pays("ydelse", "20700.00");
}

#[test]
fn nothing_is_paid_to_a_dead_parent_beyond_the_last_day() {
    let scene = died("parent-death", "2024-03-01..2024-03-31");
    scene.pays("ydelse", "10842.86");
    scene.pays("ophoerstillaeg", "0.00");
    died("parent-death", "2024-09-01..2024-09-30").gives(Verdict::Refused, "0.00");
}

#[test]
fn the_earliest_end_counts() {
    let scene = ended("2024-03-28", "2024-03-01..2024-03-31").fact(
        "child-death",
        "2024-03-15..",
        &[("day", on("2024-03-15"))],
    );
    scene.pays("ydelse", "10842.86");
    // An end that was decided anew takes the place of the older decision.
    let moved = ended("2024-03-08", "2024-03-01..2024-03-31").fact(
        "ended",
        "2024-03-05..",
        &[("last-day", on("2024-03-15")), ("reason", code("other"))],
    );
    moved.pays("ydelse", "10842.86");
}

#[test]
fn a_case_that_never_began_is_not_over() {
    // Applied for when the child was already 18: the condition refuses, not an end.
    let scene = full_time("20000.00", "2024-02-01", "2024-03-01..2024-03-31").set(
        "birth",
        "day",
        on("2006-01-10"),
    );
    scene.state("age", State::NotMet);
    scene.gives(Verdict::Refused, "0.00");
}

#[test]
fn what_is_judged_after_the_end_refuses_nothing_before_it() {
    let scene = ended("2024-03-15", "2024-03-01..2024-03-31").assessed(
        PARENT,
        "care-at-home",
        false,
        "2024-03-16..",
    );
    scene.pays("ydelse", "10842.86");
    scene.pays("ophoerstillaeg", "30000.00");
    // A judgement of the days before it does.
    ended("2024-03-15", "2024-03-01..2024-03-31")
        .assessed(PARENT, "care-at-home", false, "2024-03-15..")
        .gives(Verdict::Refused, "0.00");
}

#[test]
fn a_supplement_is_paid_when_the_last_month_has_no_days_left() {
    // Placed outside the home all of March until the decision that ends it: 12.5 % of 240,000.
    let scene =
        ended("2024-03-15", "2024-03-01..2024-03-31").fact("placement", "2024-02-26..", &[]);
    scene.gives(Verdict::Granted, "30000.00");
}

#[test]
fn hours_granted_anew_begin_again() {
    let again = |span: &str| {
        ended("2024-03-15", span).valid("hours-granted", "2023-01-01..2024-03-15").fact(
            "hours-granted",
            "2024-06-03..",
            &[("weekly-hours", number("37"))],
        )
    };
    again("2024-03-01..2024-03-31").pays("ydelse", "10842.86");
    again("2024-04-01..2024-04-30").gives(Verdict::Refused, "0.00");
    // June has 20 weekdays, all of them from Monday the 3rd.
    again("2024-06-01..2024-06-30").pays("ydelse", "20700.00");
    // Looked at together it is the same: 2 × 20,700 + 10,842.86 until 15 March, and June.
    let whole = again("2024-01-01..2024-06-30");
    whole.pays("ydelse", "72942.86");
    whole.pays("ophoerstillaeg", "30000.00");
    // The pause needs no closed grant.
    ended("2024-03-15", "2024-03-01..2024-06-30")
        .valid("hours-granted", "2023-01-01..2024-06-02")
        .fact("hours-granted", "2024-06-03..", &[("weekly-hours", number("37"))])
        .pays("ydelse", "31542.86");
}

#[test]
fn a_death_on_the_last_day_of_a_decided_end_is_the_end() {
    let scene = ended("2024-03-15", "2024-03-01..2024-03-31").fact(
        "parent-death",
        "2024-03-15..",
        &[("day", on("2024-03-15"))],
    );
    scene.pays("ydelse", "10842.86");
    scene.pays("ophoerstillaeg", "0.00"); // a person looks at what the estate gets
}

#[test]
fn hours_begin_anew_only_after_the_last_day() {
    let again = |first: &str, span: &str| {
        let before = ydun_benefit::testing::day(first).previous();
        ended("2024-03-15", span).valid("hours-granted", &format!("2023-01-01..{before}")).fact(
            "hours-granted",
            &format!("{first}.."),
            &[("weekly-hours", number("37"))],
        )
    };
    // Granted from the last day itself: they end with it.
    again("2024-03-15", "2024-04-01..2024-04-30").gives(Verdict::Refused, "0.00");
    again("2024-03-16", "2024-04-01..2024-04-30").pays("ydelse", "20700.00");
    // Monday 3 June is the last day asked for, and the first anew: 20,700 / 20.
    again("2024-06-03", "2024-06-01..2024-06-03").pays("ydelse", "1035.00");
}
