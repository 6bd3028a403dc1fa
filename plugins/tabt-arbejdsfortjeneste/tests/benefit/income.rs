//! What a full month is worth: income, cap and regulation.

use ydun_benefit::prelude::*;

use crate::scene::{bare, full_time, kroner, number, on};

/// Full working time in January of a year, with an income since the given day.
#[track_caller]
fn january(year: i32, since: &str, wage: &str, expected: &str) {
    let scene = full_time(wage, since, &format!("{year}-01-01..{year}-01-31"));
    let outcome = scene.outcome();
    let benefit = outcome.lines.iter().find(|line| line.posting.starts_with("ydelse")).unwrap();
    assert_eq!(benefit.amount.plain(), expected, "{}", ydun_benefit::testing::told(&outcome));
}

#[test]
fn an_income_above_the_cap_gets_the_cap_of_its_year() {
    january(2018, "2018-01-01", "60000.00", "30576.00");
    january(2019, "2019-01-01", "60000.00", "31249.00"); // derived, and said to be in its source
    january(2020, "2020-01-01", "60000.00", "32030.00"); // from the setting
    january(2021, "2021-01-01", "60000.00", "32671.00");
    january(2022, "2022-01-01", "60000.00", "33063.00");
    january(2023, "2023-01-01", "60000.00", "34055.00");
    january(2024, "2024-01-01", "60000.00", "35247.00");
}

#[test]
fn at_the_cap_and_an_oere_to_either_side() {
    january(2024, "2024-01-01", "35246.99", "35246.99");
    january(2024, "2024-01-01", "35247.00", "35247.00");
    january(2024, "2024-01-01", "35247.01", "35247.00");
}

#[test]
fn a_running_benefit_rises_each_january_and_stays_under_the_cap() {
    // 20,000 × 1.012 = 20,240; × 1.030 = 20,847.20; × 1.035 = 21,576.852
    january(2021, "2021-01-01", "20000.00", "20000.00");
    january(2022, "2021-01-01", "20000.00", "20240.00");
    january(2023, "2021-01-01", "20000.00", "20847.20");
    january(2024, "2021-01-01", "20000.00", "21576.85");
    // From the cap: 32,671 × 1.012 = 33,063.052, capped at 33,063; × 1.030 = 34,054.89, under
    // 34,055; × 1.035 = 35,246.811
    january(2022, "2021-01-01", "60000.00", "33063.00");
    january(2023, "2021-01-01", "60000.00", "34054.89");
    january(2024, "2021-01-01", "60000.00", "35246.81");
}

#[test]
fn the_years_before_2022_follow_the_settings() {
    // 20,000 × 1.022 = 20,440; × 1.025 = 20,951; × 1.020 = 21,370.02
    january(2019, "2018-01-01", "20000.00", "20440.00");
    january(2020, "2018-01-01", "20000.00", "20951.00");
    january(2021, "2018-01-01", "20000.00", "21370.02");
    // The disputed cap of 2020 is the municipality's choice, and a rate goes before it.
    let capped = full_time("60000.00", "2020-01-01", "2020-01-01..2020-01-31");
    let lower = capped.clone().setting("cap-2020", kroner("31249.00"));
    lower.pays("ydelse-serviceloven", "31249.00");
    capped
        .rate("cap", "2020-01-01..2020-12-31", kroner("32000.00"))
        .pays("ydelse-serviceloven", "32000.00");
    let other = full_time("20000.00", "2019-01-01", "2020-01-01..2020-01-31");
    other
        .setting("regulation-2019-2021", Scalar::Text("2020=3,0".into()))
        .pays("ydelse-serviceloven", "20600.00");
}

#[test]
fn a_regulation_follows_the_calendar_year_not_the_anniversary() {
    january(2022, "2021-12-01", "20000.00", "20240.00"); // a month later
    full_time("20000.00", "2021-12-01", "2021-12-01..2021-12-31")
        .pays("ydelse-serviceloven", "20000.00");
}

#[test]
fn a_new_income_begins_anew() {
    // Two years at 20,000, then 25,000 from January 2024: not regulated in its first year.
    full_time("20000.00", "2022-01-01", "2024-01-01..2024-01-31")
        .valid("income-basis", "2022-01-01..2023-12-31")
        .fact(
            "income-basis",
            "2024-01-01..",
            &[
                ("kind", Scalar::Code("latest-wage".into())),
                ("wage", kroner("25000.00")),
                ("weekly-hours", number("37")),
                ("hours-were-cut", Scalar::Flag(false)),
            ],
        )
        .pays("ydelse", "25000.00");
}

#[test]
fn years_without_a_verified_figure_are_refused() {
    full_time("20000.00", "2024-01-01", "2025-01-01..2025-01-31")
        .fails("no value of the rate 'regulation-percent on 2025-01-01' is in force");
    full_time("20000.00", "2025-01-01", "2025-01-01..2025-01-31")
        .fails("no value of the rate 'cap on 2025-01-01' is in force");
    full_time("20000.00", "2017-01-01", "2018-01-01..2018-01-31")
        .fails("no value of the rate 'cap on 2017-01-01' is in force");
    // Announced, the figures are used.
    full_time("20000.00", "2024-01-01", "2025-01-01..2025-01-31")
        .rate("cap", "2025-01-01..2025-12-31", kroner("36000.00"))
        .rate("regulation-percent", "2025-01-01..2025-12-31", number("2.0"))
        .pays("ydelse", "20400.00");
}

#[test]
fn who_applied_before_2011_has_no_cap_and_another_regulation() {
    let applied = |received: &str| {
        full_time("60000.00", "2024-01-01", "2024-01-01..2024-01-31").set(
            "application",
            "received",
            on(received),
        )
    };
    applied("2010-12-31").pays("ydelse", "60000.00");
    applied("2011-01-01").pays("ydelse", "35247.00");

    let running = full_time("60000.00", "2023-01-01", "2024-01-01..2024-01-31").set(
        "application",
        "received",
        on("2010-06-01"),
    );
    running.fails("no value of the rate 'regulation-before-2011 on 2024-01-01' is in force");
    let percent =
        |told: &str| running.clone().setting("regulation-before-2011", Scalar::Text(told.into()));
    percent("2023=9.9 2024=3.3").pays("ydelse", "61980.00"); // 60,000 × 1.033
    percent("2024 3.3").fails(
        "facts contradict each other: settings, attribute 'regulation-before-2011': \
         write a percentage for each year: 2019=2.2 2020=2.5",
    );
}

#[test]
fn supplements_belong_to_the_income_and_the_own_pension_does_not() {
    let scene = bare("2024-03-01..2024-03-31");
    scene.pays("ydelse", "15000.00");
    scene.clone().set("income-basis", "supplements", kroner("2000.00")).pays("ydelse", "16000.00");
    scene.clone().set("income-basis", "own-pension", kroner("1000.00")).pays("ydelse", "14500.00");
    scene.set("income-basis", "own-pension", kroner("30000.01")).fails(
        "facts contradict each other: income-basis 'income-basis-1': \
         the own pension contribution is larger than the wage",
    );
}

#[test]
fn a_setting_that_cannot_be_true_is_refused() {
    bare("2024-03-01..2024-03-31").setting("holiday-year-month", Scalar::Integer(13)).fails(
        "facts contradict each other: settings, attribute 'holiday-year-month': it must be 1 to 12",
    );
    bare("2024-03-01..2024-03-31").setting("full-time-hours", number("0")).fails(
        "facts contradict each other: settings, attribute 'full-time-hours': \
         a week has more than 0 and at most 168 hours",
    );
    bare("2024-03-01..2024-03-31").setting("full-time-hours", number("168.01")).fails(
        "facts contradict each other: settings, attribute 'full-time-hours': \
         a week has more than 0 and at most 168 hours",
    );
    bare("2024-03-01..2024-03-31")
        .setting("full-time-hours", number("168"))
        .pays("ydelse", "15000.00");
    for name in ["hour-divisor", "end-supplement-before-2024"] {
        let expected = format!(
            "facts contradict each other: settings, attribute '{name}': it cannot be below zero"
        );
        bare("2024-03-01..2024-03-31").setting(name, number("-0.01")).fails(&expected);
    }
    bare("2024-03-01..2024-03-31").setting("atp-own", kroner("-1.00")).fails(
        "facts contradict each other: settings, attribute 'atp-own': it cannot be below zero",
    );
}
