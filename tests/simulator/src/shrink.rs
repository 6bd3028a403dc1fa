//! The shortest story of a failure: steps without which it happens all the same are left out.

use crate::{Broken, Modules, Place, Plan, play};

/// Leaves out ever smaller stretches of steps, and keeps what still breaks.
pub async fn shrink(
    plan: &Plan,
    broken: Broken,
    place: &Place,
    modules: &Modules,
) -> (Plan, Broken) {
    let mut shortest = Plan { until: Some(broken.step), aloud: false, ..plan.clone() };
    let mut found = broken;
    let mut stretch = found.step.div_ceil(2);
    while stretch > 0 {
        for first in (1..found.step).step_by(usize::try_from(stretch).unwrap_or(usize::MAX)) {
            let mut shorter = shortest.clone();
            shorter.without.extend(first..(first + stretch).min(found.step));
            if shorter.without.len() == shortest.without.len() {
                continue;
            }
            if let Err(again) = play(&shorter, place, modules).await
                && again.step > 0
                && same(&again, &found)
            {
                eprintln!("{} steps are left out", shorter.without.len());
                (shortest, found) = (shorter, again);
            }
        }
        stretch /= 2;
    }
    (shortest, found)
}

/// Whether two games broke on the same thing: the words agree, whatever the amounts are.
fn same(one: &Broken, other: &Broken) -> bool {
    let words = |broken: &Broken| -> String {
        let root = broken.why.root_cause().to_string();
        root.chars().filter(|sign| sign.is_alphabetic()).take(60).collect()
    };
    words(one) == words(other)
}
