//! How events come in: told by another system over REST, and lost ones found with the register's list.

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Request, StatusCode};
use chrono::NaiveDate;
use serde_json::{Value, json};
use ydun::access::{Act, Administer, Register};
use ydun::db::Db;
use ydun::events::Message;
use ydun::events::reconcile::{Snapshot, reconcile};
use ydun::events::service::receive;
use ydun::logins::service::issue_key;
use ydun_peers::simcpr::{Books, Disorder, Population, delivery, live};

use super::town::Town;
use crate::support::{act_as, at, change, each_engine};
use crate::web::{Answer, ask_at};

const TODAY: &str = "2024-04-09T09:00:00Z";

async fn post(db: &Db, body: &Value) -> Answer {
    let act: Act<Administer> = act_as(db, "abc", at(TODAY)).await;
    let key = change(db, async |tx| issue_key(tx, &act, "def", 1).await.unwrap()).await;
    let request = Request::post("/api/v1/events")
        .header(AUTHORIZATION, format!("Bearer {}", key.reveal()))
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    ask_at(db, at(TODAY), request).await
}

#[tokio::test]
async fn another_system_tells_an_event_and_may_tell_it_again() {
    each_engine(|db| async move {
        let told = json!({
            "source": "cpr", "message-id": "a-1", "kind": "died", "about": { "cpr": "070761-4285" },
            "day": "2024-03-15", "known": "2024-03-16",
        });
        let first = post(&db, &told).await;
        let again = post(&db, &told).await;
        assert_eq!((first.status, again.status), (StatusCode::ACCEPTED, StatusCode::OK));
        let id =
            |answer: &Answer| serde_json::from_str::<Value>(&answer.body).unwrap()["event"].clone();
        assert_eq!(id(&first), id(&again));

        let mut other = told.clone();
        other["day"] = json!("2024-03-17");
        let refused = post(&db, &other).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert_eq!(refused.header("content-type"), "application/problem+json");
        let unusable = post(&db, &json!({ "source": "cpr" })).await;
        assert_eq!(unusable.status, StatusCode::UNPROCESSABLE_ENTITY);
        unusable.says("a field is missing");
        let nobody = Request::post("/api/v1/events").body(Body::from(told.to_string())).unwrap();
        assert_eq!(ask_at(&db, at(TODAY), nobody).await.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn what_a_register_lost_on_the_way_is_found_with_its_own_books() {
    each_engine(|db| async move {
        let town = Town::new(&db).await;
        let population = Population {
            source: "cpr".into(),
            municipality: "0561".into(),
            households: vec![town.numbers.values().cloned().collect()],
        };
        let mut books = Books::default();
        let from = NaiveDate::from_ymd_opt(2024, 3, 1).unwrap();
        live(&mut books, &population, 120, 7, from);
        let disorder = Disorder { twice: 10, lost: 30, swapped: 20, seed: 3 };
        let act: Act<Register> = act_as(&db, "abc", at(TODAY)).await;
        let told = delivery(&books.happened, disorder);
        assert!(told.len() < 120);
        change(&db, async |tx| {
            for event in &told {
                let message = Message::read(&serde_json::to_vec(event).unwrap()).unwrap();
                receive(tx, &act, &message).await.unwrap();
            }
        })
        .await;
        let stands = serde_json::to_value(books.snapshot("2024-04-09")).unwrap();
        let stands: Snapshot = serde_json::from_value(stands).unwrap();
        let found = change(&db, async |tx| reconcile(tx, &act, &stands).await.unwrap()).await;
        assert!(!found.lost.is_empty(), "{found:?}");
        let again = change(&db, async |tx| reconcile(tx, &act, &stands).await.unwrap()).await;
        assert!(again.lost.is_empty(), "{again:?}");
    })
    .await;
}
