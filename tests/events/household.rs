//! A household moves: four events, one question, and most often no question at all.

use ydun::access::{Act, Administer};
use ydun::events::Verdict;
use ydun::events::service::{WindowError, set_window};
use ydun_domain::Dkk;

use super::town::{News, Town, news};
use crate::support::{act_as, at, change, day, each_engine};

const FAMILY: [&str; 4] = ["parent", "partner", "child", "sibling"];
const MOVED: &str = "2024-03-20";

#[tokio::test]
async fn a_family_of_four_moves_within_the_municipality_and_nobody_is_disturbed() {
    each_engine(|db| async move {
        let town = Town::new(&db).await;
        let planned = town.planned_for_parent().await;
        let mut moves = Vec::new();
        for (place, who) in FAMILY.iter().enumerate() {
            let moment = format!("2024-04-09T0{place}:30:00Z");
            moves.push(town.hear(&news(who, "moved", MOVED), &moment).await);
        }
        assert_eq!(town.judge("2024-04-09T12:00:00Z").await.judged, 0, "they wait for each other");
        let tally = town.judge("2024-04-11T01:00:00Z").await;
        assert_eq!((tally.judged, tally.closed, tally.put_off), (4, 4, 0));
        for id in moves {
            let outcome = town.outcome(id).await;
            assert!(matches!(outcome.verdict, Verdict::Same | Verdict::Noted), "{outcome:?}");
            assert!(!outcome.reason.is_empty());
            assert_eq!(town.event(id).await.judged.unwrap().reason, outcome.reason);
        }
        assert!(town.tasks().await.is_empty() && town.holds().await.is_empty());
        assert!(planned > Dkk::ZERO && town.planned_for_parent().await == planned);
        assert!(town.send().await > 0, "the payments go as planned");
    })
    .await;
}

#[tokio::test]
async fn a_family_that_moves_away_is_one_question_and_stops_nothing() {
    each_engine(|db| async move {
        let town = Town::new(&db).await;
        for who in FAMILY {
            let news = News { municipality: Some("0563"), ..news(who, "moved", MOVED) };
            town.hear(&news, "2024-04-09T08:00:00Z").await;
        }
        assert_eq!(town.judge("2024-04-11T09:00:00Z").await.judged, 4);
        let tasks = town.tasks().await;
        assert_eq!(tasks.len(), 1, "{tasks:?}");
        let (title, detail) = (&tasks[0].title, &tasks[0].detail);
        assert!(title.contains("barnet er flyttet til en anden kommune"), "{title}");
        assert!(detail.contains("skal et menneske vurdere sagen"), "{detail}");
        assert!(detail.contains("Intet er standset"), "{detail}");
        assert!(town.holds().await.is_empty(), "nobody knows yet that the payment is wrong");
        assert!(town.send().await > 0);
    })
    .await;
}

#[tokio::test]
async fn a_move_is_not_waited_for_when_a_payment_is_about_to_leave() {
    each_engine(|db| async move {
        let town = Town::new(&db).await;
        let payments = town.payments().await;
        let send_by = payments.iter().map(|payment| payment.send_by).min().unwrap();
        let eve = format!("{}T12:00:00Z", send_by.previous());
        town.hear(&news("child", "moved", MOVED), &eve).await;
        assert_eq!(town.judge(&eve).await.judged, 1);
    })
    .await;
}

#[tokio::test]
async fn the_municipality_says_how_long_moves_wait_and_from_when() {
    each_engine(|db| async move {
        let town = Town::new(&db).await;
        let act: Act<Administer> = act_as(&db, "abc", at("2024-04-01T09:00:00Z")).await;
        change(&db, async |tx| {
            let from = day("2024-04-09");
            set_window(tx, &act, from, 0, "familier melder samlet").await.unwrap();
            let refused = set_window(tx, &act, from, 15, "længe").await.unwrap_err();
            assert!(matches!(refused, WindowError::Days(15)), "{refused}");
        })
        .await;
        let before = town.hear(&news("parent", "moved", MOVED), "2024-04-08T10:00:00Z").await;
        let after = town.hear(&news("sibling", "moved", MOVED), "2024-04-09T10:00:00Z").await;
        let due = |event: ydun::events::Event| event.due_at;
        assert_eq!(due(town.event(before).await), at("2024-04-10T10:00:00Z"));
        assert_eq!(due(town.event(after).await), at("2024-04-09T10:00:00Z"));
    })
    .await;
}
