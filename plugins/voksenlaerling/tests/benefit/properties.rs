//! What holds for every case, not only for those we thought of.

use proptest::prelude::*;
use ydun_benefit::prelude::*;

use ydun_benefit::testing::{code, day, on, total};

use crate::scene::{Apprenticeship, Scene, bare};

const MONTHS: [&str; 6] = ["2020-08", "2020-09", "2020-10", "2020-11", "2020-12", "2021-01"];
const SPAN: &str = "2020-08-01..2021-01-31";

fn some_day() -> impl Strategy<Value = String> {
    (0u32..184).prop_map(|offset| day("2020-08-01").plus_days(offset).to_string())
}

fn some_period() -> impl Strategy<Value = String> {
    (0u32..184, 0u32..40).prop_map(|(offset, length)| {
        let first = day("2020-08-01").plus_days(offset);
        format!("{first}..{}", first.plus_days(length))
    })
}

prop_compose! {
    /// Half a year with odd hours, and some of what can cut it.
    fn some_case()(
        weekly in 0u32..60,
        from_employment in any::<bool>(),
        by_month in any::<bool>(),
        received in some_day(),
        stay in prop::option::of(some_period()),
        support in prop::option::of(some_period()),
        ended in prop::option::of(some_day()),
        busy in prop::collection::vec((some_day(), 0u32..80), 0..6),
    ) -> Scene {
        let mut scene = bare(SPAN).months(&MONTHS, &weekly.to_string()).set("application", "received", on(&received));
        if from_employment {
            scene = scene.set("background", "comes-from", code("employment"));
        }
        if by_month {
            scene = scene.setting("cap-window", code("month"));
        }
        if let Some(stay) = stay {
            scene = scene.fact("school-stay", &stay, &[]);
        }
        if let Some(support) = support {
            scene = scene.fact("other-support", &support, &[("kind", code("other"))]);
        }
        if let Some(ended) = ended.filter(|last| day(last) >= day("2020-08-10")) {
            scene = scene.fact("agreement-ended", "2020-08-10..", &[("last-day", on(&ended)), ("reason", code("ended"))]);
        }
        busy.into_iter().fold(scene, |scene, (day, hours)| scene.week(&day, "worked", &hours.to_string()))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn months_on_their_own_add_up_to_the_whole(scene in some_case()) {
        let whole = scene.outcome();
        let months = MONTHS.iter().map(|month| month.parse::<Month>().unwrap().period());
        let parts: Vec<Line> = months.flat_map(|month| scene.clone().span(&month.to_string()).outcome().lines).collect();
        let same = |line: &Line| (line.key.clone(), line.period, line.amount, line.details.clone());
        prop_assert_eq!(parts.iter().map(same).collect::<Vec<_>>(), whole.lines.iter().map(same).collect::<Vec<_>>());
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
    fn nobody_is_paid_more_than_the_agreed_hours_at_the_rate(scene in some_case()) {
        for line in &scene.outcome().lines {
            let most = i64::from(line.period.weekdays()) * 333; // 7.4 hours at 45 kr.
            prop_assert!(line.amount <= Dkk::from_kroner(most), "{line:?}");
        }
    }

    #[test]
    fn more_hours_never_give_less(scene in some_case(), day in some_day(), fewer in 0u32..80, more in 0u32..20) {
        let before = scene.clone().week(&day, "worked", &fewer.to_string());
        let after = scene.week(&day, "worked", &(fewer + more).to_string());
        prop_assert!(total(&before.outcome()) <= total(&after.outcome()));
    }
}
