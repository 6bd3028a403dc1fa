//! What holds for every case, not only for those we thought of.

use proptest::prelude::*;
use ydun_benefit::prelude::*;
use ydun_benefit::testing::{Scene, code, kroner, text, total};

use crate::scene::{
    approved, expense_on, flag, judged, judged_of_all, payee, person, repayable, with,
};

const PURPOSES: [&str; 5] = ["dental", "medicine", "furniture", "contact", "moving"];
const NATURES: [&str; 4] = ["single", "single", "single", "public-debt"];

/// An expense as chance gives it.
#[derive(Clone, Debug)]
struct Chance {
    purpose: usize,
    nature: usize,
    oere: i64,
    in_april: bool,
    bill_oere: Option<i64>,
    approved_percent: Option<i64>,
    is_repayable: bool,
}

fn some() -> impl Strategy<Value = Chance> {
    (
        0..PURPOSES.len(),
        0..NATURES.len(),
        1i64..2_000_000,
        any::<bool>(),
        prop::option::of(1i64..2_000_000),
        prop::option::weighted(0.2, 1i64..=100),
        any::<bool>(),
    )
        .prop_map(
            |(purpose, nature, oere, in_april, bill_oere, approved_percent, is_repayable)| Chance {
                purpose,
                nature,
                oere,
                in_april,
                bill_oere,
                approved_percent,
                is_repayable,
            },
        )
}

fn plain(oere: i64) -> String {
    Dkk::from_oere(oere).plain()
}

fn add(scene: Scene, number: i64, some: &Chance) -> Scene {
    let applied = if some.in_april { "2026-04-02.." } else { "2026-03-10.." };
    let amount = plain(some.oere);
    let scene = expense_on(scene, applied, number, PURPOSES[some.purpose], &amount);
    let scene = with(scene, number, "nature", code(NATURES[some.nature]));
    let scene = match some.bill_oere {
        Some(bill) => payee(scene, number, 1, "shop", Some(&plain(bill))),
        None => scene,
    };
    let scene = match some.approved_percent {
        Some(percent) => approved(scene, number, &plain((some.oere * percent / 100).max(1))),
        None => scene,
    };
    if some.is_repayable { repayable(scene, number, "2026-03-15") } else { scene }
}

/// Two months, and an applicant who has the money that chance gives.
fn case(expenses: &[Chance], march: i64, april: i64, savings: i64) -> Scene {
    let scene = person()
        .span("2026-03-01..2026-04-30")
        .set("budget", "net-income", kroner(&plain(march)))
        .set("budget", "assets", kroner(&plain(savings)))
        .fact(
            "budget",
            "2026-04-01..2026-04-30",
            &[("net-income", kroner(&plain(april))), ("assets", kroner(&plain(savings)))],
        )
        .fact(
            "application",
            "2026-04-02..",
            &[
                ("reason", text("Endnu en udgift.")),
                ("event", code("other")),
                ("student-loan", code("taken")),
                ("cash-benefit-level", flag(false)),
                ("sanctioned", flag(false)),
            ],
        );
    let scene = (1..).zip(expenses).fold(scene, |scene, (number, some)| add(scene, number, some));
    ["necessary", "means", "event", "unforeseen", "contact", "improves", "repayment"]
        .iter()
        .fold(scene, |scene, condition| judged_of_all(scene, condition, true))
}

prop_compose! {
    fn some_case()(
        expenses in prop::collection::vec(some(), 1..6),
        march in 0i64..2_500_000,
        april in 0i64..2_500_000,
        savings in 0i64..2_000_000,
    ) -> Scene {
        case(&expenses, march, april, savings)
    }
}

/// The values of the steps whose ids begin so.
fn values(outcome: &Outcome, id: &str) -> Vec<Dkk> {
    let steps = outcome.steps.iter().filter(|step| step.id.split(':').next() == Some(id));
    steps
        .map(|step| match step.value {
            Scalar::Amount(amount) => amount,
            ref other => panic!("{other:?}"),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_line_is_explained_within_the_span_and_above_nothing(scene in some_case()) {
        let lines = scene.explains_every_line().lines;
        prop_assert!(lines.iter().all(|line| line.amount > Dkk::ZERO), "{lines:?}");
    }

    #[test]
    fn nobody_gets_more_than_was_applied_for(scene in some_case()) {
        let outcome = scene.outcome();
        for fact in scene.dossier().facts.iter().filter(|fact| fact.kind == "expense") {
            let (Some(Scalar::Integer(number)), Some(Scalar::Amount(applied))) = (fact.attribute("number"), fact.attribute("amount")) else {
                unreachable!("every expense has both")
            };
            let own = format!("hjaelp:{number}");
            let lines = outcome.lines.iter().filter(|line| line.key == own || line.key.starts_with(&format!("{own}:")));
            prop_assert!(lines.map(|line| line.amount).sum::<Dkk>() <= *applied);
        }
    }

    #[test]
    fn the_shares_of_an_expense_add_up_to_its_grant(scene in some_case()) {
        let outcome = scene.outcome();
        for line in &outcome.lines {
            let number = line.key.split(':').nth(1).unwrap();
            let of_it = outcome.lines.iter().filter(|other| other.key.split(':').nth(1) == Some(number));
            let granted = line.details.iter().find(|detail| detail.name == "bevilget i alt").unwrap();
            prop_assert_eq!(&Scalar::Amount(of_it.map(|other| other.amount).sum()), &granted.value);
        }
    }

    #[test]
    fn the_household_pays_each_krone_once(
        expenses in prop::collection::vec(some().prop_map(|some| Chance { in_april: false, approved_percent: None, ..some }), 1..6),
        march in 0i64..4_000_000,
        savings in 0i64..2_000_000,
    ) {
        let outcome = case(&expenses, march, 0, savings).outcome();
        let prices: Dkk = values(&outcome, "udgift").into_iter().sum();
        let proposed: Dkk = values(&outcome, "forslag").into_iter().sum();
        let own = values(&outcome, "kan-betale").first().copied().unwrap_or_default();
        prop_assert_eq!(prices - proposed, own.min(prices));
    }

    #[test]
    fn more_income_never_proposes_more(scene in some_case(), less in 0i64..2_500_000, more in 0i64..100_000) {
        let with_income = |oere: i64| scene.clone().set("budget", "net-income", kroner(&plain(oere))).outcome();
        let proposed = |outcome: &Outcome| values(outcome, "forslag").into_iter().sum::<Dkk>();
        prop_assert!(proposed(&with_income(less)) >= proposed(&with_income(less + more)));
    }

    #[test]
    fn the_months_on_their_own_are_the_whole(scene in some_case()) {
        let whole = scene.outcome();
        let apart: Vec<Outcome> = ["2026-03-01..2026-03-31", "2026-04-01..2026-04-30"].iter().map(|month| scene.clone().span(month).outcome()).collect();
        let conditions: Vec<&Condition> = apart.iter().flat_map(|outcome| &outcome.conditions).filter(|condition| condition.id.contains(':')).collect();
        for condition in whole.conditions.iter().filter(|condition| condition.id.contains(':')) {
            prop_assert!(conditions.contains(&condition), "{:?}", condition);
        }
        let decides = |outcome: &Outcome| matches!(outcome.verdict, Verdict::Granted | Verdict::PartlyGranted);
        if apart.iter().all(decides) {
            prop_assert_eq!(total(&whole), apart.iter().map(total).sum());
        }
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter(scene in some_case(), seed in any::<u64>()) {
        scene.answers_the_same_in_any_order(seed);
    }

    #[test]
    fn what_must_be_paid_back_is_claimed_to_the_oere(scene in some_case()) {
        let outcome = scene.outcome();
        let repayable: Dkk = outcome.lines.iter().filter(|line| line.posting.ends_with("-93")).map(|line| line.amount).sum();
        let claimed: Dkk = outcome.effects.iter().filter_map(|effect| if let Effect::Claim(claim) = effect { Some(claim.amount) } else { None }).sum();
        prop_assert_eq!(repayable, claimed);
    }

    #[test]
    fn one_refused_expense_changes_no_other(expenses in prop::collection::vec(some(), 2..5)) {
        // Nobody has anything to pay with, so the household's share ties nothing together.
        let scene = case(&expenses, 0, 0, 0);
        let refused = judged(scene.clone(), 1, "nature", false);
        let refused = with(refused, 1, "nature", code("running"));
        let others = |outcome: &Outcome| -> Vec<Line> { outcome.lines.iter().filter(|line| line.key.split(':').nth(1) != Some("1")).cloned().collect() };
        let (before, after) = (scene.outcome(), refused.outcome());
        if after.verdict != Verdict::Refused {
            prop_assert_eq!(others(&before), others(&after));
        }
    }
}
