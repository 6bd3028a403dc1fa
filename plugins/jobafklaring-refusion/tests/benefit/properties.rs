//! What holds for every case, not only for those we thought of.

use proptest::prelude::*;
use ydun_benefit::prelude::*;
use ydun_benefit::testing::{code, day, kroner, total};

use crate::scene::{EMPLOYEE, Refund, Scene, asked, bare};

const FIRST: &str = "2020-08-01";
const SPAN: &str = "2020-08-01..2021-01-31";
const DAYS: u32 = 184;

fn months() -> impl Iterator<Item = Month> {
    let months: Vec<Month> = SPAN.parse::<Period>().unwrap().months().collect();
    months.into_iter()
}

fn some_day() -> impl Strategy<Value = Day> {
    (0..DAYS).prop_map(|offset| day(FIRST).plus_days(offset))
}

fn some_period() -> impl Strategy<Value = String> {
    (some_day(), 0u32..40)
        .prop_map(|(first, length)| format!("{first}..{}", first.plus_days(length)))
}

prop_compose! {
    /// Half a year with odd hours, and some of what can cut it.
    fn some_case()(
        began in some_day(),
        ended in prop::option::of(some_day()),
        received in 0u32..120,
        excused in prop::option::of(any::<bool>()),
        not_provider_from in prop::option::of(some_day()),
        paid in prop::collection::vec((0u32..=160, 8_000u32..30_000), 6),
        sickness in prop::option::of((some_period(), 0u32..1_500)),
        all_days in any::<bool>(),
        uncapped in any::<bool>(),
    ) -> Scene {
        let open = format!("{began}..");
        let course = match ended.filter(|ended| *ended >= began) {
            Some(ended) => format!("{began}..{ended}"),
            None => open,
        };
        let received = Day::new(2021, 2, 3).plus_days(received);
        let mut scene = asked(bare(SPAN)).valid("jobafklaring", &course);
        scene = scene.set("refund-request", "received", Scalar::Day(received)).seen_on("2021-12-31");
        if let Some(granted) = excused {
            scene = scene.set("refund-request", "asks-exception", Scalar::Flag(true)).assessed(EMPLOYEE, "deadline", granted, SPAN);
        }
        if let Some(change) = not_provider_from {
            scene = scene.valid("provider-status", &format!("2020-03-02..{}", change.previous()));
            scene = scene.fact("provider-status", &format!("{change}.."), &[("status", code("not-provider"))]);
        }
        for (month, (hours, wage)) in months().zip(paid) {
            scene = scene.hours(&month.to_string(), &hours.to_string(), "160").each("month-hours", |fact| {
                if fact.valid.contains(month.first()) {
                    fact.attributes.retain(|told| told.name != "wage");
                    fact.attributes.push(Attribute::new("wage", kroner(&wage.to_string())));
                }
            });
        }
        if let Some((days, a_day)) = sickness {
            scene = scene.sickness_refund("section-55", &days, &a_day.to_string());
        }
        if all_days {
            scene = scene.setting("deducted-days", code("all"));
        }
        scene.setting("never-above-wage", Scalar::Flag(!uncapped))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn months_on_their_own_add_up_to_the_whole(scene in some_case()) {
        let same = |line: &Line| (line.key.clone(), line.period, line.amount, line.details.clone());
        let whole: Vec<_> = scene.outcome().lines.iter().map(same).collect();
        let month = |month: Month| scene.clone().span(&month.period().to_string()).outcome().lines;
        let parts: Vec<_> = months().flat_map(month).map(|line| same(&line)).collect();
        prop_assert_eq!(parts, whole);
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter(scene in some_case(), seed in any::<u64>()) {
        scene.answers_the_same_in_any_order(seed);
    }

    #[test]
    fn every_line_is_positive_inside_the_span_and_explained(scene in some_case()) {
        let lines = scene.explains_every_line().lines;
        prop_assert!(lines.iter().all(|line| line.amount > Dkk::ZERO), "{lines:?}");
    }

    #[test]
    fn no_month_gives_more_than_the_rate_or_the_wage(scene in some_case()) {
        let caps = scene.dossier().settings.iter().any(|chosen| chosen.name == "never-above-wage" && chosen.value == Scalar::Flag(true));
        for line in scene.outcome().lines.iter().filter(|line| line.posting == "refusion") {
            let rate = if line.period.first().year() == 2020 { 15_355 } else { 15_547 };
            prop_assert!(line.amount <= Dkk::from_kroner(rate), "{line:?}");
            prop_assert!(!caps || line.amount <= Dkk::from_kroner(30_000), "{line:?}");
        }
    }

    #[test]
    fn more_hours_never_give_less(scene in some_case(), month in 0usize..6, fewer in 0u32..=160, more in 0u32..=160) {
        let month = months().nth(month).unwrap().to_string();
        let gives = |hours: u32| total(&scene.clone().hours(&month, &hours.min(160).to_string(), "160").outcome());
        prop_assert!(gives(fewer) <= gives(fewer + more));
    }

    #[test]
    fn a_later_request_never_gives_more(scene in some_case(), earlier in 0u32..100, later in 0u32..100) {
        let received = |days: u32| {
            let day = Day::new(2021, 2, 3).plus_days(days);
            total(&scene.clone().set("refund-request", "received", Scalar::Day(day)).outcome())
        };
        prop_assert!(received(earlier) >= received(earlier + later));
    }

    #[test]
    fn a_larger_amount_under_sygedagpengeloven_never_gives_more(scene in some_case(), days in some_period(), less in 0u32..900, more in 0u32..900) {
        let scene = scene.without("sickness-refund");
        let gives = |a_day: u32| total(&scene.clone().sickness_refund("section-56", &days, &a_day.to_string()).outcome());
        prop_assert!(gives(less) >= gives(less + more));
    }
}
