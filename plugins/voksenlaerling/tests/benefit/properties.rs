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
        let dossier = scene.dossier();
        let mut shuffled = dossier.clone();
        let place = |index: usize| (index as u64).wrapping_add(1).wrapping_mul(seed | 1).rotate_left(17);
        shuffle(&mut shuffled.facts, place);
        shuffle(&mut shuffled.rates, place);
        shuffle(&mut shuffled.settings, place);
        for fact in &mut shuffled.facts {
            shuffle(&mut fact.attributes, place);
        }
        let calculate = voksenlaerling::Voksenlaerling::calculate;
        prop_assert_eq!(calculate(&dossier), calculate(&shuffled));
    }

    #[test]
    fn every_line_is_positive_inside_the_span_and_explained(scene in some_case()) {
        let outcome = scene.outcome();
        for line in &outcome.lines {
            prop_assert!(line.amount > Dkk::ZERO);
            prop_assert!(scene.dossier().span.covers(line.period));
            prop_assert!(!line.steps.is_empty());
            prop_assert!(line.steps.iter().all(|id| outcome.steps.iter().any(|step| step.id == *id)));
        }
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

/// Another order of the rows, decided by each row's place.
fn shuffle<T>(rows: &mut Vec<T>, place: impl Fn(usize) -> u64) {
    let mut numbered: Vec<(u64, T)> =
        rows.drain(..).enumerate().map(|(index, row)| (place(index), row)).collect();
    numbered.sort_by_key(|(place, _)| *place);
    rows.extend(numbered.into_iter().map(|(_, row)| row));
}
