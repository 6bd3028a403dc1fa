//! What holds for every case, not only for those we thought of.

use proptest::prelude::*;
use ydun_benefit::prelude::*;
use ydun_benefit::testing::Scene;

use crate::scene::{code, day, kroner, number, on, over, paid};

const MONTHS: [&str; 6] = ["2023-10", "2023-11", "2023-12", "2024-01", "2024-02", "2024-03"];
const SPAN: &str = "2023-10-01..2024-03-31";

fn some_day() -> impl Strategy<Value = String> {
    (0u32..183).prop_map(|offset| day("2023-10-01").plus_days(offset).to_string())
}

fn some_period() -> impl Strategy<Value = String> {
    (0u32..183, 0u32..40).prop_map(|(offset, length)| {
        let first = day("2023-10-01").plus_days(offset);
        format!("{first}..{}", first.plus_days(length))
    })
}

/// Half a year over the change of acts, granted from the first day.
fn half_a_year(wage: u32, hours: u32) -> Scene {
    let first = "2023-10-01..";
    ["hours-granted", "income-basis", "employer-statement", "pension-scheme", "saving"]
        .into_iter()
        .fold(over(SPAN), |scene, kind| scene.valid(kind, first))
        .set("income-basis", "wage", kroner(&format!("{wage}.00")))
        .set("hours-granted", "weekly-hours", number(&hours.to_string()))
        .set("employer-statement", "weekly-hours-now", number("0"))
        .setting("hour-divisor", number("160.33"))
}

prop_compose! {
    /// Half a year with an odd income, and some of what can cut it.
    fn some_case()(
        wage in 1_000u32..60_000,
        hours in 1u32..=37,
        changed in prop::option::of((some_day(), 1u32..=37)),
        placed in prop::option::of(some_period()),
        stay in prop::option::of(some_period()),
        holiday in prop::option::of(some_period()),
        single in prop::option::of((some_day(), 1u32..9)),
        born in prop::option::of(some_day()),
        ended in prop::option::of(some_day()),
        own_atp in 0u32..2_000,
    ) -> Scene {
        let mut scene = half_a_year(wage, hours)
            .set("atp", "own", kroner(&format!("{own_atp}.00")))
            .setting("holiday-weeks-kept", Scalar::Integer(1));
        if let Some((from, hours)) = changed.filter(|(from, _)| from != "2023-10-01") {
            scene = scene
                .valid("hours-granted", &format!("2023-10-01..{}", day(&from).previous()))
                .fact("hours-granted", &format!("{from}.."), &[("weekly-hours", number(&hours.to_string()))]);
        }
        if let Some(placed) = placed {
            scene = scene.fact("placement", &placed, &[]);
        }
        if let Some(stay) = stay {
            scene = scene.fact("hospital-stay", &stay, &[
                ("presence-necessary", Scalar::Flag(true)),
                ("both-needed", Scalar::Flag(false)),
            ]);
        }
        if let Some(holiday) = holiday {
            scene = scene.fact("holiday", &holiday, &[]);
        }
        if let Some((single, hours)) = single {
            scene = scene.fact("single-hours", &format!("{single}..{single}"), &[
                ("hours", number(&hours.to_string())),
                ("unpaid", Scalar::Flag(true)),
                ("reason", code("treatment")),
            ]);
        }
        if let Some(born) = born {
            let born = day(&born).minus_months(18 * 12);
            scene = scene.set("birth", "day", Scalar::Day(born));
        }
        if let Some(ended) = ended {
            scene = scene.fact("ended", "2023-10-01..", &[("last-day", on(&ended)), ("reason", code("other"))]);
        }
        scene
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A month without a day at home is refused on its own, and so has no line either way.
    #[test]
    fn months_on_their_own_add_up_to_the_whole(scene in some_case()) {
        let whole = scene.outcome();
        prop_assume!(whole.verdict != Verdict::Refused);
        let parts: Vec<Line> = MONTHS
            .iter()
            .flat_map(|month| {
                let month = month.parse::<Month>().unwrap().period().to_string();
                scene.clone().span(&month).outcome().lines
            })
            .collect();
        let same = |lines: &[Line]| {
            let mut lines: Vec<_> = lines
                .iter()
                .map(|line| (line.key.clone(), line.period, line.amount, line.details.clone()))
                .collect();
            lines.sort_by(|a, b| a.0.cmp(&b.0));
            lines
        };
        prop_assert_eq!(same(&parts), same(&whole.lines));
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter(scene in some_case(), seed in any::<u64>()) {
        scene.answers_the_same_in_any_order(seed);
    }

    #[test]
    fn every_line_is_inside_the_span_and_explained(scene in some_case()) {
        for line in scene.explains_every_line().lines {
            prop_assert_eq!(line.amount.is_negative(), line.posting == "besparelser");
        }
    }

    #[test]
    fn nobody_is_paid_for_a_day_twice(scene in some_case()) {
        let outcome = scene.outcome();
        for (place, line) in outcome.lines.iter().enumerate() {
            for other in &outcome.lines[place + 1..] {
                let same = (&line.payee, &line.posting) == (&other.payee, &other.posting);
                prop_assert!(!same || line.period.overlap(other.period).is_none(), "{line:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_month_is_never_more_than_the_cap_and_pension_never_more_than_a_tenth(wage in 1_000u32..99_999, hours in 1u32..=37) {
        let scene = half_a_year(wage, hours).span("2024-02-01..2024-02-29");
        let outcome = scene.outcome();
        let gross = outcome.steps.iter().find(|step| step.id == "brutto:2024-02").unwrap();
        let Scalar::Amount(gross) = gross.value else { panic!("{gross:?}") };
        prop_assert!(gross <= Dkk::from_kroner(35_247));
        let pension = Dkk::parse_plain(&paid(&outcome, "pension")).unwrap();
        let tenth = Dkk::round(gross.decimal() / Decimal::TEN, Rounding::NearestOere).unwrap();
        prop_assert!(pension <= tenth + Dkk::from_oere(1)); // both are rounded on their own
        prop_assert!(pension <= Dkk::from_kroner(3_000));
    }

    #[test]
    fn more_hours_and_a_higher_income_never_give_less(
        wage in 1_000u32..60_000,
        more in 0u32..5_000,
        hours in 1u32..=36,
    ) {
        let benefit = |wage, hours| {
            let outcome = half_a_year(wage, hours).span("2024-02-01..2024-02-29").outcome();
            Dkk::parse_plain(&paid(&outcome, "ydelse")).unwrap()
        };
        let before = benefit(wage, hours);
        prop_assert!(before <= benefit(wage + more, hours));
        prop_assert!(before < benefit(wage, hours + 1));
    }
}
