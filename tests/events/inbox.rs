//! The inbox: every message once, lost ones found, and nothing thrown away.

use serde_json::json;
use ydun::access::{Act, Look, Register};
use ydun::events::Message;
use ydun::events::reconcile::{Snapshot, reconcile};
use ydun::events::service::{ReceiveError, keep_unread, lost, open_unread, settle_unread};

use super::town::{Town, news};
use crate::support::{act_as, at, change, each_engine, tenant};

const TODAY: &str = "2024-04-09T09:00:00Z";

#[tokio::test]
async fn a_message_is_taken_in_once_and_its_id_is_never_used_for_another() {
    each_engine(|db| async move {
        let town = Town::new(&db).await;
        let message = town.message(&news("parent", "died", "2024-03-15"));
        let first = town.take(&message, TODAY).await.unwrap();
        let again = town.take(&message, "2024-04-10T09:00:00Z").await.unwrap();
        assert_eq!((first.is_new, again.is_new, again.id), (true, false, first.id));
        let mut other = town.message(&news("parent", "died", "2024-03-16"));
        other.message_id.clone_from(&message.message_id);
        let refused = town.take(&other, TODAY).await.unwrap_err();
        assert!(matches!(refused, ReceiveError::OtherContent { .. }), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn a_gap_in_the_numbers_is_a_lost_event() {
    each_engine(|db| async move {
        let town = Town::new(&db).await;
        let messages: Vec<Message> = (1..=9)
            .map(|_| town.message(&news("parent", "income-changed", "2024-04-01")))
            .collect();
        for kept in [1, 2, 6, 9] {
            town.take(&messages[kept - 1], TODAY).await.unwrap();
        }
        let look: Act<Look> = act_as(&db, "abc", at(TODAY)).await;
        let gaps = lost(&mut db.read().await.unwrap(), &look).await.unwrap();
        let gaps: Vec<(i64, i64)> = gaps.iter().map(|gap| (gap.first, gap.last)).collect();
        assert_eq!(gaps, [(3, 5), (7, 8)]);
    })
    .await;
}

#[tokio::test]
async fn what_the_register_says_stands_and_we_were_not_told_is_taken_in() {
    each_engine(|db| async move {
        let town = Town::new(&db).await;
        town.hear(&news("partner", "died", "2024-04-02"), TODAY).await;
        let standing = |who: &str, day: &str| {
            json!({ "kind": "died", "about": { "cpr": town.numbers[who] }, "day": day, "known": day })
        };
        let snapshot = json!({ "source": "cpr", "as-of": "2024-04-09", "standing": [
            standing("partner", "2024-04-02"), standing("parent", "2024-03-15"),
        ] });
        let snapshot: Snapshot = serde_json::from_value(snapshot).unwrap();
        let act: Act<Register> = act_as(&db, "abc", at(TODAY)).await;
        let found =
            change(&db, async |tx| reconcile(tx, &act, &snapshot).await.unwrap()).await;
        assert_eq!((found.compared, found.lost.len()), (2, 1));
        assert_eq!(town.judge(TODAY).await.judged, 2);
        assert!(town.parent_is_held().await, "the lost death is found before the money leaves");
        let again = change(&db, async |tx| reconcile(tx, &act, &snapshot).await.unwrap()).await;
        assert!(again.lost.is_empty() && again.unknown_to_register.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_is_kept_until_somebody_has_dealt_with_it() {
    each_engine(|db| async move {
        let act: Act<Register> = act_as(&db, "abc", at(TODAY)).await;
        let body = b"\xff not json".as_slice();
        change(&db, async |tx| {
            keep_unread(tx, &act, body, "it is no message").await.unwrap();
            keep_unread(tx, &act, body, "it is no message").await.unwrap();
        })
        .await;
        let open = open_unread(&mut db.read().await.unwrap(), tenant()).await.unwrap();
        assert_eq!(open.len(), 1);
        assert_eq!(open[0].body, body);
        change(&db, async |tx| {
            assert!(
                settle_unread(tx, &act, open[0].id, "registret har sendt den igen").await.unwrap()
            );
            assert!(!settle_unread(tx, &act, open[0].id, "igen").await.unwrap());
        })
        .await;
        assert!(open_unread(&mut db.read().await.unwrap(), tenant()).await.unwrap().is_empty());
    })
    .await;
}
